"""Addresses, numbers, case numbers and personal data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding import Heard, Listener, Location
from bot.understanding.normalise import LIMIT, clean, fold, number
from bot.understanding.slots import address, case_number, place
from tests.rows import each_row

LISTENER = Listener()

ADDRESSES = {
    "三号楼2单元": Location("3", "2"), "三号楼二单元五零一": Location("3", "2", "501"), "12幢有水": Location("12"),
    "B座门口": Location("B"), "b座1单元": Location("B", "1"), "C13栋": Location("C13"), "13C栋楼下": Location("13C"),
    "8-2-201 漏水": Location("8", "2", "201"), "1-201漏水": Location("1", None, "201"), "3号楼2单元501": Location("3", "2", "501"),
    "三栋二单元": Location("3", "2"), "二十一号楼": Location("21"), "3#楼2单元": Location("3", "2"), "3 号楼 2 单元": Location("3", "2"),
    "３号楼２单元": Location("3", "2"), "第三栋": Location("3"), "3号2单元": Location("3", "2"), "8栋2-201": Location("8", "2", "201"),
    "4、5、6号楼都停水": Location(), "3号楼和5号楼没水": Location(), "8-12号楼停电": Location(), "21号楼九楼厨房": Location("21", None, None, "9"),
    "我住五单元102": Location(None, "5", "102"), "1506都有人": Location(None, None, "1506"), "901 家里没电": Location(None, None, "901"),
    "一百零二室": Location(None, None, "102"), "7楼漏水": Location(None, None, None, "7"), "买菜爬了十五楼": Location(),
    "不是3号楼 是5号楼": Location("5"), "3号楼三楼四楼不亮": Location("3"), "3楼道灯": Location(), "楼上漏水": Location(),
    "打了110和12345": Location(), "涨到1500元": Location(), "2026年": Location(), "车位112元": Location(), "拨打0731-88226170": Location(),
    "五动二单院的电梯": Location("5", "2"),
    "6-3楼下": Location("6", "3"),
    "12幢乙 水管爆了": Location("12", "乙"), "B座18楼电梯口": Location("B", None, None, "18"), "3#2-501": Location("3", "2", "501"),
    "3栋-2-501": Location("3", "2", "501"), "3栋-501": Location("3", None, "501"), "3—2—501漏水": Location("3", "2", "501"), "3栋#501": Location("3", None, "501"),
    "14-1楼道漏水": Location("14", "1"), "3-2电梯抖": Location("3", "2"), "借3-5个人": Location(), "3-5天修好": Location(),
    "22号1101来人": Location("22", None, "1101"), "5号301": Location("5", None, "301"), "7号院3-105": Location("3", None, "105"), "7号院2单元101": Location("7", "2", "101"),
    "11月26号1101": Location(None, None, "1101"), "花了6号1500元": Location(), "周五17:00,B座1603": Location("B", None, "1603"), "904,2栋": Location("2", None, "904"),
    "四栋二单元一千二百零三": Location("4", "2", "1203"), "去了一零零六": Location(None, None, "1006"), "二零二六年": Location(), "4栋三零二": Location("4", None, "302"),
    "二单元不是 二号楼三单元": Location("2", "3"), "走了三栋楼 3栋楼道有箱子": Location("3"), "六七八三栋都转了": Location(), "B区三栋共计九十六层": Location(),
    "1号楼张姐 2号楼老郭 3号楼老李": Location(), "取件码8-3-2207": Location(), "电话尾号5217": Location(), "整改单编号a-0417": Location(), "b区117的车位": Location(),
    "一楼那户养鸡": Location(None, None, None, "1"), "一楼大厅旋转门": Location(), "冲到一楼人家屋里": Location(), "1单元一楼楼梯口": Location(None, "1", None, "1"),
    "从三楼窗户扔东西": Location(None, None, None, "3"), "从三楼搬下来": Location(), "比二楼都高": Location(), "树有三层楼高": Location(), "戴了两层口罩": Location(),
    "三层楼梯拐角": Location(None, None, None, "3"), "走到四层半": Location(None, None, None, "4"), "卡在6楼": Location(None, None, None, "6"), "爬不动六楼": Location(),
    "扛煤气罐上五楼": Location(), "楼上五楼漏水": Location(None, None, None, "5"), "负二楼灯不亮": Location(None, None, None, "-2"), "地下二层泵房": Location(None, None, None, "-2"),
    "这栋楼": Location(), "整栋楼停电": Location(), "几号楼": Location(), "座位坏了": Location(), "一座桥": Location(),
}  # fmt: skip


@each_row(("text", "where"), ADDRESSES.items())
def test_address(text, where):
    assert address(clean(text).plain) == where


NUMBERS = {
    "三": "3", "十": "10", "十二": "12", "二十": "20", "二十一": "21", "一百零二": "102", "五零一": "501", "两": "2", "〇": "0", "12": "12",
    "幺零二": "102", "一百二十三": "123", "007": "7", "0": "0", "B": "B", "": "",
}  # fmt: skip


@each_row(("text", "value"), NUMBERS.items())
def test_number(text, value):
    assert number(text) == value


def chinese(value: int) -> str:
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = digits[hundreds] + "百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")


@given(st.integers(1, 999))
def test_every_written_number(value):
    assert number(chinese(value)) == str(value)


@given(st.integers(1, 99), st.integers(1, 9))
def test_every_building_however_written(building, unit):
    assert address(f"{chinese(building)}号楼{chinese(unit)}单元") == Location(
        str(building), str(unit)
    )


NOTATIONS = {
    "words": "{b}号楼{u}单元{r}", "blocks": "{b}栋{u}单元{r}室", "dashes": "{b}-{u}-{r}", "half dashed": "{b}幢{u}-{r}", "hash": "{b}#{u}-{r}",
    "spaces": "{b} 号楼 {u} 单元 {r}", "commas": "{b}号楼,{u}单元,{r}", "of": "{b}栋{u}单元的{r}", "long dashes": "{b}—{u}—{r}", "slashes": "{b}/{u}/{r}",
}  # fmt: skip


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=NOTATIONS)
@given(st.integers(1, 99), st.integers(1, 9), st.integers(1, 33), st.integers(1, 12))
def test_every_notation_of_every_flat(notation, building, unit, floor, door):
    room = f"{floor}{door:02}"
    said = notation.format(b=building, u=unit, r=room)
    assert address(clean(f"我住{said} 没水了").plain) == Location(str(building), str(unit), room)


@given(st.text(alphabet="0123456789-号楼栋幢单元层室一二三十百千座b#,/ 从到", max_size=60))
def test_an_address_is_digits_or_a_letter_whatever_is_written(text):
    found = address(clean(text).plain)
    assert all(
        part is None or (part and " " not in part)
        for part in (found.building, found.unit, found.room)
    )


PLACES = {
    "地下车库灯全黑了": "地下车库", "小区北门道闸坏了": "小区北门道闸", "东门快递柜旁边堆满纸箱": "东门快递柜旁边", "路边那个井盖翻了": "路边那个井盖",
    "2单元楼道一地垃圾": "楼道", "单元门口的监控瞎了": "单元门口的监控", "二楼平台有人养鸽子": "二楼平台", "幼儿园门口停满车": "幼儿园门口",
    "电提坏了": "电梯", "7栋楼顶ktv吵死了": "楼顶KTV", "健身房甩铃咚咚响": "健身房", "广场舞太吵": None, "银行卡丢了": None, "加装电梯怎么申请": None,
    "充电桩安装要什么材料": None, "幼儿园插班带啥手续": None, "电梯广告收入归谁": None, "孩子上小学了": None, "饭店拖欠工资": None,
    "在学校上课": "学校", "学校不让说": None, "我家厨房漏水": "厨房", "没水了": None, "": None,
}  # fmt: skip


@each_row(("text", "where"), PLACES.items())
def test_place(text, where):
    assert place(clean(text).plain) == where


@given(st.text(alphabet="楼道门口旁边的那个井盖幼儿园后面b座电梯里", max_size=80))
def test_a_place_stands_in_the_text(text):
    found = place(clean(text).plain)
    assert found is None or found.lower() in clean(text).plain


CASES = {
    "G1024": "G1024", "g1024": "G1024", "G 1024": "G1024", "Ｇ１０２４": "G1024", "案件1024": "G1024", "案件 1024": "G1024",
    "1024号案件": "G1024", "工单1024": "G1024", "我的G1 怎么样了": "G1", "看5G1024": None, "G1024次高铁": None, "1024": None, "500g": None,
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), CASES.items(), ids=CASES)
def test_case_number(text, value):
    found = case_number(clean(text).plain)
    assert (found[0] if found else None) == value


def test_a_place_word():
    assert LISTENER.understand(Heard("地下车库灯全黑了")).location.place == "地下车库"
    assert LISTENER.understand(Heard("电提坏了")).location.place == "电梯"


SLIPS = {
    "电提坏了": "电梯坏了",
    "务业不管": "物业不管",
    "又停点了": "又停电了",
    "樓道燈壞了": "楼道灯坏了",
    "門禁": "门禁",
}


@pytest.mark.parametrize(("said", "meant"), SLIPS.items(), ids=SLIPS)
def test_slips_and_traditional_characters(said, meant):
    assert clean(said).plain == meant
    assert clean(said).tidy == said


@given(st.text())
def test_the_comparable_form_keeps_its_length(text):
    assert len(fold(text)) == len(text)
    both = clean(text)
    assert len(both.plain) == len(both.tidy) <= LIMIT


PERSONAL = {
    "打我电话13800138000": (("phone", "13800138000"),),
    "电话 138 0013 8000": (("phone", "138 0013 8000"),),
    "0731-88226170 打来": (("phone", "0731-88226170"),),
    "彭小军 430624198910026630 工地欠我钱": (("name", "彭小军"), ("id_card", "430624198910026630")),
    "卡号6228480078899123455": (("bank_card", "6228480078899123455"),),
    "湘B7P906 堵门": (("plate", "湘B7P906"),),
    "我叫欧阳丽 想问下": (("name", "欧阳丽"),),
    "张大爷摔倒 李阿姨看见了": (),
    "138****0001 不接": (),
}


@pytest.mark.parametrize(("text", "found"), PERSONAL.items(), ids=PERSONAL)
def test_personal_data(text, found):
    assert LISTENER.understand(Heard(text)).pii == found


MASKED = {
    "电话13800130001": "电话138****0001", "１３８００１３０００１": "１３８****０００１", "430624198910026630": "430624********6630",
    "卡6228480078899123455": "卡622848*********3455", "3号楼2单元501": "3号楼2单元501", "12345": "12345", "": "", "湘B7P906": "湘B7P906",
}  # fmt: skip


@pytest.mark.parametrize(("text", "masked"), MASKED.items(), ids=list(MASKED))
def test_masking(text, masked):
    assert LISTENER.mask(text) == masked


@given(st.text())
def test_masking_never_fails_and_settles(text):
    once = LISTENER.mask(text)
    assert LISTENER.mask(once) == once
