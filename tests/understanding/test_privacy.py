"""Phones, identity and card numbers, plates and full names: all of them, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.normalise import clean
from bot.understanding.privacy import mask, personal
from tests.rows import each_row


def found(text: str) -> list[str]:
    """What is personal in a text, as "kind value"."""
    both = clean(text)
    return [f"{kind} {value}" for kind, value in personal(both.tidy, both.plain)]


NUMBERS = {
    "打13800138000一直不通": "phone 13800138000", "电话138 0013 8000": "phone 138 0013 8000", "电话138-0013-8000": "phone 138-0013-8000",
    "电话138.0013.8000": "phone 138.0013.8000", "手机１３８００１３８０００": "phone １３８００１３８０００", "1 3 8 0 0 1 3 8 0 0 0": "phone 1 3 8 0 0 1 3 8 0 0 0",
    "打一三八零零一三八零零零一直不通": "phone 一三八零零一三八零零零", "幺三八 零零幺三 八零零零": "phone 幺三八 零零幺三 八零零零",
    "13800 138000": "phone 13800 138000", "微信vx13800138000": "phone 13800138000", "1.13800138000": "phone 13800138000",
    "0731-88226170": "phone 0731-88226170", "(010)88226170": "phone (010)88226170", "座机88226170": "phone 88226170", "400-820-8820": "phone 400-820-8820",
    "身份证430624198910026630": "id_card 430624198910026630", "33010519931103000X是他的": "id_card 33010519931103000X",
    "330105 19931103 000x": "id_card 330105 19931103 000x", "老证 430624891002663": "id_card 430624891002663",
    "卡6228480078899123455": "bank_card 6228480078899123455", "卡号6222 0202 0011 7345 864": "bank_card 6222 0202 0011 7345 864",
    "打到账户4111111111111111": "bank_card 4111111111111111",
    "湘B7P906堵门": "plate 湘B7P906", "京A·12345": "plate 京A·12345", "京A 12345": "plate 京A 12345", "粤AD38F62挪车": "plate 粤AD38F62",
    "沪a12345的车": "plate 沪a12345", "苏A1234学": "plate 苏A1234学",
}  # fmt: skip


@each_row(("text", "value"), NUMBERS.items())
def test_a_personal_number(text: str, value: str) -> None:
    assert found(text) == [value]


NAMES = {
    "我叫欧阳丽 想问下": "欧阳丽", "我是许凤兰，上个月的医保": "许凤兰", "姓名：朱沐 班级：大二班": "朱沐", "联系人李强，": "李强", "户主 何晓琼": "何晓琼",
    "走失老人叫付玉兰": "付玉兰", "患者王建国，79岁": "王建国", "我母亲沈桂兰早上出门": "沈桂兰", "张伟 3-2-501": "张伟", "1. 王桂芬": "王桂芬",
    "找李建国师傅": "李建国", "郑玉珍家 十三号楼": "郑玉珍", "9. 朱悦（9幢）": "朱悦", "谭雨晴是我": "谭雨晴", "承办人周立强 超期": "周立强",
    "许珍娣阿姨平安到家": "许珍娣",
    "我老弟贝占魁查出肝上有东西": "贝占魁", "有个叫湛世雄的骗了我": "湛世雄", "我同桌庾可欣出水痘了": "庾可欣", "三楼独居谌仕良 血压高": "谌仕良",
    "谢谢谯素群大姐帮忙": "谯素群", "我囡叫忻雅琴，肺炎住院": "忻雅琴", "户名常玉芬": "常玉芬", "房东常志勇，说不管": "常志勇", "俺爹叫亢拴柱，痴呆走丢了": "亢拴柱",
}  # fmt: skip


@each_row(("text", "name"), NAMES.items())
def test_a_full_name(text: str, name: str) -> None:
    assert found(text) == [f"name {name}"]


NOTHING = (
    "", "王阿姨在家吗", "李师傅修好了", "小刘辛苦", "@王建国 你看", "张大爷摔倒 李阿姨看见了", "我姓宋，7幢502", "建国路88号", "王桂芬面馆", "高兴", "方便吗",
    "安全第一", "黄河路", "谢谢大家", "请专业单位适时鉴定", "请物业公司派人", "138****0001 不接", "尾号1234", "单号13800138000", "快递单号4312345678901234",
    "订单号 6217003780004519235", "G1001", "8-2-201", "18-2-201 3-2-401", "2026-11-23 09:00", "物业费2600元", "12345", "110", "23:15-23:30", "水表0412",
    "画了两张水墨 给大家看", "照片五张发群里了", "老人常年卧床", "业主常年在外", "于今早八点", "全民健身日", "我老弟明天来", "我兄弟和我都在外地", "楼上独居老人", "谢谢阳光大姐", "同桌可高兴了", "谢谢安保大哥", "他家娃叫得厉害", "听说叫停了", "有个叫花子在门口",
    "案号2026110312345", "一三五七九单双号", "三号楼二单元五零一", "京东快递", "川味火锅", "4、5、6、7、8、9、10、11号楼",
)  # fmt: skip


@each_row("text", NOTHING)
def test_nothing_personal(text: str) -> None:
    assert found(text) == []


def test_in_the_order_of_the_text_and_as_written() -> None:
    text = "姓名 石振海 证件 420111198509235611 车牌 鄂A3F92K 电话 13880561274"
    assert found(text) == [
        "name 石振海", "id_card 420111198509235611", "plate 鄂A3F92K", "phone 13880561274",
    ]  # fmt: skip


PUBLIC = {
    "我叫许凤兰，电话13800138000": "我叫许**，电话138****8000", "湘B7P906堵门": "湘B***06堵门", "3号楼王阿姨": "3号楼王阿姨",
    "打一三八零零一三八零零零": "打一三八****八零零零",
}  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), PUBLIC.items(), ids=PUBLIC)
def test_what_neighbours_read(text: str, shown: str) -> None:
    assert mask(text, public=True) == shown


def test_plates_and_names_stay_for_those_who_act() -> None:
    assert mask("我叫许凤兰，车牌湘B7P906") == "我叫许凤兰，车牌湘B7P906"


@given(
    st.text(alphabet="车在楼下，吗。 ", max_size=6),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.text(alphabet="车在楼下，吗。 ", max_size=6),
    st.sampled_from(("", " ", "-")),
)
def test_no_phone_gets_through(before: str, phone: str, behind: str, gap: str) -> None:
    written = gap.join((phone[:3], phone[3:7], phone[7:]))
    text = before + written + behind
    assert found(text) == [f"phone {written}"]
    assert phone[3:7] not in mask(text).replace(phone[:3], "", 1).replace(phone[7:], "", 1)


@given(st.text(alphabet="0123456789 -一三八零京A王桂兰我叫x*卡", max_size=60))
def test_masking_settles(text: str) -> None:
    for public in (False, True):
        once = mask(text, public=public)
        assert mask(once, public=public) == once


@given(st.text())
def test_every_value_stands_in_the_text(text: str) -> None:
    both = clean(text)
    assert all(value in both.tidy for _, value in personal(both.tidy, both.plain))
