"""One message, several troubles: taken apart only where each part is a report of its own thing."""

import pytest

from bot.understanding import Heard, Listener
from bot.understanding.answers import answered
from bot.understanding.matters import MOST, Matter, matters
from bot.understanding.normalise import clean
from bot.understanding.shapes import YES, Location
from tests.rows import each_row

LISTENER = Listener()


def apart(text: str) -> tuple[Matter, ...]:
    return matters(text, lambda words: LISTENER.understand(Heard(words, places=("东门",))))


SEVERAL = {
    "list, Arabic": ("1.3号楼楼道灯坏了 2.2号楼门口垃圾没人清", ["楼道灯坏了", "垃圾没人清"]),
    "list, Chinese": ("一、3号楼楼道灯不亮 二、5号楼下水道堵了", ["楼道灯不亮", "下水道堵了"]),
    "list, ringed": ("①3号楼楼道灯坏了②3号楼门禁坏了", ["楼道灯坏了", "门禁坏了"]),
    "list, lines": (
        "1、3号楼楼道灯坏了\n2、垃圾桶满了没人清\n3、门禁刷不开",
        ["楼道灯", "垃圾", "门禁"],
    ),
    "besides": ("3号楼2单元楼道灯坏了，另外垃圾桶满了好几天没人清", ["楼道灯", "垃圾桶"]),
    "also": ("3号楼楼道灯坏了，还有下水道堵了往外冒脏水", ["楼道灯", "下水道"]),
    "by the way, a question": ("3号楼楼道灯坏了，顺便问一下物业费怎么交", ["楼道灯", "物业费"]),
    "announced": ("第一个事，5号楼电梯坏了，第二个事，2号楼垃圾没人清", ["电梯", "垃圾"]),
    "semicolon": ("3号楼2单元楼道灯坏了；2号楼门口堆了一堆装修垃圾", ["楼道灯", "装修垃圾"]),
    "two lines": ("3号楼楼道灯坏了\n5号楼楼道灯也坏了", ["3号楼", "5号楼"]),
    "one and one, in one breath": (
        "俺说两句一个是3号楼电梯坏了一个是5号楼垃圾没人清",
        ["电梯坏了", "垃圾没人清"],
    ),
    "one thing and another": ("一样是楼道灯坏了，一样是下水道堵了往外冒", ["楼道灯", "下水道"]),
    "counted with colons": ("一事：3号楼楼道灯坏了。二事：5号楼下水道堵了", ["楼道灯", "下水道"]),
    "so many items": ("头一宗，3号楼电梯坏了；第二宗，5号楼垃圾没人清", ["电梯", "垃圾"]),
    "comma, another building": ("3号楼楼道灯坏了，2号楼门口垃圾没人清", ["3号楼", "2号楼"]),
}


@each_row(("text", "parts"), SEVERAL.values())
def test_several_matters(text: str, parts: list[str]) -> None:
    found = apart(text)
    assert len(found) == len(parts)
    assert all(part in one.words for part, one in zip(parts, found, strict=True))


ONE = {
    "two sentences": "3号楼2单元楼道灯坏了。晚上黑漆漆的看不见路，希望尽快修",
    "what may come of it": "3号楼楼道灯坏了，老人摔了怎么办",
    "what may come of it, a sentence": "3号楼楼道灯坏了。老人摔了怎么办",
    "who suffers from it": "3号楼2单元楼道灯坏了，还有老人住，晚上看不见",
    "more of the same": "5号楼外墙掉了一大块瓷砖，还有几块松松地挂着",
    "how long already": "3-1-501漏水，厨房顶上一直滴，墙都泡了。已经三天了",
    "two buildings, one trouble": "1、2号楼都停水了",
    "only one of it": "一个是楼道灯坏了三天没人修，晚上黑漆漆的",
    "one is not": "3号楼灯坏了，这一个是新换的，那一个是旧的",
    "a measure": "3号楼门口有个1.5米的坑，另外没有围挡",
    "a form": "1）地点：3号楼地下车库；2）现象：管道漏水；3）影响：电动车没法充电",
    "questions of one enquiry": "1. 居住证怎么办理；2. 社保卡在哪里领；3. 几点下班",
    "one thing twice": "3号楼楼道灯坏了；3号楼楼道灯不亮",
    "chatter beside it": "3号楼楼道灯坏了；今天天气真好",
}


@pytest.mark.parametrize("text", ONE.values(), ids=list(ONE))
def test_one_matter(text: str) -> None:
    assert apart(text) == ()


PLACES = {
    "stated first": ("3号楼2单元楼道灯坏了，另外垃圾桶满了没人清", [("3", "2"), ("3", "2")]),
    "stated before the list": (
        "3号楼有两件事：1、楼道灯坏了 2、下水道堵了",
        [("3", None), ("3", None)],
    ),
    "stated last": ("楼道灯坏了，另外下水道堵了，都在3号楼2单元", [("3", "2"), ("3", "2")]),
    "each its own": ("3号楼楼道灯坏了；2号楼垃圾没人清", [("3", None), ("2", None)]),
    "own unit": ("3号楼1单元楼道灯坏了，另外2单元下水道堵了", [("3", "1"), ("3", "2")]),
    "nowhere": ("楼道灯坏了，另外下水道堵了往外冒脏水", [(None, None), (None, None)]),
}


@pytest.mark.parametrize(("text", "places"), PLACES.values(), ids=list(PLACES))
def test_a_place_stated_once_holds_for_those_without(text: str, places: list[object]) -> None:
    found = [(one.heard.location.building, one.heard.location.unit) for one in apart(text)]
    assert found == places


def test_the_urgent_one_is_known_among_them() -> None:
    found = apart("3号楼2单元燃气味很重，头都晕了；另外2号楼楼道灯坏了")
    assert [one.heard.urgent for one in found] == [True, False]


def test_a_long_list_is_left_to_a_person() -> None:
    things = "楼道灯坏了 下水道堵了 电梯坏了 门禁坏了 停水了 垃圾没人清".split()
    rows = [f"{at}、{at}号楼{thing}" for at, thing in enumerate(things, 1)]
    assert len(apart("\n".join(rows[:MOST]))) == MOST
    assert apart("\n".join(rows)) == ()


ANSWERS = {
    "yes": ("是", True),
    "apart": ("分开办吧", True),
    "each for itself": ("各办各的", True),
    "not one matter": ("不是一件事", True),
    "no": ("不是", False),
    "no, colloquially": ("不用分开", False),
    "together": ("合在一起吧", False),
    "one matter": ("就是一回事", False),
    "where it is": ("3号楼2单元", False),
}


@pytest.mark.parametrize(("text", "separate"), ANSWERS.values(), ids=list(ANSWERS))
def test_the_answer(text: str, separate: bool) -> None:
    answer = answered(Heard(text, question="matters"), clean(text), Location(), None)
    assert answer is not None
    assert answer.intent == "matters"
    assert (answer.words == YES) == separate


@pytest.mark.parametrize(
    "text", ["今天晚上有人一起跳舞吗我们在东门口等大家来呀", "哈哈哈", "吃饭了没"]
)
def test_what_is_no_answer(text: str) -> None:
    assert answered(Heard(text, question="matters"), clean(text), Location(), None) is None


def test_nobody_comes_is_an_answer_too() -> None:
    answer = answered(Heard("不用了", question="matters"), clean("不用了"), Location(), None)
    assert answer is not None
    assert answer.intent == "cancel"
