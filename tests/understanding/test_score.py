"""The figures of `gridbot score`, each on a few rows whose answer can be counted by hand."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.main import main
from bot.understanding.score import confusion, figures, paired
from tests.rows import each_row


def gold(intent: str = "report", **more: object) -> dict:
    return {"id": "", "text": "灯坏了", "intent": intent, **more}


def measured(figure: str, *rows: tuple[dict, dict]) -> float | None:
    """One figure over these pairs of label and answer."""
    labelled = [row | {"id": str(at)} for at, (row, _) in enumerate(rows)]
    answers = {str(at): answer for at, (_, answer) in enumerate(rows)}
    return figures(paired(labelled, answers))[figure].value


def at(**slots: str) -> dict:
    return {"location": slots}


def pii(*values: str, kind: str = "phone") -> dict:
    return {"pii": [{"type": kind, "value": value} for value in values]}


R, C = {"intent": "report"}, {"intent": "chat"}
CASES = [
    ("intent_lenient", 0.5, [(gold(), R), (gold(), C)]),
    ("intent_lenient", 1.0, [(gold(alt_intents=["chat"]), C)]),
    ("intent_strict", 0.0, [(gold(alt_intents=["chat"]), C)]),
    ("intent_lenient", 0.0, [(gold(), R | {"abstain": True})]),
    ("intent_lenient", 0.0, [(gold(), {})]),
    ("intent_lenient", None, []),
    # report: one of two found, nothing false: 2/3; chat: one right, one false: 2/3.
    ("intent_macro_f1", 2 / 3, [(gold(), R), (gold(), C), (gold("chat"), C)]),
    ("category_lenient", 0.5, [(gold(category="noise"), {"category": "noise"}), (gold(category="noise"), {"category": "market"})]),
    ("category_lenient", 1.0, [(gold(category="noise", alt_categories=["market"]), {"category": "market"})]),
    ("category_lenient", None, [(gold("progress", category="noise"), {"category": "noise"})]),
    ("category_first_three", 1.0, [(gold("progress", category="noise"), {"categories": ["a", "b", "noise"]})]),
    ("category_first_three", 0.0, [(gold(category="noise"), {"categories": ["a", "b", "c", "noise"]})]),
    ("category_first_three", 1.0, [(gold(category="noise"), {"category": "noise"})]),
    ("urgent_recall", 0.5, [(gold(urgent=True), {"urgent": True}), (gold(urgent=True), {}), (gold(), {"urgent": True})]),
    ("urgent_precision", 0.5, [(gold(urgent=True), {"urgent": True}), (gold(), {"urgent": True})]),
    ("noise_opened", 0.5, [(gold("chat"), {"action": "open"}), (gold("ad"), {"action": "ask"}), (gold("other"), {"action": "open"})]),
    ("noise_opened", 1.0, [(gold("chat"), R)]),
    ("reports_missed", 0.5, [(gold(), {"action": "silent"}), (gold(), {"action": "ask"}), (gold(alt_intents=["chat"]), {"action": "silent"})]),
    ("location_numbers_f1", 1.0, [(gold(**at(building="三号楼", room="0501")), at(building="3", room="501室"))]),
    ("location_numbers_f1", 1.0, [(gold(**at(building="十二", floor="一百零二")), at(building="12", floor="102"))]),
    ("location_numbers_f1", 0.5, [(gold(**at(building="3", unit="2")), at(building="3", unit="1"))]),
    ("location_numbers_f1", 0.0, [(gold(), at(building="3"))]),
    ("location_place_f1", 1.0, [(gold(**at(place="东门岗亭")), at(place="岗亭"))]),
    ("location_place_f1", 0.0, [(gold(**at(place="门")), at(place="东门"))]),
    ("when_exact", 1.0, [(gold(when="2026-11-24T09:00+08:00"), {"when": "2026-11-24T01:00:00Z"})]),
    ("when_exact", 1.0, [(gold(when="2026-11-24T09:00"), {"when": "2026-11-24T09:00:00+08:00"})]),
    ("when_exact", 0.0, [(gold(when="2026-11-24T09:00+08:00"), {"when": "soon"})]),
    ("when_false_per_1000", 500.0, [(gold(), {"when": "2026-11-24T09:00+08:00"}), (gold(), {})]),
    ("pii_numbers_recall", 0.5, [(gold(**pii("139 1234 5678", "138-0000-0000")), pii("13912345678"))]),
    ("pii_names_recall", 1.0, [(gold(**pii("张三丰", kind="name")), pii("我叫张三丰", kind="name"))]),
    ("pii_precision", 0.5, [(gold(**pii("13912345678")), pii("1391234", "88888888"))]),
    ("pii_precision", 1.0, [(gold(**pii("13912345678")), {"pii": ["13912345678"]})]),
]  # fmt: skip


@each_row(
    ("figure", "value", "rows"),
    [pytest.param(*case, id=f"{case[0]} {at}") for at, case in enumerate(CASES)],
)
def test_a_figure(figure: str, value: float | None, rows: list) -> None:
    assert measured(figure, *rows) == (None if value is None else pytest.approx(value))


def test_what_was_taken_for_what() -> None:
    pairs = paired(
        [gold() | {"id": "a"}, gold() | {"id": "b"}, gold("chat") | {"id": "c"}],
        {"a": R, "b": C},
    )
    assert confusion(pairs, "intent") == {"report": {"report": 1, "chat": 1}, "chat": {"-": 1}}


def test_who_is_against_a_figure_is_named() -> None:
    pairs = paired([gold() | {"id": "a"}, gold() | {"id": "b"}], {"a": R, "b": C})
    assert figures(pairs)["intent_lenient"].misses == ("b",)


# The command


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    rows = [
        gold(category="facility") | {"id": "a", "text": "3号楼2单元楼道灯坏了", "role": "resident"},
        gold("ad") | {"id": "b", "text": "早上好", "role": "resident"},
        gold("worker_accept") | {"text": "收到，马上到", "role": "worker", "id": "c"},
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", "utf-8")
    return path


def score(*args: object):
    return CliRunner().invoke(main, ["score", *map(str, args)])


def test_the_table_has_each_figure_with_its_target(labelled: Path) -> None:
    result = score(labelled)
    assert result.exit_code == 0
    assert "不低于 88.0%" in result.output
    assert "没到" in result.output  # one of three is wrong, and that is no error of the command


def test_for_machines(labelled: Path) -> None:
    found = json.loads(score(labelled, "--json").output)
    assert found["n"] == 3
    intent = found["figures"]["intent_lenient"]
    assert intent == {"value": pytest.approx(2 / 3), "n": 3, "at_least": 0.88, "good": False}
    assert found["confusion"]["intent"]["ad"] == {"chat": 1}
    assert found["figures"]["pii_precision"]["value"] is None


def test_the_misses_are_listed_when_asked_for(labelled: Path) -> None:
    assert "早上好" not in score(labelled).output
    assert "b 早上好" in score(labelled, "--errors").output
    found = json.loads(score(labelled, "--errors", "--json").output)
    assert found["figures"]["intent_lenient"]["misses"] == ["b"]


def test_answers_of_another_program_are_scored_too(labelled: Path, tmp_path: Path) -> None:
    pred = tmp_path / "pred.jsonl"
    pred.write_text('{"id": "b", "intent": "ad"}\n', "utf-8")
    found = json.loads(score(labelled, "--pred", pred, "--json").output)
    assert found["figures"]["intent_strict"]["value"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"nonsense", id="no JSON"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b'{"id": "a", "text": "x"}', id="no label"),
        pytest.param(b'{"id": "a", "intent": "chat"}', id="no text"),
        pytest.param(b'{"id": "a", "intent": "chat", "text": "x", "role": "king"}', id="no role"),
        pytest.param(b'{"id": 1, "intent": "ad", "text": "x"}\n' * 2, id="one id twice"),
        pytest.param(b"\xff", id="no UTF-8"),
    ],
)
def test_an_unreadable_file_is_refused_with_its_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)
    result = score(path)
    assert result.exit_code == 2
    assert "gold.jsonl" in result.output


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert score(tmp_path / "none.jsonl").exit_code == 2
    assert score(tmp_path).exit_code == 2


def test_lines_without_ids_are_called_by_their_number(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"voice": "x", "text": "早上好", "intent": "ad"}\n' * 2, "utf-8")
    found = json.loads(score(path, "--json", "--errors").output)
    assert found["figures"]["intent_strict"]["misses"] == ["1", "2"]
