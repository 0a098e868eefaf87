"""Several houses as the answer to "which building?": the first one counts, the words are kept."""

import pytest

from bot.understanding import Heard, Listener, at_home

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


AT_HOME = (
    "家里着火了", "救命 我家着火了", "俺家煤气漏了", "我屋里进水了", "咱家老爷子晕倒了", "厨房着了", "屋头漏电了", "额家里头冒烟", "我们家孩子卡住了",
)  # fmt: skip
NOT_AT_HOME = (
    "我家楼上着火了", "我家对门打起来了", "我家楼下冒烟", "隔壁家着火了", "人家着火了", "楼上那家着火了", "我家门口躺着个人", "邻居家里煤气漏了",
    "3号楼着火了", "电梯卡住了", "我老家着火了", "大家快跑", "我家隔壁冒浓烟", "我们家楼后面树倒了",
)  # fmt: skip


@pytest.mark.parametrize("text", AT_HOME)
def test_it_is_in_one_s_own_home(text: str) -> None:
    assert at_home(text)


@pytest.mark.parametrize("text", NOT_AT_HOME)
def test_it_is_somewhere_else(text: str) -> None:
    assert not at_home(text)
