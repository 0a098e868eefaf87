"""What sounds like a danger and is none: over by now, only lonely, only nearly. And what is one."""

import pytest

from bot.understanding import Heard, Listener
from tests.rows import each_row

LISTENER = Listener()


def urgent(text: str) -> bool:
    return LISTENER.understand(Heard(text, private=True)).urgent


@each_row(
    "text",
    [
        # on a roof, and nobody on the edge
        "楼顶有人搭了个鸽子棚",
        "有人在天台搭鸽子窝",
        "顶楼有人私自搭了个棚养鸽子",
        # in good hands
        "已经送医院了",
        "刚才摔倒的大爷已经送医院了",
        "摔倒的大爷刚刚被120拉去医院了",
        "救护车已经把人拉走了",
        "我爸已经送到急诊了，谢谢各位",
        # lonely
        "儿子不在家，她一个人",
        "隔壁王奶奶儿子不在家，她一个人",
        "刘奶奶老伴走了，现在一个人住",
        "老爷子的女儿上班去了，他一个人在家",
        # nearly
        "电动车差点摔",
        "骑电动车差点摔了一跤",
        "门口坑坑洼洼，差点把老人摔了",
        "台阶结冰，我妈险些滑倒",
        # nothing to eat is a need, and no danger
        "没有菜了",
        "家里没有菜了",
        "老人家里没米没菜了",
    ],
)
def test_what_is_no_danger(text: str) -> None:
    assert not urgent(text)


@pytest.mark.parametrize(
    "text",
    [
        "楼顶有人坐在边上要跳",
        "有人站在天台外沿，腿在外面晃",
        "人已经送医院了，打人的还在楼下",
        "煤气中毒已经送医院了，屋里还有味道",
        "救护车已经把人拉走了，地上还有一个躺着",
        "儿子不在家，她一个人，摔倒了起不来",
        "儿子不在家，她一个人发高烧",
        "奶奶不见了，儿子不在家，她一个人",
        "女儿在外地，敲门没人应，她一个人",
        "儿子不在家，三岁的娃一个人",
        "老伴走了，他一个人糊涂得很走丢了",
        "差点把老人摔了，腿骨折了",
        "差点被楼上掉的花盆砸到",
        "老人骑车摔倒了，爬不起来",
    ],
)
def test_what_is_a_danger_all_the_same(text: str) -> None:
    assert urgent(text)
