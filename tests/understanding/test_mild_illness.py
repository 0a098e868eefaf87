"""An illness that is an excuse, or a small favour asked, rings no alarm; one in danger does."""

import pytest

from bot.understanding import Heard, Listener

LISTENER = Listener()


def urgent(text: str) -> bool:
    return LISTENER.understand(Heard(text, private=True)).urgent


@pytest.mark.parametrize(
    "text",
    [
        # why somebody cannot come
        "孩子发烧 我走不开",
        "家里老人感冒咳嗽，今天去不了",
        "小孩肚子疼，我脱不开身",
        "娃吐了 我来不了了",
        "老公发烧，我得在家陪着，明天的会请个假",
        "宝宝拉肚子要带他看医生，今天的约改天吧",
        # a hand is wanted, and nobody is in danger
        "孩子发烧，家里就我一个人，走不开，谁帮我接一下老大",
        "孩子发烧 家里没退烧药 谁能帮我买一下",
        "女儿感冒了，能不能有人帮忙带点菜上来",
        "我发烧了下不了楼，麻烦谁帮我拿个快递",
        # a question
        "孩子发烧 怎么办",
        "宝宝发烧了去哪个医院好",
        "孩子有点发烧，要不要紧啊",
    ],
)
def test_an_excuse_a_favour_or_a_question_rings_no_alarm(text: str) -> None:
    assert not urgent(text)


@pytest.mark.parametrize(
    "text",
    [
        "孩子发烧抽搐了 我走不开 谁来帮一下",
        "孩子烧到41度 叫不醒 怎么办",
        "老人发烧 一个人在家 叫不开门",
        "我发烧了起不来床",
        "孩子发烧，喘不上气，怎么办",
        "孩子吐血了 我走不开",
        "老人突然晕倒 我走不开 快来人",
        "老人摔了 我走不开",
        "孩子高烧41度 我走不开",
        "娃烧抽过去了 谁有车帮我送一下",
        "孩子发烧 嘴唇发紫 去哪个医院快",
        "孩子发烧，锅里着火了，我走不开",
    ],
)
def test_an_illness_in_danger_rings_it_all_the_same(text: str) -> None:
    assert urgent(text)
