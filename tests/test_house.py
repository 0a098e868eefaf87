"""Rules of the house that no linter knows: how the code is laid out, and where words may stand."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from bot import handlers
from bot.phrases import Phrases

ROOT = Path(__file__).parents[1]
LAYERS = ["bot", "store", "scheduler", "domain"]
FILES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))
CODE = [path for path in FILES if "migrations" not in path.parts]
HANDLERS = [
    path for path in sorted((ROOT / "bot/handlers").glob("*.py")) if path.stem != "__init__"
]
TESTS = [p for p in sorted((ROOT / "tests").rglob("*.py")) if "bench" not in p.parts]

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# What the bot says stands in templates, what it understands in the lexicon. The exceptions:
MAY_HOLD_CHINESE = {
    "bot/dialogue/parse.py": "the dialogue format's own words",
    "bot/simulate.py": "tells of faults in a dialogue, in the format's language",
    "bot/dialogue/player.py": "tells of faults in a dialogue, in the format's language",
    "bot/dialogue/show.py": "tells of faults in a dialogue, in the format's language",
    "store/views.py": "the marker of a place nobody knows yet",
}
# Patterns of what people write are the listener's craft: they are heard here, never said. Plain
# lists of words stand in the lexicon beside them.
LISTENS = "bot/understanding/"
CLOCK = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}
CALLED = {"sleep", *(method for _, method in CLOCK)}
# Where a test waits for a process it does not control, it must look again and again.
MAY_WAIT = {
    "tests/process/tools.py": "looks whether a real process is ready",
    "tests/channels/wecom_tools.py": "looks whether a socket or a library's process has answered",
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


class Found(NamedTuple):
    """What the rules ask of a file. All that it is made of is let go: it would fill the memory."""

    strings: list[tuple[int, str]]
    calls: list[tuple[int, str, str, list[ast.expr]]]


@cache
def found_in(path: Path) -> Found:
    """Every string that does something, with its line, and every call of a method in CALLED.

    Of a call: its line, what it is called on, its name, its arguments. A string that stands alone
    says something to the reader and to nobody else.
    """
    nodes = list(ast.walk(parsed(path)))
    idle = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    found = Found([], [])
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in idle:
            found.strings.append((node.lineno, node.value))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, method = node.func.value, node.func.attr
            on = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if method in CALLED:
                found.calls.append((node.lineno, on, method, node.args))
    return found


# Handlers and templates


def test_a_handler_s_file_has_one_handler() -> None:
    assert HANDLERS
    found = {
        path.stem: [
            target.id
            for node in parsed(path).body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        ].count("HANDLER")
        for path in HANDLERS
    }
    assert {stem: times for stem, times in found.items() if times != 1} == {}


def test_no_two_handlers_want_the_same_intent() -> None:
    intents = Counter(intent for found in handlers.load().items() for intent in found[:1])
    assert len({id(one) for one in handlers.load().values()}) == len(HANDLERS)
    assert max(intents.values()) == 1


def test_every_button_has_a_handler() -> None:
    assert set(handlers.BUTTONS.values()) <= handlers.load().keys()


def test_each_template_is_said_somewhere_and_each_that_is_named_is_there() -> None:
    message = re.compile(r"(replies|cards)/[a-z_]+\Z")
    named = {text for path in CODE for _, text in found_in(path).strings if message.match(text)}
    stems = tuple(text for text in named if text.endswith("_"))  # f"replies/ask_{what}"
    there = set(Phrases().names())
    assert named - set(stems) <= there
    assert {one for one in there - named if not one.startswith(stems)} == set()
    assert [one for one in stems if not any(it.startswith(one) for it in there)] == []


# Words


def test_words_said_to_people_do_not_stand_in_code() -> None:
    found = [
        (name(path), f"{name(path)}:{line} {text[:40]!r}")
        for path in CODE
        if not name(path).startswith(LISTENS)
        for line, text in found_in(path).strings
        if HAN.search(text)
    ]
    assert [where for file, where in found if file not in MAY_HOLD_CHINESE] == []
    needless = MAY_HOLD_CHINESE.keys() - {file for file, _ in found}
    assert needless == set(), "they no longer need their exception"


# Layout


def test_a_module_can_be_read_at_one_sitting() -> None:
    lines = {name(path): len(path.read_text("utf-8").splitlines()) for path in CODE}
    assert {file: length for file, length in lines.items() if length > 500} == {}


@pytest.mark.parametrize("package", [*LAYERS, "bot/channels", "bot/web", "scheduler/jobs"])
def test_a_package_s_own_file_says_what_it_is_and_nothing_else(package: str) -> None:
    (only,) = parsed(ROOT / package / "__init__.py").body
    assert isinstance(only, ast.Expr)


# Time


def test_one_file_reads_the_machine_s_clock() -> None:
    found = [
        (name(path), line)
        for path in CODE
        for line, on, method, _ in found_in(path).calls
        if (on, method) in CLOCK
    ]
    assert [one for one in found if one[0] != "scheduler/clock.py"] == []
    assert found, "the clock reads no time"


def test_no_test_waits_for_time_to_pass() -> None:
    slept = [
        (name(path), line)
        for path in TESTS
        if "sleep" in path.read_text("utf-8")  # to take all of them apart takes seconds
        for line, _, method, arguments in found_in(path).calls
        if method == "sleep" and arguments and not _is_zero(arguments[0])
    ]
    assert [one for one in slept if one[0] not in MAY_WAIT] == []
    needless = MAY_WAIT.keys() - {file for file, _ in slept}
    assert needless == set(), "they no longer need their exception"


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0


# Patterns

CLASS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]")
POSSESSIVE = re.compile(r"[*+?}]\+")


def _possessive(pattern: str) -> bool:
    return POSSESSIVE.search(CLASS.sub("_", pattern)) is not None


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("a*+b", True), ("a{2,}+", True), ("(?:ab)?+", True), (r"[*+]\++", False), ("(?>a*)b", False)],
)
def test_a_possessive_repeat_is_seen(pattern: str, expected: bool) -> None:
    assert _possessive(pattern) is expected


def test_no_pattern_has_a_possessive_repeat() -> None:
    """Before Python 3.11.5 they match too little; an atomic group, (?>...), does the same rightly."""
    inside = [path for path in CODE if name(path).startswith(LISTENS)]
    found = [
        (name(path), line)
        for path in inside
        for line, words in found_in(path).strings
        if _possessive(words)
    ]
    lexicons = sorted((ROOT / LISTENS).rglob("*.toml"))
    found += [
        (name(path), number)
        for path in lexicons
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if _possessive(line)
    ]
    assert found == []
    assert inside
    assert lexicons
