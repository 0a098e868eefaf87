"""Who is told what; and every template that is named can be said."""

import pytest

from bot.phrases import Phrases
from bot.phrases_check import samples
from domain import steps
from domain.case import Event, opened
from domain.followups import FOLLOWUPS, Audience, Followup, applies, audience, once
from domain.people import Level
from scheduler.jobs import remind
from tests import factories as make

NAMED = sorted({one.template for row in FOLLOWUPS.values() for one in row})


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return Phrases()


@pytest.mark.parametrize("template", NAMED)
@pytest.mark.parametrize("markup", ["plain", "markdown"])
def test_each_template_that_is_named_can_be_said(city, phrases, template, markup) -> None:
    assert template in phrases.names()
    said = phrases.render(template, samples(city), task_id="G1001_1", markup=markup)
    assert said.text


def test_each_event_is_followed_or_deliberately_silent() -> None:
    quiet = {"accepted", "arrived", "extended", "unanswered"}  # the one who acted is answered
    assert {"opened", *steps._PAST.values()} == FOLLOWUPS.keys() | quiet


@pytest.mark.parametrize(
    ("to", "level", "person"),
    [
        pytest.param(Audience.ASSIGNEE, Level.GRID, "w.li", id="the assignee"),
        pytest.param(Audience.LEADER, Level.GRID, "l.c1", id="the community's leader"),
        pytest.param(Audience.STREET, Level.GRID, "s.s1", id="the street's desk"),
        pytest.param(Audience.LEVEL, Level.COMMUNITY, "l.c1", id="the level that has it now"),
        pytest.param(Audience.LEVEL, Level.DISTRICT, "d.d1", id="the district has it now"),
        pytest.param(Audience.REPORTER, Level.GRID, None, id="the reporter is no member of staff"),
    ],
)
def test_audience(city, to: Audience, level: Level, person: str | None) -> None:
    found = audience(Followup(to, "x"), make.case(level=level), city.world)
    assert (found and found.id) == person


@pytest.mark.parametrize(
    ("when", "changes", "due"),
    [
        pytest.param("", {}, True, id="always"),
        pytest.param("urgent", {"urgent": True}, True, id="urgent"),
        pytest.param("urgent", {}, False, id="not urgent"),
        pytest.param("supervised", {}, False, id="not supervised"),
        pytest.param("working", {}, True, id="still worked on"),
    ],
)
def test_applies(when: str, changes: dict, due: bool) -> None:
    assert applies(Followup(Audience.ASSIGNEE, "x", when), make.case(**changes)) is due


def test_each_message_has_a_key_of_its_own() -> None:
    events = [opened(make.case(id=n)) for n in (1, 11)]
    events += [Event(1, version, make.NOW, "missed", "", {}) for version in (1, 11)]
    keys = [once(event, one) for event in events for one in FOLLOWUPS[event.kind]]
    assert len(keys) == len(set(keys)) == 12


def test_an_emergency_is_told_to_three(city) -> None:
    case = make.case(urgent=True)
    told = [audience(one, case, city.world) for one in FOLLOWUPS["opened"] if applies(one, case)]
    assert [one and one.id for one in told] == [None, "w.li", "l.c1", "s.s1"]


def test_a_reminder_has_its_words(phrases: Phrases) -> None:
    assert "cards/case_soon" in phrases.names()
    assert remind.JOB.kinds == ("respond_soon", "finish_soon")
