"""The capability matrix: complete, the same in every place that shows it, and in two languages."""

import unicodedata
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.channels import _kinds
from bot.channels.base import Limits
from bot.cli.main import main
from bot.matrix import LANGUAGES, limits, markdown, table
from bot.setup.guide import words_of

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- gridbot channels: begin -->\n", "\n<!-- gridbot channels: end -->"
SHOWN = {"README.md": "en", "README.zh-CN.md": "zh", "docs/channels.zh.md": "zh"}


@pytest.mark.parametrize(("file", "language"), SHOWN.items())
def test_what_is_written_is_what_the_channels_say(file: str, language: str) -> None:
    """Put the output of `gridbot channels --format markdown --language ...` between the marks."""
    written = (ROOT / file).read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    assert written == markdown(table(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_field_has_a_column(language: str) -> None:
    words = words_of("matrix")[language]
    columns = [key for key, title in words.items() if isinstance(title, str)]
    assert columns == ["kind", *(one.name for one in fields(Limits))]
    assert {len(row) for row in table(language)} == {len(columns)}


def test_each_kind_has_a_row() -> None:
    assert {name.partition(" ")[0] for name in limits()} == set(_kinds.kinds())
    assert "wecom_robot (callback)" in limits()


@pytest.mark.parametrize(
    ("kind", "column", "says"),
    [
        ("wecom_archive", "群里听到", "全部"),
        ("wecom_archive", "一条字节", "–"),
        ("wecom_groups", "要人点", "要"),
        ("wecom_kf", "说完话后", "48 小时 5 条"),
        ("wecom_robot", "说完话后", "不限"),
        ("wecom_robot (callback)", "能先开口", "–"),
        ("wecom_robot (callback)", "说完话后", "–"),
        ("wecom_webhook", "一个会话最多", "18 条/分"),
    ],
)
def test_what_a_cell_says(kind: str, column: str, says: str) -> None:
    head, *rows = table("zh")
    (row,) = (one for one in rows if one[0] == kind)
    assert row[head.index(column)] == says


def test_the_terminal_s_columns_stand_below_each_other() -> None:
    lines = CliRunner().invoke(main, ["channels"]).stdout.splitlines()
    rows = table("zh")
    second = max(len(row[0]) for row in rows[1:]) + 2  # where the second column begins
    assert [cut(line, second) for line in lines] == [(row[0], row[1]) for row in rows]


def cut(line: str, at: int) -> tuple[str, str]:
    """What stands before a column of the screen, and the cell that begins there."""
    width = 0
    for index, sign in enumerate(line):
        if width == at:
            return line[:index].strip(), line[index:].split("  ", maxsplit=1)[0]
        width += 1 + (unicodedata.east_asian_width(sign) in "WF")
    return line, ""


def test_the_command_prints_both_forms() -> None:
    done = CliRunner().invoke(main, ["channels", "--format", "markdown", "--language", "en"])
    assert (done.exit_code, done.stdout) == (0, markdown(table("en")) + "\n")
