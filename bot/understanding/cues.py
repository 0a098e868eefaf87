"""Cues: tell-tale wordings by name; what each of them is worth, the model learns."""

from collections.abc import Iterator

from bot.understanding.sieve import Sieves
from bot.understanding.words import lexicon

_CUES = Sieves(lexicon("cues_resident") | lexicon("cues_noise") | lexicon("cues_staff"))


def cues(plain: str) -> Iterator[str]:
    """The names of the cues a message has."""
    return _CUES.found(plain)
