"""`gridbot identities`: an operator lists, merges and parts; refusals are plain sentences."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.main import main

MINE, HIS = "wecom_robot:woWang", "wecom_robot:woOther"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "city"
    assert CliRunner().invoke(main, ["init", str(place)]).exit_code == 0
    return place


def run(folder: Path, *words: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, ["identities", str(folder), *words])
    assert done.exit_code == code, done.output
    return done.output


def listed(folder: Path) -> list[dict]:
    return [json.loads(line) for line in run(folder, "list").splitlines() if line[:1] == "{"]


def test_merged_listed_and_split_again(folder: Path) -> None:
    assert "没有合并过的身份" in run(folder)
    assert "是同一个人" in run(folder, "merge", MINE, HIS)
    assert "是同一个人" in run(folder, "merge", HIS, "r.wang")
    (one,) = listed(folder)
    assert (one["person"], one["ids"]) == ("r.wang", sorted([MINE, HIS, "r.wang"]))
    assert [change["kind"] for change in one["history"]] == ["merged", "merged"]
    assert "拆开了" in run(folder, "split", HIS)
    (one,) = listed(folder)
    assert (one["person"], one["ids"]) == ("", sorted([MINE, HIS]))
    assert "拆开了" in run(folder, "split", MINE)
    assert listed(folder) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["merge", MINE], "用法", id="one is missing"),
        pytest.param(["split", MINE, HIS], "用法", id="one too many"),
        pytest.param(["merge", MINE, "nobody"], "不认识", id="no such person"),
        pytest.param(["merge", MINE, "qq:1"], "不认识", id="no such channel"),
        pytest.param(["merge", "r.wang", "w.li"], "名册里是两个人", id="two of the roster"),
        pytest.param(["merge", MINE, MINE], "已经是同一个人", id="with himself"),
        pytest.param(["split", MINE], "没有和谁合并过", id="never merged"),
    ],
)
def test_refused_in_one_sentence(folder: Path, words: list[str], said: str) -> None:
    assert said in run(folder, *words, code=2)
    assert listed(folder) == []
