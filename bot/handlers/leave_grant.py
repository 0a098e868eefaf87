"""同意 / 不同意: the leader decides about leave; from then on the substitute has the work (A15)."""

from dataclasses import replace

from bot.helping.cover import cover
from bot.turn import STAFF, Handler, Turn
from bot.visits.leaves import hand_over, put_before, told
from domain.errors import NotAllowed
from domain.leave import Leave, LeaveStatus, approver
from domain.visits import day_of
from scheduler.standing_in import hand_over_cases, hand_over_visits
from store import leave


async def leave_grant(turn: Turn) -> None:
    """Grant or refuse the request that was asked about, else the oldest that waits for him."""
    work = turn.work
    asked = await _asked(turn)
    if asked is None:
        raise NotAllowed("leave_nothing_asked")
    if turn.question is not None and turn.question.kind == "leave":
        await work.settle_question(turn.question)
    granted = turn.heard.intent == "leave_grant"
    status = LeaveStatus.APPROVED if granted else LeaveStatus.REFUSED
    decided = replace(asked, status=status, decided_by=turn.speaker.id)
    await leave.save(work.conn, decided)
    work.city.leaves.learn(await leave.lately(work.conn, day_of(work.now)))
    if granted:
        await hand_over(work, decided)
        await hand_over_cases(work)
        await hand_over_visits(work)
        await cover(turn, decided)
    told(turn, decided, granted=granted)
    following = await _asked(replace(turn, question=None))
    if following is not None:
        await put_before(work, following, decided.id)


async def _asked(turn: Turn) -> Leave | None:
    """The request that waits for the speaker; locked."""
    work = turn.work
    world = work.city.world
    question = turn.question
    number = question.data["leave"] if question and question.kind == "leave" else 0
    for one in await leave.since(work.conn, day_of(work.now)):
        person = world.person(one.person)
        decides = approver(world, person) if person is not None else None
        mine = decides is not None and decides.id == turn.speaker.id
        if one.status is LeaveStatus.ASKED and mine and number in (0, one.id):
            return await leave.get(work.conn, one.id)
    return None


HANDLER = Handler(intents=("leave_grant", "leave_refuse"), run=leave_grant, roles=STAFF)
