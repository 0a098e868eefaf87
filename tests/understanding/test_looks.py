"""What a worker says of somebody he was sent to look after, told from his round (F20)."""

import pytest

from bot.understanding import remarks
from bot.understanding.asides import asides
from bot.understanding.visit_sayings import of_whom_he_looks_after, only_a_pronoun
from bot.understanding.visits import acts


@pytest.mark.parametrize(
    "words",
    [
        "去看过了，人没事，办好了",
        "看了，没事",
        "看过了 一切正常",
        "敲门没人应",
        "上午去看过了，老太太精神挺好",
        "去了一趟 门锁着",
        "看过了，感冒了在家躺着",
        "查过了，她在屋里睡着呢",
        "去看了，老人摔了一跤，送医院了",
    ],
)
def test_of_whom_he_looks_after(words: str) -> None:
    assert of_whom_he_looks_after(words)


@pytest.mark.parametrize(
    "words",
    [
        "上午巡查完毕，一切正常",
        "转了一圈没问题",
        "网格都看过了",
        "3号楼看过了，人没事",
        "上午看过了，没问题",
        "查过了，消防通道堵了",
        "看过了，路灯都亮",
        "走访了5户，都在家",
        "今天任务完成",
        "小区里看了一遍 人不多",
    ],
)
def test_of_his_round(words: str) -> None:
    assert not of_whom_he_looks_after(words)


@pytest.mark.parametrize("name", ["老人家", "奶奶", "她那边", "老太太家", "人家"])
def test_called_by_no_name(name: str) -> None:
    assert only_a_pronoun(name)


@pytest.mark.parametrize("name", ["刘奶奶", "加油站", "3号楼", "", "王大妈家"])
def test_called_by_a_name(name: str) -> None:
    assert not only_a_pronoun(name)


def heard(words: str) -> bool:
    return any(one.kind == "looked" for one in asides(words, staff=True, alone=True))


@pytest.mark.parametrize(
    "words",
    [
        "去了，人挺好",
        "刚从她家出来，好好的，就是睡过头了",
        "看到她了，在跟邻居聊天",
        "看完了，好着呢",
        "人没事",
        "见到本人了",
        "到了她家，老人在屋里",
        "老太太好着呢",
    ],
)
def test_somebody_was_seen(words: str) -> None:
    assert heard(words)


@pytest.mark.parametrize(
    "words",
    [
        "我马上去",
        "还没去呢",
        "刘奶奶那边我再去一趟",
        "看不到人",
        "没看到人",
        "去不了，在开会",
        "明天去看她",
        "去修了，灯还没亮",
        "到了派出所",
        "到了",
        "来了",
        "看到了，发吧",
        "看到了",
        "人不在",
    ],
)
def test_nobody_was_seen(words: str) -> None:
    assert not heard(words)


@pytest.mark.parametrize(
    "remark",
    [
        "办好了",
        "弄妥了",
        "都搞定了",
        "完事",
        "见到本人了",
        "看到她了",
        "在跟邻居聊天",
        "正和老姐妹打牌",
        "老人家刚回来",
        "她刚起床",
    ],
)
def test_that_it_is_done_is_no_finding(remark: str) -> None:
    assert not remarks.found(remark)


@pytest.mark.parametrize(
    "remark",
    [
        "没办好证",
        "证照还没办好",
        "事情没解决",
        "手续办不了",
        "跟邻居吵架",
        "没见到人影，灯亮着",
        "在跟邻居闹纠纷",
        "灯没弄好",
        "老人没起床",
        "小偷又回来了",
    ],
)
def test_what_is_not_done_is_found(remark: str) -> None:
    assert remarks.found(remark)


def denied(words: str) -> bool:
    return any(one.kind == "denied" for one in asides(words, staff=True, alone=True))


@pytest.mark.parametrize(
    "words",
    [
        "3号楼其实没去",
        "车棚我没去，搞混了",
        "王大妈家没去",
        "幼儿园写错了没去幼儿园",
        "加油站根本没去过",
        "宾馆没查，记错了",
        "3号楼没去成",
    ],
)
def test_that_he_was_not_there(words: str) -> None:
    assert denied(words)


@pytest.mark.parametrize(
    "words",
    [
        "师傅没去",
        "谁没去",
        "物业没查过消防",
        "今天有没有去过3号楼",
        "灯没亮",
        "维修的他没去",
        "3号楼没水",
        "刘奶奶没吃药",
        "你们怎么没去",
        "为什么车棚没查",
    ],
)
def test_of_somebody_else_or_something_else(words: str) -> None:
    assert not denied(words)


