"""An hour before an appointment both sides are reminded; afterwards the worker says how it went."""

from domain.appointments import view
from scheduler.job import Job, Misfire
from store import appointments
from store.timers import Timer
from store.work import Work


async def appointment(work: Work, timer: Timer) -> None:
    """Remind of it, unless it has begun meanwhile; or ask what came of it."""
    one = await appointments.get(work.conn, timer.subject)
    if one is None or not one.open:
        return
    values = {"appointment": view(one, work.city.world)}
    key = f"a{one.id}:{timer.kind}:{one.start.isoformat()}"
    worker = work.city.world.person(one.worker)
    card = values | {"case": {"number": one.number}}
    if timer.kind == appointments.AFTER:
        if worker is not None and one.start <= work.now:
            template = "cards/appointment_after"
            work.tell(worker, template, card, case=None, by="", key=f"{key}:w")
        return
    if one.start <= work.now:
        return
    soon = "replies/appointment_soon"
    work.tell_there(one.resident, one.where, soon, values, by="", key=f"{key}:r")
    if worker is not None:
        work.tell(worker, "cards/appointment_soon", card, case=None, by="", key=f"{key}:w")
    await appointments.note(work.conn, one, "reminded", "", work.now)


JOB = Job(
    name="appointment",
    kinds=(appointments.SOON, appointments.AFTER),
    misfire=Misfire.LATE,
    run=appointment,
)
