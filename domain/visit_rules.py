"""How often things are visited, as a city's rules state it (domain.md F1-F13)."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

BY_FLOOR, BY_UNIT, BY_PLACE = "floor", "unit", "place"  # what a component is counted by
BYS = (BY_FLOOR, BY_UNIT, BY_PLACE)
_RHYTHM = re.compile(r"([1-9][0-9]?)/(day|week|month|quarter|half|year)")


class Per(StrEnum):
    """The span a number of visits is counted in; shortest first."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """So many visits `per` span: 2 a week, 1 a quarter."""

    times: int
    per: Per

    @property
    def code(self) -> str:
        """As the rules write it: 2/week."""
        return f"{self.times}/{self.per.value}"


def rhythm(text: str) -> Rhythm | None:
    """Read "2/week"; None when it is not written so."""
    found = _RHYTHM.fullmatch(text.replace(" ", ""))
    return Rhythm(int(found[1]), Per(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Window:
    """A part of each working day in which a grid is walked once; `name` is what people call it."""

    name: str
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class CareRule:
    """Residents whose notes hold one of the `words` are visited in their own rhythm (F11, F21).

    With `start` and `end` they are called on at that hour of the day (F12); None is any hour.
    """

    words: tuple[str, ...]
    rhythm: Rhythm
    start: time | None = None
    end: time | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """Extra rounds for a while (F8, F13): from `start` to `end`, both included.

    `what` are kinds of places, classes of key objects, or words of their names; `areas` narrows it
    to these areas and what lies in them, () is everywhere. With a `part` it is an inspection: at
    each place every item of that component, by floor, unit or place as `by` says, is checked (F17).
    """

    name: str
    what: tuple[str, ...]
    rhythm: Rhythm
    start: date
    end: date
    areas: tuple[str, ...] = ()
    part: str = ""
    by: str = BY_FLOOR

    def runs(self, day: date) -> bool:
        """Whether it is going on."""
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class HotSpots:
    """Where many cases came from lately, extra rounds are made until it cools (F10).

    `at_least` cases of one category at one place within `days` days; 0 switches it off.
    """

    days: int = 28
    at_least: int = 3
    rhythm: Rhythm = Rhythm(1, Per.WEEK)


@dataclass(frozen=True, slots=True)
class Focus:
    """Areas that need more: what lies in them is visited `times` as often (F9, 三区两线)."""

    name: str
    areas: tuple[str, ...]
    times: int


@dataclass(frozen=True, slots=True)
class Quota:
    """Somebody's own visits of an area as a whole (F4, F5): so often, whatever else he does.

    With `together` the `people` go as one group, and one of them says it for all (F15).
    """

    people: tuple[str, ...]
    area: str
    rhythm: Rhythm
    together: bool = False


@dataclass(frozen=True, slots=True)
class Standard:
    """What a kind of visit is (F18): none of the eight may be missing.

    Frequency, scope, content, what counts as what, evidence, category codes, to whom it is
    reported, and who answers for it. Words of the city, but for `categories`.
    """

    frequency: str
    scope: str
    content: str
    nature: str
    evidence: str
    categories: tuple[str, ...]
    report_to: str
    liability: str


@dataclass(frozen=True, slots=True)
class Weather:
    """From how many new cases a day on it is cloudy, and rainy, in a grid or above (F12)."""

    cloudy: int = 3
    rainy: int = 10


_ONCE = {
    "daily": Per.DAY,
    "weekly": Per.WEEK,
    "monthly": Per.MONTH,
    "quarterly": Per.QUARTER,
    "halfyearly": Per.HALF,
    "yearly": Per.YEAR,
}
# 随时: nothing says how often; a week without a look is too long for a hazard (F6).
RHYTHMS: Mapping[str, Rhythm] = {
    **{name: Rhythm(1, per) for name, per in _ONCE.items()},
    "anytime": Rhythm(1, Per.WEEK),
}


@dataclass(frozen=True, slots=True)
class VisitRules:
    """When what is visited, and what is looked at twice.

    `windows` hold for grids of the kinds `walked`. The same words `same_words` times running, or
    one picture `same_photo` times, are shown to the leader. `away` names the weekdays (1-7) on
    which a person is with his own unit and makes no visits (A16).
    """

    windows: tuple[Window, ...] = ()
    walked: tuple[str, ...] = ("resident",)
    list_at: time = time(9)
    rhythms: Mapping[str, Rhythm] = field(default_factory=lambda: dict(RHYTHMS))
    care: tuple[CareRule, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    hot: HotSpots = HotSpots(at_least=0)
    same_words: int = 3
    same_photo: int = 2
    away: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    focus: tuple[Focus, ...] = ()
    quotas: tuple[Quota, ...] = ()
    standards: Mapping[str, Standard] = field(default_factory=dict)  # by the kind of visit
    field_share: float = 0.85  # of the staff, who should be in the field (F19)
    weather: Weather = Weather()

    def parts(self, day: date) -> tuple[str, ...]:
        """The components that are being inspected on a day."""
        return tuple(one.part for one in self.campaigns if one.part and one.runs(day))

    def focused(self, areas: AbstractSet[str]) -> Focus | None:
        """The strongest focus on any of these areas."""
        found = [one for one in self.focus if not areas.isdisjoint(one.areas)]
        return max(found, key=lambda one: one.times, default=None)

    def rhythm_of(self, frequency: str) -> Rhythm | None:
        """The rhythm of a frequency class of places.csv; None for things nobody plans."""
        return self.rhythms.get(frequency)
