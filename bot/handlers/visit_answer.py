"""The answer to "which one?" or "where was that?" about a visit that was told of before."""

from dataclasses import replace

from bot.turn import STAFF, Handler, Turn
from bot.understanding.visit_names import called
from bot.understanding.visit_sayings import dropped, tells
from bot.understanding.visits import Act, acts
from bot.visits.match import Target, names
from bot.visits.said import said_of
from bot.visits.says import answer, ask
from bot.visits.visit import confirm
from domain.naming import fold
from domain.people import Person
from store.questions import Question

_ANEW = ("visited", "worker_visit")


async def visit_answer(turn: Turn) -> None:
    """Record the visit at the place that was chosen or named; the words that told of it count."""
    question, person = turn.question, turn.speaker.person
    if question is None or question.kind != "visit" or person is None:
        return
    anew = turn.listen(turn.inbound.text)
    if anew.intent in _ANEW and tells(turn.inbound.text):
        # He goes on: the next visit, told whole, is no answer. A bare name is one.
        await turn.handle(replace(turn, heard=anew, question=None))
        return
    await turn.work.settle_question(question)
    if dropped(turn.heard.words):
        turn.work.reply("replies/visit_dropped")
        return
    act = Act(**question.data["act"])
    target = _chosen(turn, question)
    if target is None:
        act = await _placed(turn, person, act)
    said = await said_of(turn, person)
    result = await confirm(said, act, target)
    if target is None and result.how == "which":
        await ask(turn, [(act, result)])
    answer(turn, [result])


def _chosen(turn: Turn, question: Question) -> Target | None:
    """The choice that was meant, by its number or by its name."""
    options = [Target(**one) for one in question.data["options"]]
    words = fold(turn.heard.words)
    numbered = {str(at): one for at, one in enumerate(options, 1)}
    named = [one for one in options if words and words in fold(one.name)]
    return numbered.get(words) or (named[0] if len(named) == 1 else None)


async def _placed(turn: Turn, person: Person, act: Act) -> Act:
    """The act at the place that is named now; asked again where nobody knows that either."""
    (now, *_) = acts(turn.inbound.text, await names(turn, person))
    name, somebody = called(now.name or turn.heard.words)
    somebody = now.person or somebody
    return replace(act, name=name, known=now.known, person=somebody, building=now.building)


HANDLER = Handler(intents=("visit_answer",), run=visit_answer, roles=STAFF)
