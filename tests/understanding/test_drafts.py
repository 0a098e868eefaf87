"""Which wording of a proposal somebody asks for."""

import pytest

from bot.understanding import Heard, Listener
from bot.understanding.drafts import compared, wanted


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


@pytest.mark.parametrize(
    ("words", "pair"),
    [
        ("改了哪里", (2, 3)),
        ("和上一稿有什么不同", (2, 3)),
        ("第1稿和第3稿有什么区别", (1, 3)),
        ("第二稿跟第一稿哪里不一样", (1, 2)),
        ("跟原稿比比", (1, 3)),
        ("第1稿到现在变了什么", (1, 3)),
        ("第9稿改了啥", (3, 9)),
        ("第1稿", None),
        ("上一稿是怎么写的", None),
        ("", None),
    ],
)
def test_which_two_wordings_are_compared(words: str, pair: tuple[int, int] | None) -> None:
    assert compared(words, newest=3) == pair


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("D1 改了哪里", True),
        ("D1和上一稿有什么不同", True),
        ("议题 D1 第1稿和第3稿有什么区别", True),
        ("第一稿跟第三稿对比一下", True),
        ("D2 有啥变化呀", True),
        ("3号楼的门改了", False),
        ("停水时间改了吗", False),
        ("电费和上个月比多了", False),
        ("D1 位置改到西边好", False),
    ],
)
def test_who_asks_what_changed(text: str, asked: bool) -> None:
    heard = Listener().understand(Heard(text, role="resident", private=True))
    assert (heard.intent == "proposal") is asked
