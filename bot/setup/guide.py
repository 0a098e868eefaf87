"""What operators are told about channels: the sentences of connect.toml and the steps of a kind."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bot.channels.base import Finding

_FILE = Path(__file__).with_name("connect.toml")
_OTHER = "other"


@dataclass(frozen=True, slots=True)
class Guide:
    """How one kind of channel is set up.

    `steps` are what to do on the platform; `ask` says for a key where its value is found;
    `generate` names the keys the operator may choose himself, `generate_rsa` the one that holds a
    private key. `callback` tells whether the platform calls us, `platform` where it lives.
    """

    title: str
    steps: tuple[str, ...]
    callback: bool
    warning: str = ""
    platform: str = ""
    generate: tuple[str, ...] = ()
    generate_rsa: str = ""
    ask: Mapping[str, str] = field(default_factory=dict)


def said(section: str, key: str, /, **fill: object) -> str:
    """A sentence with its gaps filled; a gap nobody has a value for stays empty."""
    words: str = _catalogue()[section][key]
    return words.format_map(defaultdict(str, fill))


def told(finding: Finding) -> str:
    """The sentence of a finding."""
    sentences = _catalogue()["finding"]
    bad = f"{finding.key}_bad"
    key = bad if not finding.good and bad in sentences else finding.key
    return said("finding", key if key in sentences else "code_other", **finding.fill)


def guide_of(kind: str, mode: str = "") -> Guide:
    """How a kind is set up, in the mode of its section where the kind has several."""
    kinds: dict[str, dict[str, Any]] = _catalogue()["kinds"]
    found = kinds.get(f"{kind}_{mode}") or kinds.get(kind) or kinds[_OTHER]
    listed = {key: tuple(value) for key, value in found.items() if isinstance(value, list)}
    return Guide(**{**found, **listed, "title": found["title"].format(kind=kind)})


def words_of(section: str) -> Mapping[str, Any]:
    """All words of one section."""
    found: Mapping[str, Any] = _catalogue()[section]
    return found


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))
