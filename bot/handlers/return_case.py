"""退回: a worker gives a case back, with a reason; the community leader has it then."""

from bot.cases.ask_reason import ask_reason
from bot.cases.meant import staff_case
from bot.turn import STAFF, Handler, Turn
from domain.steps import Facts, Step


async def give_back(turn: Turn) -> None:
    """Return the case that is meant to the community leader."""
    case = await staff_case(turn, Step.RETURN)
    if case is None:
        return
    if not turn.heard.words and case.working:
        await ask_reason(turn, case)
        return
    leader = turn.work.city.world.leader_of(case.area)
    to = leader.id if leader is not None else turn.work.city.backstop
    facts = Facts(words=turn.heard.words, to=to)
    moved = await turn.work.move(case, Step.RETURN, turn.speaker.id, facts)
    turn.work.reply("replies/returned", case=moved)


HANDLER = Handler(intents=("worker_return",), run=give_back, roles=STAFF)
