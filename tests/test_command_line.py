"""The command line as an operator meets it: what he types wrong is answered in plain Chinese."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import phrases_check
from bot.cli.main import main
from bot.cli.tools import load_folder, words

ENGLISH = re.compile(r"Usage|Error|Options|Commands|Show |Missing|Invalid|No such|default|required")
EVERY = sorted(main.commands)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), prog_name="gridbot")


@pytest.mark.parametrize("command", ["", *EVERY])
def test_help_speaks_chinese(command: str) -> None:
    found = run(*command.split(), "--help")
    assert found.exit_code == 0
    assert found.output.startswith("用法：gridbot")
    assert ENGLISH.findall(found.output) == []


def test_the_list_says_of_each_command_what_it_does() -> None:
    listed = dict(re.findall(r"^  ([a-z-]+) +(\S.*)$", run("--help").output, re.MULTILINE))
    assert [one for one in EVERY if not re.search(r"[\u4e00-\u9fff]{3}", listed[one])] == []
    assert [one for one in EVERY if "..." in listed[one]] == []


def test_every_argument_has_a_chinese_name() -> None:
    arguments = {
        str(param.name)
        for command in main.commands.values()
        for param in command.params
        if param.param_type_name == "argument"
    }
    assert arguments == words()["argument"].keys()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "第一次用"),
        ("outboks town", "没有 outboks 这个命令。是不是想写 outbox？"),
        ("check", "还要写：文件夹。"),
        ("check one two", "多写了：two。"),
        ("doctor town --jsn", "没有 --jsn 这个选项。是不是想写 --json？"),
        ("channels --format html", "--format 只能写：text / markdown。"),
        ("forms town --month", "--month 后面要写一个值。"),
        ("forms town --month 2026-13 --out f", "月份写成 2026-11 这样"),
        ("forms town --month 9999-12 --out f", "月份写成 2026-11 这样"),
        ("forms town --month 2026-11 --out {file}", "--out 要写一个文件夹"),
        ("demo --port 99999", "--port 要写 0 到 65535 的整数。"),
        ("demo --port x", "--port 要写 0 到 65535 的整数。"),
        ("init {file}/town", "写不进去：上一级是文件，不是文件夹"),
        ("score {file}", "里没有消息"),
        ("score nowhere", "读不了 nowhere：没有这个文件"),
        ("simulate nowhere", "打不开这个文件：没有这个文件"),
        ("identities town merge one", "合并写 merge 甲 乙"),
    ],
)
def test_a_wrong_call_is_told_what_to_write(typed: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    found = run(*typed.format(file=file).split())
    assert (found.exit_code, found.exception.__class__) == (2, SystemExit)
    assert says in found.output
    assert ENGLISH.findall(found.output) == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("code {town} 李强", "叫李强的是：w.li"),
        ("code {town} w.nobody", "people.csv 第一列的 id"),
        ("timeline {town} 1001", "编号像 G1001"),
        ("join-qr {town} 琼花", "请写网格的 id"),
        ("forms {town} --month 2026-11 --out {town}/areas.csv/x", "上一级是文件，不是文件夹"),
    ],
)
def test_what_is_not_there_is_told_with_what_to_look_for(
    typed: str, says: str, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phrases_check, "template_faults", lambda _: [])  # slow, and not asked here
    found = run(*typed.format(town=town).split())
    assert found.exit_code == 2
    assert says in found.output


@pytest.mark.parametrize(
    ("own", "whole", "looks"),
    [
        pytest.param("", False, 0, id="ours are what the tests have seen"),
        pytest.param("README.md", False, 0, id="no template"),
        pytest.param("replies/thanks.j2", False, 1, id="a message of its own"),
        pytest.param("words.j2", False, 1, id="a piece that ours use"),
        pytest.param("", True, 1, id="a whole check"),
    ],
)
def test_templates_are_rendered_before_a_start_where_a_folder_may_have_spoilt_them(
    own: str, whole: bool, looks: int, town: Path, tmp_path: Path, monkeypatch
) -> None:
    looked: list[Path] = []
    monkeypatch.setattr(phrases_check, "template_faults", lambda at: looked.append(at) or [])
    shutil.copytree(town, tmp_path, dirs_exist_ok=True)
    if own:
        (tmp_path / "templates" / own).parent.mkdir(exist_ok=True)
        (tmp_path / "templates" / own).write_text("...", "utf-8")
    load_folder(tmp_path, whole=whole)
    assert looked == [tmp_path] * looks


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("line") / "town"
    assert run("init", str(folder)).exit_code == 0
    return folder
