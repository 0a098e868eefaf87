"""改期: the resident or the worker wants another time."""

from collections.abc import Sequence
from datetime import datetime

from bot.helping import appointments
from bot.turn import Handler, Turn, again
from bot.understanding import errands
from bot.understanding.commands import extension
from bot.understanding.normalise import clean
from domain.appointments import Appointment, State
from domain.errors import NotAllowed
from domain.workdays import TZ
from store import cases


async def move(turn: Turn) -> None:
    """Move the appointment that is meant to the time that was named, or offer three."""
    text = turn.inbound.text
    if turn.question is not None and turn.question.kind == appointments.SLOTS:
        await turn.handle(again(turn, "slot", words=text))
        return
    candidates = _named(turn, await appointments.meant(turn))
    if await _of_a_case(turn, candidates):
        span, words = extension(clean(text))
        await turn.handle(again(turn, "worker_extend", duration=span, words=words))
        return
    if not candidates:
        if turn.addressed:
            raise NotAllowed("no_appointment")
        await turn.handle(again(turn, "other"))
        return
    one = await appointments.only(turn, candidates)
    if one is None:
        return
    if not appointments.movable(one):
        raise NotAllowed("appointment_over")
    start = _start(turn, one)
    if start == one.start and one.state is State.BOOKED:  # nobody has to hear of it once more
        seen = {"appointment": appointments.view(turn.work, one), "moved": False}
        turn.work.reply("replies/appointment_booked", seen)
        return
    await appointments.settle(turn, appointments.wanted_for(one), start)


def _named(turn: Turn, candidates: Sequence[Appointment]) -> Sequence[Appointment]:
    """Of several a worker has, those with a resident he names: 王阿姨那边改到4点."""
    world, text = turn.work.city.world, turn.inbound.text
    named = [one for one in candidates if (who := world.person(one.resident)) and who.name in text]
    return named if turn.speaker.staff and named else candidates


async def _of_a_case(turn: Turn, candidates: Sequence[Appointment]) -> bool:
    """Whether a worker puts a case off, not an appointment: 推迟两天."""
    if turn.heard.intent != "appointment_shift" or not turn.speaker.staff:
        return False
    if appointments.named(turn):
        return False
    return not candidates or bool(await cases.of_assignees(turn.work.conn, [turn.speaker.id]))


def _start(turn: Turn, one: Appointment) -> datetime | None:
    """The time that was named; an hour without a day, or a day without one, as it was agreed."""
    if errands.another_day(turn.inbound.text):
        return None
    words = errands.wish(turn.inbound.text, turn.work.now)
    if words.rough and words.moment is not None:
        day, agreed = words.moment.astimezone(TZ), one.start.astimezone(TZ)
        return agreed.replace(year=day.year, month=day.month, day=day.day)
    if (by := errands.shift(turn.inbound.text)) and words.moment is None:
        return one.start + by
    if words.day or words.moment is None:
        return words.moment
    named, agreed = words.moment.astimezone(TZ), one.start.astimezone(TZ)
    there = agreed.replace(hour=named.hour, minute=named.minute)
    return there if there > turn.work.now else words.moment


HANDLER = Handler(intents=("appointment_move", "appointment_shift"), run=move)
