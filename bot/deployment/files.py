"""Reading the files of a deployment folder: text and CSV tables, with the line of each row.

Whatever is wrong goes into a `Report`; nothing here raises for an operator's mistake.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, filterfalse
from pathlib import Path
from typing import NamedTuple

from bot.deployment.faults import Fault, fault, reason_of

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how .xlsx and .xls begin
_BLOCK = 100  # lines of a table judged at once; more leave memory in pieces nobody else can use
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


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of a table: their numbers in the file, and their cells column by column."""

    numbers: Sequence[int]
    columns: Mapping[str, Sequence[str]]

    def __getitem__(self, column: str) -> Sequence[str]:
        return self.columns[column]

    def rows(self) -> Iterator[Row]:
        """The lines one by one."""
        return map(Row, self.numbers, zip(*self.columns.values(), strict=True))

    def wrong(self, column: str, good: Callable[[str], object]) -> Iterator[tuple[int, str]]:
        """The numbers and cells of a column that are not good; like cells are judged once."""
        cells = self[column]
        bad = set(filterfalse(good, set(cells)))
        if bad:
            yield from (one for one in zip(self.numbers, cells, strict=True) if one[1] in bad)

    def without(self, numbers: Collection[int]) -> "Block":
        """The block but for the lines of these numbers."""
        kept = [number not in numbers for number in self.numbers]
        columns = {name: list(compress(cells, kept)) for name, cells in self.columns.items()}
        return Block(list(compress(self.numbers, kept)), columns)


class Broken(Exception):
    """A table that cannot be read to its end; what is wrong stands in the report."""


def read_table(path: Path, file: str, columns: Sequence[str], report: Report) -> list[Row] | None:
    """Read a CSV table; None when its header or its text is not as it must be."""
    try:
        blocks = list(stream_table(path, file, columns, report))
    except Broken:
        return None
    return [row for block in blocks for row in block.rows()]


def stream_table(path: Path, file: str, columns: Sequence[str], report: Report) -> Iterator[Block]:
    """Read a CSV table block by block: a city's roster must fit a modest machine.

    Raises Broken where something is not as it must be, after the lines above it.
    """
    text = read_text(path, file, report)
    if text is None:
        raise Broken
    lines = _lines(text, file, report)
    width, named, at = _head(lines, file, columns, report)
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, cells in lines:
            if len(cells) != width:
                report.add("row_width", file, number, found=len(cells), wanted=width)
                cells[:] = (cells + [""] * width)[:width]
            if named < width and (lost := [one for one in cells[named:] if one]):
                report.add("cell_nameless", file, number, value=lost[0])
            rows.append((number, cells))
            if len(rows) == _BLOCK:
                yield _block(rows, at)
                rows = []
    except Broken:
        yield _block(rows, at)
        raise
    yield _block(rows, at)


def _lines(text: str, file: str, report: Report) -> Iterator[tuple[int, list[str]]]:
    """The lines of a table that are not blank, each with the number it begins at.

    Raises Broken where the text is no table any more.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    try:
        for raw in reader:
            began, number = number, reader.line_num + 1
            cells = list(map(str.strip, raw))
            if any(cells):
                yield began, cells
    except csv.Error as error:
        report.add("csv_broken", file, number)
        raise Broken from error


def _block(rows: Sequence[tuple[int, list[str]]], at: Mapping[str, int]) -> Block:
    """Turn lines into columns; `at` says where in a line each of them stands."""
    columns = list(zip(*(cells for _, cells in rows), strict=True))
    numbers = [number for number, _ in rows]
    return Block(numbers, {name: columns[place] if rows else () for name, place in at.items()})


class _Head(NamedTuple):
    """What the first line says: how many cells a line has, how many with a name, which is which."""

    width: int
    named: int
    at: Mapping[str, int]


def _head(
    lines: Iterator[tuple[int, list[str]]], file: str, columns: Sequence[str], report: Report
) -> _Head:
    """Read the first line; raises Broken where it is not as it must be."""
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
    return _Head(width, len(names), dict(zip(columns, order, strict=True)))


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
