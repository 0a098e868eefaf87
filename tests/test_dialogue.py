"""The dialogue files' parser: every kind of line, every kind of fault, and the patterns."""

import contextlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.lines import (
    LAST,
    CaseCount,
    CaseIs,
    Clicks,
    DialogueError,
    Line,
    Now,
    Pattern,
    Recalls,
    SaidCount,
    Says,
    Spoke,
    VisitIs,
    Wait,
    World,
    fill,
    named_cases,
)
from bot.dialogue.parse import SHANGHAI, parse, read
from domain.messages import Attachment
from tests.rows import each_row

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
START = "now 2026-11-23 09:00\n"


def second(text: str) -> Line:
    """The line that follows the clock."""
    return parse(START + text, "a.txt")[1]


LINES = {
    "now": ("now 2026-11-23 10:30", Now("a.txt", 2, NINE + timedelta(minutes=90))),
    "hours and minutes": ("+2h30m", Wait("a.txt", 2, timedelta(hours=2, minutes=30))),
    "days": ("+3d", Wait("a.txt", 2, timedelta(days=3))),
    "minutes": ("+10m", Wait("a.txt", 2, timedelta(minutes=10))),
    "all three": ("+1d2h3m", Wait("a.txt", 2, timedelta(days=1, hours=2, minutes=3))),
    "in a group": (
        "r.wang@g01.residents: @网格小助手 灯坏了",
        Says("a.txt", 2, "r.wang", "g01.residents", "@网格小助手 灯坏了"),
    ),
    "in private": ("w.li: 接单 {1}", Says("a.txt", 2, "w.li", "", "接单 {1}")),
    "wide colon": ("w.li：接单", Says("a.txt", 2, "w.li", "", "接单")),
    "colons within": ("w.li: 三点: 来", Says("a.txt", 2, "w.li", "", "三点: 来")),
    "a new id": ("新来的_2: 你好", Says("a.txt", 2, "新来的_2", "", "你好")),
    "a command word": ("w.li: + 什么", Says("a.txt", 2, "w.li", "", "+ 什么")),
    "an emoji in brackets": (
        "r.wang: [捂脸] 又停电",
        Says("a.txt", 2, "r.wang", "", "[捂脸] 又停电"),
    ),
    "a picture": (
        "r.wang: [图片 leak 2.jpg]",
        Says("a.txt", 2, "r.wang", "", "", (Attachment("image", "leak 2.jpg"),)),
    ),
    "words and pictures": (
        "w.li: 办结 {1} 亮了 [图片 a.jpg][图片 b.jpg]",
        Says(
            "a.txt",
            2,
            "w.li",
            "",
            "办结 {1} 亮了",
            (Attachment("image", "a.jpg"), Attachment("image", "b.jpg")),
        ),
    ),
    "a voice": (
        "r.wang: [语音 三号楼路灯不亮]",
        Says("a.txt", 2, "r.wang", "", "三号楼路灯不亮", (Attachment("voice"),)),
    ),
    "a place alone": (
        "r.wang: [位置 琼花苑3号楼]",
        Says("a.txt", 2, "r.wang", "", "琼花苑3号楼", (Attachment("location", "琼花苑3号楼"),)),
    ),
    "a place beside other words": (
        "r.wang: 灯坏了 [位置 东门]",
        Says("a.txt", 2, "r.wang", "", "灯坏了 东门", (Attachment("location", "东门"),)),
    ),
    "a place the words name": (
        "r.wang: 东门灯坏了 [位置 东门]",
        Says("a.txt", 2, "r.wang", "", "东门灯坏了", (Attachment("location", "东门"),)),
    ),
    "a file": (
        "w.li: [文件 报修单.pdf]",
        Says("a.txt", 2, "w.li", "", "", (Attachment("file", "报修单.pdf"),)),
    ),
    "a quote": (
        "w.li: [引用 3号楼[灯]] 收到",
        Says("a.txt", 2, "w.li", "", "收到", quote="3号楼[灯]"),
    ),
    "recall in a group": (
        "r.wang@g01.residents: [撤回]",
        Recalls("a.txt", 2, "r.wang", "g01.residents"),
    ),
    "recall in private": ("r.wang: [撤回]", Recalls("a.txt", 2, "r.wang", "")),
    "a click": ("w.li clicks accept", Clicks("a.txt", 2, "w.li", "accept")),
    "heard": (
        "< g01.residents *已受理*",
        Spoke("a.txt", 2, "< g01.residents *已受理*", "g01.residents", Pattern("*已受理*"), False),
    ),
    "not heard": ("!< w.li *", Spoke("a.txt", 2, "!< w.li *", "w.li", Pattern("*"), True)),
    "a pattern of several words": (
        "< w.li *3 号楼* 灯",
        Spoke("a.txt", 2, "< w.li *3 号楼* 灯", "w.li", Pattern("*3 号楼* 灯"), False),
    ),
    "a case": (
        "? case 2 status=open place=-",
        CaseIs("a.txt", 2, "? case 2 status=open place=-", 2, (("status", "open"), ("place", "-"))),
    ),
    "a date and time": (
        "? case last due=2026-11-24 11:00 assignee=w.li",
        CaseIs(
            "a.txt",
            2,
            "? case last due=2026-11-24 11:00 assignee=w.li",
            LAST,
            (("due", "2026-11-24 11:00"), ("assignee", "w.li")),
        ),
    ),
    "cases": ("? cases 0", CaseCount("a.txt", 2, "? cases 0", 0)),
    "visits": (
        "? visits 琼花宾馆 status=done due=2026-11-24",
        VisitIs(
            "a.txt",
            2,
            "? visits 琼花宾馆 status=done due=2026-11-24",
            "琼花宾馆",
            (("status", "done"), ("due", "2026-11-24")),
        ),
    ),
    "said": (
        "? said g01.residents 3",
        SaidCount("a.txt", 2, "? said g01.residents 3", "g01.residents", 3),
    ),
}


