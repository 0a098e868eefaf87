"""A reason that was asked for."""

from datetime import timedelta

from bot.turn import Handler, Turn, again
from bot.understanding import extension
from domain.case import id_of
from domain.steps import Facts, Step
from store import cases


async def reason(turn: Turn) -> None:
    """Go on with the step that needed the reason."""
    question = turn.question
    if question is None:
        return
    await turn.work.settle_question(question)
    intent, number = question.data["intent"], question.data["number"]
    if intent != "confirm_bad":
        duration, words = extension(turn.heard.words)
        hours = question.data.get("hours")  # absent in what an older version asked
        if duration is None and hours:
            duration = timedelta(seconds=hours)
        changes = {"duration": duration, "words": words or turn.heard.words}
        await turn.handle(again(turn, intent, case_number=number, **changes))
        return
    case = await cases.get(turn.work.conn, id_of(number))
    if case is not None and not case.ended:
        photos = await turn.work.attach(case, turn.letters, "report")
        facts = Facts(words=turn.heard.words, photos=photos)
        moved = await turn.work.move(case, Step.ADD, turn.speaker.id, facts)
        turn.work.reply("replies/reason_passed_on", case=moved)


HANDLER = Handler(intents=("reason",), run=reason)
