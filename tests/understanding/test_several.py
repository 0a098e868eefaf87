"""Several matters without a word that announces them, and one matter told at length."""

import pytest

from bot.understanding import Heard, Listener, first_building
from bot.understanding.address import address
from bot.understanding.matters import Matter, matters
from bot.understanding.normalise import clean
from tests.rows import each_row

LISTENER = Listener()
GATES = ("东门", "西门", "南门", "北门", "小广场")


def apart(text: str) -> tuple[Matter, ...]:
    return matters(text, lambda words: LISTENER.understand(Heard(words, places=GATES)))


SEVERAL = {
    "3号楼2单元灯坏了 5号楼下水道堵了 东门口垃圾没人收": ["灯", "下水道", "垃圾"],
    "3号楼楼道灯坏了5号楼下水道堵了东门口垃圾没人收": ["灯", "下水道", "垃圾"],
    "2号楼路灯坏了，垃圾没人收，电梯也吱吱响": ["路灯", "垃圾", "电梯"],
    "我们楼灯坏了电梯也坏了水管还漏水": ["灯", "电梯", "水管"],
    "三号楼电梯又停了五号楼垃圾桶满了也没人收": ["电梯", "垃圾桶"],
    "1单元声控灯不亮，2单元门禁刷不开": ["声控灯", "门禁"],
    "3号楼灯坏了\n5号楼下水堵了\n东门垃圾没人收": ["灯", "下水", "垃圾"],
    "3号楼门禁坏了、5号楼电梯不动了、小区路灯也不亮": ["门禁", "电梯", "路灯"],
    "楼道灯坏了好几天了，楼下垃圾桶满得都溢出来了": ["楼道灯", "垃圾桶"],
    "2号楼电梯坏了，小广场的健身器材也断了一根": ["电梯", "健身器材"],
    "我家楼下井盖松了，单元门也关不上": ["井盖", "单元门"],
    "路灯不亮，草坪没人剪，垃圾桶也满了": ["路灯", "草坪", "垃圾桶"],
    "师傅，3号楼的电梯老是抖，还有东门那个道闸抬不起来": ["电梯", "道闸"],
    "3-2-501漏水 5-1-302没电": ["漏水", "没电"],
    "一个是3号楼灯坏了，一个是5号楼垃圾没人清": ["灯", "垃圾"],
    "先说第一件事3号楼的门禁坏了再说第二件事小区路灯不亮": ["门禁", "路灯"],
    "头一桩楼道灯不亮 二一桩垃圾没人收": ["楼道灯", "垃圾"],
    "2号楼有人往下扔垃圾，5号楼电梯坏了": ["垃圾", "电梯"],
    "3号楼楼道灯坏了，楼顶有人私搭彩钢棚": ["楼道灯", "彩钢棚"],
    "1. 3号楼灯坏 2. 5号楼电梯异响 3. 东门垃圾": ["灯", "电梯", "垃圾"],
    "北门道闸坏了，南门保安亭没人": ["道闸", "保安亭"],
    "楼道灯坏了，狗屎也没人管": ["楼道灯", "狗屎"],
    "电梯坏了。垃圾也没人收。门禁刷不开。": ["电梯", "垃圾", "门禁"],
    "小区广场舞太吵了，路灯也不亮": ["广场舞", "路灯"],
    "2单元单元门坏了，顶楼漏雨": ["单元门", "漏雨"],
    "3号楼停水了，5号楼电梯坏了": ["停水", "电梯"],
    "电梯坏了三天了没人修 垃圾也没人收 你们物业干什么的": ["电梯", "垃圾"],
    "5号楼下水道返水，我们3号楼的门禁也坏了": ["下水道", "门禁"],
    "物业你好 6号楼对讲机没声音 8号楼门口的垃圾桶没有盖子 苍蝇满天飞": ["对讲机", "垃圾桶"],
    "7栋三单元水管爆了，九栋的充电桩一直充不上电": ["水管", "充电桩"],
    "西门道闸坏了抬不起来，12号楼外墙掉瓷砖": ["道闸", "外墙"],
    "请问能不能处理一下：4号楼下水道返水，2号楼灯不亮": ["下水道", "灯"],
    "反映两个问题，一个是10号楼楼道乱贴小广告，一个是12号楼有人遛狗不拴绳": ["小广告", "遛狗"],
    "1、电梯异响；2、绿化带没人修剪；3、北门路灯不亮": ["电梯", "绿化带", "路灯"],
    "一是单元门关不上 二是楼道声控灯坏了": ["单元门", "声控灯"],
    "电梯按键失灵，车棚的充电桩也坏了好几个": ["电梯", "充电桩"],
    "8号楼门口路面塌了个坑  11号楼下面井盖不见了  北门垃圾堆成山": ["路面", "井盖", "垃圾"],
    "三栋电梯坏了 四栋没有热水 五栋楼下有野狗": ["电梯", "热水", "野狗"],
    "南门路灯不亮北门垃圾没人收": ["路灯", "垃圾"],
    "2号楼501漏水了3号楼302下水道也堵了": ["漏水", "下水道"],
    "我们单元灯不亮了 楼下垃圾桶也满了": ["灯", "垃圾桶"],
    "3号楼煤气味好重啊 5号楼垃圾没人收 路灯也不亮": ["煤气", "垃圾", "路灯"],
    "3号楼有人被困电梯里 5号楼下水道堵了": ["电梯", "下水道"],
}  # fmt: skip


