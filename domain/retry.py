"""Whether and when to try again: a pure decision, tested by a table."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_TRIES = 8
_FIRST = timedelta(seconds=1)
_DOUBLINGS = 20  # far beyond the longest wait
_LONGEST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again at `at`; None means: give up, a person must look."""

    at: datetime | None


def decide(
    tries: int,
    now: datetime,
    *,
    retryable: bool,
    after: float | None = None,
    limit: int = MAX_TRIES,
) -> Retry:
    """What to do after the `tries`-th try failed: 1 s, 2 s, 4 s ... at most 10 minutes.

    A wait the platform asked for (`after`, seconds) is never shortened.
    """
    if not retryable or tries >= limit:
        return Retry(None)
    wait = min(_FIRST * 2 ** min(max(tries - 1, 0), _DOUBLINGS), _LONGEST)
    return Retry(now + max(wait, timedelta(seconds=after or 0)))
