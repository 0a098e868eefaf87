"""Who is told what; and every template that is named can be said."""

import pytest

from bot.phrases import Phrases
from bot.phrases_check import samples
from domain import steps
from domain.case import Event, Status, opened
from domain.followups import FOLLOWUPS, Audience, Followup, audience, due, once
from domain.people import Level
from scheduler.jobs import remind
from tests import factories as make
from tests.rows import each_row

NAMED = sorted({one.template for row in FOLLOWUPS.values() for one in row})


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return Phrases()


@each_row("template", NAMED)
@pytest.mark.parametrize("markup", ["plain", "markdown"])
def test_each_template_that_is_named_can_be_said(city, phrases, template, markup) -> None:
    assert template in phrases.names()
    said = phrases.render(template, samples(city), task_id="G1001_1", markup=markup)
    assert said.text


def test_each_event_is_followed_or_deliberately_silent() -> None:
    quiet = {
        "arrived",
        "extended",
        "unanswered",
        "recalled",
        "left",
        "answered",
    }  # the one who acted is answered
    assert {"opened", *steps._PAST.values()} == FOLLOWUPS.keys() | quiet


@pytest.mark.parametrize(
    ("to", "level", "person"),
    [
        pytest.param(Audience.ASSIGNEE, Level.GRID, "w.li", id="the assignee"),
        pytest.param(Audience.LEADER, Level.GRID, "l.c1", id="the community's leader"),
        pytest.param(Audience.STREET, Level.GRID, "s.s1", id="the street's desk"),
        pytest.param(Audience.LEVEL, Level.COMMUNITY, "l.c1", id="the level that has it now"),
        pytest.param(Audience.LEVEL, Level.DISTRICT, "d.d1", id="the district has it now"),
        pytest.param(Audience.FORMER, Level.GRID, "w.he", id="who had it before"),
        pytest.param(Audience.REPORTER, Level.GRID, None, id="the reporter is no member of staff"),
    ],
)
def test_audience(city, to: Audience, level: Level, person: str | None) -> None:
    event = Event(1, 1, make.NOW, "accepted", "l.c1", {"from": "w.he"})
    found = audience(Followup(to, "x"), make.case(level=level), event, city.world)
    assert (found and found.id) == person


@pytest.mark.parametrize(
    ("kind", "changes", "data", "told"),
    [
        pytest.param("opened", {}, {}, ["reporter", "assignee"], id="an ordinary case"),
        pytest.param(
            "opened",
            {"urgent": True},
            {},
            ["reporter", "assignee", "leader", "street"],
            id="urgent",
        ),
        pytest.param("added", {}, {}, ["assignee"], id="more words"),
        pytest.param("added", {"status": Status.FINISHED}, {}, [], id="more words, too late"),
        pytest.param(
            "added",
            {"urgent": True},
            {"building": "3"},
            ["assignee", "leader", "street"],
            id="the place of an emergency",
        ),
        pytest.param(
            "added",
            {"urgent": True},
            {"area": "g01", "from": "d.d1", "building": "3"},
            ["assignee", "former", "leader", "street"],
            id="the grid of an emergency: its people get the case",
        ),
        pytest.param(
            "added",
            {"urgent": True},
            {"area": "g01", "building": "3"},
            ["assignee", "leader", "street"],
            id="its grid, when somebody has taken it already",
        ),
        pytest.param("rejected", {}, {}, ["reporter", "assignee"], id="not a case"),
        pytest.param("rejected", {"reporter": "x"}, {}, ["assignee"], id="by who reported it"),
        pytest.param(
            "rejected",
            {"urgent": True},
            {},
            ["reporter", "assignee", "leader", "street"],
            id="not an emergency",
        ),
        pytest.param("reclassified", {}, {}, ["assignee"], id="about something else"),
        pytest.param("urged", {"urgent": True}, {}, ["assignee", "leader", "street"], id="again"),
        pytest.param("dissatisfied", {}, {}, ["assignee"], id="dissatisfied once"),
        pytest.param(
            "dissatisfied", {"supervised": True}, {}, ["assignee", "leader"], id="and again"
        ),
    ],
)
def test_who_is_told_depends_on_the_case(kind, changes, data, told) -> None:
    case = make.case(**changes)
    event = Event(1, 1, make.NOW, kind, "x", data)
    assert [str(one.to) for one in FOLLOWUPS[kind] if one.when(case, event)] == told


def test_each_message_has_a_key_of_its_own() -> None:
    events = [opened(make.case(id=n)) for n in (1, 11)]
    events += [Event(1, version, make.NOW, "missed", "", {}) for version in (1, 11)]
    keys = [once(event, one) for event in events for one in FOLLOWUPS[event.kind]]
    assert len(keys) == len(set(keys)) == 16


def test_an_emergency_is_told_to_three(city) -> None:
    case = make.case(urgent=True)
    event = opened(case)
    told = [
        audience(one, case, event, city.world)
        for one in FOLLOWUPS["opened"]
        if one.when(case, event)
    ]
    assert [one and one.id for one in told] == [None, "w.li", "l.c1", "s.s1"]


@pytest.mark.parametrize(
    ("assignee", "told"),
    [
        pytest.param("w.li", ["w.li", "l.c1", "s.s1"], id="three people"),
        pytest.param("l.c1", ["l.c1", "s.s1"], id="the leader has the case himself"),
        pytest.param("s.s1", ["s.s1", "l.c1"], id="the street has it"),
    ],
)
def test_told_again_each_person_hears_it_once(city, assignee: str, told: list[str]) -> None:
    case = make.case(urgent=True, assignee=assignee)
    event = Event(1, 1, make.NOW, "urged", "", {})
    found = [
        audience(one, case, event, city.world)
        for one in FOLLOWUPS["urged"]
        if due(one, case, event, city.world)
    ]
    assert [one and one.id for one in found] == told


def test_a_reminder_has_its_words(phrases: Phrases) -> None:
    assert "cards/case_soon" in phrases.names()
    assert remind.JOB.kinds == ("respond_soon", "finish_soon")
