"""Several houses as the answer to "which building?": the first one counts, the words are kept."""

import pytest

from bot.understanding import Heard, Listener

LISTENER = Listener()


def intent(text: str) -> str:
    return LISTENER.understand(Heard(text, question="place")).intent


@pytest.mark.parametrize(
    "text",
    ["3号楼和5号楼", "3号楼、5号楼", "5栋跟6栋都是", "三号楼四号楼", "1号楼到4号楼", "7幢及8幢"],
)
def test_several_houses_are_an_answer(text: str) -> None:
    assert intent(text) == "place_answer"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("3号楼和5号楼的人一起去吃饭吧", id="talk"),
        pytest.param("谢谢3号楼和5号楼的邻居", id="thanks"),
        pytest.param("3号楼和5号楼是谁在管", id="asks"),
        pytest.param("几号楼我不知道", id="no number"),
        pytest.param("三五个人", id="people"),
    ],
)
def test_what_is_no_answer(text: str) -> None:
    assert intent(text) != "place_answer"
