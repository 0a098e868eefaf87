"""How long a timer whose job failed rests: seldom enough that one broken thing costs nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from store.timers import Timer

AGAIN = timedelta(minutes=1)
SOON = 5  # so many tries a minute apart: what fails by chance is made up for quickly
LONGEST = timedelta(hours=1)
_DOUBLINGS = 20  # far beyond the longest rest
_MOST = 10_000  # failing timers remembered; beyond that there are worse troubles


def rest(tries: int) -> timedelta:
    """How long to wait after the `tries`-th failure: 1 min each at first, then doubled to 1 h."""
    doubled: int = 2 ** min(max(tries - SOON, 0), _DOUBLINGS)
    return min(AGAIN * doubled, LONGEST)


@dataclass(frozen=True, slots=True)
class _Setback:
    tries: int
    due_at: datetime


class Setbacks:
    """The timers that failed in this process, with how often and when they were due at first.

    A new process knows none of it and begins with quick tries again.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], _Setback] = {}

    def failed(self, timer: Timer) -> tuple[int, timedelta]:
        """Note a failure; returns the number of failures and how long to rest now."""
        key = (timer.kind, timer.subject)
        before = self._known.get(key)
        if before is None and len(self._known) >= _MOST:
            self._known.clear()
        tries = before.tries + 1 if before else 1
        self._known[key] = _Setback(tries, before.due_at if before else timer.due_at)
        return tries, rest(tries)

    def meant(self, timer: Timer) -> Timer:
        """The timer as it was set, not as it was put off: lateness counts from there."""
        before = self._known.get((timer.kind, timer.subject))
        return replace(timer, due_at=before.due_at) if before else timer

    def over(self, timers: Iterable[Timer]) -> None:
        """Forget the failures of timers that fired well."""
        for timer in timers if self._known else ():
            self._known.pop((timer.kind, timer.subject), None)
