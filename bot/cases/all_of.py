"""都接了, 都好了: one sentence about all the cases that can be meant."""

from collections.abc import Sequence

from bot.turn import Turn, again
from bot.understanding import everything
from domain.case import Case
from domain.steps import STEPS, Step
from store import cases


async def each_of(turn: Turn, fitting: Sequence[Case]) -> bool:
    """Do to each of these what was said, where all of several are meant; False: it is not so."""
    several = len(fitting) > 1 and not turn.number and not turn.overheard
    if not several or not everything(turn.inbound.text):
        return False
    for case in sorted(fitting, key=lambda one: one.id):
        await turn.handle(again(turn, turn.heard.intent, case_number=case.number))
    return True


async def each_of_his(turn: Turn, step: Step) -> bool:
    """The same for the cases in a worker's own hands that can take a step."""
    if turn.number or not everything(turn.inbound.text):
        return False
    own = await cases.of_assignees(turn.work.conn, [turn.speaker.id])
    return await each_of(turn, [case for case in own if (case.status, step) in STEPS])
