"""Patrols by the city's rules: eight points, quotas, focus, the help log, and no track of anybody."""

import re
import shutil
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from bot.app import open_simulation
from bot.deployment.folder import SAMPLE, Faults, load
from bot.ledgers.forms import Month, said, sheets
from bot.understanding.amounts import Given, given
from domain.city import City
from domain.forms import Entry
from domain.messages import Address, Attachment
from domain.people import Person, World
from domain.visit_rules import Standard
from domain.visits import Visit, VisitKind
from domain.workdays import TZ
from scheduler.jobs.missed import _tell
from store import tables, tables_visits
from store.work import Work

RULES = "rules/2026-01-01.toml"
POINTS = list(Standard.__dataclass_fields__)
AT = datetime(2026, 11, 23, 9, tzinfo=TZ)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "city"
    shutil.copytree(SAMPLE, target)
    return target


def changed(folder: Path, old: str, new: str) -> Path:
    path = folder / RULES
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return folder


def added(folder: Path, more: str) -> Path:
    return changed(folder, "[visits.weather]", f"{more}\n[visits.weather]")


# The eight points (F18)


def test_the_eight_points_are_those_of_the_rule() -> None:
    wanted = "frequency scope content nature evidence categories report_to liability"
    assert wanted.split() == POINTS


@pytest.mark.parametrize("point", POINTS)
def test_a_standard_with_a_point_missing_is_refused(folder: Path, point: str) -> None:
    text = (folder / RULES).read_text("utf-8")
    head, mark, rest = text.partition("[visits.standard.patrol]\n")
    section, blank, tail = rest.partition("\n\n")
    less = "\n".join(line for line in section.split("\n") if not line.startswith(f"{point} "))
    (folder / RULES).write_text(head + mark + less + blank + tail, "utf-8")
    with pytest.raises(Faults) as caught:
        load(folder)
    assert [(one.field, one.key) for one in caught.value.faults] == [
        (f"visits.standard.patrol.{point}", "key_missing")
    ]


@pytest.mark.parametrize(
    ("old", "new", "field", "key"),
    [
        pytest.param(
            'scope = "本网格的楼道、院落、出入口、车棚"', 'scope = ""',
            "visits.standard.patrol.scope", "empty", id="an empty point",
        ),
        pytest.param(
            'categories = ["welfare", "health"]', 'categories = ["wellness"]',
            "visits.standard.care.categories", "category_unknown", id="no such category",
        ),
        pytest.param(
            "[visits.standard.care]", "[visits.standard.caring]",
            "visits.standard.caring", "choice", id="no such kind of visit",
        ),
    ],
)  # fmt: skip
def test_a_standard_that_says_nothing_is_refused(
    folder: Path, old: str, new: str, field: str, key: str
) -> None:
    with pytest.raises(Faults) as caught:
        load(changed(folder, old, new))
    assert [(one.field, one.key) for one in caught.value.faults] == [(field, key)]


def test_a_kind_in_use_without_a_standard_is_told_and_the_rest_goes_on(folder: Path) -> None:
    text = (folder / RULES).read_text("utf-8")
    head, _, rest = text.partition("[visits.standard.hotspot]\n")
    (folder / RULES).write_text(head + rest.partition("\n\n")[2], "utf-8")
    found = [one for one in load(folder).warnings if one.key == "standard_missing"]
    assert [one.field for one in found] == ["visits.standard.hotspot"]


# A fixed hour at somebody's home (F12)

CARE_WORDS = 'words = ["独居", "空巢", "孤寡", "一人一档"]'


def test_a_care_list_may_have_an_hour(folder: Path) -> None:
    hour = f'{CARE_WORDS}\nstart = "09:00"\nend = "10:00"'
    (rule, *_) = load(changed(folder, CARE_WORDS, hour)).rules.at(AT).visits.care
    assert (rule.start, rule.end) == (time(9), time(10))


def test_without_one_any_hour_of_the_day_will_do(folder: Path) -> None:
    (rule, *_) = load(folder).rules.at(AT).visits.care
    assert (rule.start, rule.end) == (None, None)


@pytest.mark.parametrize(
    ("hour", "key"),
    [
        pytest.param('start = "10:00"\nend = "09:00"', "window_order", id="ends before it begins"),
        pytest.param('start = "10:00"', "window_order", id="never ends"),
        pytest.param('start = "9点"\nend = "10:00"', "value_type", id="no clock"),
    ],
)
def test_an_hour_that_is_none_is_refused(folder: Path, hour: str, key: str) -> None:
    with pytest.raises(Faults) as caught:
        load(changed(folder, CARE_WORDS, f"{CARE_WORDS}\n{hour}"))
    assert [one.key for one in caught.value.faults] == [key]


# Focus areas and quotas


@pytest.mark.parametrize(
    ("more", "key"),
    [
        pytest.param('[[visits.focus]]\nname = "a"\nareas = ["g99"]\n', "area_unknown", id="focus"),
        pytest.param(
            '[[visits.quota]]\npeople = ["w.li"]\narea = "g99"\nrhythm = "1/week"\n',
            "area_unknown", id="a quota of no area",
        ),
        pytest.param(
            '[[visits.quota]]\npeople = ["r.wang"]\narea = "c1"\nrhythm = "1/week"\n',
            "quota_nobody", id="a quota of a resident",
        ),
    ],
)  # fmt: skip
def test_a_rule_that_names_nobody_is_told(folder: Path, more: str, key: str) -> None:
    assert key in {one.key for one in load(added(folder, more)).warnings}


