"""The contract of a timed job."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from store.timers import Timer
from store.work import Work


class Misfire(StrEnum):
    """What to do with a timer that fires later than it should, after a stop of any length."""

    LATE = "late"  # make it up, once, now
    SKIP = "skip"  # later than `grace` it is pointless: forget it


@dataclass(frozen=True, slots=True)
class Job:
    """Looks at timers of its `kinds` that are due; each inside the transaction that removes it."""

    name: str
    kinds: tuple[str, ...]
    misfire: Misfire
    run: Callable[[Work, Timer], Awaitable[None]]
    grace: timedelta = timedelta()
