"""docs/channels-map.md names tests that exist, and leaves no kind of channel out."""

import ast
import re
from pathlib import Path

from bot.channels import _kinds
from tests.rows import each_row

ROOT = Path(__file__).parents[1]
MAP = (ROOT / "docs/channels-map.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`((?:tests/)?[\w/]+\.py)::(test_\w+)`", MAP)))
FILES = sorted({file for file, _ in NAMED})


@each_row("file", FILES)
def test_each_test_that_is_named_is_there(file: str) -> None:
    path = ROOT / file if file.startswith("tests/") else ROOT / "tests/channels" / file
    there = {getattr(node, "name", "") for node in ast.parse(path.read_text("utf-8")).body}
    assert {test for named, test in NAMED if named == file} - there == set()


def test_each_kind_has_its_rows() -> None:
    assert [kind for kind in _kinds.kinds() if f"| `{kind}`:" not in MAP] == []


def test_each_file_of_code_that_is_named_is_there() -> None:
    named = set(re.findall(r"`((?:_|bot/|store/|domain/)[\w/]*\.py)`", MAP))
    inside = {one if "/" in one else f"bot/channels/{one}" for one in named}
    assert named
    assert sorted(one for one in inside if not (ROOT / one).exists()) == []
