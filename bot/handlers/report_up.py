"""上报: the level above is told; status and assignee stay (domain.md D1)."""

from bot.cases.meant import staff_case
from bot.turn import STAFF, Handler, Turn
from bot.visits.findings import just_found, open_found
from domain.steps import Facts, Step


async def report_up(turn: Turn) -> None:
    """Raise the level of the case that is meant; cheap and blameless (domain.md 12).

    Right after a finding was offered on a visit, 上报 takes the offer.
    """
    if await just_found(turn) and await open_found(turn):
        return
    case = await staff_case(turn, Step.REPORT_UP)
    if case is not None:
        facts = Facts(words=turn.heard.words)
        moved = await turn.work.move(case, Step.REPORT_UP, turn.speaker.id, facts)
        turn.work.reply("replies/reported_up", case=moved)


HANDLER = Handler(intents=("worker_escalate",), run=report_up, roles=STAFF)
