"""The documents keep up with the program: settings, commands, tables and dependencies are all there."""

import importlib
import pkgutil
import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

import store
from bot.cli.main import main
from bot.deployment.settings import Settings
from store import tables

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
PAGES = sorted(path.name for path in (ROOT / "docs").glob("*.md"))
MEASURED = {"understanding-duplicates.md"}  # linked from the decision it belongs to
NAMED = re.compile(r"`((?:bot|domain|store|scheduler|tests|docs)/[\w./*-]+)`")
LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def settings() -> list[str]:
    sections = {
        name: field.annotation
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }
    return [f"[{name}] {key}" for name, one in sections.items() for key in one.model_fields]


@pytest.mark.parametrize("readme", READMES)
def test_every_setting_stands_in_the_table_with_its_variable(readme: str) -> None:
    rows = text(readme)
    assert settings()
    missing = [
        one
        for one in settings()
        if f"| `{one}` | `GRIDBOT_{one[1:].replace('] ', '__').upper()}` |" not in rows
    ]
    assert missing == []


@pytest.mark.parametrize("readme", READMES)
def test_every_command_is_told(readme: str) -> None:
    said = text(readme) + text("Makefile")
    assert [one for one in main.commands if not re.search(rf"gridbot {one}\b", said)] == []


@pytest.mark.parametrize("readme", READMES)
def test_every_page_can_be_found(readme: str) -> None:
    linked = {target.rpartition("/")[2] for target, _ in LINK.findall(text(readme))}
    assert set(PAGES) - MEASURED - linked == set()


@pytest.mark.parametrize("page", [*READMES, "CONTRIBUTING.md", *(f"docs/{one}" for one in PAGES)])
def test_links_lead_somewhere(page: str) -> None:
    base = (ROOT / page).parent
    found = [target for target, _ in LINK.findall(text(page)) if "://" not in target and target]
    assert [one for one in found if not (base / one).exists()] == []


@pytest.mark.parametrize("page", [*READMES, "CONTRIBUTING.md", *(f"docs/{one}" for one in PAGES)])
def test_paths_that_are_named_are_there(page: str) -> None:
    said = re.sub(r"`[^`]*(?:\bx\.py|my_grid|NN-)[^`]*`", "", text(page))  # examples of new files
    found = set(NAMED.findall(said))
    assert [one for one in sorted(found) if not any(ROOT.glob(one.rstrip("/")))] == []


def test_every_package_of_the_bot_stands_in_the_architecture() -> None:
    told = text("docs/architecture.md")
    packages = [path.parent.name for path in (ROOT / "bot").glob("*/__init__.py")]
    assert len(packages) > 10
    assert [one for one in packages if f"`{one}/`" not in told and f"bot/{one}/" not in told] == []


def test_every_table_is_explained() -> None:
    for one in pkgutil.iter_modules(store.__path__, "store."):
        if one.name.startswith("store.tables_"):
            importlib.import_module(one.name)
    known = text("docs/architecture.md")
    assert len(tables.metadata.tables) > 10
    assert [one for one in sorted(tables.metadata.tables) if f"`{one}`" not in known] == []


def test_every_dependency_has_its_reason_and_none_is_stale() -> None:
    project = tomllib.loads(text("pyproject.toml"))
    groups = [project["project"]["dependencies"], project["dependency-groups"]["dev"]]
    direct = {re.split(r"[\[<>=~; ]", one)[0] for group in groups for one in group}
    used, _, _ = text("docs/dependencies.md").partition("## Looked at and left")
    rows = [
        re.sub(r"[\[(].*", "", row) for row in re.findall(r"^\| ([^|]+) \|", used, re.MULTILINE)
    ]
    told = {word for row in rows for word in re.findall(r"\b[a-z][a-z0-9_-]+", row)}
    assert told == direct
