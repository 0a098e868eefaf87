"""The forms of patrol work as tables of text (domain.md F7, F22)."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from bot.ledgers import activities as activity_forms
from bot.masking import masked
from bot.understanding.amounts import given, opinions
from domain import forms
from domain.activities import Activity
from domain.forms import Entry, Planned
from domain.people import World
from domain.polls import Poll, Score
from domain.visit_rules import rhythm
from domain.visits import VisitKind
from domain.workdays import TZ

Cell = str | int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form: its file's name, its title, its columns and its lines."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@cache
def said() -> dict[str, Any]:
    """The words of the forms."""
    return tomllib.loads(files("bot.ledgers").joinpath("forms.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Month:
    """What the forms of a month are made of: both logs, and the plans of the month and the year."""

    first: date
    log: Sequence[Entry]
    month: Sequence[Planned]
    year: Sequence[Planned]
    activities: Sequence[Activity] = ()
    quizzes: Sequence[tuple[Poll, Sequence[Score]]] = ()  # those counted in the month

    @property
    def span(self) -> str:
        """The month as people write it: 2026-11."""
        return f"{self.first:%Y-%m}"


def sheets(month: Month, world: World) -> list[Sheet]:
    """The nine forms of a month, and the scores of its quizzes where there were any."""
    counted = forms.settled(month.log)
    names = _Names(world)
    made: list[tuple[str, str, list[tuple[Cell, ...]]]] = [
        ("annual", f"{month.first:%Y}", [_plan(one, names) for one in month.year]),
        ("monthly", month.span, [_plan(one, names) for one in month.month]),
        ("ledger", month.span, [_line(one, names) for one in counted]),
        ("statistics", month.span, _statistics(counted, names)),
        ("hazards", month.span, [_hazard(one, names) for one in forms.hazards(counted)]),
        ("diary", month.span, _diaries(counted, names)),
        ("help", month.span, _help(counted, names)),
        ("activities", month.span, _activities(month, names)),
        ("activity_sums", month.span, activity_forms.sums(month.activities, said()["activities"])),
    ]
    if month.quizzes:
        made.append(("quiz", month.span, _quizzes(month.quizzes, names)))
    return [_sheet(key, span, rows) for key, span, rows in made]


def _activities(month: Month, names: "_Names") -> list[tuple[Cell, ...]]:
    words = said()["activities"]
    return activity_forms.ledger(month.activities, names.area, names.person, words)


def _sheet(key: str, span: str, rows: Sequence[tuple[Cell, ...]]) -> Sheet:
    words = said()
    name = words["forms"][key]
    title = words["words"]["title"].format(name=name, span=span)
    return Sheet(name, title, tuple(words["columns"][key]), tuple(rows))


@dataclass(frozen=True, slots=True)
class _Names:
    """The roster's names for ids; an id that is gone stands for itself."""

    world: World

    def person(self, one: str) -> str:
        found = self.world.person(one)
        return found.name if found is not None else one

    def area(self, one: str) -> str:
        found = self.world.area(one)
        return found.name if found is not None else one


def _plan(one: Planned, names: _Names) -> tuple[Cell, ...]:
    words = said()
    return (
        one.due.isoformat(),
        names.area(one.area),
        one.name,
        words["kinds"].get(one.visit_kind, one.visit_kind),
        _often(one.rhythm),
        names.person(one.worker),
        words["states"].get(one.status, one.status),
    )


def _often(code: str) -> str:
    """How often, as people write it: 每周, 每月2次; "" for what has no rhythm."""
    found, words = rhythm(code), said()["rhythms"]
    if found is None:
        return code
    per: str = words[found.per.value]
    return per if found.times == 1 else words["times"].format(per=per, times=found.times)


def _line(one: Entry, names: _Names) -> tuple[Cell, ...]:
    words = said()
    return (
        one.id,
        _at(one.at),
        names.area(one.area),
        one.name,
        words["kinds"].get(one.visit_kind, one.visit_kind),
        names.person(one.by),
        words["states"].get(one.kind, one.kind),
        masked(one.words),
        masked(one.finding),
        one.photos,
        one.case,
    )


