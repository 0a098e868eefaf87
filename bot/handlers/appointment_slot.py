"""An answer to "which of these times?"."""

from datetime import datetime

from bot.helping import appointments
from bot.helping.another_time import afternoon, lean_to
from bot.turn import Handler, Turn
from bot.understanding import errands
from bot.understanding.notice_days import bygone
from domain.errors import NotAllowed
from domain.workdays import TZ


async def slot(turn: Turn) -> None:
    """Take the time that was chosen or named; offer later ones where none will do."""
    question = turn.question
    if question is None or question.kind != appointments.SLOTS:
        return
    slots = [datetime.fromisoformat(one) for one in question.data["slots"]]
    words = turn.heard.words
    start = _chosen(turn, words, slots)
    wanted = await appointments.wanted_again(turn)
    await turn.work.settle_question(question)
    if wanted is None:
        raise NotAllowed("appointment_over")
    start = start or _shifted(turn, wanted, slots)
    if start is None:
        await _others(turn, wanted, slots)
        return
    rough = start not in slots and errands.wish(words, turn.work.now).rough
    await appointments.settle(turn, wanted, start, rough=rough)


async def _others(turn: Turn, wanted: appointments.Wanted, slots: list[datetime]) -> None:
    """Offer other times: earlier or later ones, not on a day he is away, else those that follow."""
    text, now = turn.inbound.text, turn.work.now
    base = _spoken_of(turn) or (wanted.moving.start if wanted.moving else min(slots, default=now))
    if lean := errands.leaning(text):
        await lean_to(turn, wanted, base, lean)
        return
    free = await appointments.free_times(turn.work, wanted.area, wanted.moving)
    why = "gone" if bygone(text, now) else "other"
    away = errands.days_named(text, now)
    after = errands.next_week(text, now) or (None if away else max(slots, default=None))
    fits = appointments.not_on(turn)
    await appointments.offer(turn, wanted, free, why, after=after, fits=fits)


def _spoken_of(turn: Turn) -> datetime | None:
    """The time that was wished when these were offered instead."""
    near = turn.question.data.get("near") if turn.question is not None else ""
    return datetime.fromisoformat(near) if near else None


def _chosen(turn: Turn, words: str, slots: list[datetime]) -> datetime | None:
    """The time that was meant; None for another. Raises NotAllowed for a line that is not there."""
    if words.isascii() and words.isdigit():
        if not 0 < int(words) <= len(slots):
            raise NotAllowed("no_such_slot")
        return slots[int(words) - 1]
    now = turn.work.now
    if errands.leans_only(words):
        return None
    words = errands.without_leaning(words)
    named = errands.pick(words, now, slots) or _of_half_day(turn, words, slots)
    named = named or _wished(turn, words)
    return errands.in_that_week(words, named, min(slots)) if named and slots else named


def _of_half_day(turn: Turn, words: str, slots: list[datetime]) -> datetime | None:
    """上午吧, and more than one is in the morning: the first of them, the last for 上午晚点的."""
    said = errands.wish(words, turn.work.now)
    if said.hour or said.day or said.late is None:
        return None
    there = [one for one in slots if afternoon(one) == said.late]
    return there[-1 if errands.leaning(turn.inbound.text) > 0 else 0] if there else None


def _shifted(turn: Turn, wanted: appointments.Wanted, slots: list[datetime]) -> datetime | None:
    """晚半小时: so much later than what was wished or agreed on, or than the only time there is."""
    agreed = wanted.moving.start if wanted.moving else None
    base = _spoken_of(turn) or agreed or (slots[0] if len(slots) == 1 else None)
    by = errands.shift(turn.inbound.text)
    return base + by if base is not None and by is not None else None


def _wished(turn: Turn, words: str) -> datetime | None:
    """The time that is named; an hour alone is one of the day that was spoken of: 那11点."""
    now = turn.work.now
    said = errands.wish(words, now)
    near = _spoken_of(turn)
    if said.hour and not said.day and near:
        morning = near.astimezone(TZ).replace(hour=0, minute=1)
        there = errands.wish(words, max(morning, now)).moment
        return there or said.moment
    return said.moment


HANDLER = Handler(intents=("slot",), run=slot)
