"""Numbers people say of a matter: one letter and digits, as G1001, A1001, V1001, D1."""

import re
from dataclasses import dataclass

_DIGITS = 15  # more than any database numbers


@dataclass(frozen=True, slots=True)
class Series:
    """One letter's numbers; `start` is added to the id, so that none looks like a house number."""

    letter: str
    start: int = 1000

    def number(self, id_: int) -> str:
        """The number of an id."""
        return f"{self.letter}{self.start + id_}"

    def id_of(self, number: str) -> int:
        """The id behind a number; 0 when it is none of this series."""
        digits = number[1:] if number[:1].upper() == self.letter else ""
        plain = digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS
        return max(0, int(digits) - self.start) if plain else 0

    def find(self, text: str) -> re.Match[str] | None:
        """The first number of this series in words; its digits are group 1."""
        least = len(str(self.start)) if self.start else 1
        return re.search(
            rf"(?<![A-Za-z0-9]){self.letter} ?([0-9]{{{least},9}})(?![0-9])", text, re.IGNORECASE
        )


CASES = Series("G")
APPOINTMENTS = Series("A")
NEEDS = Series("V")
CARE = Series("C")
PROPOSALS = Series("D", 0)
