"""The sentences the pages' server answers with; they stand in templates/web/words.toml."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import jinja2

from domain.moving import Refused
from domain.workdays import TZ

WEB_TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "web"


def load_words() -> dict[str, str]:
    """The page's error sentences by key."""
    return _table("errors")


def render(template: str, **values: object) -> str:
    """A page of templates/web."""
    loader = jinja2.FileSystemLoader(WEB_TEMPLATES)
    jinja = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    return jinja.get_template(template).render(values)


def fill(refused: Refused) -> dict[str, str]:
    """What fills the gaps of the sentence why something was not moved; dates as people say them."""
    words = _table("near")
    filled = {key: _said(value, words) for key, value in refused.fill.items()}
    near = words["none"]
    if refused.near is not None:
        near = words["near"].format(day=_said(refused.near, words))
    return {**filled, "near": near}


def _said(value: str | date | datetime, words: Mapping[str, str]) -> str:
    if isinstance(value, str):
        return value
    at = value.astimezone(TZ) if isinstance(value, datetime) else value
    weekday = words["weekdays"][at.weekday()]
    day = words["day"].format(month=at.month, day=at.day, weekday=weekday)
    return f"{day} {at:%H:%M}" if isinstance(at, datetime) else day


def _table(name: str) -> dict[str, str]:
    with (WEB_TEMPLATES / "words.toml").open("rb") as file:
        table = tomllib.load(file)
    return {str(key): str(value) for key, value in table[name].items()}
