"""What a worker adds to a visit: all is well, what he did there, or something he found (F1)."""

import pytest

from bot.understanding.remarks import found, wrong
from tests.rows import each_row


@each_row(
    "remark",
    [
        "消防栓没水",
        "油罐区有人抽烟",
        "油烟大",
        "安全出口锁着",
        "有人在楼顶搭棚子",
        "烟感没反应",
        "顶楼住着十几个人",
        "应急灯不工作",
        "电线裸露",
        "消防门常开",
        "燃气报警器在叫",
        "老板不肯整改",
        "告诉了老板他不听",
        "腿肿了精神还好",
        "血压有点高",
        "她说最近胃口差",
        "厨房有老鼠",
        "报警器没响",
        "换气扇不转",
        "开水房门关不住",
        "有个小孩一个人在家",
        "后门用链子拴着其他正常",
        "卷帘门放不下来",
        "门口停了一排电动车",
        "电费欠了两个月",
        "发现一辆电动车停在楼道",
        "值班的人在睡觉",
        "记录本没填",
        "大爷躺床上起不来",
        "天台门没锁",
        "已经停业了",
        "西头消防栓箱玻璃碎",
        "登记表没更新",
    ],
)
def test_what_is_not_known_to_be_well_was_found(remark: str) -> None:
    assert found(remark)


@each_row(
    "remark",
    [
        "一切正常",
        "身体挺好",
        "没啥事",
        "啥事没有",
        "莫得问题",
        "送慰问金500元",
        "聊了一会儿",
        "坐了一个钟头",
        "提醒老人不要信陌生电话",
        "叮嘱了开窗",
        "照片已发",
        "已登记",
        "让他换了",
        "叫老板当场搬走了",
        "跟老板讲了用电安全",
        "发了反诈传单",
        "消防通道畅通",
        "灭火器都在有效期",
        "消防器材齐全有效",
        "老人在家",
        "女儿在家陪着",
        "儿子昨天来看过",
        "血压正常",
        "药够吃",
        "楼道干干净净",
        "灯都亮",
        "没积水",
        "不漏了",
        "没人下水",
        "下午再去5号楼",
        "辛苦了",
        "生意不错",
        "秩序良好",
        "没什么变化",
        "上周的问题改好了",
        "忘了说",
        "一共三户",
        "后门",
    ],
)
def test_what_is_well_or_done_is_no_finding(remark: str) -> None:
    assert not found(remark)


@pytest.mark.parametrize(
    ("remark", "plainly"),
    [
        ("灭火器过期2个", True),
        ("楼道堆了纸箱", True),
        ("没漏水", False),
        ("油烟大", False),
        ("师傅说要等配件", False),
        ("没发现飞线充电", False),
    ],
)
def test_a_plain_trouble_is_told_from_what_only_may_be_one(remark: str, plainly: bool) -> None:
    assert wrong(remark) is plainly
