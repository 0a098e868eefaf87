"""三号楼不对四号楼: who puts himself right in the same breath means what he said last."""

import pytest

from bot.understanding import Location
from bot.understanding.normalise import clean
from bot.understanding.slots import address

PUT_RIGHT = {
    "3号楼 不对 是5号楼 灯坏了": Location("5"), "三号楼不对四号楼漏水了": Location("4"), "3号楼说错了是4号楼2单元漏水": Location("4", "2"),
    "我们那个二栋不对我说错了是六栋那个灯黢黑": Location("6"), "我是四号楼的不对六号楼的水小得很": Location("6"),
    "7幢哦不，8幢的门禁坏了": Location("8"), "九号楼，口误，十号楼电梯停了": Location("10"),
    "二单元哈不对不对是一单元那个门关不拢": Location(None, "1"), "5号楼二单元，讲错了，三单元没水": Location("5", "3"),
    "三零一个户主，勿对是四零一烧煤饼炉子": Location(None, None, "401"), "602啊不对，502漏水": Location(None, None, "502"),
    "五号里三楼，勿对，是三号里五楼，漏到灶披间了": Location("3", None, None, "5"), "四楼 记错了 五楼的窗户掉了": Location(None, None, None, "5"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "where"), PUT_RIGHT.items(), ids=PUT_RIGHT)
def test_what_was_said_last_is_meant(text: str, where: Location) -> None:
    assert address(clean(text).plain) == where


AS_SAID = {
    "3号楼的灯不对劲 5号楼还好": "3", "3号楼门牌不对外展示": "3", "3号楼水表不对，帮我看看": "3", "3号楼2单元电费算错了": "3",
    "3号楼走错了门": "3", "快递送错了，3号楼的送到了院里": "3", "3号楼收费不对": "3", "3号楼漏水 电话打错了": "3",
}  # fmt: skip


@pytest.mark.parametrize(("text", "building"), AS_SAID.items(), ids=AS_SAID)
def test_where_nothing_is_put_right_nothing_changes(text: str, building: str) -> None:
    assert address(clean(text).plain).building == building


ODD = {
    "廿一幢门前的盲道": Location("21"), "1座走廊晾湿衫": Location("1"), "河上有1座桥": Location(), "7栋顶上多出一层铁皮": Location("7"),
    "7号里个对讲机坏脱了": Location("7"), "12号里的水表冻了": Location("12"), "15号里来人": Location(), "11月3号里头有人来": Location(),
    "首层那户把花园围起来了": Location(None, None, None, "1"), "五十座的大客车天天抄近道": Location(), "隔着两栋楼都闻得到": Location(),
    "保洁大姐一人扫四栋 她七十了": Location(), "电梯停在两层之间": Location(), "我负责三栋楼的卫生": Location(),
}  # fmt: skip


@pytest.mark.parametrize(("text", "where"), ODD.items(), ids=ODD)
def test_what_is_an_address_and_what_only_counts(text: str, where: Location) -> None:
    assert address(clean(text).plain) == where
