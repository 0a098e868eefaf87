"""不用来了: an appointment, or the times just offered, are called off by either side."""

from collections.abc import Sequence
from dataclasses import replace

from bot.helping import appointments as appts
from bot.helping import volunteers, which
from bot.helping.another_time import change, new_start
from bot.turn import EXPLICIT, Turn
from bot.understanding import errands
from bot.understanding.answers import no_need
from bot.understanding.normalise import clean
from domain.appointments import Appointment, State
from domain.errors import NotAllowed
from domain.visits import day_of
from store import appointments as stored
from store import volunteers as needs


async def called_off(turn: Turn) -> bool:
    """Whether a "不用来了" was about an appointment, or about the times just offered."""
    work = turn.work
    if turn.question is not None and turn.question.kind == appts.SLOTS:
        wanted = await appts.wanted_again(turn)
        await work.settle_question(turn.question)
        await _dropped(turn, wanted.moving if wanted is not None else None)
        return True
    text = turn.inbound.text
    said_so = bool(which.named(turn)) or errands.plainly(text)
    if turn.number[:1] == "G" or (turn.speaker.staff and not said_so):
        return False  # a worker's "算了" calls nobody's appointment off
    if not said_so and turn.heard.sure < EXPLICIT and not no_need(clean(text).plain):
        return False  # 不好意思我睡着了 does not say so
    mine = await which.meant(turn)
    if not mine and await _need_off(turn):
        return True
    if not mine or (not which.named(turn) and _about_a_case(turn, mine)):
        return False
    one = await which.only(turn, mine)
    if one is not None:
        await _cancel_or_keep(turn, one)
    return True


async def _need_off(turn: Turn) -> bool:
    """不用了，我自己搬: nobody has to be found any more, where nothing else can be meant."""
    if turn.speaker.staff or turn.mine() or turn.question is not None:
        return False
    known = await needs.asked_by(turn.work.conn, turn.speaker.ids, volunteers.ALIVE)
    here = [one for one in known if turn.addressed or one.where == turn.inbound.address]
    one = await needs.get(turn.work.conn, here[0].id) if here else None  # locked
    if one is None or one.state not in volunteers.ALIVE:
        return False
    await volunteers.call_off(turn, one)
    return True


async def _dropped(turn: Turn, moving: Appointment | None) -> None:
    """Drop the times that were offered, and with them what was agreed on before."""
    if moving is not None and moving.open:
        await _cancel_or_keep(turn, moving)
    else:
        turn.work.reply("replies/appointment_dropped")


async def _cancel_or_keep(turn: Turn, one: Appointment) -> None:
    """Call it off; 算了算了，就4号吧 keeps it, or takes that day instead."""
    text, now = turn.inbound.text, turn.work.now
    if not errands.keeps(text):
        await cancel(turn, one)
    elif day_of(one.start) in errands.days_named(text, now):
        seen = {"appointment": appts.view(turn.work, one), "moved": False}
        turn.work.reply("replies/appointment_booked", seen)
    elif new_start(text, one, now) is not None:
        await change(turn, one)
    else:
        await cancel(turn, one)


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
