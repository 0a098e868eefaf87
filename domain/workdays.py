"""Working days: the table of holidays and 调休, with the plain week where it is silent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TZ = ZoneInfo("Asia/Shanghai")
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked; `table` is true for a day worked, false for a day off.

    Taxonomy rule 3: where the table has no data for a year, the week decides.
    """

    table: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Whether a day is worked: as the table says, else Monday to Friday."""
        return self.table.get(day, day.weekday() < _SATURDAY)

    def known(self, day: date) -> bool:
        """Whether the table says so, rather than the week."""
        return day in self.table


def next_time(now: datetime, at: time) -> datetime:
    """Return the next moment at which clocks in Shanghai show `at`, today or tomorrow."""
    today = datetime.combine(now.astimezone(TZ).date(), at, TZ)
    return today if today > now else today + timedelta(days=1)
