"""A table of a deployment, and the checks that every table needs.

A city has 100,000 people: a check looks at a column of many rows at once, and at the rows one by
one only where something is wrong.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from bot.deployment.files import Block, Broken, Report, stream_table
from domain.people import Area

_ID = re.compile(r"[\w.\-]+")


class Table:
    """The rows of one file; each check notes what is wrong with a column of them."""

    def __init__(self, folder: Path, file: str, columns: Sequence[str], report: Report) -> None:
        self._blocks = stream_table(folder / file, file, columns, report)
        self.file, self.report = file, report
        self.readable = True
        self.lines: dict[str, int] = {}
        self._seen: dict[object, int] = {}

    def blocks(self) -> Iterator[Block]:
        """The rows, once; those above the place where the file turns out to be unreadable."""
        try:
            yield from self._blocks
        except Broken:
            self.readable = False

    def fault(self, key: str, row: int, field: str, **values: object) -> None:
        self.report.add(key, self.file, row, field, **values)

    def ids(self, block: Block) -> Block:
        """Check the ids and remember their lines; returns the rows whose id can be used."""
        unusable: set[int] = set()
        for row, value in block.wrong("id", _ID.fullmatch):
            self.fault("id_spelling" if value else "empty", row, "id", value=value)
            unusable.add(row)
        for row, value in zip(block.numbers, block["id"], strict=True):
            if row not in unusable and (first := self.lines.setdefault(value, row)) != row:
                self.fault("id_twice", row, "id", value=value, first=first)
                unusable.add(row)
        return block.without(unusable) if unusable else block

    def once(self, key: str, block: Block, field: str, *among: str) -> None:
        """Check that a value stands in one row only `among` its like; empty ones may repeat.

        A table has one field of this kind.
        """
        values = block[field]
        keys = zip(values, *map(block.__getitem__, among), strict=True) if among else values
        for row, value, which in zip(block.numbers, values, keys, strict=True):
            if value and (first := self._seen.setdefault(which, row)) != row:
                said = dict(zip(among, which[1:], strict=False))
                self.fault(key, row, field, value=value, first=first, **said)

    def choice(self, block: Block, field: str, known: Collection[str]) -> None:
        """Check that every value is one of those known."""
        for row, value in block.wrong(field, known.__contains__):
            names = ", ".join(filter(None, known))
            self.fault("choice" if value else "empty", row, field, value=value, known=names)

    def filled(self, block: Block, field: str) -> None:
        """Check that no cell is empty."""
        for row, _ in block.wrong(field, bool):
            self.fault("empty", row, field)

    def counts(self, block: Block, field: str) -> Mapping[str, int | None]:
        """Check whole numbers that may be missing; returns what each cell says."""
        read = {value: _whole(value) for value in set(block[field])}
        for row, value in block.wrong(field, lambda value: not value or read[value] is not None):
            self.fault("number", row, field, value=value)
        return read

    def area(self, block: Block, field: str, areas: Mapping[str, Area]) -> None:
        """Look areas up; nothing is said while areas.csv itself could not be read."""
        for row, value in block.wrong(field, areas.__contains__):
            if areas or not value:
                self.fault("area_unknown" if value else "empty", row, field, value=value)


def _whole(value: str) -> int | None:
    """Read a whole number that fits a column of the store; None where it is none."""
    good = value.isascii() and value.isdigit() and len(value) < 10  # noqa: PLR2004 - fits a column
    return int(value) if good else None
