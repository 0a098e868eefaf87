"""What `gridbot score` prints: the figures of a labelled file beside what is asked."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import orjson

from bot.cli.tools import fail, words
from bot.deployment.faults import reason_of
from bot.understanding import Listener
from bot.understanding.records import BadRecordError, answer, asked
from bot.understanding.score import NOTHING, confusion, figures, paired
from bot.understanding.score_pairs import Figure, Pair
from domain.workdays import TZ

# The moment labelled files mean where a line names none (label guideline, REF).
_REF = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
_SHOWN = ("intent", "category", "urgent", "location", "when", "pii")
Row = dict[str, Any]
Table = Mapping[str, Mapping[str, Any]]


def report(gold: Path, pred: Path | None, *, errors: bool, as_json: bool) -> Iterator[str]:
    """The lines to print; without `pred` the texts are understood here and now.

    Raises Refused where a file cannot be read.
    """
    labelled = _read(gold, ("text", "intent"))
    if not labelled:
        raise fail("no_lines", file=gold)
    answers = _understood(gold, labelled) if pred is None else _read(pred, ())
    pairs = paired(labelled.values(), answers)
    found = figures(pairs)
    table = _targets()
    if as_json:
        yield orjson.dumps(_whole(pairs, found, table, errors=errors)).decode()
    else:
        yield from _lines(pairs, found, table, errors=errors)


def _targets() -> Table:
    """The names of the figures and what each must reach."""
    return tomllib.loads(Path(__file__).with_name("score.toml").read_text(encoding="utf-8"))


def _read(file: Path, needed: Sequence[str]) -> dict[str, Row]:
    """The rows of a file by id; a row without one is called by its line."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise fail("unreadable", file=file, reason=reason_of(error)) from error
    rows: dict[str, Row] = {}
    for number, raw in enumerate(lines, 1):
        if raw.strip():
            row = _row(file, number, raw, needed)
            if rows.setdefault(str(row["id"]), row) is not row:
                raise fail("bad_line", file=file, line=number, reason=f"id {row['id']}")
    return rows


def _row(file: Path, number: int, raw: bytes, needed: Sequence[str]) -> Row:
    try:
        row = _checked(orjson.loads(raw), needed)
    except (ValueError, TypeError) as error:
        raise fail("bad_line", file=file, line=number, reason=error) from error
    return {"id": str(number)} | row


def _checked(row: object, needed: Sequence[str]) -> Row:
    """A row with the texts it must have. Raises TypeError."""
    if not isinstance(row, dict):
        raise TypeError("not an object")
    for name in needed:
        if not isinstance(row.get(name), str):
            raise TypeError(f"{name} is missing")
    return row


def _understood(file: Path, labelled: Mapping[str, Row]) -> dict[str, Row]:
    """What the listener makes of the labelled messages."""
    listener = Listener()
    answers: dict[str, Row] = {}
    for number, (id_, row) in enumerate(labelled.items(), 1):
        try:
            said = asked(row, _REF)
        except BadRecordError as error:
            raise fail("bad_line", file=file, line=number, reason=error) from error
        answers[id_] = answer(said, listener.understand(said.heard))
    return answers


def _good(figure: Figure, target: Mapping[str, Any]) -> bool | None:
    """Whether a figure reaches its target; None where it has none or nothing was measured."""
    if figure.value is None or not {"at_least", "at_most"} & target.keys():
        return None
    least, most = target.get("at_least"), target.get("at_most")
    enough = least is None or figure.value >= least
    return enough and (most is None or figure.value <= most)


# For machines


def _whole(
    pairs: Sequence[Pair], found: Mapping[str, Figure], table: Table, *, errors: bool
) -> dict[str, Any]:
    by_name = {
        name: {
            "value": found[name].value,
            "n": found[name].n,
            **{key: target[key] for key in ("at_least", "at_most") if key in target},
            "good": _good(found[name], target),
            **({"misses": list(found[name].misses)} if errors else {}),
        }
        for name, target in table.items()
    }
    confused = {name: confusion(pairs, name) for name in ("intent", "category")}
    return {"n": len(pairs), "figures": by_name, "confusion": confused}


# For people


def _lines(
    pairs: Sequence[Pair], found: Mapping[str, Figure], table: Table, *, errors: bool
) -> Iterator[str]:
    said = words()["score"]
    for name, target in table.items():
        yield _figure_line(found[name], target, said)
    for name in ("intent", "category"):
        yield f"\n{said[name]}"
        for label, taken in confusion(pairs, name).items():
            yield _confused(label, taken, said)
    for name, target in table.items() if errors else ():
        if found[name].misses:
            yield ""
            yield said["misses"].format(name=target["name"], count=len(found[name].misses))
            yield from _misses(pairs, found[name])


def _figure_line(figure: Figure, target: Mapping[str, Any], said: Mapping[str, str]) -> str:
    form = _plain if target.get("plain") else _percent
    asked_for = [key for key in ("at_least", "at_most") if key in target]
    reach = "".join(said[key].format(reach=form(target[key])) for key in asked_for)
    good = _good(figure, target)
    verdict = "" if good is None else said["good" if good else "bad"]
    value = NOTHING if figure.value is None else form(figure.value)
    columns = (
        _wide(target["name"], 26),
        f"{value:>7}",
        _wide(reach, 16),
        _wide(verdict, 4),
        f"n={figure.n}",
    )
    return "  ".join(columns)


def _percent(value: float) -> str:
    return f"{100 * value:.1f}%"


def _plain(value: float) -> str:
    return f"{value:g}" if value == int(value) else f"{value:.1f}"


def _wide(text: str, width: int) -> str:
    """The text filled up to a width of columns; a Chinese character takes two."""
    taken = sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * max(0, width - taken)


def _confused(label: str, taken: Counter[str], said: Mapping[str, str]) -> str:
    others = ", ".join(f"{other} {n}" for other, n in taken.most_common() if other != label)
    values = {"label": label, "right": taken[label], "n": taken.total()}
    return said["confused"].format(**values, taken=others or NOTHING)


def _misses(pairs: Sequence[Pair], figure: Figure) -> Iterator[str]:
    wanted = frozenset(figure.misses)
    for one in pairs:
        if one.id in wanted:
            differs = {key: [one.gold.get(key), one.pred.get(key)] for key in _SHOWN}
            shown = {key: two for key, two in differs.items() if two[0] != two[1]}
            said = orjson.dumps(shown | {"action": one.pred.get("action")}).decode()
            yield f"  {one.id} {one.gold['text']}  {said}"
