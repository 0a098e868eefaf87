"""Whatever a channel finds, or suffers from, has a sentence an operator can act on."""

import ast
import importlib
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels import _kinds
from bot.channels._archive_library import Away
from bot.channels._archive_records import KEY_FAULTS
from bot.channels._codes import CODES, Code, Reaction
from bot.channels.base import Finding
from bot.setup.guide import guide_of, said, told, words_of

FOLDER = Path(__file__).parents[2] / "bot/channels"
FILES = sorted(path for path in FOLDER.glob("*.py") if path.stem not in ("__init__", "base"))
SENTENCES = words_of("finding")
REASONS = re.findall(r"\w+", Away.__doc__.split("`reason`:")[1].split(".")[0])
EXPANDED = {
    "archive_library_": [f"archive_library_{one}" for one in REASONS if one != "or"],
    "code_": [f"code_{code}" for code in CODES],
}


def texts(node: ast.AST) -> Iterator[str]:
    """The keys an expression can stand for; an f-string's are those its beginning allows."""
    whole = list(ast.walk(node))
    inner = {id(one) for it in whole if isinstance(it, ast.JoinedStr) for one in it.values}
    for one in whole:
        if isinstance(one, ast.JoinedStr):
            first = one.values[0]
            assert isinstance(first, ast.Constant), ast.unparse(one)
            yield from EXPANDED[first.value]
        elif isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in inner:
            yield one.value


def keys(path: Path) -> set[str]:
    """The keys of every Finding and every trouble of a file."""
    tree = ast.parse(path.read_text("utf-8"))
    named = {
        text
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _plain(node.value)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id == "key"
        for text in texts(node.value)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
            first = node.args[0] if node.args else node.keywords[0].value
            if isinstance(first, ast.Name):
                found |= named
            elif not isinstance(first, ast.Subscript):  # KEY_FAULTS: looked at by themselves
                found |= set(texts(first))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_operator":
            found |= set(texts(node.args[0]))  # _sms_codes.py
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Undelivered":
            found |= set(texts(node.args[1]))  # _undelivered.py
        if isinstance(node, ast.Return) and node.value is not None and _plain(node.value):
            found |= {one for one in texts(node.value) if one.startswith(("code_", "archive_"))}
    return found


def _plain(node: ast.AST) -> bool:
    """Whether all f-strings in it begin as keys do; others are log lines, urls, names."""
    starts = [one.values[0] for one in ast.walk(node) if isinstance(one, ast.JoinedStr)]
    return all(isinstance(one, ast.Constant) and one.value in EXPANDED for one in starts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_a_channel_finds_has_a_sentence(path: Path) -> None:
    assert keys(path) - SENTENCES.keys() == set()


def test_the_search_finds_them() -> None:
    found = {one for path in FILES for one in keys(path)} | set(KEY_FAULTS.values())
    assert found <= SENTENCES.keys()
    assert {
        "token_good",
        "agent_closed",
        "archive_gap",
        "archive_library_hung",
        "robot_refused",
    } <= found
    # And no sentence is about something nobody finds.
    spare = {one for one in SENTENCES if one not in found and one.removesuffix("_bad") not in found}
    assert {one for one in spare if not one.startswith("code_")} == {"unmade", "not_examined"}


def own_codes() -> Iterator[tuple[str, int, Code]]:
    for path in FILES:
        module = importlib.import_module(f"bot.channels.{path.stem}")
        for value in vars(module).values():
            if isinstance(value, dict):
                yield from (
                    (path.stem, code, it) for code, it in value.items() if isinstance(it, Code)
                )


def test_every_code_an_operator_must_mend_has_a_sentence() -> None:
    wanted = {code for _, code, it in own_codes() if it.reaction is Reaction.OPERATOR}
    assert {40001, 60020, 95012} <= wanted
    assert {f"code_{code}" for code in wanted | CODES.keys()} <= SENTENCES.keys()


@pytest.mark.parametrize(
    ("finding", "says"),
    [
        pytest.param(Finding("code_60020", False, {"address": "1.2.3.4"}), "出口地址 1.2.3.4。", id="our address"),
        pytest.param(Finding("code_60020", False), "出口地址 。", id="no address named"),
        pytest.param(Finding("code_other", False, {"code": "4711"}), "错误码 4711", id="unknown code"),
        pytest.param(Finding("code_4711", False, {"code": "4711"}), "错误码 4711", id="no sentence"),
        pytest.param(Finding("archive_members", True, {"count": "3"}), "有 3 位成员", id="good"),
        pytest.param(Finding("archive_members", False, {"count": "0"}), "没有一位成员", id="the same, bad"),
        pytest.param(Finding("group_seen", True, {"name": "{x}"}), "“{x}”", id="braces in a name"),
    ],
)  # fmt: skip
def test_a_finding_s_gaps_are_filled(finding: Finding, says: str) -> None:
    assert says in told(finding)


@pytest.mark.parametrize("kind", _kinds.kinds())
def test_every_kind_can_be_set_up(kind: str) -> None:
    guide = guide_of(kind)
    shape = _kinds.find(kind).Settings
    assert guide.title != kind, "no section [kinds] of its own"
    assert len(guide.steps) >= 3
    assert set(shape(kind=kind).missing()) <= guide.ask.keys()
    assert {*guide.generate, *guide.ask} - {guide.generate_rsa} <= shape.model_fields.keys() | {""}


@pytest.mark.parametrize("kind", [*_kinds.kinds(), "wecom_robot_callback", "other"])
def test_the_steps_have_no_gap_that_stays_open(kind: str) -> None:
    gaps = {
        name
        for text in guide_of(kind).steps
        for _, name, _, _ in string.Formatter().parse(text)
        if name is not None
    }
    assert gaps <= {"url", "name", "prefix", "socket"}
    assert not guide_of(kind).callback or gaps & {"url", "socket"}


def test_a_gap_nobody_fills_stays_empty() -> None:
    assert said("say", "missing_env") == "  环境变量 "
