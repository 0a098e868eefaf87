"""The trained model at run time: sixteen-bit weights, a few hundred additions a message.

`make train` writes `model.bin` (bot/training); this file alone reads it, with the
standard library only. Format: zlib; a JSON header of fixed keys in the first line, the names of the
features, one a line, then the squares of their idf (float32) and the weights (of 16 bits, raised by
RAISED, in lanes of 32, all labels of one feature together), little-endian.
"""

import sys
import zlib
from array import array
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, sqrt
from struct import Struct
from typing import Any, Self

import orjson

FILE = "model.bin"
RAISED = 32_768
_TOP = 65_536  # bytes in which the header ends
_HALF = 16  # bits of a lane, and of a weight
_FINE = 1 << 31  # into so many parts the square of an idf is split, which is less than one
Sums = list[float]


@dataclass(frozen=True, slots=True)
class Part:
    """One question the model answers: its labels and where their columns begin.

    `scales` turn a label's sixteen-bit weights back, `bias` is added to its sum, and `warmth`
    divides the sums so that the shares they give come true as often as they say (calibration).
    """

    name: str
    labels: tuple[str, ...]
    first: int
    scales: tuple[float, ...]
    bias: tuple[float, ...]
    warmth: float

    def shares(self, all_sums: Sums, without: Container[str] = ()) -> dict[str, float]:
        """How likely each label is, from its sums; those in `without` are impossible."""
        own = all_sums[self.first : self.first + len(self.labels)]
        warmth = self.warmth
        known = {
            label: (total * scale + bias) / warmth
            for label, total, scale, bias in zip(
                self.labels, own, self.scales, self.bias, strict=True
            )
            if label not in without
        }
        top = max(known.values())
        raised = {label: exp(value - top) for label, value in known.items()}
        whole = sum(raised.values())
        return {label: value / whole for label, value in raised.items()}


class Model:
    """Features in, shares out.

    A feature is one large number, so that all labels of many features are added at once: its
    weights, raised by `RAISED` so that none is negative, two in each lane of 32 bits, and above
    them the square of its idf. Sums run over into the upper half of a lane; therefore the lower
    halves are added once more by themselves, and taken from the whole: then either has all of it.
    """

    def __init__(
        self,
        header: Mapping[str, Any],
        names: Iterable[str],
        squares: Iterable[float],
        rows: bytes,
    ) -> None:
        self.header = header
        self.parts = {part["name"]: _part(part) for part in header["parts"]}
        self._columns = _columns(header)
        size, lanes = 4 * self._columns, (self._columns + 1) // 2
        begins = range(0, len(rows), size)
        self._lanes = Struct(f"<{lanes}IQ")
        self._lower = int.from_bytes(b"\xff\xff\0\0" * lanes, "little")
        lower, read = 4 * lanes, int.from_bytes
        self._features = {
            name: read(rows[at : at + lower], "little")
            | read(rows[at + lower : at + size], "little") << _HALF
            | int(square * _FINE) << 8 * lower + _HALF
            for name, at, square in zip(names, begins, squares, strict=True)
        }

    @classmethod
    def read(cls, packed: bytes) -> Self:
        """Read what `make train` wrote. Raises ValueError when it is something else."""
        try:
            unpack = zlib.decompressobj()
            top = unpack.decompress(packed, _TOP)
            head = top[: top.index(b"\n") + 1]
            header = orjson.loads(head)
            begin = len(head) + header["names"]
            if begin > len(top):
                top += unpack.decompress(unpack.unconsumed_tail, begin - len(top))
            names = top[len(head) : begin].decode().split("\n")
            size = len(names) * 4 * (1 + _columns(header))
            # Told how large it becomes, zlib needs no second copy of everything.
            whole = zlib.decompress(packed, bufsize=begin + size)
            rows = begin + 4 * len(names)
            return cls(header, names, _floats(whole[begin:rows]), whole[rows:])
        except (zlib.error, ValueError, KeyError) as error:
            raise ValueError(f"{FILE} is not a model: run make train") from error

    def sums(self, signs: Mapping[str, int], grams: Iterable[str]) -> Sums:
        """The sums of every column: of the rule features, and of the characters (norm 1)."""
        feature = self._features.get
        told: list[int] = []
        for name, value in signs.items():
            if known := feature(name):
                told += (known,) * value
        runs = list(filter(None, map(feature, grams)))
        by_signs, _ = self._added(told)
        by_runs, square = self._added(runs)
        norm = sqrt(square / _FINE) or 1.0
        # Each weight was raised: the sums are lowered again.
        low, lower = len(told) * RAISED, len(runs) * RAISED
        pairs = zip(by_signs, by_runs, strict=True)
        return [sign - low + (run - lower) / norm for sign, run in pairs]

    def _added(self, features: list[int]) -> tuple[list[int], int]:
        """The sum of each column, and that of the squares."""
        lanes, mask = self._lanes, self._lower
        lower = sum([feature & mask for feature in features])
        upper = (sum(features) - lower) >> _HALF
        *first, _ = lanes.unpack(lower.to_bytes(lanes.size, "little"))
        *second, square = lanes.unpack(upper.to_bytes(lanes.size, "little"))
        return (first + second)[: self._columns], square


def _floats(raw: bytes) -> "array[float]":
    found = array("f")
    found.frombytes(raw)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def _columns(header: Mapping[str, Any]) -> int:
    """How many weights a feature has: one for each label of each part."""
    return sum(len(part["labels"]) for part in header["parts"])


def _part(part: Mapping[str, Any]) -> Part:
    return Part(
        part["name"],
        tuple(part["labels"]),
        part["first"],
        tuple(part["scales"]),
        tuple(part["bias"]),
        part["warmth"],
    )


@cache
def model() -> Model:
    """The packaged model, read once."""
    return Model.read(files("bot.understanding").joinpath(FILE).read_bytes())
