"""Reading the TOML files of a deployment folder, with the line of each key and its type checked."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from bot.deployment.faults import texts, words
from bot.deployment.files import Report, read_text

_PLACE = re.compile(r"line (\d+), column (\d+)")
# Quotes, equals sign, commas and brackets as a Chinese keyboard types them.
_REMARK = re.compile(r"\s+#.*")
_WIDE = "\u201c\u201d\u2018\u2019\uff1d\uff0c\u3001\uff3b\uff3d\u3010\u3011\uff1a"
_HEADER = re.compile(r"^\s*\[(\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*([\w.\-"']+(?:\s*\.\s*[\w\-"']+)*)\s*=""")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_LONGEST = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Toml:
    """A TOML file: its values, and the line at which each key stands."""

    file: str
    data: Mapping[str, Any]
    lines: Mapping[tuple[str, ...], int]

    def row(self, *path: str | int) -> int:
        """Return the line of a key or of the nearest table above it; 0 when not written."""
        keys = tuple(map(str, path))
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys, 0)


def read_toml(path: Path, file: str, report: Report) -> Toml | None:
    """Read a TOML file; None when its text or its syntax is not as it must be."""
    text = read_text(path, file, report)
    if text is None:
        return None
    try:
        return Toml(file, tomllib.loads(text), _lines(text))
    except tomllib.TOMLDecodeError as error:
        _say_syntax(str(error), text.splitlines(), file, report)
        return None


def _say_syntax(error: str, lines: Sequence[str], file: str, report: Report) -> None:
    """Note where a file cannot be read on, with the line as it stands there."""
    found = _PLACE.search(error)
    row, column = (int(found[1]), int(found[2])) if found else (len(lines), 1)
    line = _REMARK.sub("", lines[row - 1]) if 0 < row <= len(lines) else ""
    sign = next((one for one in line[max(column - 2, 0) : column] if one in _WIDE), "")
    if sign:
        report.add("toml_wide", file, row, sign=sign, line=line.strip())
        return
    reason = next((said for begin, said in texts("toml_reason") if error.startswith(begin)), "")
    reason = reason or words("toml_reason", "other")
    report.add("toml_syntax", file, row, reason=reason, line=line.strip())


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """Find the line of every key, for tables and dotted keys as people write them."""
    lines: dict[tuple[str, ...], int] = {}
    counts: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _keys(header.group(2))
            if header.group(1):
                lines.setdefault(table, number)
                counts[table] = counts.get(table, -1) + 1
                table = (*table, str(counts[table]))
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_keys(key.group(1))), number)
    return lines


