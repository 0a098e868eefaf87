"""A deployment: the folder in which a city keeps its settings, people, places and rules as data."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.deployment.area_check import advise_areas
from bot.deployment.contact_check import advise_contact
from bot.deployment.faults import Fault, Faults, fault, reason_of
from bot.deployment.files import Report
from bot.deployment.patrol_check import advise_patrols
from bot.deployment.rules import book, load_calendar, load_rules
from bot.deployment.settings import FILE, DeploymentSettings, Settings, read_settings, where
from bot.deployment.toml import Toml
from bot.deployment.world import AREAS, load_world
from bot.memory import no_collection
from domain import naming
from domain.people import Level, Role, World
from domain.rules import RuleBook, Rules
from domain.workdays import Calendar

__all__ = ["SAMPLE", "Deployment", "Fault", "Faults", "load", "write_sample"]

SAMPLE = Path(__file__).parents[1] / "sample"


@dataclass(frozen=True, slots=True)
class Deployment:
    """Everything a folder states, checked; `warnings` is what an operator should know."""

    folder: Path
    settings: Settings
    world: World
    rules: RuleBook
    calendar: Calendar
    warnings: tuple[Fault, ...] = ()

    @property
    def backstop(self) -> str:
        """The id of the person who gets what nobody else can take (B17)."""
        return self.settings.deployment.backstop


def load(folder: Path, *, borrow: bool = False) -> Deployment:
    """Read and check a whole folder; raises Faults with everything that is wrong at once.

    With `borrow` a folder that holds only the four tables (a world of dialogues.md) takes its
    settings and rules from the sample.
    """
    if not folder.is_dir():
        key = "folder_is_file" if folder.exists() else "folder_missing"
        raise Faults([fault(key, str(folder))])
    with no_collection():
        return _load(folder, _Sources.of(folder, borrow=borrow))


@dataclass(frozen=True, slots=True)
class _Sources:
    """The folders from which settings and rules are read."""

    settings: Path
    rules: Path

    @classmethod
    def of(cls, folder: Path, *, borrow: bool) -> "_Sources":
        if not borrow:
            return cls(folder, folder)
        has_settings, has_rules = (folder / FILE).exists(), any((folder / "rules").glob("*.toml"))
        return cls(folder if has_settings else SAMPLE, folder if has_rules else SAMPLE)


def _load(folder: Path, sources: _Sources) -> Deployment:
    """Read every part, then judge them together."""
    report = Report()
    settings, toml = read_settings(folder, report, sources.settings)
    world, lines = load_world(folder, report)
    found = load_rules(sources.rules, report)
    calendar = load_calendar(folder, report)
    if settings is not None and sources.settings != folder:
        settings = _fitting(settings, world)
    if toml is not None:
        value = _backstop_said(toml) if settings is None else settings.deployment.backstop
        _check_backstop(value, toml, world, report)
    if report.faults or settings is None:
        raise Faults(sorted(report.faults, key=lambda one: (one.file, one.row)))
    rules = book(found)
    _advise_households(world, rules, lines, report)
    _advise_offices(world, found, report)
    advise_patrols(world, found, report)
    advise_areas(world, found, report)
    advise_contact(world, report)
    return Deployment(folder, settings, world, rules, calendar, tuple(report.warnings))


def write_sample(target: Path) -> None:
    """Lay a sample deployment into a new or empty folder; raises Faults rather than overwrite."""
    if target.exists() and not target.is_dir():
        raise Faults([fault("folder_is_file", str(target))])
    try:
        if target.is_dir() and any(target.iterdir()):
            raise Faults([fault("folder_not_empty", str(target))])
        shutil.copytree(SAMPLE, target, copy_function=shutil.copyfile, dirs_exist_ok=True)
    except OSError as error:
        found = fault("folder_unwritable", str(target), reason=reason_of(error))
        raise Faults([found]) from error


def _fitting(settings: Settings, world: World) -> Settings:
    """Name a backstop for a world that borrowed its settings: the highest desk it has."""
    desk = world.person(settings.deployment.backstop) or world.nearest_desk("")
    if desk is None:
        return settings
    named = DeploymentSettings(name=settings.deployment.name, backstop=desk.id)
    return settings.model_copy(update={"deployment": named})


def _backstop_said(toml: Toml) -> str | None:
    """The backstop of settings that cannot be used for another fault; None where it is none."""
    section = toml.data.get("deployment", {})
    if where(toml, "deployment", "backstop")[0] != toml.file:
        return None  # a variable says it
    value = section.get("backstop", "") if isinstance(section, Mapping) else None
    return value if isinstance(value, str) else None


def _check_backstop(value: str | None, toml: Toml, world: World, report: Report) -> None:
    """Check that the backstop is one of the staff; silent while people.csv cannot be read."""
    if value is None:
        return
    person = world.person(value)
    place = where(toml, "deployment", "backstop")
    if not value:
        report.add("empty", *place)
    elif person is None and world.people and "csv_broken" not in {one.key for one in report.faults}:
        report.add("backstop_unknown", *place, value=value)
    elif person is not None and person.role is Role.RESIDENT:
        report.add("backstop_resident", *place, value=value)


def _advise_households(
    world: World, rules: RuleBook, lines: Mapping[str, int], report: Report
) -> None:
    """Warn of residents' grids of an unusual size, by the newest rules (A3: 250 to 500)."""
    low, high = rules.versions[max(rules.versions)].households
    for area in world.areas.values():
        measured = area.level is Level.GRID and area.kind == "resident"
        if measured and area.households is not None and not low <= area.households <= high:
            values = {"name": area.name, "value": area.households, "low": low, "high": high}
            report.warn("households", AREAS, lines[area.id], "households", **values)


def _advise_offices(world: World, found: Mapping[str, tuple[Toml, Rules]], report: Report) -> None:
    """Warn of categories none of whose offices is in people.csv, by the newest rules."""
    version = max(found)
    toml, rules = found[version]
    departments = [one for one in world.people.staff.values() if one.role is Role.DEPARTMENT]
    known = [naming.fold(f"{one.name} {one.notes}") for one in departments]
    for code, category in rules.categories.items():
        hints = [naming.fold(hint) for hint in category.offices]
        if hints and not any(hint in name for hint in hints for name in known):
            row = toml.row("categories", code, "offices")
            named = "/".join(category.offices)
            field = f"categories.{code}.offices"
            report.warn("office_unknown", toml.file, row, field, value=named)
