"""Lists that neighbours sign: about one trouble they are one report, about eggs they are talk."""

import pytest

from bot.understanding import Heard, Listener
from bot.understanding.normalise import clean
from bot.understanding.signed import building, trouble

LISTENER = Listener()


@pytest.mark.parametrize(
    ("text", "category", "house"),
    [
        ("3号楼2单元电梯坏了，要求修的请接龙 1. 张三 3号楼 2. 李四 3号楼2单元 3. 王五 3号楼301", "facility", "3"),
        ("#接龙\n5号楼电梯三天两头坏，要求更换\n1. 张三\n2. 李四\n3. 王五", "facility", "5"),
        ("接龙 3号楼顶楼漏雨半年没人管 1、张三501 2、李四502 3、王五401", "facility", "3"),
        ("电梯坏了一周没人修，大家签名 1.张三3号楼 2.李四3号楼", "facility", "3"),
        ("垃圾没人收，联名要求清运 1. 张三 7号楼 2. 李四 7号楼301", "sanitation", "7"),
    ],
)  # fmt: skip
def test_a_signed_trouble_is_one_report(text: str, category: str, house: str) -> None:
    heard = LISTENER.understand(Heard(text))
    assert (heard.intent, heard.action, heard.category) == ("report", "open", category)
    assert heard.location.building == house


@pytest.mark.parametrize(
    "text",
    [
        "土鸡蛋团购接龙 1. 张三 3号楼 2箱 2. 李四 5号楼 1箱 3. 王五 2号楼 3箱",
        "鸡蛋接龙，坏的包退 1. 张三 30枚 2. 李四 60枚",
        "#接龙\n周六清扫志愿报名\n1. 张三\n2. 李四",
        "#接龙\n核酸检测登记\n1. 张三 301\n2. 李四 302",
        "#接龙\n楼道灯坏了统计哪几户\n1. 3号楼2单元\n2. 5号楼1单元",
        "接龙 周末聚餐 1. 张三 2. 李四",
        "接龙 要求自带水杯 打卡第三天 1. 张三 2. 李四",
    ],
)
def test_orders_and_sign_ups_are_talk(text: str) -> None:
    assert trouble(clean(text)) is None
    assert LISTENER.understand(Heard(text)).action == "silent"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1. 楼道灯坏了 2. 电梯也坏了 请接龙", id="a list of troubles"),
        pytest.param("电梯坏了，大家接龙", id="nobody has signed"),
        pytest.param("电梯坏了 1. 张三 2. 李四", id="nothing calls for it"),
        pytest.param("接龙 电梯坏了 1. 我家水管也漏了没人修 2. 李四", id="a line of its own"),
    ],
)
def test_what_is_no_signed_trouble(text: str) -> None:
    assert trouble(clean(text)) is None


def test_many_houses_are_none_of_theirs() -> None:
    assert building(clean("1. 张三 3号楼 2. 李四 5号楼")) is None
    assert building(clean("1. 张三 3号楼 2. 李四")) == "3"