def _keys(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


class Section:
    """One table of a rules file, read key by key; what stays unread is unknown."""

    def __init__(self, report: Report, toml: Toml, data: object, *path: str | int) -> None:
        self._report, self._toml, self._path = report, toml, path
        self._data: Mapping[str, object] = data if isinstance(data, dict) else {}
        self._read: list[str] = []
        if data is not None and not isinstance(data, dict):
            self.fault("value_type", value=data, wanted=" [section]", example="[urgent]")

    @property
    def empty(self) -> bool:
        """Whether the table is missing."""
        return not self._data

    def fault(self, message: str, *keys: str | int, **values: object) -> None:
        """Note a fault at a key of this table."""
        path = (*self._path, *keys)
        name = ".".join(map(str, path))
        self._report.add(message, self._toml.file, self._toml.row(*path), name, **values)

    def value(self, key: str, *, required: bool = False) -> object:
        """Return a raw value; None when it is not written."""
        self._read.append(key)
        if key not in self._data and required:
            self.fault("key_missing", key)
        return self._data.get(key)

    def table(self, key: str, *, required: bool = False) -> "Section":
        """Return a table within this one."""
        data = self.value(key, required=required)
        return Section(self._report, self._toml, data, *self._path, key)

    def tables(self, key: str) -> Iterator["Section"]:
        """Yield the tables of an array."""
        found = self.value(key)
        for at, data in enumerate(found if isinstance(found, list) else []):
            yield Section(self._report, self._toml, data, *self._path, key, at)
        if found is not None and not isinstance(found, list):
            example = "[[categories.facility.special]]"
            self.fault("value_type", key, value=found, wanted=" [[special]]", example=example)

    def duration(self, key: str, *, required: bool = False) -> timedelta | None:
        """Read a duration: a number of hours, or 10m, 2h, 15d."""
        raw = self.value(key, required=required)
        if raw is None:
            return None
        found = _duration(raw)
        if found is None or found > _LONGEST:
            self.fault("duration", key, value=raw)
        elif found <= timedelta():
            self.fault("duration_negative", key, value=raw)
        else:
            return found
        return None

    def clock(self, key: str, default: time) -> time:
        """Read a time of day, HH:MM."""
        raw = self.value(key)
        if raw is None:
            return default
        found = clock(raw)
        if found is None:
            self.fault("value_type", key, value=raw, wanted=" HH:MM", example='"22:00"')
        return found or default

    def day(self, key: str) -> date:
        """Read a day that must be there, written as TOML writes one: 2026-12-31."""
        raw = self.value(key, required=True)
        if type(raw) is date:
            return raw
        if raw is not None:
            self.fault("value_type", key, value=raw, wanted=" YYYY-MM-DD", example="2026-12-31")
        return date.max

    def count(self, key: str, default: int) -> int:
        """Read a whole number of at least one."""
        raw = self.value(key)
        if isinstance(raw, int) and not isinstance(raw, bool) and raw > 0:
            return raw
        if raw is not None:
            self.fault("value_type", key, value=raw, wanted=" 1, 2, 3 …", example=str(default))
        return default

    def yes(self, key: str, default: bool) -> bool:
        """Read true or false."""
        raw = self.value(key)
        if raw is not None and not isinstance(raw, bool):
            self.fault("setting_bool", key, value=raw)
        return raw if isinstance(raw, bool) else default

    def share(self, key: str, default: float) -> float:
        """Read a number between 0 and 1."""
        raw = self.value(key)
        if isinstance(raw, float) and 0 < raw < 1:
            return raw
        if raw is not None:
            self.fault("share", key, value=raw)
        return default

    def text(self, key: str) -> str:
        """Read words that must be there."""
        raw = self.value(key, required=True)
        if raw is not None and (not isinstance(raw, str) or not raw.strip()):
            self.fault("empty" if raw == "" else "setting_text", key)
        return raw.strip() if isinstance(raw, str) else ""

    def names(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Read a list of words."""
        raw = self.value(key, required=required)
        if raw is None:
            return ()
        if isinstance(raw, list) and all(isinstance(one, str) and one.strip() for one in raw):
            if required and not raw:
                self.fault("empty", key)
            return tuple(raw)
        self.fault("setting_list", key, value=raw)
        return ()

    def keys(self) -> tuple[str, ...]:
        """The keys that are written."""
        return tuple(self._data)

    def done(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._data:
            if key not in self._read:
                self.fault("key_unknown", key, known=", ".join(self._read))


def clock(raw: object) -> time | None:
    """Read HH:MM; None when it is not."""
    if isinstance(raw, time):
        return raw
    found = _CLOCK.fullmatch(raw.strip()) if isinstance(raw, str) else None
    return time(int(found.group(1)), int(found.group(2))) if found else None


def _duration(raw: object) -> timedelta | None:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return timedelta(hours=raw) if abs(raw) < 1e6 else None  # noqa: PLR2004 - also no nan
    negative = isinstance(raw, str) and raw.strip().startswith("-")
    found = _DURATION.fullmatch(raw.strip().lstrip("-")) if isinstance(raw, str) else None
    if found is None or float(found.group(1)) > 1e6:  # noqa: PLR2004 - beyond any rule
        return None
    length = float(found.group(1)) * _UNITS[found.group(2)]
    return -length if negative else length
