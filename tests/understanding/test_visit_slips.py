"""Put right, put off, kept out: what a worker says of a visit that was none, or not that one."""

import pytest

from bot.understanding.asides import asides
from bot.understanding.commands import parse
from bot.understanding.normalise import clean
from bot.understanding.visit_names import beside, called
from bot.understanding.visit_sayings import dropped, shut, without_shop
from bot.understanding.visits import acts
from tests.rows import each_row

NAMES = (
    "琼花宾馆 宾馆 永鑫加油站 加油站 老张烧烤 张记烧烤 东关幼儿园 幼儿园 充电车棚 车棚 刘奶奶 "
    "琼花苑3号楼 琼花苑5号楼 琼花苑 东门 东门岗亭 快递柜"
).split()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("错了是12栋3单元", "12栋3单元"),
        ("哎呀错了，是8号楼", "8号楼"),
        ("错了错了 应该是幼儿园", "幼儿园"),
        ("不对，是5号楼2单元", "5号楼2单元"),
        ("刚才说错了，不是宾馆，是幼儿园", "幼儿园"),
        ("记错了是车棚", "车棚"),
    ],
)
def test_another_place_instead(text: str, words: str) -> None:
    found = parse(clean(text), staff=True)
    assert found is not None
    assert (found.intent, found.words) == ("visit_back", words)


@pytest.mark.parametrize(
    "text",
    ["不对，是下周四", "错了是3个人", "错了吗是哪栋", "错是8号楼", "不对，是漏水", "3号楼灯坏了"],
)
def test_no_other_place(text: str) -> None:
    found = parse(clean(text), staff=True)
    assert found is None or found.intent != "visit_back"


def kinds(text: str) -> dict[str, str]:
    return {one.kind: one.words for one in asides(text, staff=True, alone=True)}


@each_row(
    ("text", "kind", "words"),
    [
        ("加油站不是今天去的", "denied", "加油站"),
        ("宾馆那条不是我查的", "denied", "宾馆"),
        ("车棚不是上午看的", "denied", "车棚"),
        ("刚那个撤回吧 没去超市", "undone", "超市"),
        ("说错了，今天没去过幼儿园", "undone", "幼儿园"),
        ("刚才的取消吧，其实没看3号楼", "undone", "3号楼"),
        ("宾馆去两次了都没开", "kept_out", "宾馆"),
        ("烧烤店不让进", "kept_out", "烧烤店"),
        ("幼儿园保安不让我们进去看", "kept_out", "幼儿园"),
        ("加油站老板死活不让查", "kept_out", "加油站"),
        ("宾馆去了三趟，还是没开门 明天再去", "kept_out", "宾馆"),
        ("烧烤被拦在门外了", "kept_out", "烧烤"),
        ("5号楼明天去看", "ahead", "5号楼"),
        ("宾馆我下周二再去查一下", "ahead", "宾馆"),
        ("车棚改天去走一趟 今天没时间了", "ahead", "车棚"),
    ],
)
def test_short_words_about_a_visit(text: str, kind: str, words: str) -> None:
    assert kinds(text).get(kind) == words


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("加油站是不是今天去的？", "denied"),
        ("师傅不是今天去的", "denied"),
        ("没去", "undone"),
        ("维修师傅没去3号楼", "undone"),
        ("谁没去开会", "undone"),
        ("小区不让外卖进", "kept_out"),
        ("东门不让电动车进", "kept_out"),
        ("3号楼门禁没开通", "kept_out"),
        ("加油站怎么没开门", "kept_out"),
        ("路灯没开的有三盏", "kept_out"),
        ("5号楼明天去修", "ahead"),
        ("3号楼明天师傅去换灯", "ahead"),
        ("明天去看谁", "ahead"),
    ],
)
def test_no_such_words(text: str, kind: str) -> None:
    assert kind not in kinds(text)


@pytest.mark.parametrize(
    ("text", "name", "absent"),
    [
        pytest.param("宾馆去两次了都没开", "宾馆", True, id="not open"),
        pytest.param("烧烤店不让进", "烧烤店", True, id="kept out"),
        pytest.param("加油站去了，老板不让查", "加油站", True, id="no look"),
        pytest.param("宾馆看过了，后厨不让进", "宾馆", False, id="a part of it"),
        pytest.param("宾馆查了，安全出口一直没开", "宾馆", False, id="an exit"),
        pytest.param("车棚看过了，没开灯", "车棚", False, id="something else is off"),
        pytest.param("东门旁边的小超市看过了", "东门旁边的小超市", False, id="beside a place"),
        pytest.param("幼儿园对面那家网吧查了", "幼儿园对面那家网吧", False, id="opposite one"),
        pytest.param("东门旁边看过了", "东门", False, id="round about it"),
        pytest.param("东门旁边堆了纸箱", "东门", False, id="what lies beside it"),
        pytest.param("刘奶奶看到人了，挺好", "刘奶奶", False, id="somebody was met"),
    ],
)
def test_where_he_was(text: str, name: str, absent: bool) -> None:
    first = acts(text, NAMES)[0]
    assert (first.name, first.absent) == (name, absent)


def test_who_was_met_is_a_visit() -> None:
    for text in ("刘奶奶看到人了，挺好", "张大爷家总算见着本人了", "王阿姨那边这回等到人了"):
        found = parse(clean(text), staff=True)
        assert found is not None, text
        assert found.intent == "visited"
    for text in ("刘奶奶没看到人了", "张大爷看到人了吗", "王阿姨看到人偷电瓶"):
        found = parse(clean(text), staff=True)
        assert found is None or found.intent != "visited" or "没" in text


def test_names_and_what_stands_around_them() -> None:
    assert called("张大爷家") == ("张大爷", True)
    assert called("老王家烧烤") == ("老王家烧烤", False)
    assert without_shop("烧烤店") == "烧烤"
    assert not without_shop("烧烤")
    assert not without_shop("店")
    assert beside("东门旁边的小超市")
    assert not beside("东门")
    assert not beside("东门旁边")


@pytest.mark.parametrize("text", ["撤回吧", "撤回吧 没去超市", "算了，没去过", "取消，没有去那家"])
def test_asked_where_and_it_was_nothing(text: str) -> None:
    assert dropped(text)


@pytest.mark.parametrize("text", ["没去超市门口，去的是东门", "超市", "撤回的那家是宾馆"])
def test_asked_where_and_told(text: str) -> None:
    assert not dropped(text)


def test_kept_out_is_said_as_that() -> None:
    assert shut("烧烤店不让进")
    assert shut("宾馆都没开")
    assert not shut("家里没人")
