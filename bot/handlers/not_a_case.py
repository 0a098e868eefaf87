"""这不是诉求: staff say that a case should never have been opened."""

from bot.cases.corrections import corrected_case, first_words, learn
from bot.turn import STAFF, Handler, Turn
from domain.steps import Step


async def not_a_case(turn: Turn) -> None:
    """End the case as rejected, and remember its words as chatter."""
    case = await corrected_case(turn, Step.REJECT)
    if case is None:
        return
    words = await first_words(turn, case)
    moved = await turn.work.move(case, Step.REJECT, turn.speaker.id)
    await learn(turn, case, words, {"intent": "chat", "category": None, "urgent": False})
    told_here = case.reported_in == turn.inbound.address and case.reporter != turn.speaker.id
    if not told_here:
        turn.work.reply("replies/rejected", case=moved)


HANDLER = Handler(intents=("not_a_case",), run=not_a_case, roles=STAFF)
