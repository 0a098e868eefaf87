"""Which wording of a proposal somebody asks for."""

import pytest

from bot.understanding import Heard, Listener
from bot.understanding.drafts import wanted


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("第1稿", 1),
        ("第二稿", 2),
        ("第 3 版", 3),
        ("上一稿", 2),
        ("前一版", 2),
        ("原稿", 1),
        ("初稿", 1),
        ("第9稿", 9),
        ("", None),
        ("通过", None),
        ("3号楼", None),
    ],
)
def test_the_number_of_a_wording(words: str, number: int | None) -> None:
    assert wanted(words, newest=3) == number


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("D1 第1稿", True),
        ("议题 D1 上一稿是怎么写的", True),
        ("看看原稿", True),
        ("意见 D1 第1稿更好", False),
        ("稿子什么时候交", False),
        ("修改 D1 楼道不堆物", False),
    ],
)
def test_asking_for_it(text: str, asked: bool) -> None:
    heard = Listener().understand(Heard(text, role="leader", private=True))
    assert (heard.intent == "proposal") is asked
