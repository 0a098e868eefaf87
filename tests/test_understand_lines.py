"""`gridbot understand`: a line in, a line out, whatever is in it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.main import main
from bot.deployment.folder import SAMPLE

NOW = "2026-11-23T09:00:00+08:00"
FIELDS = "id intent category categories urgent location when pii sure category_sure action".split()


def understand(*lines: object, args: tuple[str, ...] = ("--now", NOW)) -> list[dict]:
    """What the command answers to these lines, which are records or raw text."""
    raw = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines]
    result = CliRunner().invoke(main, ["understand", *args], b"\n".join(raw) + b"\n")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout_bytes.splitlines()]


def said(text: str, role: str = "resident", **more: object) -> dict:
    return {"id": "m1", "text": text, "role": role, **more}


def test_each_field_is_there_and_a_report_has_its_place() -> None:
    (answer,) = understand(said("3号楼2单元501厨房下水道堵了，污水漫出来了，麻烦派人修一下"))
    assert list(answer) == FIELDS
    assert (answer["id"], answer["intent"], answer["category"]) == ("m1", "report", "facility")
    assert answer["categories"][0] == "facility"
    assert answer["location"].keys() == {"building", "unit", "room", "floor", "place"}
    assert [answer["location"][one] for one in ("building", "unit", "room")] == ["3", "2", "501"]
    assert answer["action"] == "open"


def test_where_there_is_nothing_there_is_null() -> None:
    (answer,) = understand(said("早上好"))
    assert [answer[one] for one in ("category", "location", "when", "pii")] == [None] * 3 + [[]]


def test_private_numbers_have_their_kind() -> None:
    (answer,) = understand(said("5号楼1单元楼道灯坏了，我电话13912345678"))
    assert answer["pii"] == [{"type": "phone", "value": "13912345678"}]


@pytest.mark.parametrize(
    ("raw", "id_"),
    [
        pytest.param(b"not json", None, id="no JSON"),
        pytest.param(b"", None, id="an empty line"),
        pytest.param(b"[1]", None, id="a list"),
        pytest.param(b"\xff\xfe", None, id="no UTF-8"),
        pytest.param(b'{"text": "a", "role": "resident"}', None, id="no id"),
        pytest.param(b'{"id": true, "text": "a"}', None, id="an id that is none"),
        pytest.param(b'{"id": "x", "role": "resident"}', "x", id="no text"),
        pytest.param(b'{"id": 7, "text": 5, "role": "resident"}', 7, id="text is a number"),
        pytest.param(b'{"id": "x", "text": "a", "role": "king"}', "x", id="unknown role"),
        pytest.param(b'{"id": "x", "text": "a", "role": []}', "x", id="role is a list"),
        pytest.param(b'{"id": "x", "text": "a", "quote": 1}', "x", id="quote is a number"),
        pytest.param(b'{"id": "x", "text": "a", "now": "soon"}', "x", id="no moment"),
        pytest.param(
            b'{"id": "x", "text": "a", "now": "0001-01-01T00:00+00:00"}', "ok", id="early"
        ),
        pytest.param(b'{"id": "x", "text": "\\ud800"}', None, id="half a sign"),
    ],
)
def test_a_bad_line_has_its_own_error_and_the_next_is_answered(raw: bytes, id_: object) -> None:
    bad, good = understand(raw, said("楼道灯坏了", id="after"))
    if id_ == "ok":
        assert "error" not in bad
    else:
        assert bad.keys() == {"id", "error"}
        assert bad["id"] == id_
        assert bad["error"]
    assert good["id"] == "after"
    assert good["intent"] == "report"


def test_order_is_kept() -> None:
    found = understand(*(said("早", id=number) for number in range(50)))
    assert [one["id"] for one in found] == list(range(50))


def test_no_lines_no_answers() -> None:
    assert CliRunner().invoke(main, ["understand"], b"").output == ""


@pytest.mark.parametrize(
    ("line", "intent"),
    [
        pytest.param(said("退回 G1001 不归我管", "worker"), "worker_transfer", id="given back"),
        pytest.param(said("延期 G1001 两天 等配件", "worker"), "worker_escalate", id="more time"),
        pytest.param(said("我的案件", "worker"), "worker_help", id="own list"),
        pytest.param(said("帮助"), "inquiry", id="help for residents"),
        pytest.param(said("基本满意"), "confirm_ok", id="fairly satisfied"),
        pytest.param(said("3号楼", pending="place"), "other", id="the place that was asked"),
        pytest.param(said("办结 G1001 灯换好了", "leader"), "worker_done", id="our own role"),
        pytest.param(said("办结 G1001 灯换好了", pending=None), None, id="no resident is staff"),
    ],
)
def test_the_kinds_are_those_of_the_guideline(line: dict, intent: str | None) -> None:
    (answer,) = understand(line)
    if intent is None:
        assert not answer["intent"].startswith("worker_")
    else:
        assert answer["intent"] == intent


def test_an_open_question_decides_what_good_means() -> None:
    alone, answered = understand(said("好的"), said("好的", pending="satisfied", private=True))
    assert (alone["intent"], answered["intent"]) == ("chat", "confirm_ok")


def test_a_quoted_case_is_what_a_worker_answers() -> None:
    alone, quoting = understand(
        said("收到", "worker"), said("收到", "worker", quote="G1001 3号楼2单元 楼道灯坏了")
    )
    assert (alone["intent"], quoting["intent"]) == ("chat", "worker_accept")


def test_the_deployment_s_places_are_known_in_its_group() -> None:
    line = said("快递柜的门又坏了", group="g01.residents")
    known = understand(line, args=("--deployment", str(SAMPLE)))
    unknown = understand(line, said("早", group="nowhere"), args=("--deployment", str(SAMPLE)))
    assert known[0]["intent"] == unknown[0]["intent"] == "report"
    assert unknown[1]["intent"] == "chat"


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01"])
def test_an_unreadable_now_is_said_plainly(text: str) -> None:
    result = CliRunner().invoke(main, ["understand", "--now", text], b"")
    assert result.exit_code == 2
    assert text in result.output


def test_explain_adds_what_decided() -> None:
    (answer,) = understand(said("楼道灯坏了"), args=("--explain",))
    assert list(answer) == [*FIELDS, "why"]
    assert isinstance(answer["why"], list)


def test_a_deployment_that_is_none_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["understand", "--deployment", str(tmp_path / "no")], b"")
    assert result.exit_code == 2
