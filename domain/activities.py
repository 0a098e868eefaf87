"""活动台账: one log of what was held, and everything that is counted from it.

Publicity, training, drills, accidents and meetings are entries of one kind each; sums, plans,
attendance and who has not been trained are views on them (domain.md H4, H5, H12, I2, J1, J2).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.activity_rules import Kind, Plan
from domain.people import Area, Level, Person, World
from domain.planner import period
from domain.workdays import Calendar

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Amount:
    """How many of what: 32 张 海报. `unit` may be "" where nobody said one."""

    what: str
    count: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """One entry. `id` is 0 until it is stored; `times` tells that several were held at once.

    `stages` are whom it was for, in the order of H4 (工作人员, 党员代表, 志愿者, 居民);
    `people` are the staff who took part, `absent` those who should have, by id.
    """

    id: int
    area: str
    kind: Kind
    day: date
    at: datetime
    by: str
    words: str
    times: int = 1
    amounts: tuple[Amount, ...] = ()
    stages: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """What a kind of activity comes to: how many were held, and all amounts added up."""

    kind: Kind
    times: int
    amounts: tuple[Amount, ...]
    stages: tuple[tuple[str, int], ...]


def sums(entries: Iterable[Activity]) -> list[Sum]:
    """The sums by kind, in the order of the kinds (H4)."""
    by: dict[Kind, list[Activity]] = {}
    for one in entries:
        by.setdefault(one.kind, []).append(one)
    return [_sum(kind, by[kind]) for kind in Kind if kind in by]


def _sum(kind: Kind, entries: Sequence[Activity]) -> Sum:
    counted: Counter[tuple[str, str]] = Counter()
    stages: Counter[str] = Counter()
    for one in entries:
        for amount in one.amounts:
            counted[amount.what, amount.unit] += amount.count
        for stage in one.stages:
            stages[stage] += one.times
    amounts = tuple(Amount(what, count, unit) for (what, unit), count in counted.items())
    return Sum(kind, sum(one.times for one in entries), amounts, tuple(stages.items()))


def amended(entry: Activity, amounts: Sequence[Amount], times: int = 0) -> Activity | None:
    """The entry with what it came to put right; None where it may be one thing or another.

    An amount goes in the place of the same thing. One without a name in the place of the only
    thing counted so: 20人 of the people there. What had no number yet gets one. `times` 0 leaves
    how many were held.
    """
    found = list(entry.amounts)
    for new in amounts:
        at = _places(found, new)
        if len(at) > 1:
            return None
        if at:
            found[at[0]] = Amount(new.what or found[at[0]].what, new.count, new.unit)
        elif new.what:
            found.append(new)
        else:
            return None
    return replace(entry, amounts=tuple(found), times=times or entry.times)


def _places(found: Sequence[Amount], new: Amount) -> list[int]:
    """Where an amount belongs: with its thing and measure, else with its thing or measure alone."""
    if not new.what:
        return [at for at, one in enumerate(found) if one.unit == new.unit]
    same = [at for at, one in enumerate(found) if one.what == new.what]
    return [at for at in same if found[at].unit == new.unit] or same


# Plans


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan is within a span of days: `held` are all, `done` those that were asked for."""

    plan: Plan
    first: date
    last: date
    wanted: int
    done: int
    held: int

    @property
    def complete(self) -> bool:
        """Whether as many were held as the plan asks for."""
        return self.done >= self.wanted


def communities(world: World, area: str) -> list[Area]:
    """The communities at, below or around an area, in the order of the file."""
    here = world.area(area)
    if here is None:
        return []
    if here.level in (Level.GRID, Level.COMMUNITY):
        found = world.ancestor(area, Level.COMMUNITY)
        return [found] if found is not None else []
    return [
        one
        for one in world.areas.values()
        if one.level is Level.COMMUNITY and here in world.chain(one.id)
    ]


def span(plan: Plan, day: date) -> tuple[date, date]:
    """The days a plan is counted in: the period of a day, or the plan's own."""
    return period(plan.rhythm.per, day) if plan.rhythm is not None else (plan.start, plan.end)


