"""请假 11月25日到27日 何梅代: leave is asked for, with a substitute; the leader decides (A15)."""

from bot.turn import STAFF, Handler, Turn
from bot.understanding.leave import MOST_DAYS, Wish, Wrong, wish
from bot.visits.leaves import put_before, wording
from domain.errors import NotAllowed
from domain.leave import Leave, LeaveStatus, approver
from domain.people import Person
from domain.visits import day_of
from store import leave

_PENDING = (LeaveStatus.ASKED, LeaveStatus.APPROVED)


async def leave_ask(turn: Turn) -> None:
    """Put a request before the leader. Raises NotAllowed without days or without a substitute."""
    work, person = turn.work, turn.speaker.person
    if person is None:
        return
    today = day_of(work.now)
    wanted = wish(turn.inbound.text, today)
    if turn.overheard or (wanted.first is None and not turn.addressed):
        return  # colleagues talk about leave
    if wanted.wrong is not None:
        _refuse(turn, wanted.wrong)
        return
    if wanted.first is None or wanted.last is None or wanted.last < wanted.first:
        raise NotAllowed("leave_dates")
    if wanted.last < today:
        raise NotAllowed("leave_past")
    known = await leave.since(work.conn, today)
    substitute = _substitute(turn, person, wanted)
    _check(known, person, substitute, wanted)
    asked = Leave(
        id=0,
        person=person.id,
        first=wanted.first,
        last=wanted.last,
        substitute=substitute.id,
        status=LeaveStatus.ASKED,
        asked_at=work.now,
    )
    asked = await leave.add(work.conn, asked)
    decides = approver(work.city.world, person)
    leader = {"name": decides.name if decides else ""}
    values = {**wording(asked, person, substitute), "leader": leader, "hours": wanted.hours}
    work.reply("replies/leave_asked", values)
    await put_before(work, asked)


def _refuse(turn: Turn, wrong: Wrong) -> None:
    """Say which of the days cannot be, with the nearest that can."""
    near = f"{wrong.near.isoformat()}T12:00:00+08:00" if wrong.near is not None else ""
    values = {"reason": wrong.slip.value, "wanted": wrong.said, "near": near, "most": MOST_DAYS}
    turn.work.reply("replies/leave_wrong", values)


def _substitute(turn: Turn, person: Person, wanted: Wish) -> Person:
    """Who stands in: as named, else as the roster says. Raises NotAllowed where there is nobody."""
    world = turn.work.city.world
    if wanted.name:
        found = world.find_person(wanted.name, person.area)
        one = found[0] if len(found) == 1 else None
        if one is None or not one.role.staff:
            raise NotAllowed("leave_substitute_unknown")
    else:
        one = world.person(person.substitute)
    if one is None or one.id == person.id or not one.role.staff:
        raise NotAllowed("leave_nobody")
    return one


def _check(known: list[Leave], person: Person, substitute: Person, wanted: Wish) -> None:
    """Nobody asks twice for the same days, and nobody stands in who is away himself."""
    if wanted.first is None or wanted.last is None:
        return
    for one in known:
        if one.status not in _PENDING or not one.meets(wanted.first, wanted.last):
            continue
        if one.person == person.id:
            raise NotAllowed("leave_twice")
        if one.person == substitute.id:
            raise NotAllowed("leave_substitute_away")


HANDLER = Handler(intents=("leave_ask",), run=leave_ask, roles=STAFF)
