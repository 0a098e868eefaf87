"""Addresses, numbers, case numbers and personal data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding import Heard, Listener, Location
from bot.understanding.normalise import LIMIT, clean, fold, number
from bot.understanding.slots import address, case_number

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
    "这栋楼": Location(), "整栋楼停电": Location(), "几号楼": Location(), "座位坏了": Location(), "一座桥": Location(),
}  # fmt: skip


@pytest.mark.parametrize(("text", "where"), ADDRESSES.items(), ids=ADDRESSES)
def test_address(text, where):
    assert address(clean(text).plain) == where


NUMBERS = {
    "三": "3", "十": "10", "十二": "12", "二十": "20", "二十一": "21", "一百零二": "102", "五零一": "501", "两": "2", "〇": "0", "12": "12",
    "幺零二": "102", "一百二十三": "123", "007": "7", "0": "0", "B": "B", "": "",
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), NUMBERS.items(), ids=list(NUMBERS))
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
