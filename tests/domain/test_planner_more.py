"""More visits than days: each of them is planned, and a single visit counts once (F4, F9)."""

from collections import Counter
from datetime import date

import pytest

from domain.planner import Crew, Object, outdated, plan, stem, stem_of
from domain.visit_rules import Per, Rhythm
from domain.workdays import Calendar

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("rhythm", "until", "most_a_day"),
    [
        pytest.param(Rhythm(2, Per.DAY), None, 2, id="twice a day"),
        pytest.param(Rhythm(3, Per.DAY), None, 3, id="three times a day"),
        pytest.param(Rhythm(4, Per.WEEK), None, 1, id="four a week keep apart"),
        pytest.param(Rhythm(2, Per.WEEK), date(2026, 11, 23), 2, id="a week cut to its Monday"),
    ],
)
def test_each_of_many_has_a_day(rhythm: Rhythm, until: date | None, most_a_day: int) -> None:
    one = Object("visit:g01:gate", "g01", rhythm, until=until)
    found = list(plan([one], Crew(("w.li",)), Calendar(), MONDAY))
    assert len({each.key for each in found}) == len(found) == rhythm.times
    assert max(Counter(each.due for each in found).values()) == most_a_day


@pytest.mark.parametrize("name", ["gate", "3#楼", "a@b", "a:b#2"])
def test_a_key_tells_its_object_and_period(name: str) -> None:
    one = Object(f"visit:g01:{name}", "g01", Rhythm(2, Per.WEEK))
    keys = [each.key for each in plan([one], Crew(("w.li",)), Calendar(), MONDAY)]
    assert len(keys) == 2
    assert {stem_of(key) for key in keys} == {stem(one, MONDAY)}
    assert list(outdated(keys, {stem(one, MONDAY)}, "visit")) == []
    assert list(outdated(keys, set(), "visit")) == keys


def test_only_visits_of_places_go_out_of_date() -> None:
    known = ["care:g01:r.liu@2026-11-23", "visit:g01:g01:w.li:1/week@2026-11-23", "patrol:g01:0@a"]
    assert list(outdated(known, set(), "visit")) == []
