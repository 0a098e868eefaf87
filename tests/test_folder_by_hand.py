"""What hands do to a deployment folder: Excel, Notepad, a Chinese keyboard, a file put elsewhere."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.tools import Refused, load_folder
from bot.deployment.faults import Fault, Faults
from bot.deployment.files import Report
from bot.deployment.folder import load, write_sample
from bot.deployment.rules import load_calendar
from bot.phrases import Phrases
from bot.phrases_check import template_faults
from scheduler.clock import SystemClock

PEOPLE, RULES = "people.csv", "rules/2026-01-01.toml"
Edit = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("GRIDBOT_STORE__URL", raising=False)
    write_sample(tmp_path / "city")
    return tmp_path / "city"


def faults(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(Faults) as caught:
        load(folder)
    return caught.value.faults


def put(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edit


def each(new: str) -> Edit:
    """Another sign between the cells, everywhere."""
    return lambda text: text.replace(",", new)


@pytest.mark.parametrize(
    ("file", "edit", "row", "field", "key", "said"),
    [
        pytest.param(PEOPLE, each(";"), 1, "", "separator", "“;”", id="semicolons"),
        pytest.param(PEOPLE, each("\t"), 1, "", "separator", "Tab", id="tabs"),
        pytest.param(PEOPLE, put("id,name", "id，name"), 1, "", "separator", "“，”", id="one ，"),
        pytest.param(
            PEOPLE,
            put("name,role", "name,,role"),
            1,
            "",
            "column_nameless",
            "第 3 列",
            id="a column without a name",
        ),
        pytest.param(
            PEOPLE, put("陈先生,", '"陈先生,'), 3, "", "csv_broken", "引号", id="one quote"
        ),
        pytest.param(
            PEOPLE,
            put("13900000002", "1.39E+10"),
            3,
            "phone",
            "phone_excel",
            "Excel",
            id="1.39E+10",
        ),
        pytest.param(
            PEOPLE,
            put("13900000002", "１３９００００００02"),
            3,
            "phone",
            "phone_excel",
            "全角",
            id="wide digits",
        ),
        pytest.param(
            "gridbot.toml",
            put('backstop = "d.d1"', "backstop = “d.d1”"),
            7,
            "",
            "toml_wide",
            "“",
            id="Chinese quotes",
        ),
        pytest.param(
            "gridbot.toml", put("port = 8080", "port ＝ 8080"), 15, "", "toml_wide", "＝", id="＝"
        ),
        pytest.param(
            "gridbot.toml",
            put("port = 8080", "port = 八千"),
            15,
            "",
            "toml_syntax",
            "port = 八千",
            id="the line itself is shown",
        ),
        pytest.param(
            "gridbot.toml",
            put("port = 8080", "port = 8080\nport = 8081"),
            16,
            "",
            "toml_syntax",
            "写了两次",
            id="twice",
        ),
        pytest.param(
            "gridbot.toml",
            put('name = "江城区示例"', r'name = "C:\Users\city"'),
            6,
            "",
            "toml_syntax",
            "反斜杠",
            id="a path of Windows",
        ),
        pytest.param(
            RULES, put("[urgent]", "[urgent"), 11, "", "toml_syntax", "方括号", id="bracket"
        ),
        pytest.param(
            "gridbot.toml",
            put('backstop = "d.d1"', 'backstop = "d.d1'),
            7,
            "",
            "toml_syntax",
            "引号",
            id="quote not closed",
        ),
    ],
)
def test_a_slip_is_one_fault_in_plain_words(
    folder: Path, file: str, edit: Edit, row: int, field: str, key: str, said: str
) -> None:
    path = folder / file
    path.write_text(edit(path.read_text("utf-8")), "utf-8")
    (one,) = faults(folder)
    assert (one.file, one.row, one.field, one.key) == (file, row, field, key)
    assert said in one.problem + one.advice


@pytest.mark.parametrize("raw", [b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_workbook_under_the_name_of_a_table(folder: Path, raw: bytes) -> None:
    (folder / PEOPLE).write_bytes(raw + b"\x00" * 40)
    (one,) = faults(folder)
    assert (one.file, one.key) == (PEOPLE, "workbook")


def test_empty_columns_that_excel_leaves_behind_are_fine(folder: Path) -> None:
    path = folder / PEOPLE
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\r\n".join(f"{line},," for line in lines), "utf-8-sig")
    assert len(load(folder).world.people) == len(lines) - 1


def test_words_under_no_name_are_not_lost_in_silence(folder: Path) -> None:
    path = folder / PEOPLE
    lines = [f"{line}," for line in path.read_text("utf-8").splitlines()]
    lines[4] += "备注"
    path.write_text("\n".join(lines), "utf-8")
    (one,) = faults(folder)
    assert (one.row, one.key) == (5, "cell_nameless")


@pytest.mark.parametrize(
    ("day", "right"),
    [("2026/5/1", True), ("2026/05/01", True), ("2026-5-1", False), ("2026/13/1", False)],
)
def test_a_day_as_excel_writes_it(folder: Path, day: str, right: bool) -> None:
    (folder / "rules/holidays.csv").write_text(f"date,workday,note\n{day},TRUE,\n", "utf-8")
    report = Report()
    load_calendar(folder, report)
    assert [one.key for one in report.faults] == ([] if right else ["date"])


@pytest.mark.parametrize(("version", "good"), [("2026-11-23", True), ("2026-11-24", False)])
def test_rules_that_hold_only_later_do_not_start(
    folder: Path, version: str, good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2026, 11, 23, 1, tzinfo=UTC))
    (folder / RULES).rename(folder / f"rules/{version}.toml")
    if good:
        assert load_folder(folder).rules.versions
        return
    with pytest.raises(Refused) as caught:
        load_folder(folder)
    assert "rules/2026-11-24.toml：11月24日才生效" in str(caught.value)


# Templates

BAD_TEMPLATES = {
    "replies/thanks.j2": ("谢谢您".encode("gbk"), "encoding_gbk", "GBK"),
    "replies/help_staff.j2": (b" \n", "template_empty", "空"),
    "replies/received.j2": ("好 {{ nobody }}".encode(), "template_wrong", "“nobody”"),
    "replies/joined.j2": ("好 {{ case.nothing }}".encode(), "template_wrong", "“nothing”"),
    "replies/visited.j2": ("好 {{ }}".encode(), "template_wrong", "花括号"),
    "replies/withdrawn.j2": (b"{% if by %}", "template_wrong", "花括号"),
    "thanks.j2": (b"a", "template_place", "templates/replies/thanks.j2"),
    "replies/calendar.j2.txt": (b"a", "template_place", "templates/replies/calendar.j2"),
    "cards/thanks.j2": (b"a", "template_unknown", "README"),
    "heading.j2": (b"a", "template_unknown", "README"),
}
GOOD_TEMPLATES = {
    "replies/help_resident.j2": "有事说一声".encode("utf-8-sig"),  # Notepad's mark is not said
    "words.txt": b"mine",
    "replies/thanks.j2.bak": b"mine",
    "replies/.thanks.j2.swp": b"mine",
}


def test_templates_that_go_wrong_are_named_at_once_in_plain_words(folder: Path) -> None:
    own = folder / "templates"
    for name, raw in {
        **GOOD_TEMPLATES,
        **{name: one[0] for name, one in BAD_TEMPLATES.items()},
    }.items():
        (own / name).parent.mkdir(exist_ok=True)
        (own / name).write_bytes(raw)
    found = [one for one in template_faults(folder) if (folder / one.file).exists()]
    assert {one.file: one.key for one in found} == {
        f"templates/{name}": key for name, (_, key, _) in BAD_TEMPLATES.items()
    }
    for one in found:
        said = BAD_TEMPLATES[one.file.removeprefix("templates/")][2]
        assert said in one.problem + one.advice
        assert " is " not in one.problem
    assert Phrases(own).render("replies/help_resident", {}).text == "有事说一声"
