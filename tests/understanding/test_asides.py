"""发吧, 咋还没来, 我家赞成: short words that need what was just shown, agreed or asked."""

import pytest

from bot.understanding.asides import Aside, asides
from tests.rows import each_row

STAFF = [
    ("发", "send", ""),
    ("发送", "send", ""),
    ("行 发吧", "send", ""),
    ("看到了，发吧", "send", ""),
    ("好的，那就发吧 谢谢", "send", ""),
    ("都同意", "send", ""),
    ("好的", "nod", ""),
    ("嗯嗯", "nod", ""),
    ("不同意 日子不对", "refuse", "日子不对"),
    ("先别发，时间没定", "refuse", "时间没定"),
    ("算了，不发了", "drop", ""),
    ("先不发了", "drop", ""),
    ("哎呀发错了", "slip", ""),
    ("不对 是下周四", "instead", "下周四"),
    ("改成后天", "instead", "后天"),
    ("我晚到20分钟", "late", "20分钟"),
    ("堵车 晚半小时到", "late", "半小时"),
    ("晚点到", "late", ""),
    ("马上到了", "coming", ""),
    ("这回找着人了", "met", ""),
    ("后来又去了一趟，见到人了", "met", ""),
    ("总算等到老人家了", "met", ""),
]
RESIDENTS = [
    ("咋还没来", "waiting", ""),
    ("等了半天了", "waiting", ""),
    ("人呢？", "waiting", ""),
    ("到哪了", "waiting", ""),
    ("我在家啊", "excuse", ""),
    ("我刚下楼买菜了", "excuse", ""),
    ("明天去不了了 不好意思", "cannot", ""),
    ("不好意思 明天我要上班去不了了", "cannot", ""),
    ("家里来客人了 明天帮不上忙了", "cannot", "家里来客人了"),
    ("对不起啊 腰闪了 明天没法去送米了", "cannot", "对不起啊 腰闪了"),
    ("实在走不开", "cannot", ""),
    ("明天恐怕来不成了", "cannot", ""),
    ("我这两天腾不出空来", "cannot", ""),
    ("还是不来了", "stays", ""),
    ("送了", "cared", ""),
    ("电话打了", "cared", ""),
    ("打了 没人接", "unreached", ""),
    ("俺家赞成", "vote_yes", ""),
    ("我家两票都赞成", "vote_yes", ""),
    ("我改主意了 赞成", "vote_yes", ""),
    ("我们家改主意了 还是赞成吧", "vote_yes", ""),
    ("家里商量过了 坚决反对", "vote_no", ""),
    ("我们商量好了 弃权", "vote_abstain", ""),
    ("反对，太吵", "vote_no", "太吵"),
    ("我弃权吧", "vote_abstain", ""),
    ("意见 太吵", "comment", "太吵"),
    ("我的意见 别装", "comment", "别装"),
]
ALONE = [
    ("我不同意", "vote_no"),
    ("支持", "vote_yes"),
    ("+1", "vote_yes"),
    ("小李电话多少来着", "phone"),
]
NOTHING = [
    *("楼道灯坏了没人来修", "垃圾没人收", "我家反对也没用，楼上照样吵", "不同意见很多", "发现漏水"),
    *(
        "建议装个灯",
        "送了三次都没人在",
        "晚上八点到",
        "意见箱坏了",
        "发了两遍",
        "我都行",
        "听大家的",
        "",
        "好的" * 200,
    ),
]


def kinds(text: str, *, staff: bool, alone: bool = False) -> list[str]:
    return [one.kind for one in asides(text, staff=staff, alone=alone)]


@each_row(("text", "kind", "words"), STAFF)
def test_staff_in_few_words(text: str, kind: str, words: str) -> None:
    assert list(asides(text, staff=True, alone=True)) == [Aside(kind, words)]


@each_row(("text", "kind", "words"), RESIDENTS)
def test_residents_in_few_words(text: str, kind: str, words: str) -> None:
    assert list(asides(text, staff=False, alone=False)) == [Aside(kind, words)]


@pytest.mark.parametrize(("text", "kind"), ALONE)
def test_words_that_are_a_vote_only_to_the_bot_alone(text: str, kind: str) -> None:
    assert kinds(text, staff=False, alone=True) == [kind]
    assert kinds(text, staff=False) == []


@pytest.mark.parametrize("text", NOTHING)
def test_whoever_says_more_says_something_else(text: str) -> None:
    assert kinds(text, staff=False, alone=True) == []
    assert set(kinds(text, staff=True)) <= {"late"}


@pytest.mark.parametrize(
    "text", ["我" * 200 + "x", "都" * 220, "不好意思 " * 40 + "x", "等了" * 80]
)
def test_no_length_of_words_takes_long(text: str) -> None:
    """A pattern of repeated choices would try for years here."""
    assert kinds(text, staff=True) == kinds(text, staff=False, alone=True) == []
