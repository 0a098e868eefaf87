"""Who looks into a complaint about staff: never whom it is about, whoever is away."""

from dataclasses import replace
from datetime import date

import pytest

from domain import complaints
from domain.case import opened
from domain.city import City
from domain.followups import FOLLOWUPS, due
from domain.intake import draft
from domain.leave import Leave, Leaves, LeaveStatus
from domain.people import Level
from tests import factories as make


def away(person: str, substitute: str) -> Leave:
    day = date(2026, 11, 24)
    return Leave(1, person, day, day, substitute, LeaveStatus.APPROVED, make.NOW)


def complaint(city: City, area: str = "c1") -> str:
    said = make.report(
        "网格员不干活", area=area, building="", unit="", source=complaints.SOURCE, group=False
    )
    return draft(said, city, make.NOW).assignee


@pytest.mark.parametrize(
    ("area", "leaves", "who"),
    [
        pytest.param("c1", [], "l.c1", id="the leader of his community"),
        pytest.param("s1", [], "s.s1", id="about the leader: the street"),
        pytest.param("c1", [away("l.c1", "w.li")], "s.s1", id="a worker stands in: the street"),
        pytest.param("c1", [away("l.c1", "l.c2")], "s.s1", id="a leader from elsewhere stands in"),
        pytest.param(
            "c1", [away("l.c1", "w.li"), away("s.s1", "w.he")], "d.d1", id="both are away"
        ),
        pytest.param("nowhere", [], "d.d1", id="nobody knows where: the backstop"),
    ],
)
def test_who_looks_into_it(city: City, area: str, leaves: list[Leave], who: str) -> None:
    assert complaint(replace(city, backstop="d.d1", leaves=Leaves(leaves)), area) == who


@pytest.mark.parametrize(
    ("person", "may"),
    [("w.li", False), ("w.he", False), ("p.property", False), ("l.c1", True), ("s.s1", True)],
)
def test_whom_it_may_be_handed_to(city: City, person: str, may: bool) -> None:
    case = make.case(area="c1", level=Level.COMMUNITY, source=complaints.SOURCE)
    assert complaints.may_have(city.world, case, city.world.person(person)) is may
    assert complaints.may_have(city.world, make.case(), city.world.person(person))


def test_the_leader_it_is_about_gets_it_from_nobody(city: City) -> None:
    case = make.case(area="s1", level=Level.STREET, source=complaints.SOURCE)
    assert not complaints.may_have(city.world, case, city.world.person("l.c1"))


def test_its_cards_are_its_own(city: City) -> None:
    case = make.case(area="c1", assignee="l.c1", source=complaints.SOURCE)
    said = {one.template for one in FOLLOWUPS["opened"] if due(one, case, opened(case), city.world)}
    assert said == {"replies/complaint_received", "cards/complaint_new"}


def test_the_names_that_may_be_meant(city: City) -> None:
    workers, leaders = complaints.staff_near(city.world, "g01")
    assert "李强" in workers
    assert "何梅" in workers
    assert leaders == ("吴书记",)
    assert complaints.staff_near(city.world, "nowhere") == ((), ())