@each_row(("text", "line"), LINES.values())
def test_a_line_is_read(text: str, line: Line) -> None:
    assert second(text) == line


FAULTS = {
    "empty": ("", 1, "now"),
    "only comments": ("# 说明\n", 2, "now"),
    "talk before the clock": ("r.wang: 你好", 1, "now"),
    "wait before the clock": ("# 说明\n+2h", 2, "now"),
    "world alone": ("world x", 1, "now"),
    "world late": (START + "r.wang: 你好\nworld x", 3, "前面"),
    "world twice": ("world x\nworld y\n" + START, 2, "一次"),
    "world without folder": ("world\n" + START, 1, "world ../"),
    "no time": ("now 2026-11-23", 1, "09:00"),
    "no such day": ("now 2026-02-30 09:00", 1, "09:00"),
    "an odd year": ("now 0001-01-01 00:00", 1, "年份"),
    "time goes back": (START + "+2h\nnow 2026-11-23 10:00", 3, "倒退"),
    "no unit": (START + "+2", 2, "+2h30m"),
    "too long": (START + "+999999d", 2, "最多"),
    "too far": (START + "+3660d\n" * 30, 9, "太远"),
    "no colon": (START + "灯坏了", 2, "看不懂"),
    "no words": (START + "r.wang:", 2, "没有话"),
    "a picture without name": (START + "r.wang: [图片]", 2, "[图片 leak.jpg]"),
    "a recall with words": (START + "r.wang: [撤回] 算了", 2, "单独"),
    "two quotes": (START + "w.li: [引用 甲][引用 乙] 好", 2, "一条"),
    "a click on nothing": (START + "w.li clicks", 2, "accept"),
    "no pattern": (START + "< r.wang", 2, "*"),
    "nobody": (START + "<", 2, "群或人"),
    "a broken expression": (START + "< r.wang /(/", 2, "正则"),
    "an unknown question": (START + "? what", 2, "case"),
    "no question": (START + "?", 2, "case"),
    "case without number": (START + "? case status=open", 2, "第几件"),
    "case zero": (START + "? case 0 status=open", 2, "第几件"),
    "case without fields": (START + "? case 1", 2, "status=open"),
    "an unknown field": (START + "? case 1 colour=red", 2, "colour"),
    "a value with a space": (START + "? case 1 place=东门 旁边", 2, "字段=值"),
    "a field without value": (START + "? case 1 place= unit=2", 2, "place"),
    "cases of what": (START + "? cases many", 2, "? cases 2"),
    "visits of whom": (START + "? visits status=done", 2, "名字"),
    "a field of cases": (START + "? visits 琼花宾馆 level=grid", 2, "level"),
    "said how much": (START + "? said g01.residents", 2, "几句"),
}


@each_row(("text", "line", "hint"), FAULTS.values())
def test_a_fault_names_its_line_and_what_to_write(text: str, line: int, hint: str) -> None:
    with pytest.raises(DialogueError) as caught:
        parse(text, "a.txt")
    assert str(caught.value).startswith(f"a.txt:{line}: ")
    assert hint in caught.value.message