def progress(
    world: World, plans: Sequence[Plan], entries: Sequence[Activity], area: str, day: date
) -> list[Progress]:
    """How far each plan is that concerns an area, in the order of the rules.

    What one community held does not make up for another.
    """
    found = []
    for plan in plans:
        concerned = [one for one in communities(world, area) if _concerns(world, plan, one)]
        if not concerned:
            continue
        first, last = span(plan, day)
        times = plan.rhythm.times if plan.rhythm is not None else plan.times
        held = [
            sum(
                one.times
                for one in counted(plan, plans, entries, day)
                if community in world.chain(one.area)
            )
            for community in concerned
        ]
        done = sum(min(one, times) for one in held)
        found.append(Progress(plan, first, last, times * len(concerned), done, sum(held)))
    return found


def _concerns(world: World, plan: Plan, community: Area) -> bool:
    above = {one.id for one in world.chain(community.id)}
    return not plan.areas or bool(above & set(plan.areas))


def counted(
    plan: Plan, plans: Sequence[Plan], entries: Iterable[Activity], day: date
) -> Iterator[Activity]:
    """The entries that count towards a plan; of several campaigns one counts for the closest."""
    first, last = span(plan, day)
    for one in entries:
        if one.kind is not plan.kind or not first <= one.day <= last:
            continue
        if _of_period(plan, one) or campaign(plans, one) is plan:
            yield one


def _of_period(plan: Plan, entry: Activity) -> bool:
    """Whether an entry counts for a plan that comes again and again."""
    named = not plan.words or any(word in entry.words for word in plan.words)
    return plan.rhythm is not None and named


def campaign(plans: Iterable[Plan], entry: Activity) -> Plan | None:
    """The campaign an entry belongs to: one whose words it holds, else one without; shortest first.

    Periods need no choice: an entry counts for the year and for the campaign as well.
    """
    fitting = [
        one
        for one in plans
        if one.rhythm is None
        and one.kind is entry.kind
        and one.start <= entry.day <= one.end
        and (not one.words or any(word in entry.words for word in one.words))
    ]
    return min(fitting, key=lambda one: (not one.words, one.end - one.start), default=None)


def reminded_on(first: date, last: date, share: float, calendar: Calendar) -> date:
    """The working day on which to remind of a span: when `share` of it has gone by, or before."""
    day = first + _DAY * int(share * (last - first).days)
    while day > first and not calendar.is_workday(day):
        day -= _DAY
    return day


def behind(
    found: Iterable[Progress], day: date, share: float, calendar: Calendar
) -> list[Progress]:
    """What is not complete although its day to be reminded of has come (H5, H12, I2)."""
    return [
        one
        for one in found
        if not one.complete and reminded_on(one.first, one.last, share, calendar) <= day <= one.last
    ]


# Meetings


def heard_at(
    world: World, entries: Iterable[Activity], area: str, since: datetime
) -> list[Activity]:
    """The meetings an area's matter came before since it was handed out, oldest first (J1).

    A meeting concerns the community it was held in, or all below the street that held it.
    """
    community = world.ancestor(area, Level.COMMUNITY)
    around = {one.id for one in world.chain(area)}
    around |= {one.id for one in world.grids(community.id)} if community is not None else set()
    found = [
        one for one in entries if one.kind is Kind.MEETING and one.at > since and one.area in around
    ]
    return sorted(found, key=lambda one: one.at)


# People


def untrained(staff: Iterable[Person], entries: Iterable[Activity]) -> list[Person]:
    """Who of the staff stands in no training: the gaps are names, not a rate (J2)."""
    trained = {who for one in entries if one.kind is Kind.TRAINING for who in one.people}
    return [one for one in staff if one.id not in trained]


def expected(world: World, area: str) -> list[Person]:
    """Who has to be at the weekly meeting of an area: its leaders and the workers below (J1)."""
    found = {
        one.id: one for place in communities(world, area) if (one := world.leader_of(place.id))
    }
    return list((found | {one.id: one for one in world.workers(area)}).values())
