"""The trained model at run time: sixteen-bit weights, a few thousand additions a message.

`make train` writes `model.bin` (bot/training); this file alone reads it, with the
standard library only. Format: zlib; a JSON header of fixed keys in the first line, the names of the
features, one a line, then the squares of their idf (float32) and the weights (of 16 bits, raised by
RAISED, in lanes of 32, all labels of one feature together), little-endian.
"""

import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, sqrt
from typing import Any, Self

import orjson

FILE = "model.bin"
RAISED = 32_768
_TOP = 65_536  # bytes in which the header ends
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

    def shares(self, all_sums: Sums, without: Iterable[str] = ()) -> dict[str, float]:
        """How likely each label is, from its sums; those in `without` are impossible."""
        own = all_sums[self.first : self.first + len(self.labels)]
        sums = [
            (total * scale + bias) / self.warmth
            for total, scale, bias in zip(own, self.scales, self.bias, strict=True)
        ]
        known = {
            label: value
            for label, value in zip(self.labels, sums, strict=True)
            if label not in without
        }
        top = max(known.values())
        raised = {label: exp(value - top) for label, value in known.items()}
        whole = sum(raised.values())
        return {label: value / whole for label, value in raised.items()}


class Model:
    """Features in, shares out.

    A feature's weights lie side by side in lanes of 32 bits, raised by `RAISED` so that none is
    negative: read as one large number, all lanes of two features are added at once, and there is
    room for some ten thousand features before a lane runs over.
    """

    def __init__(
        self, header: Mapping[str, Any], names: Iterable[str], whole: bytes, begin: int
    ) -> None:
        self.header = header
        self.parts = {part["name"]: _part(part) for part in header["parts"]}
        self._rows = {name: row for row, name in enumerate(names)}
        self._whole, self._begin = whole, begin + 4 * len(self._rows)  # where the weights begin
        self._squares = _little("f", whole[begin : self._begin])
        self._size = _width(header)

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
            # Told how large it becomes, zlib needs no second copy of everything.
            whole = zlib.decompress(packed, bufsize=begin + len(names) * (4 + _width(header)))
        except (zlib.error, ValueError, KeyError) as error:
            raise ValueError(f"{FILE} is not a model: run make train") from error
        return cls(header, names, whole, begin)

    def sums(self, signs: Mapping[str, int], grams: Iterable[str]) -> Sums:
        """The sums of every column: of the rule features, and of the characters (norm 1)."""
        size, begin, weights = self._size, self._begin, self._whole
        read, row_of, squares = int.from_bytes, self._rows.get, self._squares
        by_signs = by_grams = signed = counted = 0
        for name, value in signs.items():
            if (row := row_of(name)) is not None:
                at = begin + row * size
                by_signs += read(weights[at : at + size], "little") * value
                signed += value
        square = 0.0
        for gram in grams:
            if (row := row_of(gram)) is not None:
                at = begin + row * size
                by_grams += read(weights[at : at + size], "little")
                counted += 1
                square += squares[row]
        norm = sqrt(square) or 1.0
        # Each weight was raised: the sums are lowered again.
        low, lower = signed * RAISED, counted * RAISED
        pairs = zip(self._lanes(by_signs), self._lanes(by_grams), strict=True)
        return [sign - low + (gram - lower) / norm for sign, gram in pairs]

    def _lanes(self, total: int) -> "array[int]":
        """The lanes of a sum."""
        return _little("I", total.to_bytes(self._size, "little"))


def _little(kind: str, raw: bytes) -> "array[Any]":
    found: array[Any] = array(kind)
    found.frombytes(raw)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def _width(header: Mapping[str, Any]) -> int:
    """Bytes of one feature's weights."""
    return 4 * sum(len(part["labels"]) for part in header["parts"])


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