@each_row(("text", "parts"), SEVERAL.items())
def test_matters_of_their_own_place_or_thing(text: str, parts: list[str]) -> None:
    found = [one.words for one in apart(text)]
    assert len(found) == len(parts)
    assert all(part in words for part, words in zip(parts, found, strict=True))


ONE = [
    "3号楼漏水，水流得到处都是，楼道都湿了", "3号楼2单元漏水，漏到1单元了", "502漏水，402的天花板都湿了", "停水了，马桶都冲不了",
    "停电了，电梯也停了，门禁也刷不开", "下水道堵了，厕所全是臭水", "垃圾桶满了，臭死了，老鼠乱窜", "3号楼跳闸了，灯都不亮",
    "3号楼电梯坏了，上次修了又坏", "上次5号楼的灯坏了三天才修，现在3号楼的灯又坏了", "G1001那个灯还没修，我又报一遍",
    "3号楼2单元灯坏了，谢谢师傅", "3号楼电梯坏了，3号楼的电梯坏了三天了", "3号楼楼道灯坏了，我是3号楼的", "灯坏了3号楼2单元的",
    "电梯坏了，3号楼2单元，什么时候修", "3号楼2单元的灯，就是一楼大厅那个灯，坏了", "我家在5号楼1单元，5号楼1单元的门禁刷不开",
    "3号楼着火了，楼道里全是烟，电梯不敢坐", "电梯困人了，3号楼2单元，灯也灭了", "楼上装修，墙裂了，灯也震得直晃",
    "树倒了，把路灯砸坏了，车也压了", "外墙掉瓷砖，砸坏了树", "水管爆了，路面全是水，地下车库也淹了", "电梯坏了，门也关不上，灯也不亮",
    "5号楼的电动车停到3号楼门口挡路", "化粪池满了，污水流到马路上，5号楼门口都是", "狗叫了一晚上，5号楼都听得到",
    "人家5号楼有人打扫，我们3号楼垃圾没人收", "3号楼的电梯坏了，老人要去5号楼接孩子", "我家在3号楼，5号楼那个油烟管对着我家窗户",
    "楼道灯、电梯、门禁都坏了", "门禁坏了，楼道里都是小广告", "烧烤摊油烟大，垃圾扔一地，车也乱停", "门口的监控坏了，电动车被偷了都查不到",
    "楼道堆杂物，电动车也停在楼道，万一着火怎么跑", "井盖没了，路灯又不亮，晚上走路太危险", "3号楼的灯修好了，5号楼的还没修",
    "5号楼垃圾桶挪到3号楼门口来了，臭死了，谁让挪的", "3号楼楼道灯坏了，对，就是3号楼2单元，不是5号楼",
    "说三点看法。一、电梯广告收入不公示；二、路灯坏了没人修；三、垃圾清运费照收",
]  # fmt: skip
TWO_PLACES = [
    "3号楼和5号楼都停电了", "3号楼5号楼都停电了", "3号楼停电，5号楼也停电", "3号楼停水了5号楼也停水了", "1号楼2号楼3号楼都没水",
    "8栋、9栋、10栋同时停水，什么时候来水", "从东门到3号楼的路灯都不亮", "东门到西门的路灯都不亮", "3号楼到5号楼之间的路灯不亮",
    "3号楼跟5号楼中间那盏路灯坏了",
]  # fmt: skip


