"""不用来了: an appointment, or the times just offered, are called off by either side."""

from collections.abc import Sequence
from dataclasses import replace

from bot.helping import appointments as appts
from bot.turn import Turn
from bot.understanding import errands
from domain.appointments import Appointment, State
from domain.errors import NotAllowed
from store import appointments as stored


async def called_off(turn: Turn) -> bool:
    """Whether a "不用来了" was about an appointment, or about the times just offered."""
    work = turn.work
    if turn.question is not None and turn.question.kind == appts.SLOTS:
        await work.settle_question(turn.question)
        work.reply("replies/appointment_dropped")
        return True
    if turn.number[:1] == "G":
        return False
    said_so = bool(appts.named(turn)) or errands.plainly(turn.inbound.text)
    if turn.speaker.staff and not said_so:
        return False  # a worker's "算了" calls nobody's appointment off
    mine = await appts.meant(turn)
    if not mine or (not appts.named(turn) and _about_a_case(turn, mine)):
        return False
    one = await appts.only(turn, mine)
    if one is not None:
        await cancel(turn, one)
    return True


def _about_a_case(turn: Turn, mine: Sequence[Appointment]) -> bool:
    """Whether his newest matter is a report rather than an appointment."""
    if errands.plainly(turn.inbound.text):
        return False
    newest = max(one.created_at for one in mine)
    return any(case.opened_at >= newest for case in turn.mine() if not case.ended)


async def cancel(turn: Turn, one: Appointment) -> None:
    """Call an appointment off and tell the other side. Raises NotAllowed when it is over."""
    work = turn.work
    if not one.open:
        raise NotAllowed("appointment_over")
    gone = replace(one, state=State.CANCELLED)
    await stored.end(work.conn, gone, turn.speaker.id, work.now)
    seen = {"appointment": appts.view(work, gone)}
    work.reply("replies/appointment_cancelled", seen)
    if turn.speaker.id != one.worker:
        worker = work.city.world.person(one.worker)
        key = f"a{one.id}:{turn.letter}:off"
        if worker is not None:
            work.tell(
                worker, "replies/appointment_off", seen, case=None, by=turn.speaker.id, key=key
            )
    if one.resident not in turn.speaker.ids:
        appts.tell_resident(work, gone, "replies/appointment_off", {}, turn.letter, turn.speaker.id)
