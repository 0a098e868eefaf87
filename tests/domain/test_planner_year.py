"""A leap year with its long holidays and the weekends worked for them, for every rhythm there is."""

from collections import Counter
from datetime import date, timedelta

import pytest

from domain.planner import Crew, Object, period, plan
from domain.visit_rules import Rhythm, rhythm
from domain.workdays import Calendar

_DAY = timedelta(days=1)
FIRST, LAST = date(2028, 1, 1), date(2028, 12, 31)
YEAR = [FIRST + _DAY * at for at in range(366)]
# 25 to 31 January and 1 to 7 October are off; a Saturday or Sunday is worked for each of them.
OFF = [date(2028, 1, day) for day in range(25, 32)] + [date(2028, 10, day) for day in range(1, 8)]
WORKED = [date(2028, 1, 23), date(2028, 2, 5), date(2028, 9, 30), date(2028, 10, 8)]
CALENDAR = Calendar(dict.fromkeys(OFF, False) | dict.fromkeys(WORKED, True))
RHYTHMS = [
    "1/day",
    "2/day",
    "1/week",
    "2/week",
    "1/month",
    "2/month",
    "1/quarter",
    "1/half",
    "1/year",
]


def of(code: str) -> Rhythm:
    found = rhythm(code)
    assert found is not None
    return found


@pytest.mark.parametrize("code", RHYTHMS)
def test_each_period_has_its_visits_on_days_worked(code: str) -> None:
    how = of(code)
    found = list(plan([Object("visit:g01:x", "g01", how)], Crew(("w.li",)), CALENDAR, FIRST, LAST))
    wanted = {
        period(how.per, day)[0]
        for day in YEAR
        if CALENDAR.is_workday(day)  # of the last week of 2027 nothing but a weekend is left
    }
    counts = Counter(one.first for one in found)
    assert counts == dict.fromkeys(wanted, how.times)
    assert len({one.key for one in found}) == len(found)
    assert all(one.first <= one.due <= one.last for one in found)
    off = [one for one in found if not CALENDAR.is_workday(one.due)]
    # Only where a visit's whole share of its period is off is any day of it as good as another.
    assert all(one.due in OFF or one.first < FIRST for one in off)
    assert how.per.value == "week" or off == []


@pytest.mark.parametrize("code", RHYTHMS)
def test_from_night_to_night_it_is_the_same_plan(code: str) -> None:
    """What one night plans the next one leaves: over the leap day, month ends and 调休 weeks."""
    one = Object("visit:g01:x", "g01", of(code))
    known: dict[str, date] = {}
    for today in YEAR[20:130]:  # 21 January to 9 May: the long holiday and 29 February lie within
        for found in plan([one], Crew(("w.li",)), CALENDAR, today):
            known.setdefault(found.key, found.due)
            assert found.due >= today
    days = [day for day in YEAR[20:130] if CALENDAR.is_workday(day)]
    if of(code).per.value == "day":
        assert sorted(set(known.values())) == days
        assert date(2028, 2, 29) in days
        assert date(2028, 2, 5) in days  # the Saturday worked for the holiday
    assert len(known) == len(set(known))


@pytest.mark.parametrize(
    ("since", "until", "code", "days"),
    [
        pytest.param((2, 29), (2, 29), "1/day", 1, id="on the leap day alone"),
        pytest.param((2, 28), (3, 1), "1/day", 3, id="over the leap day"),
        pytest.param((1, 25), (1, 31), "1/day", 0, id="daily within the holiday: nobody goes"),
        pytest.param((1, 25), (1, 31), "1/week", 2, id="weekly within it: both weeks it touches"),
        pytest.param((9, 30), (10, 8), "1/day", 2, id="the weekend days worked around it"),
        pytest.param((1, 31), (2, 1), "1/month", 2, id="two months it touches at their ends"),
    ],
)
def test_campaigns_at_the_edges(
    since: tuple[int, int], until: tuple[int, int], code: str, days: int
) -> None:
    first, last = date(2028, *since), date(2028, *until)
    one = Object("campaign:g01:x:c", "g01", of(code), first, last)
    found = list(plan([one], Crew(("w.li",)), CALENDAR, FIRST, LAST))
    assert len(found) == days
    assert all(first <= it.due <= last for it in found)
