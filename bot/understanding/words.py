"""The packaged word lists, read once."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The word list `lexicon/<name>.toml`."""
    source = files("bot.understanding").joinpath("lexicon", f"{name}.toml")
    return tomllib.loads(source.read_text("utf-8"))


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """One pattern that matches where any of these does."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def longest_first(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern of plain words; where two begin together, the longer one wins."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile("|".join(re.escape(word) for word in ordered) or r"(?!)")
