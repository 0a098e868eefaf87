"""The capability matrix: what each kind of channel can do, from the `Limits` it states."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from types import ModuleType

from bot.channels import _kinds
from bot.channels.base import Limits
from bot.setup.guide import words_of

LANGUAGES = ("zh", "en")
_SPANS = {60: "minute", 3600: "hour", 86400: "day"}


def limits() -> dict[str, Limits]:
    """What each kind can do, by name; a kind with several modes has a row for each."""
    found: dict[str, Limits] = {}
    for kind in _kinds.kinds():
        module: ModuleType = _kinds.find(kind)
        found[kind] = module.LIMITS
        for mode, other in getattr(module, "MODES", {}).items():
            found[f"{kind} ({mode})"] = other
    return found


def facts(one: Limits) -> dict[str, object]:
    """A row as plain values: the window in seconds and messages, None where there is none."""
    window = one.window
    span = [int(window.life.total_seconds()), window.messages] if window is not None else None
    return {**asdict(one), "window": span, "unknown": one.unknown.value, "rates": list(one.rates)}


def table(language: str) -> list[list[str]]:
    """The matrix in words, its header first."""
    words = words_of("matrix")[language]
    head = [title for title in words.values() if isinstance(title, str)]
    return [head, *(row(kind, one, words["values"]) for kind, one in limits().items())]


def row(kind: str, one: Limits, words: Mapping[str, str]) -> list[str]:
    """A kind's row: every field of its limits, in their order in connect.toml."""

    def truth(value: bool, yes: str = "yes") -> str:
        return words[yes] if value else words["no"]

    cells: dict[str, str] = {
        "hears": words.get(f"hears_{one.hears}") or words[one.hears],
        "hears_private": truth(one.hears_private),
        "says_group": truth(one.says_group),
        "says_private": truth(one.says_private),
        "proactive": truth(one.proactive),
        "window": _window(one, words),
        "confirms": truth(one.confirms, "confirms_yes"),
        "mentions": truth(one.mentions),
        "buttons": truth(one.buttons),
        "markup": words[one.markup],
        "max_bytes": str(one.max_bytes),
        "rates": _rates(one, words),
        "unknown": words[one.unknown.value],
        "costs": truth(one.costs, "costs_yes"),
    }
    if not (one.says_group or one.says_private):  # it only listens: the rest says nothing
        cells |= dict.fromkeys(("markup", "max_bytes", "rates", "unknown"), words["no"])
    return [kind, *cells.values()]


def _window(one: Limits, words: Mapping[str, str]) -> str:
    if one.window is None:
        return words["free"] if one.proactive else words["no"]
    hours = int(one.window.life.total_seconds() // 3600)
    return words["window"].format(hours=hours, messages=one.window.messages)


def _rates(one: Limits, words: Mapping[str, str]) -> str:
    spans = []
    for count, seconds in one.rates:
        named = _SPANS.get(seconds)
        span = words[named] if named else words["seconds"].format(seconds=seconds)
        spans.append(words["rate"].format(count=count, span=span))
    return " ".join(spans) or words["no"]


def markdown(rows: Iterable[list[str]]) -> str:
    """The matrix as a Markdown table."""
    head, *rest = rows
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def text(rows: Iterable[list[str]]) -> str:
    """The matrix for a terminal, where a Chinese sign is two columns wide."""
    found = list(rows)
    widths = [max(map(_width, column)) for column in zip(*found, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in found
    )


def _width(cell: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in cell)


SHOWN: Mapping[str, Callable[[Iterable[list[str]]], str]] = {"text": text, "markdown": markdown}
