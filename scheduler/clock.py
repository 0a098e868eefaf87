"""The one clock of the program; everything else is handed `now`."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time: aware, UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands until it is moved, and never moves back."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Let time pass up to `moment`; an earlier moment changes nothing."""
        self._now = max(self._now, moment.astimezone(UTC))


class ShiftedClock:
    """The machine's clock plus an offset that can grow: the demo's fast-forward."""

    def __init__(self, start: datetime) -> None:
        self._offset = start.astimezone(UTC) - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def move_to(self, moment: datetime) -> None:
        """Let time pass up to `moment`; an earlier moment changes nothing."""
        self._offset += max(moment.astimezone(UTC) - self.now(), timedelta())