def _hazard(one: Entry, names: _Names) -> tuple[Cell, ...]:
    area, by = names.area(one.area), names.person(one.by)
    return one.id, _at(one.at), area, one.name, masked(one.finding), by, one.case


def _statistics(counted: Sequence[Entry], names: _Names) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    heard = _heard(counted)
    for one in forms.totals(counted):
        person = names.world.person(one.person)
        counts = [one.counts[kind] for kind in ("done", "extra", "absent", "missed")]
        area = names.area(person.area) if person is not None else ""
        told = (one.made, *counts, one.findings, one.cases, heard[one.person])
        rows.append((names.person(one.person), area, *told))
    sums = [sum(int(row[at]) for row in rows) for at in range(2, 10)]
    return [*rows, (said()["words"]["total"], "", *sums)]


def _heard(counted: Sequence[Entry]) -> Counter[str]:
    """How many opinions each heard (F15); a patrol credited to a visit repeats its words."""
    found = Counter[str]()
    for _, by, words in {
        (one.at, one.by, one.words) for one in counted if one.visit_kind != VisitKind.PATROL.value
    }:
        found[by] += opinions(words)
    return found


def _help(counted: Sequence[Entry], names: _Names) -> list[tuple[Cell, ...]]:
    """Who was given what (F11), and the sums: households, yuan, people."""
    rows: list[tuple[Cell, ...]] = []
    helped: set[tuple[str, str]] = set()
    # A patrol that counts because of the visit repeats its words.
    for one in counted:
        found = given(one.words) if one.visit_kind != VisitKind.PATROL.value else None
        if found is not None:
            helped.add((one.area, one.name))
            by, words = names.person(one.by), masked(one.words)
            area, amounts = names.area(one.area), (found.yuan, found.people)
            rows.append((one.id, _at(one.at), area, one.name, by, *amounts, words))
    sums = [sum(int(row[at]) for row in rows) for at in (5, 6)]
    return [*rows, (said()["words"]["total"], "", "", len(helped), "", *sums, "")]


def _quizzes(
    found: Sequence[tuple[Poll, Sequence[Score]]], names: _Names
) -> list[tuple[Cell, ...]]:
    """应知应会: a line for each person of each quiz, for the assessment (J3)."""
    states = said()["states"]
    rows: list[tuple[Cell, ...]] = []
    for poll, scores in found:
        day = poll.closed_at.astimezone(TZ).date().isoformat() if poll.closed_at else ""
        for one in scores:
            person = names.world.person(one.person)
            area = names.area(person.area) if person is not None else ""
            state = "answered" if one.right is not None else "leave" if one.away else "unanswered"
            row = (names.person(one.person), area, one.right or 0, one.total, states[state])
            rows.append((poll.notice, day, *row))
    return rows


def _diaries(counted: Sequence[Entry], names: _Names) -> list[tuple[Cell, ...]]:
    days = sorted({(one.at.astimezone(TZ).date(), one.by) for one in counted})
    return [
        (day.isoformat(), names.person(by), sentence(one), _cite(one))
        for day, by in days
        for one in forms.diary(counted, by, day)
    ]


def sentence(one: Entry) -> str:
    """What an entry says, as a sentence of the diary."""
    words = said()["words"]
    at = f"{one.at.astimezone(TZ):%H:%M}"
    shape = words["absent"] if one.kind == "absent" else words["visited"]
    if one.finding:
        shape = words["found"]
    elif one.visit_kind == VisitKind.PATROL.value:
        shape = words["patrolled"] if one.words else words["credited"]
    text: str = shape.format(
        at=at, name=one.name, words=masked(one.words), finding=masked(one.finding)
    )
    return text


def _cite(one: Entry) -> str:
    text: str = said()["words"]["cites"].format(id=one.id)
    return text


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(TZ):%Y-%m-%d %H:%M}"
