"""Reading the files of a deployment folder: text and CSV tables, with the line of each row.

Whatever is wrong goes into a `Report`; nothing here raises for an operator's mistake.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from bot.deployment.faults import Fault, fault, reason_of

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how .xlsx and .xls begin
_SEPARATORS = {";": ";", "\t": "Tab", "\uff0c": "\uff0c", "\uff1b": "\uff1b", "|": "|"}


@dataclass(slots=True)
class Report:
    """Everything that was found while a folder is read."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def add(self, key: str, file: str, row: int = 0, field_: str = "", **values: object) -> None:
        """Note something that must be put right."""
        self.faults.append(fault(key, file, row, field_, **values))

    def warn(self, key: str, file: str, row: int = 0, field_: str = "", **values: object) -> None:
        """Note something that the operator should know."""
        self.warnings.append(fault(key, file, row, field_, **values))


def read_text(path: Path, file: str, report: Report) -> str | None:
    """Read a UTF-8 file, with or without a mark; None when it cannot be read."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        report.add("file_missing", file)
        return None
    except OSError as error:
        report.add("file_unreadable", file, reason=reason_of(error))
        return None
    if raw.startswith(_WORKBOOKS):
        report.add("workbook", file)
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        report.add("encoding_gbk" if _is_gbk(raw) else "encoding_bad", file, row)
        return None


def _is_gbk(raw: bytes) -> bool:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return b"\0" not in raw


class Row(NamedTuple):
    """A line of a table: its number in the file and its cells, in the order asked for."""

    number: int
    cells: Sequence[str]


class Broken(Exception):
    """A table that cannot be read to its end; what is wrong stands in the report."""


def read_table(path: Path, file: str, columns: Sequence[str], report: Report) -> list[Row] | None:
    """Read a CSV table; None when its header or its text is not as it must be."""
    try:
        return list(stream_table(path, file, columns, report))
    except Broken:
        return None


def stream_table(path: Path, file: str, columns: Sequence[str], report: Report) -> Iterator[Row]:
    """Read a CSV table row by row: a city's roster must fit a modest machine.

    Raises Broken as soon as something is not as it must be.
    """
    text = read_text(path, file, report)
    if text is None:
        raise Broken
    lines = _Lines(text)
    try:
        yield from _rows(lines, file, columns, report)
    except csv.Error as error:
        report.add("csv_broken", file, lines.number)
        raise Broken from error


def _rows(lines: "_Lines", file: str, columns: Sequence[str], report: Report) -> Iterator[Row]:
    first, names = next(lines, (1, []))
    if not names:
        report.add("csv_empty", file, 1, columns=",".join(columns))
        raise Broken
    width = len(names)
    while not names[-1]:  # Excel leaves empty columns behind the last one
        names.pop()
    order = _header(names, file, first, columns, report)
    if order is None:
        raise Broken
    pick = itemgetter(*order)
    for number, cells in lines:
        if len(cells) != width:
            report.add("row_width", file, number, found=len(cells), wanted=width)
            cells.extend([""] * width)
        if len(names) < width and (lost := [one for one in cells[len(names) : width] if one]):
            report.add("cell_nameless", file, number, value=lost[0])
        yield Row(number, pick(cells))


class _Lines:
    """The lines of a table that are not blank, each with the number it begins at."""

    def __init__(self, text: str) -> None:
        self.number = 1
        self._reader = csv.reader(io.StringIO(text, newline=""), strict=True)

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> tuple[int, list[str]]:
        for raw in self._reader:
            began, self.number = self.number, self._reader.line_num + 1
            cells = list(map(str.strip, raw))
            if any(cells):
                return began, cells
        raise StopIteration


def _header(
    names: Sequence[str], file: str, row: int, columns: Sequence[str], report: Report
) -> list[int] | None:
    """Find where each column stands; None when one is missing, unknown or there twice."""
    before = len(report.faults)
    if mark := _separator(names, columns):
        report.add("separator", file, row, mark=mark)
        return None
    for name in columns:
        if name not in names:
            report.add("column_missing", file, row, name, name=name)
    for name in dict.fromkeys(names):
        if not name:
            report.add("column_nameless", file, row, at=names.index(name) + 1)
        elif name not in columns:
            report.add("column_unknown", file, row, name, name=name, known=",".join(columns))
        elif names.count(name) > 1:
            report.add("column_twice", file, row, name, name=name)
    return [names.index(name) for name in columns] if len(report.faults) == before else None


def _separator(names: Sequence[str], columns: Sequence[str]) -> str:
    """The sign that stands between known names where a comma should; "" for none."""
    for name in names:
        for sign, shown in _SEPARATORS.items():
            if sign in name and any(part.strip() in columns for part in name.split(sign)):
                return shown
    return ""
