"""The quick look finds exactly what the slow one finds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding import urgent
from bot.understanding.sieve import Sieve, Sieves, alternatives
from bot.understanding.words import lexicon

PATTERNS = [pattern for pattern, _ in urgent.PATTERNS]
SIEVE = Sieve(PATTERNS)
SIEVE.found("")  # what the patterns need is worked out at the first look, which takes its time
ONE_BY_ONE = [re.compile(pattern) for pattern in PATTERNS]
LETTERS = sorted(set("".join(PATTERNS)) - set("\\()[]{}|?*+.^$:=!<>"))


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        pytest.param("着火|冒烟", "冒烟了", True, id="the second of two"),
        pytest.param("[火烟].{0,3}大", "烟好大", True, id="a class and a gap"),
        pytest.param("(很|好)?大", "大", True, id="what may be missing is not needed"),
        pytest.param("(a){1,2}b", "b", False, id="what is repeated at least once is needed"),
        pytest.param("(?<=x)火", "火", False, id="a look behind still counts"),
        pytest.param(r"\d号", "三号", False, id="a kind of character"),
        pytest.param("", "什么", True, id="nothing is needed"),
    ],
)
def test_as_the_pattern_itself(pattern: str, text: str, found: bool) -> None:
    assert Sieve([pattern]).found(text) is found is bool(re.search(pattern, text))


@given(st.text(alphabet=LETTERS, max_size=30))
def test_of_all_dangers_it_misses_none_and_adds_none(text: str) -> None:
    assert SIEVE.found(text) is any(one.search(text) for one in ONE_BY_ONE)


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("a", ["a"]),
        ("a|b", ["a", "b"]),
        ("(a|b)c|d", ["(a|b)c", "d"]),
        ("[a|b]|c", ["[a|b]", "c"]),
        (r"\||\(a|b", [r"\|", r"\(a", "b"]),
        (r"(?:a(?:b|c))d|[^)]e", [r"(?:a(?:b|c))d", "[^)]e"]),
    ],
    ids=["one", "two", "in a group", "in a class", "escaped", "nested"],
)
def test_a_pattern_is_split_at_its_outermost_bars(pattern: str, parts: list[str]) -> None:
    assert list(alternatives(pattern)) == parts


TROUBLE = lexicon("talk")["problem"] + lexicon("talk")["strong_problem"]
TROUBLE_LOOK = Sieve(TROUBLE)
TROUBLE_ONE_BY_ONE = [re.compile(pattern) for pattern in TROUBLE]
TROUBLE_LETTERS = sorted(set("".join(TROUBLE)) - set("\\()[]{}|?*+.^$:=!<>"))


@given(st.text(alphabet=TROUBLE_LETTERS, max_size=30))
def test_patterns_of_many_ways_miss_none_and_add_none(text: str) -> None:
    whole = any(one.search(text) for one in TROUBLE_ONE_BY_ONE)
    assert TROUBLE_LOOK.found(text) is whole


def test_a_sieve_made_after_the_first_look_is_looked_through_as_well() -> None:
    text = "井盖不见了"
    assert Sieve(["井盖"]).found(text)
    later = Sieves({"gone": ["不见|丢"], "hot": ["着火"], "cover": ["[井窨]盖"]})
    assert list(later.found(text)) == ["gone", "cover"]
    assert later.whole("着火") is not None
    assert later.whole("着火了") is None


CORES = {
    f"{whose}.{kind}.{at}": core
    for whose, kinds in lexicon("asides").items()
    for kind, data in kinds.items()
    for at, core in enumerate(data["core"])
}
LOOK = Sieves({name: [core] for name, core in CORES.items()})
SIGNS = sorted(set("".join(CORES.values())) - set("\\()[]{}|?*+.^$:=!<>"))


def test_what_matches_is_always_worth_a_try() -> None:
    """Each core's own words, one for each way it can begin, alone and in a longer message."""
    said = [
        (name, word)
        for name, core in CORES.items()
        for word in (re.sub(r"[^\u4e00-\u9fff0-9a-z]", "", way) for way in core.split("|"))
        if re.search(core, word)
    ]
    assert len(said) > len(CORES)
    there = [(name, LOOK.possible(word), LOOK.possible(f"那个{word}行吗")) for name, word in said]
    assert [name for name, bare, longer in there if name not in bare or name not in longer] == []


@given(st.text(alphabet=SIGNS, max_size=30))
def test_a_try_that_is_spared_would_have_found_nothing(text: str) -> None:
    there = {name for name, core in CORES.items() if re.search(core, text)}
    assert there <= set(LOOK.possible(text))


def test_a_message_about_something_else_is_spared_nearly_every_try() -> None:
    assert len(set(LOOK.possible("楼道灯坏好久了"))) < len(CORES) / 4
