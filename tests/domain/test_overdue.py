"""What is overdue, since when, and who reads of it in the morning (domain.md H6)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.case import Event, Status
from domain.city import City
from domain.overdue import Late, late, ranked, readers
from domain.people import Level
from tests import factories as make

HOUR = timedelta(hours=1)
CASE = make.case(status=Status.ACCEPTED, overdue=True, accepted_at=make.NOW)


def event(kind: str, at: datetime, deadline: str = "", level: str = "") -> Event:
    data = {"deadline": deadline, "level": level}
    return Event(1, 1, at, kind, "", {key: value for key, value in data.items() if value})


def told(*kinds: str) -> list[Event]:
    """A history of "missed finish" and the like, an hour between each."""
    return [
        event(kind, make.NOW + HOUR * number, deadline)
        for number, (kind, _, deadline) in enumerate(one.partition(" ") for one in kinds)
    ]


@pytest.mark.parametrize(
    ("history", "changes", "since"),
    [
        pytest.param(["missed finish"], {}, 0, id="not finished"),
        pytest.param(["missed finish", "missed finish"], {}, 0, id="since the first miss"),
        pytest.param(["missed respond"], {}, None, id="an answer that came late is over"),
        pytest.param(["missed respond"], {"accepted_at": None}, 0, id="no answer yet"),
        pytest.param(["missed respond", "missed finish"], {}, 1, id="answered, not finished"),
        pytest.param(["missed arrive"], {}, 0, id="nobody there"),
        pytest.param(["missed arrive"], {"arrived_at": make.NOW}, None, id="somebody there"),
        pytest.param(["missed finish", "extended"], {}, None, id="put off since"),
        pytest.param(["missed finish", "extended", "missed finish"], {}, 2, id="missed again"),
        pytest.param(["missed finish", "dissatisfied"], {}, None, id="begun anew"),
        pytest.param([], {}, None, id="nothing was missed"),
        pytest.param(["missed finish"], {"status": Status.FINISHED}, None, id="done by now"),
        pytest.param(["missed finish"], {"status": Status.CLOSED}, None, id="closed"),
    ],
)
def test_since_when(history: list[str], changes: Mapping[str, object], since: int | None) -> None:
    found = late(replace(CASE, **changes), told(*history))
    assert (found.since if found else None) == (None if since is None else make.NOW + HOUR * since)


def test_the_most_urgent_first_then_the_longest() -> None:
    def one(id_: int, hours: int, *, urgent: bool = False) -> Late:
        return Late(replace(CASE, id=id_, urgent=urgent), make.NOW - HOUR * hours, "finish")

    found = ranked([one(1, 2), one(2, 5), one(3, 1, urgent=True), one(4, 5)])
    assert [each.case.id for each in found] == [3, 2, 4, 1]


@pytest.mark.parametrize(
    ("level", "history", "away", "wanted"),
    [
        pytest.param(Level.GRID, [], {}, ["l.c1"], id="the community's leader"),
        pytest.param(Level.COMMUNITY, [], {}, ["l.c1"], id="come up to him"),
        pytest.param(Level.STREET, [], {}, ["l.c1", "s.s1"], id="come up to the street"),
        pytest.param(
            Level.DISTRICT, [], {}, ["l.c1", "s.s1", "d.d1"], id="come up to the district"
        ),
        pytest.param(Level.STREET, [(2, "street")], {}, ["l.c1"], id="the street was just told"),
        pytest.param(Level.STREET, [(2, "")], {}, ["l.c1"], id="told at the level it stayed at"),
        pytest.param(Level.STREET, [(24, "street")], {}, ["l.c1", "s.s1"], id="told a day ago"),
        pytest.param(Level.COMMUNITY, [(2, "community")], {}, [], id="everybody was told"),
        pytest.param(Level.STREET, [("urged", 2)], {}, [], id="told again of an emergency"),
        pytest.param(Level.GRID, [], {"l.c1": "w.li"}, ["w.li"], id="on leave: who stands in"),
        pytest.param(Level.STREET, [], {"l.c1": "s.s1"}, ["s.s1"], id="one reads for two: once"),
    ],
)
def test_who_reads(
    city: City, level: Level, history: list[tuple], away: Mapping[str, str], wanted: list[str]
) -> None:
    events = [
        event("urged", make.NOW - HOUR * two)
        if one == "urged"
        else event("missed", make.NOW - HOUR * one, "finish", two)
        for one, two in history
    ]
    case = replace(CASE, level=level)
    found = readers(city.world, case, events, away, make.NOW)
    assert [one.id for one in found] == wanted
