"""Patterns of word lists: compiled when first used, and every one of them can be."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator

import pytest

from bot import understanding
from bot.understanding import words


def test_a_pattern_matches_as_a_compiled_one_does() -> None:
    pattern = words.any_of(["灯.?坏", "停电"])
    assert pattern.pattern == "(?:灯.?坏)|(?:停电)"
    assert [one.group() for one in pattern.finditer("灯又坏了还停电")] == ["灯又坏", "停电"]
    assert pattern.fullmatch("停电")
    assert pattern.sub("", "又停电") == "又"


def test_the_longer_of_two_words_wins() -> None:
    assert words.longest_first(["电梯", "电梯门"]).findall("电梯门坏了电梯停") == ["电梯门", "电梯"]
    assert not words.longest_first([]).search("什么都没有")


@pytest.mark.parametrize("asked", ["nothing", "__wrapped__"])
def test_what_a_pattern_does_not_have_is_not_there(asked: str) -> None:
    with pytest.raises(AttributeError):
        getattr(words.any_of(["灯"]), asked)


def test_every_pattern_can_be_compiled() -> None:
    found = [
        one
        for module in pkgutil.iter_modules(understanding.__path__, "bot.understanding.")
        for one in _patterns(vars(importlib.import_module(module.name)).values())
    ]
    assert len(found) > 200
    for one in found:
        assert one.search is not None


def _patterns(values: Iterable[object]) -> Iterator[words._Lazy]:
    for value in values:
        if isinstance(value, words._Lazy):
            yield value
        elif isinstance(value, tuple | list):
            yield from _patterns(value)
        elif isinstance(value, dict):
            yield from _patterns(value.values())
