"""The planner: what is due in a period, spread over days and workers; the same again, and stable."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.planner import Crew, Object, Planned, period, plan
from domain.visit_rules import Per, Rhythm, rhythm
from domain.workdays import Calendar

MONDAY = date(2026, 11, 23)
WEEKLY, MONTHLY, QUARTERLY = (Rhythm(1, per) for per in (Per.WEEK, Per.MONTH, Per.QUARTER))
ALONE = Crew(("w.li",))


def things(count: int, how: Rhythm = QUARTERLY) -> list[Object]:
    return [Object(f"visit:g01:{number}", "g01", how) for number in range(count)]


def planned(
    objects: list[Object],
    crew: Crew = ALONE,
    today: date = date(2026, 10, 1),
    until: date | None = None,
    calendar: Calendar | None = None,
) -> list[Planned]:
    return list(plan(objects, crew, calendar or Calendar(), today, until))


@pytest.mark.parametrize(
    ("per", "day", "first", "last"),
    [
        pytest.param(Per.DAY, MONDAY, MONDAY, MONDAY, id="a day"),
        pytest.param(Per.WEEK, date(2026, 11, 29), MONDAY, date(2026, 11, 29), id="its Sunday"),
        pytest.param(
            Per.WEEK, date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3), id="over new year"
        ),
        pytest.param(
            Per.MONTH, date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29), id="leap year"
        ),
        pytest.param(
            Per.QUARTER,
            date(2026, 12, 31),
            date(2026, 10, 1),
            date(2026, 12, 31),
            id="last quarter",
        ),
        pytest.param(Per.HALF, date(2026, 6, 30), date(2026, 1, 1), date(2026, 6, 30), id="half"),
        pytest.param(Per.YEAR, MONDAY, date(2026, 1, 1), date(2026, 12, 31), id="year"),
    ],
)
def test_the_span_a_day_lies_in(per: Per, day: date, first: date, last: date) -> None:
    assert period(per, day) == (first, last)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("2/week", Rhythm(2, Per.WEEK), id="twice a week"),
        pytest.param("1 / quarter", QUARTERLY, id="with spaces"),
        pytest.param("0/week", None, id="never is no rhythm"),
        pytest.param("week", None, id="no number"),
        pytest.param("1/decade", None, id="no such span"),
    ],
)
def test_rhythms_as_the_rules_write_them(text: str, found: Rhythm | None) -> None:
    assert rhythm(text) == found


def test_a_thousand_objects_none_late_and_the_days_level() -> None:
    found = planned(things(1000))
    assert len({one.key for one in found}) == 1000
    days = Counter(one.due for one in found)
    assert all(Calendar().is_workday(day) for day in days)
    assert min(days) >= date(2026, 10, 1)
    assert max(days) <= date(2026, 12, 31)
    assert len(days) == 66  # every working day of the quarter
    assert max(days.values()) <= 17  # 15.2 on the average, and a tenth
    weekdays = Counter(day.weekday() for day in days.elements())
    assert max(weekdays.values()) / min(weekdays.values()) < 1.25


def test_the_same_again_in_whatever_order() -> None:
    objects = [*things(60), *things(30, WEEKLY)]
    assert planned(objects) == planned(objects[::-1])


@given(st.integers(0, 299))
def test_one_object_less_moves_few_of_the_others(gone: int) -> None:
    objects = things(300)
    before = {one.key: one.due for one in planned(objects)}
    after = {one.key: one.due for one in planned(objects[:gone] + objects[gone + 1 :])}
    moved = sum(before[key] != day for key, day in after.items())
    assert len(after) == 299
    assert moved <= 30


def test_nothing_is_planned_for_days_that_are_gone() -> None:
    late = date(2026, 12, 28)
    assert {one.due for one in planned(things(50), today=late)} == {
        late + timedelta(days=at) for at in range(4)
    }


def test_twice_a_week_keeps_apart() -> None:
    found = planned(things(20, Rhythm(2, Per.WEEK)), today=MONDAY)
    by_key: dict[str, list[date]] = {}
    for one in found:
        by_key.setdefault(one.object.key, []).append(one.due)
    assert all(len(days) == 2 and days[0] < days[1] for days in map(sorted, by_key.values()))


def test_daily_means_working_days() -> None:
    sunday = MONDAY + timedelta(days=6)
    calendar = Calendar({sunday: True, MONDAY + timedelta(days=2): False})  # 调休
    found = planned(things(1, Rhythm(1, Per.DAY)), ALONE, MONDAY, sunday, calendar)
    assert [one.due.day for one in found] == [23, 24, 26, 27, 29]


def test_in_the_long_holidays_any_day_will_do() -> None:
    off = Calendar({MONDAY + timedelta(days=at): False for at in range(7)})
    found = planned(things(7, WEEKLY), today=MONDAY, calendar=off)
    assert len(found) == 7


def test_several_workers_share_the_work() -> None:
    found = planned(things(200, MONTHLY), Crew(("w.a", "w.b")), date(2026, 11, 1))
    share = Counter(one.worker for one in found)
    assert abs(share["w.a"] - share["w.b"]) <= 30


def test_load_of_other_work_is_kept_clear_of() -> None:
    busy = {("w.li", MONDAY): 9, ("w.li", MONDAY + timedelta(days=1)): 9}
    found = planned(things(6, WEEKLY), Crew(("w.li",), load=busy), MONDAY)
    assert MONDAY not in {one.due for one in found}
    assert MONDAY + timedelta(days=1) not in {one.due for one in found}


def test_he_goes_when_he_is_back_from_leave() -> None:
    days = [MONDAY + timedelta(days=at) for at in range(3)]
    away = {day: {"w.li": "w.he"} for day in days}
    found = planned(things(20, WEEKLY), Crew(("w.li",), away), MONDAY)
    assert {one.worker for one in found} == {"w.li"}
    assert {one.due.day for one in found} == {26, 27}


def test_who_is_away_all_the_time_is_stood_in_for() -> None:
    away = {MONDAY + timedelta(days=at): {"w.li": "w.he"} for at in range(7)}
    found = planned(things(5, WEEKLY), Crew(("w.li",), away), MONDAY)
    assert {one.worker for one in found} == {"w.he"}


def test_the_fifth_day_at_his_own_unit_has_no_visits() -> None:
    found = planned(things(40, WEEKLY), Crew(("w.li",), absent={"w.li": (5,)}), MONDAY)
    assert {one.due.isoweekday() for one in found} == {1, 2, 3, 4}


def test_a_campaign_ends() -> None:
    end = MONDAY + timedelta(days=9)
    one = Object("campaign:g01:a", "g01", WEEKLY, MONDAY, end)
    found = planned([one], ALONE, MONDAY - timedelta(days=30), MONDAY + timedelta(days=60))
    assert len(found) == 2
    assert all(MONDAY <= visit.due <= end and visit.last <= end for visit in found)


def test_a_grid_without_anybody_plans_nothing() -> None:
    assert planned(things(3), Crew(())) == []
