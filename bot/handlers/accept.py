"""接单: a worker takes a case on."""

from bot.cases import elsewhere
from bot.cases.all_of import each_of_his
from bot.cases.meant import staff_case
from bot.turn import STAFF, Handler, Turn, again
from domain.errors import NotAllowed
from domain.steps import Facts, Step


async def accept(turn: Turn) -> None:
    """Accept the case that is meant; the card comes back with the next buttons."""
    if await each_of_his(turn, Step.ACCEPT):
        return
    try:
        case = await staff_case(turn, Step.ACCEPT)
    except NotAllowed as refusal:
        number = await elsewhere.to_look_after(turn, refusal)
        await turn.handle(again(turn, "care_accept", case_number=number))
        return
    if case is not None:
        facts = Facts(to=turn.speaker.id)
        moved = await turn.work.move(case, Step.ACCEPT, turn.speaker.id, facts)
        turn.work.reply("cards/accepted", case=moved)


HANDLER = Handler(intents=("worker_accept",), run=accept, roles=STAFF)
