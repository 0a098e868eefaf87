"""到场: a worker is on the spot; it implies 接单."""

from bot.cases.meant import staff_case
from bot.turn import STAFF, Handler, Turn
from domain.steps import Facts, Step


async def arrive(turn: Turn) -> None:
    """Note that the worker has arrived."""
    case = await staff_case(turn, Step.ARRIVE)
    if case is not None:
        facts = Facts(words=turn.heard.words, to=turn.speaker.id)
        moved = await turn.work.move(case, Step.ARRIVE, turn.speaker.id, facts)
        turn.work.reply("cards/arrived", case=moved)


HANDLER = Handler(intents=("worker_arrive",), run=arrive, roles=STAFF)
