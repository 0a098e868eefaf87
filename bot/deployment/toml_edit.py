"""Sets keys in a TOML file as a careful person would: comments, order and line ends stay.

Only what is certain is changed. The new text is read again, and if it does not say what the old
one said plus what was to be set, nothing is changed at all.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_HEADER = re.compile(r"^\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-]+)\s*=\s*")
_QUOTES = "\"' "

Value = str | bool | Sequence[str]


def with_values(text: str, table: Sequence[str], values: Mapping[str, Value]) -> str | None:
    """The text with these keys of a table set; None where that cannot be done safely.

    A key that is there keeps its line and its comment, a new one comes first in its table, and a
    new table comes last in the file.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    at = _header(lines, tuple(table))
    if at is None:
        lines += ["", f"[{'.'.join(table)}]"]
        at = len(lines) - 1
    new = []
    for key, value in values.items():
        row = _key(lines, at, key)
        if row is None:
            new.append(f"{key} = {literal(value)}")
        elif (changed := _changed(lines[row], value)) is not None:
            lines[row] = changed
    lines[at + 1 : at + 1] = new
    found, wanted = end.join(lines) + end, _merged(text, table, values)
    return found if wanted is not None and _read(found) == wanted else None


def literal(value: Value) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return f"[{', '.join(map(literal, value))}]"


def _header(lines: Sequence[str], table: tuple[str, ...]) -> int | None:
    for row, line in enumerate(lines):
        found = _HEADER.match(line)
        if found and tuple(one.strip(_QUOTES) for one in found.group(1).split(".")) == table:
            return row
    return None


def _key(lines: Sequence[str], at: int, key: str) -> int | None:
    """The line of a key between its table's header and the next header."""
    for row in range(at + 1, len(lines)):
        if lines[row].lstrip().startswith("["):
            return None
        found = _KEY.match(lines[row])
        if found and found.group(1) == key:
            return row
    return None


def _changed(line: str, value: Value) -> str | None:
    """The line with another value; None when its value goes on in the next line."""
    found = _KEY.match(line)
    if found is None:
        return None
    start = found.end()
    for stop in _ends(line, start):
        if _read(f"x = {line[start:stop]}") is not None:
            old = line[start:stop].rstrip()
            return line[:start] + literal(value) + line[start + len(old) :]
    return None


def _ends(line: str, start: int) -> Iterator[int]:
    """Where the value may end: before a comment, or with the line."""
    yield from (at for at in range(start + 1, len(line)) if line[at] == "#")
    yield len(line)


def _merged(text: str, table: Sequence[str], values: Mapping[str, Value]) -> dict[str, Any] | None:
    """What the new text must say; None where the old one has no room for it."""
    whole = _read(text)
    part: Any = whole
    for key in table:
        if not isinstance(part, dict):
            return None
        part = part.setdefault(key, {})
    if not isinstance(part, dict):
        return None
    part.update(values)
    return whole


def _read(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
