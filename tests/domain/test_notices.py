"""Who may write to whom, who approves it, and when enough is said."""

from datetime import datetime, time, timedelta

import pytest

from domain.notices import (
    approver,
    filled,
    looping,
    malformed,
    may_reach,
    over_budget,
    pace,
)
from domain.quiet import not_before, started
from domain.workdays import TZ
from tests import factories as make
from tests.rows import each_row

NIGHT = (time(22), time(7))


@each_row(
    ("author", "areas", "reaches", "approves"),
    [
        ("w.li", "g01", True, "l.c1"),
        ("w.li", "g02", False, "l.c1"),
        ("w.li", "c1", False, "l.c1"),
        ("l.c1", "c1", True, "l.c1"),
        ("l.c1", "g01 g02", True, "l.c1"),
        ("l.c1", "c2", False, "l.c2"),
        ("l.c1", "c1 c2", True, "s.s1"),
        ("l.c1", "s1", True, "s.s1"),
        ("l.c1", "c1 c3", False, "d.d1"),
        ("s.s1", "c2", True, "s.s1"),
        ("s.s1", "s2", False, "l.c3"),
        ("s.s1", "d1", True, "d.d1"),
        ("d.d1", "d1", True, "d.d1"),
        ("p.property", "c1", True, "l.c1"),
        ("p.water", "d1", True, "d.d1"),
    ],
)
def test_who_may_write_and_who_approves(city, author, areas, reaches, approves) -> None:
    person = city.world.person(author)
    assert may_reach(city.world, person, areas.split()) is reaches
    assert approver(city.world, person, areas.split()).id == approves


@pytest.mark.parametrize(
    ("count", "minutes"), [(0, 0), (1, 0), (600, 0), (601, 1), (4000, 6), (4201, 7)]
)
def test_how_long_it_takes_at_600_a_minute(count: int, minutes: int) -> None:
    assert pace(count, 600) == timedelta(minutes=minutes)


def test_enough_is_enough() -> None:
    assert [over_budget(said, 3, urgent=False) for said in (2, 3)] == [False, True]
    assert not over_budget(9, 3, urgent=True)
    assert [looping(said) for said in (20, 21)] == [False, True]


@pytest.mark.parametrize("words", ["{% for x %}", "{{ a.b }}", "{{ 1 + 1 }}", "{# x #}", "{{"])
def test_no_code_in_a_notice(words: str) -> None:
    assert malformed(words)


def test_gaps_are_filled_and_nothing_else() -> None:
    assert not malformed("{{ grid }}的邻居")
    assert filled("{{ grid }}的邻居{{ other }}", {"grid": "{{ name }}"}) == (
        "{{ name }}的邻居{{ other }}"
    )


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-23 21:59", None),
        ("2026-11-23 22:00", "2026-11-24 07:00"),
        ("2026-11-24 06:59", "2026-11-24 07:00"),
        ("2026-11-24 07:00", None),
        ("2026-12-31 23:30", "2027-01-01 07:00"),
    ],
)
def test_quiet_hours(now: str, until: str | None) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=TZ)
    morning = datetime.fromisoformat(until).replace(tzinfo=TZ) if until else None
    assert not_before(moment, NIGHT, urgent=False) == morning
    assert not_before(moment, NIGHT, urgent=True) is None
    assert not_before(moment, None, urgent=False) is None


def test_what_the_bot_starts_by_itself() -> None:
    old, new = make.case(opened_at=make.NOW), make.case(opened_at=make.after(hours=1))
    now = make.after(hours=1)
    assert started(old, now, answering=False)
    assert started(None, now, answering=False)
    assert not started(new, now, answering=False)
    assert not started(old, now, answering=True)
