"""When a grid worker can be booked, as a city's rules state it (domain.md B5)."""

from dataclasses import dataclass
from datetime import time, timedelta

_HOURS = ((time(8, 30), time(12)), (time(14), time(17, 30)))


@dataclass(frozen=True, slots=True)
class AppointmentRules:
    """The worker's `hours` hold on working days; an appointment takes `length`.

    None begins earlier than `lead` from now or later than `horizon`. `offers` times are proposed
    and stand for `wait`. Both sides are reminded `remind` before; `ask_after` its end the worker is
    asked what came of it, if he has not said so. One resident has `most` open at a time.
    """

    hours: tuple[tuple[time, time], ...] = _HOURS
    length: timedelta = timedelta(hours=1)
    lead: timedelta = timedelta(minutes=30)
    horizon: timedelta = timedelta(days=60)
    offers: int = 3
    wait: timedelta = timedelta(days=1)
    remind: timedelta = timedelta(hours=1)
    ask_after: timedelta = timedelta(hours=1)
    most: int = 3
