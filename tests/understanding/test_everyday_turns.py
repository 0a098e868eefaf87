"""Small turns of everyday talk, as residents and workers take them."""

import pytest

from bot.understanding import Heard, Listener, amended, impatient, office_stem, trouble
from bot.understanding.answers import answered
from bot.understanding.commands import parse
from bot.understanding.matters import matters
from bot.understanding.normalise import clean
from bot.understanding.shapes import ALL, Location
from tests.rows import each_row

LISTENER = Listener()


def heard(text, **more):
    return LISTENER.understand(Heard(text, **more))


WAITS = {
    True: [
        "到现在都没人修！！什么态度", "都两个小时了还没人来，我要投诉", "昨晚没人来", "还没来人啊", "等了一上午不见人", "有没有人管啊",
        "什么时候能修好啊", "还要等多久", "报上去半天没动静", "你们太慢了", "催一下",
    ],
    False: ["谢谢小李", "灯亮了", "明天我在家", "好的知道了", "今天真冷", "师傅来了", "有人来看过了"],
}  # fmt: skip


@each_row(("text", "waits"), [(text, waits) for waits, texts in WAITS.items() for text in texts])
def test_who_complains_that_nobody_has_come(text, waits):
    assert impatient(text) is waits


@pytest.mark.parametrize(
    ("text", "right"),
    [
        pytest.param("不好意思说错了，不是3号楼是5号楼", "5号楼", id="not this but that"),
        pytest.param("刚才发错了，不是楼道，是地下室", "地下室", id="another spot"),
        pytest.param("打错了 是2单元", "2单元", id="no comma"),
        pytest.param("说错了，应该是12栋啊", "12栋", id="it should be"),
        pytest.param("发错了，不用管", "", id="nothing instead"),
        pytest.param("发错群了不好意思", "", id="the wrong group"),
        pytest.param("是3号楼", "", id="nothing was wrong"),
    ],
)
def test_what_is_right_instead(text, right):
    assert amended(text) == right


@pytest.mark.parametrize(
    "text", ["都接了", "全部接单", "都是", "两个都办好了", "一起", "全都行", "每件都要"]
)
def test_every_one_of_those_that_were_asked_about(text):
    answer = answered(Heard(text, role="worker", question="which"), clean(text), Location(), None)
    assert answer is not None
    assert answer.words == ALL


@pytest.mark.parametrize("text", ["都没接", "全是水", "第二个", "一起去吃饭"])
def test_not_every_one(text):
    answer = answered(Heard(text, role="worker", question="which"), clean(text), Location(), None)
    assert answer is None or answer.words != ALL


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("电梯公司", "电梯"),
        ("供电部门", "供电"),
        ("燃气那边", "燃气"),
        ("公司", "公司"),
        ("物业", "物业"),
    ],
)
def test_what_an_office_deals_with(name, stem):
    assert office_stem(name) == stem


@pytest.mark.parametrize(
    "text", ["办结 1001号 换了灯泡", "办结 G1001号案件 换了灯泡", "办结 1001号单，换了灯泡"]
)
def test_the_counter_behind_a_number_is_no_word_of_the_result(text):
    command = parse(clean(text), staff=True)
    assert command is not None
    assert (command.case_number, command.words) == ("G1001", "换了灯泡")


@pytest.mark.parametrize(
    "text",
    [
        "对对对我也看到了", "我也闻到了，太臭了", "是的我也听见了", "没看见啊", "我没注意", "是四楼装修那家的吧", "应该是楼上那户扔的吧",
    ],
)  # fmt: skip
def test_a_neighbour_who_only_nods_or_wonders_is_left_alone(text):
    assert heard(text).action == "silent"


@pytest.mark.parametrize(
    "text", ["维保说明天上午到", "物业那边说要等配件", "师傅说下午来看", "厂家回复说下周发货"]
)
def test_what_an_office_answered_hands_nothing_over(text):
    assert heard(text, role="worker", private=True).intent != "worker_transfer"


def test_an_office_that_shall_do_it_is_still_handed_the_case():
    found = heard("物业说不归他们，请供电所处理", role="worker", private=True)
    assert (found.intent, found.name) == ("worker_transfer", "供电所")


@pytest.mark.parametrize(
    ("text", "hazard"),
    [
        pytest.param("电梯里有人拍门喊救命 3号楼", "trapped", id="a cry from the lift"),
        pytest.param("急急急 谁看到一个小男孩五岁在快递柜那边不见了", "missing", id="a child"),
        pytest.param("有人在电梯里打人，快来人", "violence", id="a fight in the lift"),
    ],
)
def test_the_safety_words_are_those_of_what_happens(text, hazard):
    found = heard(text)
    assert (found.urgent, found.hazard) == (True, hazard)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param(
            "我是三号楼的刘奶奶我家这个水龙头啊水特别小洗个菜都要半天还有那个楼道灯也不亮了", 2, id="in one breath"
        ),
        pytest.param("3号楼2单元灯坏了，还有水管漏水", 2, id="the second without a place"),
        pytest.param("东门道闸坏了还有3号楼门禁也刷不开", 2, id="no comma"),
        pytest.param("3号楼电梯坏了，还有按钮不亮", 0, id="the same thing"),
        pytest.param("3号楼楼道堆了好多纸箱还有那个旧沙发", 0, id="one heap"),
        pytest.param("5号楼垃圾没人收还有苍蝇", 0, id="what comes of it"),
        pytest.param("家里还有老人，3号楼电梯坏了上不去", 0, id="an old man at home"),
    ],
)  # fmt: skip
def test_matters_told_in_one_breath(text, parts):
    assert len(matters(text, heard)) == parts


def test_whether_it_is_is_no_denial_of_a_building():
    assert heard("是不是3号楼电梯又坏了").location.building == "3"
    assert heard("不是3号楼，是5号楼电梯坏了").location.building == "5"


def test_trouble_is_heard_in_a_question():
    assert trouble("3号楼水管漏水，过年前能修吗")
    assert not trouble("老年证怎么办")
