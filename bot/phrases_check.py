"""Renders every template once before the program starts, so that none fails while speaking."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.deployment.faults import Fault, fault, words
from bot.deployment.files import Report, read_text
from bot.deployment.folder import SAMPLE
from bot.deployment.rules import book, load_calendar, load_rules
from bot.deployment.world import load_world
from bot.phrases import Phrases
from bot.samples.activities import activity_samples
from bot.samples.help import help_samples
from bot.samples.notices import notice_samples
from bot.samples.patrols import patrol_samples
from bot.samples.polls import poll_samples
from domain import facts
from domain.case import HAZARDS, Case, Dues, Mode, Status
from domain.city import City
from domain.contact import card
from domain.messages import Address
from domain.people import Level

# How jinja names what is not there.
_UNDEFINED = re.compile(r"(?:attribute |^)'([^']+)'(?: is undefined|$)")
_OURS = SAMPLE.parent / "templates"
# What is said of an emergency: rendered once for each hazard.
URGENT = ("replies/received", "replies/joined", "replies/safety", "cards/case_urged")


def template_faults(folder: Path) -> list[Fault]:
    """Each template of a deployment folder that cannot be said, with the line."""
    own = folder / "templates"
    phrases = Phrases(own)
    values = samples(_city())
    wrong = [*phrases.check(values)]
    for one in emergencies(values):
        wrong += phrases.check(one, URGENT)
    known = set(Phrases().names())
    unread = _by_hand(own, known)
    skip = {one.file for one in unread}
    found = [
        fault("template_wrong", f"templates/{name}", row, reason=_reason(row, reason))
        for name, row, reason in dict.fromkeys(wrong)
        if f"templates/{name}" not in skip
    ]
    return [*unread, *found] + [
        fault("template_unknown", f"templates/{name}.j2")
        for name in _names(own)
        if not (_OURS / f"{name}.j2").exists() and f"templates/{name}.j2" not in skip
    ]


def _names(own: Path) -> list[str]:
    """The templates of a folder, wherever in it they lie."""
    found = (path.relative_to(own).as_posix() for path in own.rglob("*.j2"))
    return sorted(name.removesuffix(".j2") for name in found)


def _by_hand(own: Path, known: Collection[str]) -> list[Fault]:
    """What no rendering tells of a file: where it lies, how it was saved, that it is empty."""
    report = Report()
    homes = {name.rpartition("/")[2]: f"{name}.j2" for name in sorted(known)}
    for path in sorted(own.rglob("*.j2*")):
        name = path.relative_to(own).as_posix()
        stem = path.name.removesuffix(".txt")  # Notepad puts it behind
        wanted = homes.get(stem.removesuffix(".j2"), "") if stem.endswith(".j2") else ""
        if wanted and not (_OURS / name).exists() and (path.parent == own or stem != path.name):
            report.add("template_place", f"templates/{name}", wanted=wanted)
        elif name.endswith(".j2") and path.is_file():
            text = read_text(path, f"templates/{name}", report)
            if text is not None and not text.strip():
                report.add("template_empty", f"templates/{name}")
    return report.faults


def _reason(row: int, reason: str) -> str:
    """What jinja says in English, in words: only faults of its syntax have a line."""
    if row:
        return words("template_reason", "braces")
    if found := _UNDEFINED.search(reason):
        return words("template_reason", "undefined").format(name=found[1])
    return reason


def samples(city: City) -> dict[str, Any]:
    """Every value a template may ask for, filled with something plausible."""
    world = city.world
    now = _in_force(city)
    area = next(iter(world.areas), "")
    worker = world.nearest_desk(area)
    soon = now + timedelta(hours=2)
    case = Case(
        id=1,
        area=area,
        status=Status.ASSIGNED,
        level=Level.GRID,
        mode=Mode.ORDINARY,
        intent="report",
        category="facility",
        urgent=False,
        words="*[x](y)* lamp",
        reporter="somebody",
        reported_in=Address("simulator", "group", group=True),
        assignee=worker.id if worker else "",
        rules=max(city.book.versions),
        opened_at=now,
        dues=Dues(respond=soon, finish=soon),
        building="3",
        unit="2",
    )
    view = facts.of_case(case, city)
    contact = card(city.world, area, city.book.at(now).contact)
    home = {"building_name": "", "building": "3", "unit": "2", "room": "501"}
    return {
        "now": now.isoformat(),
        "case": view,
        "cases": [view, view],
        "home": home,
        "options": ["a", "b"],
        "choices": ["a", "b"],
        "kinds": ["phone"],
        "more": 1,
        "proposal": {
            "number": "D1",
            "words": "words",
            "stage": "talked",
            "round": 2,
            "passed": True,
            "vote_until": soon.isoformat(),
        },
        "draft": 1,
        "wording": "a",
        "tally": {"yes": 3, "no": 1, "abstain": 1, "unknown": 1, "total": 5, "homes": 300},
        "choice": "yes",
        "contact": ["a", "b"],
        "card": asdict(contact) if contact is not None else {},
        **help_samples(now),
        **notice_samples(),
        **patrol_samples(),
        **activity_samples(now.isoformat(), view),
        **poll_samples(now.isoformat(), view),
        "code": "12345678",
        "link": "https://grid.example.cn/login/a",
        "place": "a",
        **_visits(now),
        "post": True,
        "told": True,
        "may": True,
        "hazard": "gas",
        "deadline": "respond",
        "raised": True,
        "again": False,
        "several": False,
        "bare": True,
        "staff": True,
        **dict.fromkeys(
            "by by_role before words name wanted proposed reason intent area person phone".split(),
            "words",
        ),
        **dict.fromkeys(("who", "asked"), "words"),
    }


def _visits(now: datetime) -> dict[str, Any]:
    """What is said of visits and of leave."""
    at = now.isoformat()
    why = dict.fromkeys("code object word campaign category window from to".split(), "a")
    why |= dict.fromkeys("part focus with".split(), "a")
    line = {"place": "a", "kind": "patrol", "status": "done", "at": at, "due": at}
    both = {"what": "patrol", "person": "a", "area": "b", "windows": ["a"], "places": ["b"]}
    numbers = {"count": 3, "days": 28, "again": 0, "made": 1, "left": 2}
    listed = {
        "who": "a",
        "words": "b",
        "entry": 1,
        **line,
        **both,
        **numbers,
        "why": {**why, **numbers},
    }
    texts = dict.fromkeys("how place person window finding leader".split(), "a")
    visit = {
        **texts,
        "how": "done",
        "at": at,
        "due": at,
        "photos": 1,
        "opinions": 2,
        "added": 0,
        "home": True,
        "other": True,
        "shut": False,
        "patrol": False,
    }
    return {
        "lines": [listed],
        "visits": [{**visit, "choices": ["a", "b"], "how": how} for how in _HOW],
        "places": [{"place": "a", "window": ""}],
        "window": "a",
        "look": "a",
        "hours": True,
        "opened": True,
        "kept": False,
        "later": 1,
        "made": 1,
        "how": "granted",
        "whom": "substitute",
        "substitute": {"name": "a"},
        "leader": {"name": "a"},
        "first": at,
        "last": at,
    }


_HOW = "done extra absent twice future not_yours which unknown".split()


def emergencies(values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The same values with an emergency of each hazard, placed and not, for the safety words."""
    for hazard in (*HAZARDS, ""):
        for unverified in (False, True):
            case = {**values["case"], "urgent": True, "hazard": hazard, "unverified": unverified}
            yield {**values, "case": case, "hazard": hazard}


def _city() -> City:
    """The packaged sample; its settings, which a wrong variable could spoil, are not asked for."""
    report = Report()
    world, _ = load_world(SAMPLE, report)
    rules = book(load_rules(SAMPLE, report))
    return City(world, rules, load_calendar(SAMPLE, report), "")


def _in_force(city: City) -> datetime:
    first = min(city.book.versions)
    return datetime.fromisoformat(first).replace(hour=12, tzinfo=UTC)