NAMES = ("3号楼", "5号楼", "车棚", "加油站", "宾馆", "幼儿园", "刘奶奶")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(
            "刘奶奶家看过了挺好3号楼也看了车棚有飞线",
            [("刘奶奶", ""), ("3号楼", ""), ("车棚", "有飞线")],
            id="three in one breath",
        ),
        pytest.param(
            "加油站查了灭火器过期2个宾馆也查了没问题",
            [("加油站", "灭火器过期2个"), ("宾馆", "")],
            id="the trouble stays where it is",
        ),
        pytest.param(
            "宾馆 幼儿园都跑了一遍没啥问题就是加油站灭火器过期2个",
            [("宾馆", ""), ("幼儿园", ""), ("加油站", "灭火器过期2个")],
            id="all well but one",
        ),
        pytest.param(
            "刘奶奶家看过了挺好8号楼也看了没问题",
            [("刘奶奶", ""), ("8号楼", "")],
            id="a house by its number",
        ),
        pytest.param("刘奶奶家8号楼看过了", [("刘奶奶", "")], id="where she lives"),
        pytest.param("8号楼刘奶奶家看过了", [("刘奶奶", "")], id="in which house she lives"),
        pytest.param("3号楼和5号楼看过了 都好", [("3号楼", ""), ("5号楼", "")], id="a list"),
        pytest.param(
            "看了3号楼和5号楼有积水",
            [("3号楼", "有积水"), ("5号楼", "有积水")],
            id="a list behind the verb is one",
        ),
        pytest.param(
            "车棚去了那儿堆了好多箱子", [("车棚", "堆了好多箱子")], id="where in it says nothing"
        ),
    ],
)
def test_several_in_one_breath(words: str, told: list[tuple[str, str]]) -> None:
    assert [(one.name, one.finding) for one in acts(words, NAMES)] == told


@pytest.mark.parametrize(
    ("words", "names"),
    [
        pytest.param("安墩2号楼看过了", ["安墩2号楼"], id="a house of an estate"),
        pytest.param("安墩2号楼9号楼查完", ["安墩2号楼", "9号楼"], id="two of them"),
        pytest.param("安墩看过了", ["安墩"], id="all of the estate"),
        pytest.param("3号楼5号楼看过了", ["3号楼", "5号楼"], id="no house belongs to a house"),
        pytest.param("刘奶奶8号楼看过了", ["刘奶奶"], id="nor to somebody"),
    ],
)
def test_the_house_of_an_estate(words: str, names: list[str]) -> None:
    assert [one.name for one in acts(words, (*NAMES, "安墩"))] == names


def test_what_is_not_done_yet_leaves_the_rest_done() -> None:
    found = {one.name: one.future for one in acts("3号楼看过了5号楼还没去", NAMES)}
    assert found == {"3号楼": False, "5号楼": True}


def test_a_place_that_is_denied_twice_is_one() -> None:
    (one,) = acts("幼儿园写错了没去幼儿园", NAMES)
    assert one.name == "幼儿园"


def aside(kind: str, words: str) -> bool:
    return any(one.kind == kind for one in asides(words, staff=True, alone=True))


@pytest.mark.parametrize(
    "words",
    [
        "上午有事没巡",
        "上午没来得及巡，下午补",
        "今天太忙了还没巡呢",
        "下雨没走成",
        "早上被叫去开会了，没顾上转",
        "下午开会也没巡查",
    ],
)
def test_no_round_was_made(words: str) -> None:
    assert aside("unwalked", words)
    assert acts(words, NAMES)[0].future or not acts(words, NAMES)[0].finding


@pytest.mark.parametrize(
    "words",
    ["上午巡过了", "没巡出问题", "师傅没来", "上午没停水", "电梯没走", "他没巡查记录", "巡了没事"],
)
def test_that_is_something_else(words: str) -> None:
    assert not aside("unwalked", words)


@pytest.mark.parametrize("words", ["上午ok", "下午一切正常", "早上没啥事", "上午巡查正常"])
def test_a_window_in_two_words(words: str) -> None:
    assert aside("walked", words)


@pytest.mark.parametrize(
    "words", ["ok", "明天上午ok吗", "上午不正常", "上午9点可以", "上午的会正常开"]
)
def test_no_window(words: str) -> None:
    assert not aside("walked", words)


def test_more_is_said_of_the_house_at_hand() -> None:
    found = acts("7栋8栋12栋都走了 8栋3单元堆物 通道堵了 12栋也有", ())
    assert {one.name: one.finding for one in found if one.finding} == {
        "8栋": "8栋3单元堆物，通道堵了",
    }
    assert [one.name for one in found] == ["7栋", "8栋", "12栋"]
