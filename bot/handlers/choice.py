"""An answer to the question which case was meant."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.turn import Handler, Turn, again
from bot.understanding.shapes import ALL
from store.questions import Question

# What may be done to all he was asked about; who hands over or gives back says which.
_FOR_ALL = frozenset("worker_accept worker_arrive worker_done confirm_ok".split())


async def choose(turn: Turn) -> None:
    """Go on with what was wanted, now that it is known of which case."""
    question = turn.question
    if question is None:
        return
    if turn.heard.words == ALL and await _done_with_all(turn, question):
        return
    if turn.heard.words == ALL and question.data["intent"] in _FOR_ALL:
        await turn.work.settle_question(question)
        for each in question.data["numbers"]:
            await _go_on(turn, question, each)
        return
    number = turn.heard.case_number or _counted(turn.heard.words, question.data["numbers"])
    if not number:
        turn.work.reply("replies/refused", {"reason": "no_such_case"})
        return
    await turn.work.settle_question(question)
    await _go_on(turn, question, number)


async def _done_with_all(turn: Turn, question: Question) -> bool:
    """Whether 两个都好了 tells, of who was asked which one he accepts, that he is done."""
    fresh = turn.listen(turn.inbound.text)
    if question.data["intent"] not in ("worker_accept", "worker_arrive"):
        return False
    if fresh.intent != "worker_done":
        return False
    await turn.work.settle_question(question)
    await turn.handle(replace(turn, heard=fresh, question=None))
    return True


async def _go_on(turn: Turn, question: Question, number: str) -> None:
    hours = question.data["hours"]
    await turn.handle(
        again(
            turn,
            question.data["intent"],
            case_number=number,
            words=question.data["words"],
            name=question.data["name"],
            duration=timedelta(seconds=hours) if hours else None,
        )
    )


def _counted(words: str, numbers: Sequence[str]) -> str:
    """The number at a place in the list that was shown: "2" is the second."""
    places = {str(place): number for place, number in enumerate(numbers, 1)}
    return places.get(words.strip(), "")


HANDLER = Handler(intents=("choice",), run=choose)
