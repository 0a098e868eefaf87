"""Moving a notice that stands to another time, on the page and by chat alike."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from domain.moving import Refused, put_off
from domain.notice_moves import Scope, comes_again, from_now_on, in_rhythm, this_once
from domain.notice_times import Rhythm
from domain.notices import Notice
from store import notices, timers
from store.notice_plans import FIRE, shown
from store.notice_sending import view
from store.work import Work


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of a move: the notice that comes at its `due_at`, and what of it was moved.

    `scope` is "" for a notice that comes once. `standing` is the recurring one behind it.
    """

    notice: Notice
    scope: str
    standing: Notice

    def values(self, work: Work) -> dict[str, Any]:
        """Itself for a template."""
        return {
            "notice": view(work, self.notice),
            "when": self.notice.due_at.isoformat(),
            "scope": self.scope,
            "rhythm": shown(self.standing.rhythm),
        }


async def to_day(work: Work, notice: Notice, day: date, scope: str, at: time | None) -> Moved:
    """Move a locked notice to a day: itself, its next time, or its rhythm. Raises Refused.

    Without a `scope` a recurring one is refused: nobody may guess which of the two was meant.
    """
    calendar, now = work.city.calendar, work.now
    if not comes_again(notice):
        fresh = put_off(notice, day, now, at)
        await _stand(work, fresh)
        return Moved(fresh, "", fresh)
    if scope == Scope.RHYTHM:
        fresh = from_now_on(notice, day, now, calendar, at)
        await _stand(work, fresh)
        return Moved(fresh, scope, fresh)
    if scope != Scope.ONCE:
        raise Refused("notice_comes_again")
    kept, alone = this_once(notice, day, now, calendar, at)
    number = await notices.add(work.store, work.conn, notices.row_of(alone))
    if number is None:  # somebody moved this very time already
        raise Refused("notice_over")
    alone = replace(alone, id=number)
    await _stand(work, kept, again=kept.due_at > notice.due_at)
    await timers.stand(work.store, work.conn, FIRE, number, alone.due_at)
    return Moved(alone, scope, kept)


async def to_rhythm(work: Work, notice: Notice, rhythm: Rhythm) -> Moved:
    """Let a locked notice come in the rhythm that was told. Raises Refused."""
    fresh = in_rhythm(notice, rhythm, work.now, work.city.calendar)
    await _stand(work, fresh)
    return Moved(fresh, Scope.RHYTHM, fresh)


async def _stand(work: Work, notice: Notice, *, again: bool = True) -> None:
    await notices.save(work.conn, notice)
    await timers.drop(work.conn, FIRE, notice.id)
    if again:
        await timers.stand(work.store, work.conn, FIRE, notice.id, notice.due_at)


def tell_author(work: Work, moved: Moved, by: str) -> None:
    """Tell who wrote a notice that somebody else moved it."""
    author = work.city.world.person(moved.notice.author)
    if author is None or author.id == by:
        return
    one, now = moved.notice, work.now
    key = f"n{one.id}:moved:{_minute(one.due_at)}:{now:%Y%m%dT%H%M%S}"
    work.tell(author, "replies/notice_moved", moved.values(work), case=None, by=by, key=key)


def _minute(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M}"
