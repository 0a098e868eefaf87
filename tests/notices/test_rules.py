"""[notices] of a rules file: what is wrong is named with its line, and nothing else is."""

import tomllib

import pytest

from bot.deployment.files import Report
from bot.deployment.notice_rules import notice_rules
from bot.deployment.toml import Section, Toml, _lines
from bot.understanding.words import lexicon
from domain.notice_rules import NoticeRules
from domain.notices import GAPS, READY
from store.notice_sending import _values, reach
from tests.notices.test_ready_made import CODES
from tests.notices.world import World, notice

WHEN = 'when = "day 09:00"'


def read(text: str) -> tuple[NoticeRules, list[tuple[int, str, str]]]:
    """The rules, and the faults as line, key and kind."""
    report = Report()
    toml = Toml("2026-01-01.toml", tomllib.loads(text), _lines(text))
    rules = notice_rules(Section(report, toml, toml.data))
    assert all("{" not in str(one) for one in report.faults if one.key != "notice_gap")
    return rules, [(one.row, one.field, one.key) for one in report.faults]


def plan(*lines: str, words: str = 'words = "x"', to: str = "worker") -> str:
    return "\n".join(["[[plan]]", 'name = "a"', f'to = "{to}"', words, *lines, ""])


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param(plan(WHEN), [], id="a plan"),
        pytest.param(plan('event = "storm"'), [], id="on an event"),
        pytest.param(plan(WHEN, words='words = "{{ grid }} {{worker}}"'), [], id="gaps"),
        pytest.param("per_day = -1", [(1, "per_day", "value_type")], id="a count"),
        pytest.param('digest = "25:00"', [(1, "digest", "value_type")], id="a time of day"),
        pytest.param('valid = "x"', [(1, "valid", "duration")], id="a duration"),
        pytest.param("lists = 1", [(1, "lists", "value_type")], id="no table"),
        pytest.param("per_dya = 3", [(1, "per_dya", "key_unknown")], id="a key nobody knows"),
        pytest.param(plan(), [(1, "plan.0.when", "key_missing")], id="neither when nor event"),
        pytest.param(
            plan(WHEN, to="nobody"), [(3, "plan.0.to", "value_type")], id="an audience nobody knows"
        ),
        pytest.param(
            plan(WHEN, to="list"), [(1, "plan.0.list", "key_missing")], id="no list is named"
        ),
        pytest.param(plan(WHEN, words=""), [(1, "plan.0.words", "empty")], id="no words"),
        pytest.param(
            plan(WHEN, 'ready = "fire"'), [(4, "plan.0.words", "empty")], id="words of both kinds"
        ),
        pytest.param(
            plan(WHEN, words='ready = "flood"'),
            [(4, "plan.0.ready", "value_type")],
            id="no such text",
        ),
        pytest.param(
            plan(WHEN, words=f'words = "{"x" * 301}"'),
            [(4, "plan.0.words", "notice_long")],
            id="more than one screen",
        ),
        pytest.param(
            plan(WHEN, words='words = "{{ age }}"'), [(4, "plan.0.words", "notice_gap")], id="a gap"
        ),
        pytest.param(
            plan(WHEN, words='words = "{% if x %}"'),
            [(4, "plan.0.words", "notice_gap")],
            id="code in the words",
        ),
        pytest.param(
            plan('when = "someday"'),
            [(5, "plan.0.when", "value_type"), (5, "plan.0.when", "key_missing")],
            id="no rhythm",
        ),
        *(
            pytest.param(plan(f'when = "{code}"'), [(5, "plan.0.when", "notice_never")], id=code)
            for code in (
                "month 32 09:00",
                "year 02-30 09:00",
                "week 8 09:00",
                "week 1,8 09:00",
                "month 1,32 09:00",
                "month 0 09:00",
                "year 12-01 09:00 season 03-01..05-31",
            )
        ),
        *(
            pytest.param(plan(f'when = "{code}"'), [], id=code)
            for code in ("year 02-29 09:00", "eve 16:00", "once 2020-01-01 09:00", "month 31 09:00")
        ),
        pytest.param(
            plan(WHEN) + plan(WHEN), [(7, "plan.1.name", "notice_twice")], id="one name for two"
        ),
    ],
)
def test_each_mistake_is_named(text: str, faults: list[tuple[int, str, str]]) -> None:
    assert read(text)[1] == faults


def test_without_a_section_the_defaults_hold() -> None:
    assert read("")[0] == NoticeRules()


@pytest.mark.parametrize("database", ["sqlite"])
async def test_what_the_rules_may_name_is_what_can_be_said(store, city) -> None:
    assert sorted(READY) == CODES
    assert set(GAPS) == set(lexicon("notices")["gaps"])
    world = World(store, city)
    async with store.write() as conn:
        work = world.work(conn, world.clock.now())
        found = await reach(work, notice())
        assert set(_values(work, found.places[0])) == set(GAPS)
