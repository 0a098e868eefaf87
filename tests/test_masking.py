"""What is personal is hidden wherever words are repeated, listed or logged."""

import io
import json

import pytest
import structlog

from bot import log
from bot.masking import masked, masked_row, without_papers
from bot.phrases import Phrases

PHONE, PAPER, CARD = "13912345678", "321002196804120039", "6222021101001234561"
SAID = f"我叫张建国，电话{PHONE}，身份证{PAPER}，卡号{CARD}"

LEFT = {
    "nothing personal": "3号楼2单元501楼道灯坏了",
    "a plate hangs in the street": "苏K12345堵住了消防通道",
    "a case number": "G1001 怎么样了",
}


def test_neighbours_and_lists_see_neither_numbers_nor_names() -> None:
    said = masked(SAID)
    assert not any(one in said for one in (PHONE, PAPER, CARD, "张建国"))
    assert "139****5678" in said
    assert "张**" in said


def test_who_is_spoken_to_alone_sees_whom_to_call() -> None:
    said = without_papers(SAID)
    assert PHONE in said
    assert "张建国" in said
    assert PAPER not in said
    assert CARD not in said


@pytest.mark.parametrize("text", LEFT.values(), ids=list(LEFT))
def test_what_is_not_personal_stays(text: str) -> None:
    assert masked(text) == text
    assert without_papers(text) == text


def test_masking_twice_is_masking_once() -> None:
    assert masked(masked(SAID)) == masked(SAID)


def test_a_row_of_a_list_has_its_free_words_masked_and_nothing_else() -> None:
    row = {"number": "G1001", "words": SAID, "result": f"已打{PHONE}", "building": "3"}
    assert masked_row(row) == {
        "number": "G1001",
        "words": masked(SAID),
        "result": "已打139****5678",
        "building": "3",
    }


WHERE = {
    "in a residents' group": ({"public": True}, False, False),
    "in a staff group": ({}, False, False),
    "alone": ({"alone": True}, True, False),
}


@pytest.mark.parametrize(("where", "phone", "paper"), WHERE.values(), ids=list(WHERE))
def test_what_a_message_shows_depends_on_who_reads_it(
    where: dict[str, bool], phone: bool, paper: bool
) -> None:
    context = {"now": "2026-11-23T01:00:00+00:00", "options": [SAID, SAID], "case": None}
    text = Phrases().render("replies/ask_matters", {**context, "name": ""}, **where).text
    assert (PHONE in text, PAPER in text) == (phone, paper)


def test_who_works_here_keeps_his_name() -> None:
    """Names of the roster are no secret, however like a signature they stand."""
    event = {"kind": "accepted", "by": "李强", "to": "", "data": {}, "now": ""}
    assert "李强" in Phrases().render("web/event", event).text


def test_the_timeline_is_a_list() -> None:
    data = dict.fromkeys(("photos", "due", "level", "deadline"), "") | {"words": SAID}
    event = {"kind": "opened", "by": "", "to": "李强", "data": data, "now": ""}
    assert PHONE not in Phrases().render("web/event", event).text


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    out = io.StringIO()
    before = structlog.get_config()
    monkeypatch.setattr("sys.stderr", out)
    monkeypatch.setattr("logging.basicConfig", lambda **_settings: None)
    log.set_up()
    yield out
    structlog.configure(**before)


def test_a_log_line_holds_no_number(lines: io.StringIO) -> None:
    structlog.get_logger("test").warning(f"failed on {PHONE}", said=[PAPER, {"card": CARD}], n=1)
    (row,) = map(json.loads, lines.getvalue().splitlines())
    assert not any(one in json.dumps(row) for one in (PHONE, PAPER, CARD))
    assert row["n"] == 1
