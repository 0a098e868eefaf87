"""Finding duplicates: how alike words are, and the figures on hand-written pairs."""

import pytest

from bot.understanding import YES, Heard, Listener
from bot.understanding.likeness import alike
from domain.duplicates import PERHAPS, SURE
from tests.understanding import duplicates
from tests.understanding.duplicates import pairs


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        pytest.param("灯坏了", "灯坏了", 1.0, 1.0, id="word for word"),
        pytest.param("声控灯不亮", "楼梯灯灭了", SURE, 0.9, id="one thing, two names"),
        pytest.param("3号楼电梯坏了", "3号楼灯坏了", 0.0, 0.0, id="two things, else the same"),
        pytest.param("3号楼2单元灯坏", "5号楼1单元灯坏", 1.0, 1.0, id="an address counts nothing"),
        pytest.param("石墩倒了", "电子屏黑了", 0.01, PERHAPS, id="nobody knows the things"),
        pytest.param("灯坏了", "黑得看不见", 0.01, PERHAPS, id="one thing known, one not"),
        pytest.param("车棚充电口没电", "车棚漏雨", 0.0, 0.0, id="the shed itself is no thing"),
        pytest.param("", "", 0.01, 1.0, id="no words at all"),
    ],
)
def test_how_alike(one: str, other: str, least: float, most: float) -> None:
    assert least <= alike(one, other) <= most
    assert alike(one, other) == pytest.approx(alike(other, one))


def test_the_name_of_the_place_counts_nothing() -> None:
    one, other = "东门石墩倒了", "东门电子屏黑了"
    assert alike(one, other, "东门") < alike(one, other)


def test_the_pairs_are_many_and_none_stands_there_twice() -> None:
    found = pairs()
    assert len(found) >= 60
    texts = {frozenset((one.one["text"], one.other["text"])) for one in found}
    assert len(texts) == len({one.id for one in found}) == len(found)


@pytest.mark.parametrize("name", duplicates.SETS)
def test_what_is_joined_belongs_together_and_what_belongs_together_is_met(name: str) -> None:
    letter = duplicates.SETS[name]
    got = duplicates.figures([one for one in pairs() if one.id.startswith(letter)])
    assert got.precision >= 0.95
    assert got.recall >= 0.97


def test_most_of_what_is_certain_is_joined_without_a_question() -> None:
    got = duplicates.figures(pairs())
    assert got.joined_right >= 36
    assert got.asked_wrong <= 12


def test_words_add_to_place_and_category() -> None:
    found = pairs()
    words = duplicates.average_precision(found, lambda pair: pair.alike)
    both = duplicates.average_precision(found, duplicates.placed(lambda pair: pair.alike))
    places = duplicates.average_precision(found, duplicates.placed(lambda _pair: 0.0))
    assert both >= 0.92
    assert both > words + 0.2
    assert both > places + 0.2


@pytest.mark.parametrize(
    ("text", "intent", "words"),
    [
        ("是", "same_matter", YES),
        ("是的，就是那个灯", "same_matter", YES),
        ("对对", "same_matter", YES),
        ("同一件事", "same_matter", YES),
        ("就是这件", "same_matter", YES),
        ("1", "same_matter", YES),
        ("不是", "same_matter", "不是"),
        ("不是，是3单元的", "same_matter", "不是，是3单元的"),
        ("不一样，我说的是门口那盏", "same_matter", "不一样，我说的是门口那盏"),
        ("两回事", "same_matter", "两回事"),
        ("另外一个", "same_matter", "另外一个"),
        ("不用了", "cancel", ""),
    ],
)
def test_answers_to_whether_it_is_the_same(text: str, intent: str, words: str) -> None:
    found = Listener().understand(Heard(text, question="same_matter"))
    assert found.intent == intent
    assert found.words == words


@pytest.mark.parametrize(
    "text", ["今天真冷", "2号楼门口有一堆装修垃圾没人清", "谁家的猫丢了", "[图片]"]
)
def test_what_is_no_answer_is_heard_as_usual(text: str) -> None:
    assert Listener().understand(Heard(text, question="same_matter")).intent != "same_matter"


@pytest.mark.parametrize(
    ("text", "words"),
    [("不是一回事", ""), ("不是同一件事！", ""), ("不是一回事，我说的是一楼", "我说的是一楼")],
)
def test_one_word_undoes_it(text: str, words: str) -> None:
    found = Listener().understand(Heard(text))
    assert (found.intent, found.words) == ("apart", words)
