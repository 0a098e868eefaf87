"""Until when: the day an extension names instead of a span (延期到周五, 月底前)."""

from datetime import datetime, time

from bot.understanding.days import Named, grouped
from bot.understanding.normalise import EDGES, clean
from bot.understanding.times import ZONE, moment
from bot.understanding.words import lazy

_LEAD = lazy(r"(?:(?:申请|想|要|先|得)?(?:延期?|延长|推迟?|拖|缓|改|放|等|宽限)?(?:到|至))$")
_TAIL = lazy(r"(?:之前|以前|前|之后|再)")
_PUT_OFF, _TO = "延", ("到", "至")
_CLOSE_OF_DAY = time(18)


def until(text: str, now: datetime) -> tuple[datetime | None, str]:
    """The moment these words put something off to, and the words without it.

    A day alone means its end of work; None where none is named that is still to come.
    """
    # The command word is gone by now: 到28号 alone might be a house.
    said = clean(_PUT_OFF + text if text.startswith(_TO) else text)
    here = now.astimezone(ZONE)
    for named in grouped(said.plain, here):
        lead = _LEAD.search(said.plain[: named.start])
        tail = _TAIL.match(said.plain, named.end)
        if not (named.day or named.clock or named.part) or not (lead or tail):
            continue
        meant = _end(named, said.plain, here)
        if meant is None or meant <= here:
            continue
        before = said.cut(0, lead.start() if lead else named.start).strip(EDGES).tidy
        after = said.cut(tail.end() if tail else named.end).strip(EDGES).tidy
        return meant, " ".join(part for part in (before, after) if part)
    return None, text


def _end(named: Named, plain: str, here: datetime) -> datetime | None:
    if named.day and not named.clock and not named.part:
        return datetime.combine(named.day, _CLOSE_OF_DAY, ZONE)
    return moment(named, plain, here)
