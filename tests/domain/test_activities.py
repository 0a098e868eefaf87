"""One log, many views: sums, plans, who has not been trained (domain.md H4, H5, H12, I2, J2)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.activities import (
    Activity,
    Amount,
    amended,
    behind,
    campaign,
    communities,
    heard_at,
    progress,
    reminded_on,
    sums,
    untrained,
)
from domain.activity_rules import Kind, Plan
from domain.people import Area, Level, Person, Role, World
from domain.visit_rules import Per, Rhythm
from domain.workdays import Calendar

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
WORLD = World.of(
    [
        Area("d1", Level.DISTRICT, "d"),
        Area("s1", Level.STREET, "s", "d1"),
        Area("c1", Level.COMMUNITY, "c", "s1"),
        Area("c2", Level.COMMUNITY, "e", "s1"),
        Area("g1", Level.GRID, "g", "c1"),
        Area("g2", Level.GRID, "h", "c2"),
    ],
    [Person("w1", "a", Role.WORKER, "g1"), Person("w2", "b", Role.WORKER, "g2")],
)
YEARLY = Plan("council", Kind.COUNCIL, rhythm=Rhythm(4, Per.YEAR), most=6)
MONTH = Plan("month", Kind.PUBLICITY, 2, start=date(2026, 11, 1), end=date(2026, 11, 30))
FIRE = Plan(
    "fire", Kind.PUBLICITY, 1, start=date(2026, 11, 1), end=date(2026, 12, 31), words=("fire",)
)
FIRST_WEEK = Plan("week", Kind.PUBLICITY, 1, start=date(2026, 11, 1), end=date(2026, 11, 7))


def held(
    kind: Kind, area: str = "g1", day: date = DAY, words: str = "", **more: object
) -> Activity:
    return Activity(1, area, kind, day, AT, "w1", words, **more)  # type: ignore[arg-type]


def test_the_sums_reproduce_the_seed() -> None:
    """003/1: 6 times publicity, 32 posters, 12 banners, 1,500 leaflets; 10 trainings, 280 people."""
    posters = (Amount("海报", 20, "张"), Amount("资料", 1000, "份"))
    more = (Amount("海报", 12, "张"), Amount("横幅", 12, "条"), Amount("资料", 500, "份"))
    log = [
        held(Kind.PUBLICITY, times=2, amounts=posters),
        held(Kind.PUBLICITY, times=4, amounts=more),
        held(Kind.TRAINING, times=4, amounts=(Amount("参加", 100, "人"),), stages=("工作人员",)),
        held(Kind.TRAINING, times=6, amounts=(Amount("参加", 180, "人"),), stages=("党员代表",)),
    ]
    publicity, training = sums(log)
    assert (publicity.kind, publicity.times) == (Kind.PUBLICITY, 6)
    assert publicity.amounts == (
        Amount("海报", 32, "张"),
        Amount("资料", 1500, "份"),
        Amount("横幅", 12, "条"),
    )
    assert (training.times, training.amounts) == (10, (Amount("参加", 280, "人"),))
    assert training.stages == (("工作人员", 4), ("党员代表", 6))


def test_another_measure_is_another_sum() -> None:
    log = [held(Kind.OTHER, amounts=(Amount("袋", 2, "个"), Amount("袋", 3, "箱")))]
    assert sums(log)[0].amounts == (Amount("袋", 2, "个"), Amount("袋", 3, "箱"))


@pytest.mark.parametrize(
    ("area", "expected"),
    [("g1", ["c1"]), ("c1", ["c1"]), ("s1", ["c1", "c2"]), ("d1", ["c1", "c2"]), ("x", [])],
)
def test_whose_plans_they_are(area: str, expected: list[str]) -> None:
    assert [one.id for one in communities(WORLD, area)] == expected


COUNCILS = [held(Kind.COUNCIL, "c1", date(2026, month, 3)) for month in (1, 2, 3, 4, 5, 6, 7)]


@pytest.mark.parametrize(
    ("entries", "area", "expected"),
    [
        pytest.param([], "c1", (0, 4, 0), id="nothing yet"),
        pytest.param(COUNCILS[:3], "c1", (3, 4, 3), id="one short"),
        pytest.param(COUNCILS, "c1", (4, 4, 7), id="more than enough"),
        pytest.param(COUNCILS, "s1", (4, 8, 7), id="none for the other community"),
        pytest.param([held(Kind.COUNCIL, times=2)], "c1", (2, 4, 2), id="two at once, in a grid"),
        pytest.param([held(Kind.COUNCIL, day=date(2025, 12, 31))], "c1", (0, 4, 0), id="last year"),
        pytest.param([held(Kind.HEARING)], "c1", (0, 4, 0), id="another kind of meeting"),
        pytest.param([held(Kind.COUNCIL, "g2")], "c1", (0, 4, 0), id="the neighbours'"),
        pytest.param([held(Kind.COUNCIL, "s1")], "c1", (0, 4, 0), id="the street's own"),
    ],
)
def test_how_far_a_quota_is(
    entries: list[Activity], area: str, expected: tuple[int, int, int]
) -> None:
    (found,) = progress(WORLD, [YEARLY], entries, area, DAY)
    assert (found.done, found.wanted, found.held) == expected
    assert found.complete == (found.done == found.wanted)
    assert (found.first, found.last) == (date(2026, 1, 1), date(2026, 12, 31))


def test_a_plan_of_some_areas_concerns_only_them() -> None:
    there = Plan("x", Kind.DRILL, rhythm=Rhythm(1, Per.YEAR), areas=("c2",))
    assert progress(WORLD, [there], [], "c1", DAY) == []
    assert progress(WORLD, [there], [], "s1", DAY)[0].wanted == 1


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param(held(Kind.PUBLICITY, words="a fire talk"), FIRE, id="its words are said"),
        pytest.param(held(Kind.PUBLICITY, words="fraud"), MONTH, id="none of the words"),
        pytest.param(
            held(Kind.PUBLICITY, words="fraud", day=date(2026, 11, 3)), FIRST_WEEK, id="shortest"
        ),
        pytest.param(held(Kind.PUBLICITY, day=date(2026, 10, 31)), None, id="the day before"),
        pytest.param(held(Kind.PUBLICITY, day=date(2026, 11, 30)), MONTH, id="the last day"),
        pytest.param(held(Kind.DRILL, words="fire"), None, id="another kind"),
    ],
)
def test_which_campaign_an_entry_belongs_to(entry: Activity, expected: Plan | None) -> None:
    assert campaign([MONTH, FIRE, FIRST_WEEK, YEARLY], entry) is expected


def test_an_entry_counts_once_among_campaigns_and_for_the_year_as_well() -> None:
    yearly = Plan("year", Kind.PUBLICITY, rhythm=Rhythm(2, Per.YEAR))
    entry = held(Kind.PUBLICITY, words="fire")
    found = progress(WORLD, [MONTH, FIRE, yearly], [entry], "c1", DAY)
    assert [one.done for one in found] == [0, 1, 1]


@pytest.mark.parametrize(
    ("first", "last", "share", "expected"),
    [
        pytest.param("2026-11-23", "2026-11-29", 0.75, "2026-11-27", id="a week: its Friday"),
        pytest.param("2026-11-02", "2026-11-08", 0.9, "2026-11-06", id="Saturday: Friday before"),
        pytest.param(
            "2026-01-01", "2026-12-31", 0.75, "2026-10-01", id="a year: its first of October"
        ),
        pytest.param("2028-01-01", "2028-12-31", 0.75, "2028-09-29", id="a leap year"),
        pytest.param("2026-11-28", "2026-11-28", 0.75, "2026-11-28", id="never before the first"),
    ],
)
def test_the_day_to_be_reminded_on(first: str, last: str, share: float, expected: str) -> None:
    day = reminded_on(date.fromisoformat(first), date.fromisoformat(last), share, Calendar())
    assert day == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("day", "entries", "expected"),
    [
        pytest.param(date(2026, 9, 30), [], [], id="the day before"),
        pytest.param(date(2026, 10, 1), [], ["council"], id="the day"),
        pytest.param(date(2026, 12, 31), COUNCILS[:3], ["council"], id="the last day, one short"),
        pytest.param(date(2026, 12, 31), COUNCILS[:4], [], id="enough"),
    ],
)
def test_what_is_behind(day: date, entries: list[Activity], expected: list[str]) -> None:
    found = behind(progress(WORLD, [YEARLY], entries, "c1", day), day, 0.75, Calendar())
    assert [one.plan.name for one in found] == expected


def test_who_has_not_been_trained_is_named() -> None:
    staff = list(WORLD.people.values())
    log = [held(Kind.TRAINING, people=("w1",)), held(Kind.MEETING, people=("w2",))]
    assert [one.id for one in untrained(staff, log)] == ["w2"]


# Put right afterwards

SAID = (Amount("海报", 32, "张"), Amount("培训", 280, "人"))


@pytest.mark.parametrize(
    ("before", "told", "after"),
    [
        pytest.param(SAID, [Amount("海报", 30, "张")], [30, 280], id="the same thing"),
        pytest.param(SAID, [Amount("", 20, "人")], [32, 20], id="the only people"),
        pytest.param(SAID, [Amount("资料", 9, "份")], [32, 280, 9], id="what had no number yet"),
        pytest.param(
            SAID, [Amount("海报", 30, "张"), Amount("", 20, "人")], [30, 20], id="both at once"
        ),
        pytest.param(SAID, [Amount("海报", 3, "幅")], [3, 280], id="in another measure"),
        pytest.param((*SAID, Amount("参加", 5, "人")), [Amount("", 20, "人")], None, id="which"),
        pytest.param(SAID, [Amount("", 20, "户")], None, id="nothing is counted so"),
    ],
)
def test_a_number_put_right(
    before: tuple[Amount, ...], told: list[Amount], after: list[int] | None
) -> None:
    entry = Activity(1, "c1", Kind.PUBLICITY, DAY, AT, "l.c1", "x", 2, before)
    right = amended(entry, told)
    assert (right and [one.count for one in right.amounts]) == after
    assert right is None or right.times == 2


def test_how_many_were_held_put_right() -> None:
    entry = Activity(1, "c1", Kind.TRAINING, DAY, AT, "l.c1", "x", 2, SAID)
    right = amended(entry, [], 3)
    assert right is not None
    assert (right.times, right.amounts) == (3, SAID)


@pytest.mark.parametrize(
    ("area", "kind", "days", "counts"),
    [
        pytest.param("c1", Kind.MEETING, 7, True, id="its community's"),
        pytest.param("g1", Kind.MEETING, 7, True, id="told by its worker"),
        pytest.param("g3", Kind.MEETING, 7, True, id="told by a worker of the same community"),
        pytest.param("s1", Kind.MEETING, 7, True, id="the street's"),
        pytest.param("c2", Kind.MEETING, 7, False, id="another community's"),
        pytest.param("g2", Kind.MEETING, 7, False, id="another community's worker"),
        pytest.param("c1", Kind.COUNCIL, 7, False, id="the neighbours' council"),
        pytest.param("c1", Kind.MEETING, 0, False, id="where it was handed out"),
        pytest.param("c1", Kind.MEETING, -7, False, id="before it was handed out"),
    ],
)
def test_which_meetings_have_heard_of_a_matter(
    area: str, kind: Kind, days: int, counts: bool
) -> None:
    world = World.of([*WORLD.areas.values(), Area("g3", Level.GRID, "i", "c1")], [])
    met = replace(held(kind, area), at=AT + timedelta(days=days))
    assert heard_at(world, [met], "g1", AT) == ([met] if counts else [])


def test_the_meetings_that_have_heard_of_a_matter_come_in_order_and_at_any_level() -> None:
    early, late = (
        replace(held(Kind.MEETING, area), at=AT + timedelta(days=days))
        for area, days in (("c1", 7), ("s1", 14))
    )
    assert heard_at(WORLD, [late, early], "g1", AT) == [early, late]
    assert heard_at(WORLD, [late, early], "s1", AT) == [late]
