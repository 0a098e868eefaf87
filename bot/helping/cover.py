"""Appointments of somebody on leave: whoever stands in comes, or the worker settles it himself."""

from dataclasses import replace

from bot.helping import appointments
from bot.turn import Turn
from domain.appointments import Appointment
from domain.leave import Leave
from domain.visits import day_of
from store import appointments as stored


async def cover(turn: Turn, leave: Leave) -> None:
    """Hand the appointments of those days to the substitute where he has time then."""
    work = turn.work
    for one in await stored.open_with(work.conn, leave.person):
        if not leave.first <= day_of(one.start) <= leave.last:
            continue
        free = await appointments.free_times(work, one.area, one)
        comes = free.comes(day_of(one.start))
        if comes == one.worker:
            continue
        if not (free.at(one.start) and await _handed(turn, one, comes)):
            _settle_it(turn, one)


async def _handed(turn: Turn, one: Appointment, comes: str) -> bool:
    work, by = turn.work, turn.speaker.id
    moved = replace(one, worker=comes)
    length = appointments.rules_of(work).length
    if not await stored.move(work.store, work.conn, moved, length, by, work.now):
        return False
    appointments.tell_worker(turn, moved, moved=True)
    template = "replies/appointment_booked"
    appointments.tell_resident(work, moved, template, {"moved": True}, turn.letter, by)
    return True


def _settle_it(turn: Turn, one: Appointment) -> None:
    """Ask the worker to agree on another time: nobody else has time then."""
    work = turn.work
    person = work.city.world.person(one.worker)
    if person is not None:
        values = {"appointment": appointments.view(work, one)}
        key = f"a{one.id}:{turn.letter}:clash"
        work.tell(person, "replies/appointment_clash", values, case=None, by="", key=key)