@each_row("text", [*ONE, *TWO_PLACES])
def test_one_matter_however_long_it_is_told(text: str) -> None:
    assert apart(text) == ()


PLACES = {
    "the gate is in no house": (
        "3号楼2单元灯坏了 5号楼下水道堵了 东门口垃圾没人收",
        [("3", "2", None), ("5", None, None), (None, None, "东门")],
    ),
    "no unit of another house": (
        "3号楼灯坏了 5号楼2单元下水道堵了",
        [("3", None, None), ("5", "2", None)],
    ),
    "the estate's lamps are in no house": (
        "3号楼门禁坏了、5号楼电梯不动了、小区路灯也不亮",
        [("3", None, None), ("5", None, None), (None, None, None)],
    ),
    "of two houses, rubbish is beside neither": (
        "3号楼灯坏了，5号楼下水道堵了，垃圾也没人收",
        [("3", None, None), ("5", None, None), (None, None, None)],
    ),
    "the gate of one is not that of all": (
        "1、电梯异响；2、绿化带没人修剪；3、北门路灯不亮",
        [(None, None, None), (None, None, None), (None, None, "北门")],
    ),
    "one house holds for all": (
        "2号楼路灯坏了，垃圾没人收，电梯也吱吱响",
        [("2", None, None), ("2", None, None), ("2", None, None)],
    ),
    "another gate of the same house": (
        "5号楼2单元漏水 3单元门禁坏了",
        [("5", "2", None), ("5", "3", None)],
    ),
}


@pytest.mark.parametrize(("text", "places"), PLACES.values(), ids=list(PLACES))
def test_no_place_is_put_together(text: str, places: list[object]) -> None:
    found = [one.heard for one in apart(text)]
    assert [(x.location.building, x.location.unit, x.known_place) for x in found] == places


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("3号楼煤气味好重啊 5号楼垃圾没人收 路灯也不亮", [True, False, False]),
        ("5号楼垃圾没人收，3号楼着火了", [False, True]),
    ],
)
def test_a_danger_among_them(text: str, urgent: list[bool]) -> None:
    assert [one.heard.urgent for one in apart(text)] == urgent


@pytest.mark.parametrize("text", ["那个" * 200, "灯坏了" * 130, "3号楼灯坏了。" * 500])
def test_what_goes_on_and_on_is_left_alone(text: str) -> None:
    assert apart(text) == ()


FIRST = {
    "3号楼和5号楼都停电了": "3", "三栋跟五栋没暖气": "3", "1、2号楼都停水了": "1", "4至7栋外墙都没做保温": "4", "1号楼2号楼3号楼都没水": "1",
    "8栋、9栋、10栋同时停水": "8", "一、3号楼楼道灯不亮": "", "三号楼跟四号楼当间儿那个晾衣绳": "", "13号楼漏水": "", "楼道灯坏了": "",
}  # fmt: skip


@pytest.mark.parametrize(("text", "building"), FIRST.items())
def test_the_first_of_several_houses(text: str, building: str) -> None:
    assert first_building(text) == building


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3号楼灯坏了 5号楼2单元下水道堵了", ("3", None, None, None)),
        ("3号楼2单元灯坏了，5号楼8层也黑", ("3", "2", None, None)),
        ("3号楼2单元，就是3号楼那个501", ("3", "2", "501", None)),
    ],
)
def test_what_stands_behind_another_house_is_not_the_first_one_s(
    text: str, found: tuple[str | None, ...]
) -> None:
    where = address(clean(text).plain)
    assert (where.building, where.unit, where.room, where.floor) == found
