"""Whom to turn to when no volunteer is found, as a city's rules state it (domain.md H10)."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class VolunteerRules:
    """After `wait` without an offer an organisation is asked, after another the grid worker.

    A resident may look for help with `most` things at a time. Whoever registers is offered what is
    looked for no longer than `fresh`. `organisations` are looked for among
    the departments that serve a grid, best first.
    """

    wait: timedelta = timedelta(hours=2)
    organisations: tuple[str, ...] = ()
    most: int = 2
    fresh: timedelta = timedelta(days=2)