@pytest.mark.parametrize(
    ("more", "key"),
    [
        pytest.param('[[visits.focus]]\nname = "a"\nareas = ["g01"]\ntimes = 0\n', "value_type",
                     id="no times"),
        pytest.param('[[visits.quota]]\npeople = []\narea = "c1"\nrhythm = "1/week"\n', "empty",
                     id="a quota of nobody"),
        pytest.param('[[visits.quota]]\npeople = ["w.li"]\narea = "c1"\nrhythm = "often"\n',
                     "rhythm", id="no rhythm"),
        pytest.param('[[visits.campaign]]\nname = "a"\nwhat = ["building"]\nrhythm = "1/month"\n'
                     'start = 2026-12-01\nend = 2026-12-31\npart = "灯"\nby = "stairs"\n',
                     "choice", id="counted by nothing known"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_kept_is_refused(folder: Path, more: str, key: str) -> None:
    with pytest.raises(Faults) as caught:
        load(added(folder, more))
    assert [one.key for one in caught.value.faults] == [key]


# The help log (F11)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("刘奶奶家看过了，送慰问金500元", Given(500, 0), id="money"),
        pytest.param("慰问困难家庭，发放1.5万元", Given(15_000, 0), id="in ten thousands"),
        pytest.param("帮困助学21名", Given(0, 21), id="people"),
        pytest.param("看过了，身体挺好", None, id="nothing"),
        pytest.param("老人被骗走5000元，送他去派出所", None, id="taken from him"),
        pytest.param("送了一袋米", None, id="no amount"),
    ],
)
def test_what_was_given(words: str, found: Given | None) -> None:
    assert given(words) == found


def test_the_sums_of_the_help_log_are_those_of_the_seed() -> None:
    """16 households, 10,000 yuan, 21 people, as the text tells (F11)."""
    log = [
        Entry(n, n, AT, "w.li", "done", "care", f"第{n}户", "g01", f"慰问，送去{amount}元")
        for n, amount in enumerate([600] * 15 + [1000], start=1)
    ]
    log.append(Entry(17, 1, AT, "w.li", "extra", "extra", "第1户", "g01", "助学21名"))
    log.append(Entry(18, 90, AT, "w.li", "done", "patrol", "g01", "g01", "慰问，送去600元"))
    made = sheets(Month(date(2026, 11, 1), log, [], []), World.of([], []))
    rows = next(one.rows for one in made if one.name == said()["forms"]["help"])
    assert rows[-1][3:7] == (16, "", 10_000, 21)


# Where somebody is (F16)


def test_no_table_keeps_where_somebody_is() -> None:
    columns = {
        f"{table.name}.{column.name}"
        for table in tables.metadata.sorted_tables
        for column in table.columns
    }
    track = re.compile(r"\b(?:lat|lng|lon|gps|track|latitude|longitude|position|geo)", re.ASCII)
    assert len(columns) > 100
    assert [one for one in columns if track.search(one.partition(".")[2])] == []


async def test_a_place_is_known_by_what_he_says_and_off_duty_nothing_is_added() -> None:
    """Only words and cards he sends himself; a location card alone confirms no visit."""
    async with open_simulation(None, AT.replace(hour=21)) as app:
        await app.settle()
        async with app.store.read() as conn:
            before = len(list(await conn.execute(select(tables_visits.visit_events))))
        card = Attachment("location", name="32.39,119.41")
        await app.simulator.say("w.li", "", "", attachments=(card,))
        await app.settle()
        async with app.store.read() as conn:
            after = list(await conn.execute(select(tables_visits.visit_events)))
    assert len(after) == before
    assert not any("32.39" in row.data_json for row in after)


# Who is on a care list stays out of groups (F21)


@dataclass
class Mouth:
    """As much of `Work` as telling a leader takes: where he can be told, and what he was told."""

    city: City
    now: datetime
    where: Address
    said: list[tuple[bool, list[str]]] = field(default_factory=list)

    @property
    def directory(self) -> "Mouth":
        return self

    def private(self, _person: str, _channel: str) -> Address | None:
        return None if self.where.group else self.where

    def reach(self, _person: Person) -> Address:
        return self.where

    def tell(self, _person: Person, _template: str, context: dict[str, Any], **_: object) -> None:
        """May end in his staff group."""
        self._keep(False, context)

    def tell_there(
        self, _person: str, at: Address, _template: str, context: dict[str, Any], **_: object
    ) -> None:
        """Goes to that address and nowhere else."""
        self._keep(not at.group, context)

    def _keep(self, alone: bool, context: dict[str, Any]) -> None:
        self.said.append((alone, [place for one in context["lines"] for place in one["places"]]))


def missed(kind: VisitKind, name: str) -> Visit:
    day = AT.date()
    return Visit(1, name, kind, name, name, "g01", "w.li", "1/week", day, day, AT)


@pytest.mark.parametrize(
    ("private", "kinds", "said"),
    [
        pytest.param(True, "care visit", [(True, ["care", "visit"])], id="all of it to him alone"),
        pytest.param(True, "visit", [(False, ["visit"])], id="nobody is named"),
        pytest.param(
            False, "care visit", [(True, ["care"]), (False, ["visit"])],
            id="only the rest where he has but a group",
        ),
        pytest.param(False, "care", [(True, ["care"])], id="nothing for the group"),
    ],
)  # fmt: skip
def test_a_leader_s_list_names_nobody_in_a_group(
    city: City, private: bool, kinds: str, said: list[tuple[bool, list[str]]]
) -> None:
    mouth = Mouth(city, AT, Address("robot", "x", group=not private))
    leader = city.world.people["l.c1"]
    found = [
        replace(missed(VisitKind(kind), kind), due_at=AT - timedelta(days=at))
        for at, kind in enumerate(kinds.split(), start=1)
    ]
    _tell(cast(Work, mouth), leader, found[::-1])
    assert [(alone, sorted(places)) for alone, places in mouth.said] == said
