"""The packaged word lists, read once."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, cast


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The word list `lexicon/<name>.toml`."""
    source = files("bot.understanding").joinpath("lexicon", f"{name}.toml")
    return tomllib.loads(source.read_text("utf-8"))


class _Lazy:
    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever a pattern has
        found = getattr(re.compile(self.pattern, self.flags), name)
        setattr(self, name, found)  # from now on as quick as the pattern's own
        return found


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern that is compiled when it is first used: all of them take half a second.

    What is wrong with it is seen then, as re.error; a test compiles every one.
    """
    return cast("re.Pattern[str]", _Lazy(pattern, flags))


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """One pattern that matches where any of these does, compiled when it is first used."""
    return lazy("|".join(f"(?:{pattern})" for pattern in patterns))


def longest_first(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern of plain words; where two begin together, the longer one wins.

    Words of one first sign stand together: a place in a text is tried for those of its own alone.
    """
    rests: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    each = (
        re.escape(first) + (f"(?:{'|'.join(rest)})" if len(rest) > 1 else rest[0])
        for first, rest in rests.items()
    )
    return lazy("|".join(each) or r"(?!)")


class Words:
    """Plain words to look for, the longest at each place; quicker than a pattern of hundreds."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        lengths: dict[str, set[int]] = {}
        for word in self._words:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {
            first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()
        }

    def found(self, text: str) -> Iterator[str]:
        """The words in the text, one after the other, none overlapping."""
        free = 0
        for at, char in enumerate(text):
            if at >= free:
                for length in self._lengths.get(char, ()):
                    word = text[at : at + length]
                    if word in self._words:
                        free = at + len(word)
                        yield word
                        break
