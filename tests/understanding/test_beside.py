"""Words beside an appointment, a helper's promise, a repair or a fire, as people really say them."""

import pytest

from bot.understanding.asides import asides
from tests.rows import each_row

RESIDENTS = {
    "away": [
        "我明天不在家", "明天家里没人", "那天要去医院", "不好意思周五加班", "后天我回老家", "临时要出门", "上午赶不回来",
        "我孙子病了 明天走不开",
    ],
    "another": [
        "能不能晚一个小时", "改到后天", "提前一点行不行", "能换到明天上午吗", "早点来吧", "往后推半小时", "晚二十分钟可以吗",
        "时间改一下", "明天这个时间吧", "周五老时间行不行", "麻烦推迟一天", "挪到下周三下午", "换成10点半吧", "我腿疼 能不能早点来",
    ],
    "materials": ["要带什么材料", "来的时候要带啥子不", "要准备身份证吗", "需要哪些证件啊", "上门收费吗"],
    "helped": ["陪王大爷回来了 药拿好了", "米送到了", "都搬完了", "柜子我帮他搬好了"],
    "seen": ["办好了 谢谢小李", "网格员来过了", "表填好了 麻烦你们了", "证办好了"],
    "owed": [
        "墙都泡了谁赔", "谁来赔钱啊", "这损失谁承担", "那我家地板泡坏了怎么赔", "要赔偿", "赔不赔啊", "东西坏了找谁赔",
        "家具全淹了咋赔",
    ],
    "talk": [
        "快打119", "赶紧报警啊", "大家快跑", "A座有的", "B栋没事", "我家没停", "消防车到了", "110来了", "我们这边有水",
        "3号楼正常", "供电所的人来了",
    ],
}  # fmt: skip
STAFF = {
    "absent": ["敲了半天门没人应", "按门铃没人开", "到了 家里没人", "没见着人", "白跑一趟"],
    "unfit": ["后天我有事去不了", "明天要开会 没法去", "周五我来不了了"],
}
NOTHING = [
    "垃圾没人收", "谁赔我一个快递", "楼上装修吵死了", "3号楼没电了", "快递到了", "报警器响了", "跑步去了", "明天不在家的邻居请关好窗",
    "上班路上看到井盖坏了", "改了水管又漏", "早上停水了", "晚上太吵", "换个灯泡", "推倒了", "早点关灯", "挪车", "调监控",
    "楼道换灯", "把车挪一下", "挪到地下室堆着", "没人赔", "赔了夫人又折兵", "1号楼要带电梯吗", "送菜的来了三家", "3号楼有水管爆了",
    "打119的人呢怎么还在冒烟", "早饭换个口味", "水停了 早点来修", "后天我们小区有活动", "走了", "他来了",
]  # fmt: skip


def kinds(text: str, *, staff: bool) -> list[str]:
    return [one.kind for one in asides(text, staff=staff, alone=True)]


@each_row(("kind", "text"), [(kind, text) for kind, texts in RESIDENTS.items() for text in texts])
def test_what_a_resident_means_beside_something_at_hand(kind: str, text: str) -> None:
    assert kind in kinds(text, staff=False)


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in STAFF.items() for text in texts]
)
def test_what_a_worker_means_beside_an_appointment(kind: str, text: str) -> None:
    assert kind in kinds(text, staff=True)


@each_row("text", NOTHING)
def test_whoever_tells_of_something_else_is_heard_as_ever(text: str) -> None:
    new = {*RESIDENTS, *STAFF}
    assert new.isdisjoint(kinds(text, staff=False) + kinds(text, staff=True))


def test_the_reason_that_is_told_first_is_kept() -> None:
    (found,) = asides("水管爆了 能不能早点来", staff=False, alone=True)
    assert (found.kind, found.words) == ("another", "水管爆了")  # whoever handles it hears trouble