def test_comments_empty_lines_and_other_line_ends_are_fine() -> None:
    text = "\ufeff# 一盏灯\r\n\r\n  world  ../x y \r\nnow 2026-11-23 09:00\r\n\t# 完\r\n+1m"
    lines = parse(text, "a.txt")
    assert lines == [
        World("a.txt", 3, "../x y"),
        Now("a.txt", 4, NINE),
        Wait("a.txt", 6, timedelta(minutes=1)),
    ]


def test_a_message_keeps_a_nul_and_odd_blanks() -> None:
    line = second("r.wang: 灯\0坏\u2028了\x0b！")
    assert isinstance(line, Says)
    assert line.text == "灯\0坏\u2028了\x0b！"


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(DialogueError, match=r"none\.txt"):
        read(tmp_path / "none.txt")


def test_another_encoding_is_a_fault_of_its_line(tmp_path: Path) -> None:
    path = tmp_path / "gbk.txt"
    path.write_bytes(START.encode() + "r.wang: 灯".encode("gbk"))
    with pytest.raises(DialogueError) as caught:
        read(path)
    assert caught.value.line == 2


PATTERNS = {
    "anything": ("*", "任何\n话", True),
    "anything, even nothing": ("*", "", True),
    "the whole message": ("已受理", "已受理", True),
    "not a part": ("已受理", "案件已受理", False),
    "inside": ("*已受理*", "您好\n案件已受理\n谢谢", True),
    "begins": ("您好*", "您好，王阿姨", True),
    "ends": ("*谢谢", "好的谢谢您", False),
    "in order": ("*甲*乙*", "乙甲", False),
    "no overlap": ("aa*aa", "aaa", False),
    "parts do not overlap the end": ("*ab*b", "ab", False),
    "brackets are literal": ("*[接单]*", "按 [接单] 按钮", True),
    "brackets are no set": ("[接单]", "接", False),
    "a question mark is literal": ("哪栋楼?", "哪栋楼?", True),
    "a question mark is no joker": ("哪栋楼?", "哪栋楼呢", False),
    "dots are literal": ("a.b", "axb", False),
    "a number": ("*{1}*", "案件 G1001 已受理", True),
    "another number": ("*{2}*", "案件 G1001 已受理", False),
    "searched": (r"/\d 小时/", "2 小时内", True),
    "searched, not there": (r"/\d 小时/", "两小时内", False),
    "anchors": ("/^您好/", "啊 您好", False),
    "a dot matches a line break": ("/受理.谢谢/", "受理\n谢谢", True),
    "a number in an expression": ("/案件 {1}/", "案件 G1001", True),
    "a count in an expression": (r"/G\d{4}$/", "案件 G1001", True),
    "one slash is literal": ("/", "/", True),
    "slashes inside": ("*a/b*", "1a/b2", True),
}


@each_row(("pattern", "text", "fits"), PATTERNS.values())
def test_a_pattern_is_held_against_the_whole_message(pattern: str, text: str, fits: bool) -> None:
    numbers = {1: "G1001", 2: "G1002", 4: "G1004"}
    assert Pattern(pattern).matches(text, numbers) is fits


def test_the_bots_numbers_fill_the_text() -> None:
    assert fill("办结 {1} 和{2}、{3}{0}", {1: "G1", 2: "G2"}) == "办结 G1 和G2、{3}{0}"
    assert named_cases("办结 {1} 和{12}{0}") == {1, 12}
    assert named_cases(r"/{1} \d{4} 第{3}/") == {1, 3}


STARTS = st.sampled_from(
    [
        "",
        START,
        START + "< a ",
        START + "? ",
        START + "a@b: [",
        START + "+",
        "now ",
        START + "? case 1 ",
    ]
)


@given(STARTS, st.text())
def test_nothing_but_a_dialogue_error_is_raised(start: str, text: str) -> None:
    with contextlib.suppress(DialogueError):
        lines = parse(start + text, "a.txt")
        assert all(line.file == "a.txt" and line.number >= 1 for line in lines)


@given(st.text(alphabet="ab/*?\n", max_size=12), st.text(alphabet="ab\n", max_size=12))
def test_a_pattern_without_star_is_the_text_itself(pattern: str, text: str) -> None:
    if "*" not in pattern and not pattern.startswith("/"):
        assert Pattern(pattern).matches(text, {}) is (pattern == text)


@given(st.text(), st.text(), st.text())
def test_stars_match_anything(before: str, inside: str, after: str) -> None:
    if "*" not in inside and not inside.startswith("/"):
        assert Pattern(f"*{inside}*").matches(before + fill(inside, {}) + after, {})
