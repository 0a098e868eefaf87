"""Another time for an appointment, as people ask for it: 改到后天, 晚一个小时, 早点来行不行."""

from datetime import date, datetime, time

from bot.helping import appointments as appts
from bot.turn import Turn
from bot.understanding import errands
from domain.appointments import Appointment, State
from domain.workdays import TZ

_NOON = time(12)


async def change(turn: Turn, one: Appointment) -> None:
    """Move an appointment to the time the words name, or offer times that come near it."""
    start = new_start(turn.inbound.text, one, turn.work.now)
    if start == one.start and one.state is State.BOOKED:  # nobody has to hear of it once more
        seen = {"appointment": appts.view(turn.work, one), "moved": False}
        turn.work.reply("replies/appointment_booked", seen)
        return
    lean = errands.leaning(turn.inbound.text) if start is None else 0
    if lean:
        await lean_to(turn, appts.wanted_for(one), one.start, lean)
        return
    await appts.settle(turn, appts.wanted_for(one), start)


async def instead(turn: Turn, one: Appointment) -> None:
    """Offer other times than the one agreed on, and none of the half-day that will not do."""
    free = await appts.free_times(turn.work, one.area, one)
    not_then = appts.not_on(turn)
    await appts.offer(
        turn,
        appts.wanted_for(one),
        free,
        "moving",
        after=errands.next_week(turn.inbound.text, turn.work.now),
        fits=lambda start: not_then(start) and _half(start) != _half(one.start),
    )


def _half(start: datetime) -> tuple[date, bool]:
    return start.astimezone(TZ).date(), afternoon(start)


def afternoon(start: datetime) -> bool:
    """Whether a time is in the second half of its day."""
    return start.astimezone(TZ).time() >= _NOON


async def lean_to(turn: Turn, wanted: appts.Wanted, start: datetime, lean: int) -> None:
    """Offer what is free before (-1) or after (1) a time, the nearest to it."""
    free = await appts.free_times(turn.work, wanted.area, wanted.moving)

    def before(one: datetime) -> bool:
        return one < start

    if lean > 0:
        await appts.offer(turn, wanted, free, "later", near=start, after=start)
    elif free.offers(turn.work.now, start, before):
        await appts.offer(turn, wanted, free, "earlier", near=start, fits=before)
    else:
        await appts.offer(turn, wanted, free, "no_earlier", near=start)


def _on(day: date, agreed: datetime) -> datetime:
    """Another day at the hour that was agreed on."""
    return agreed.replace(year=day.year, month=day.month, day=day.day)


def new_start(text: str, one: Appointment, now: datetime) -> datetime | None:
    """The time that is named; an hour without a day, or a day without one, as it was agreed."""
    if errands.another_day(text) or errands.leans_only(text):
        return None
    words = errands.wish(text, now)
    agreed = one.start.astimezone(TZ)
    named = words.moment.astimezone(TZ) if words.moment is not None else None
    by = None if words.hour or words.late is not None else errands.shift(text)
    if by and (named is None or named.date() == agreed.date()):
        return one.start + by
    if named is None:
        days = errands.days_named(text, now)
        return _on(days[0], agreed) if len(days) == 1 else None
    if words.rough:
        return _on(named.date(), agreed)
    if words.day:
        return words.moment
    there = agreed.replace(hour=named.hour, minute=named.minute)
    return there if there > now else words.moment
