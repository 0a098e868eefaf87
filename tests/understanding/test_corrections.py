"""Staff correct the bot: which words do, and which only sound like it."""

import pytest

from bot.understanding import Heard, Listener, anonymous
from bot.understanding.kinds import KINDS, kind_of
from tests.rows import each_row

LISTENER = Listener()


def heard(text: str, role: str = "worker", **more):
    return LISTENER.understand(Heard(text, role, **more))


@each_row(
    ("text", "intent", "words", "number"),
    [
        pytest.param("这不是诉求", "not_a_case", "", None, id="not a case"),
        pytest.param("这 不是诉求。", "not_a_case", "", None, id="spaces and a full stop"),
        pytest.param("G1001 不是诉求！", "not_a_case", "", "G1001", id="its number first"),
        pytest.param("误立案 g1001", "not_a_case", "", "G1001", id="its number last"),
        pytest.param("分类 停车", "reclassify", "停车", None, id="a category"),
        pytest.param("分类：停车交通", "reclassify", "停车交通", None, id="a colon"),
        pytest.param("分类停车", "reclassify", "停车", None, id="nothing between"),
        pytest.param("类别改成水电气暖 G1002", "reclassify", "水电气暖", "G1002", id="changed to"),
        pytest.param("G1002 分类 parking", "reclassify", "parking", "G1002", id="a code"),
        pytest.param("分类 消防", "reclassify", "消防", None, id="a word of danger is none"),
        pytest.param("分类 火星", "reclassify", "火星", None, id="a category nobody knows"),
        pytest.param("立案", "open_case", "", None, id="a case"),
        pytest.param("这是诉求", "open_case", "", None, id="a case after all"),
        pytest.param("立案 2", "open_case", "2", None, id="one of a list"),
        pytest.param("立案第三条", "open_case", "3", None, id="one in words"),
        pytest.param("立案 1、3", "open_case", "1 3", None, id="two of a list"),
    ],
)
def test_corrections(text: str, intent: str, words: str, number: str | None) -> None:
    meant = heard(text)
    assert (meant.intent, meant.words, meant.case_number) == (intent, words, number)
    assert (meant.action, meant.urgent) == ("command", False)


@pytest.mark.parametrize(
    "text",
    [
        "立案了吗",
        "立案标准是什么",
        "分类垃圾桶满了",
        "类别是什么",
        "垃圾分类 可回收",
        "分类投放要做好，大家互相提醒，别再混着扔了",
        "这不是诉求是什么，赶紧派人去看",
        "不是诉求也要登记",
    ],
)
def test_words_that_only_sound_like_it(text: str) -> None:
    assert heard(text).intent not in ("not_a_case", "reclassify", "open_case")


@pytest.mark.parametrize("text", ["这不是诉求", "分类 停车", "立案"])
def test_residents_correct_nothing(text: str) -> None:
    assert heard(text, "resident").intent not in ("not_a_case", "reclassify", "open_case")


def test_the_quoted_card_names_the_case() -> None:
    assert heard("这不是诉求", quote="已受理 G1007：3号楼").case_number == "G1007"


@pytest.mark.parametrize("question", ["digest", "satisfied", "which", "reason"])
def test_an_open_question_does_not_hide_it(question: str) -> None:
    assert heard("立案 2", question=question).intent == "open_case"


@each_row("intent", KINDS)
def test_a_kind_is_itself(intent: str) -> None:
    assert kind_of(intent, staff=False) == kind_of(intent, staff=True) == intent


def test_what_has_no_kind_is_other() -> None:
    assert kind_of("never_heard_of", staff=True) == "other"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("楼道灯坏了", "楼道灯坏了", id="nothing private"),
        pytest.param("灯坏了 13912345678", "灯坏了 ***********", id="a phone"),
        pytest.param("车苏A12345堵着门", "车*******堵着门", id="a plate"),
    ],
)
def test_what_is_learned_from_is_anonymous(text: str, kept: str) -> None:
    assert anonymous(text) == kept
