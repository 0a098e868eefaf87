"""Hides what is personal in the words the bot repeats, lists or logs (domain.md 12, Trust).

Two measures: what neighbours, lists and logs see hides telephone numbers and full names too; who is
spoken to alone may see the number he has to call, but never an identity or bank card number.
"""

from collections.abc import Mapping

from bot.understanding.normalise import fold
from bot.understanding.privacy import mask, personal
from bot.understanding.slots import address

_PAPERS = frozenset({"id_card", "bank_card"})
_FREE = ("words", "result")  # the columns of a case in which people's own words stand


def masked(text: str) -> str:
    """The text with numbers and full names starred out; a plate hangs in the street anyway."""
    found = personal(text, fold(text))
    if not found:
        return text
    for kind, value in found:
        if kind == "name":
            text = text.replace(value, value[0] + "*" * (len(value) - 1))
    return mask(text)


def without_flat(text: str) -> str:
    """The text with the number of somebody's flat starred out; the house may be told."""
    room = address(fold(text)).room
    return text.replace(room, "*" * len(room)) if room else text


def without_papers(text: str) -> str:
    """The text with identity and bank card numbers starred out, and nothing else."""
    for kind, value in personal(text, fold(text)):
        if kind in _PAPERS:
            text = text.replace(value, mask(value))
    return text


def masked_row(row: Mapping[str, str]) -> dict[str, str]:
    """A case's row for a list, its free words masked."""
    return {**row, **{key: masked(row[key]) for key in _FREE}}
