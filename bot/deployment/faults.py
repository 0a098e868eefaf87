"""What is wrong with a deployment folder, said so that an operator can put it right at once.

The words stand in faults.toml beside this file; the code names a message by its key.
"""

import errno
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from typing_extensions import override

_WORDS = Path(__file__).with_name("faults.toml")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right: where it stands, what is wrong, and what to write instead.

    `row` is the line in the file, 0 for the file as a whole; `field` the column or key, or "".
    `key` is the message's key in faults.toml.
    """

    file: str
    row: int
    field: str
    problem: str
    advice: str
    key: str = ""

    @override
    def __str__(self) -> str:
        where = words("place", "row" if self.row else "file")
        place = where.format(file=self.file, row=self.row, field=self.field).strip()
        return words("place", "line").format(place=place, problem=self.problem, advice=self.advice)


class Faults(Exception):
    """The deployment was not loaded; `faults` holds everything that is wrong with it, at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    @override
    def __str__(self) -> str:
        head = words("place", "faults").format(count=len(self.faults))
        return "\n".join((head, *(f"  {fault}" for fault in self.faults)))


def fault(key: str, file: str, row: int = 0, field: str = "", **values: object) -> Fault:
    """Make a fault from the message of this key, filled with the values."""
    said = {name: str(value) for name, value in values.items()}
    problem, advice = words(key, "problem"), words(key, "advice")
    return Fault(file, row, field, problem.format(**said), advice.format(**said), key)


def reason_of(error: OSError) -> str:
    """Why the machine refused, in plain words where we have them."""
    name = errno.errorcode.get(error.errno or 0, "")
    return _catalogue()["errno"].get(name) or error.strerror or type(error).__name__


def words(key: str, part: str) -> str:
    """Return one text of faults.toml."""
    return _catalogue()[key][part]


def texts(key: str) -> Iterable[tuple[str, str]]:
    """Every text under a key of faults.toml, in order."""
    return _catalogue()[key].items()


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    return tomllib.loads(_WORDS.read_text("utf-8"))
