"""Which words name a spot, and when a record of what was understood has one."""

from datetime import datetime

import pytest

from bot.understanding import Heard, Listener, Location, Understanding, landmark
from bot.understanding.normalise import clean
from bot.understanding.records import Asked, answer, asked
from bot.understanding.slots import is_spot, place
from domain.workdays import TZ
from tests.rows import each_row


def spot(text: str) -> str | None:
    """The place of a text if it is a spot."""
    found = place(clean(text).plain)
    return found if found and is_spot(found) else None


SPOTS = {
    # shared parts of a house and what leans on them
    "3号楼天井里堆满东西": "天井里", "架空层停满电动车": "架空层", "楼道的消防门被拆了": "楼道的消防门", "5栋单元门夹手": "单元门", "顶层平台搭了棚子": "顶层平台",
    "顶楼加盖了一间": "顶楼", "人防地下室进水": "人防地下室", "连廊漏雨": "连廊", "楼顶太阳能漏水": "楼顶", "外墙瓷砖往下掉": "外墙瓷砖",
    # the estate outdoors
    "西门岗亭玻璃碎了": "西门岗亭玻璃", "靠围墙那棵树要倒": "围墙", "宣传栏玻璃掉了": "宣传栏玻璃", "沙坑里有猫屎": "沙坑里", "人工湖护栏断了": "人工湖护栏",
    "晾衣区绳子断了": "晾衣区", "5号楼东侧窨井盖没了": "东侧窨井盖", "二期东门有人打架": "二期东门", "灌木丛里有死猫": "灌木丛里", "路灯全瞎": "路灯",
    # streets, waters, villages
    "河堤塌了一块": "河堤", "水库边有人游泳": "水库边", "渡口没护栏": "渡口", "田埂塌了": "田埂", "高架下面有人睡觉": "高架下", "非机动车道停满车": "非机动车道",
    # services, shops and stalls
    "便民服务大厅空调坏了": "便民服务大厅空调", "超市门口音响太吵": "超市门口", "宠物店的狗一直叫": "宠物店", "麻辣烫摊子那儿几个人动手了": "麻辣烫摊子那儿",
    "社区医院门口有人晕倒": "社区医院门口", "幼儿园后墙开裂": "幼儿园后墙",
    # where it is rather than who does it, and rather than what is broken
    "烧烤摊把人行道摆满了": "人行道", "诊所的针头丢在花坛里": "花坛里", "监控黑屏 北门那个": "北门", "门口那个井盖松了": "门口那个井盖",
}  # fmt: skip


@each_row(("text", "where"), SPOTS.items())
def test_a_spot_is_where_one_can_go(text: str, where: str) -> None:
    assert spot(text) == where


NO_SPOT = {
    "rooms of a flat": "我家厨房漏水", "what leans on a room": "卫生间下水道返烟味", "a balcony's pipe": "阳台落水管断了",
    "a fixture of every floor": "楼道灯坏了", "a hydrant": "车挡了消防栓", "an intercom": "对讲坏了三个星期", "pipes": "暖气管子哐哐响", "a part": "天花板滴水",
    "one's own doorstep": "车停在我家店门口", "a doorway and no more": "12幢门口有台车", "who lives there": "我住顶楼", "somebody spoken to": "后面车位的兄弟挪一挪",
    "a shop that says": "健身房说装修关门三个月", "a shop that owes": "饭店拖欠工资", "what one rides": "等电梯等了半天", "a round that found nothing": "巡查地下车库均正常", "a school one goes to": "孩子上小学了",
}  # fmt: skip


@each_row("text", NO_SPOT.values())
def test_what_is_broken_or_whose_it_is_is_no_spot(text: str) -> None:
    assert spot(text) is None


LOOK_ALIKE = (
    "后天面试", "看台风几点来", "物业办事太慢", "这个烂摊子谁收", "听小道消息", "替我出口气", "过马路当心", "在农村口音重",
)  # fmt: skip


@pytest.mark.parametrize("text", LOOK_ALIKE)
def test_words_that_only_look_like_a_place(text: str) -> None:
    assert spot(text) is None


def recorded(intent: str, where: Location, role: str = "resident") -> dict | None:
    """The location of a record of this."""
    said = Asked("m1", Heard("", role=role))
    location: dict | None = answer(said, Understanding(intent, location=where))["location"]
    return {slot: value for slot, value in location.items() if value} if location else None


WITH_A_PLACE = {
    "a report": ("report", "resident", Location(building="3", place="楼道")),
    "a worker's report": ("report", "worker", Location(building="3", place="楼道")),
    "what a worker found on his round": ("worker_visit", "worker", Location("3", place="楼道")),
}


@pytest.mark.parametrize(("intent", "role", "where"), WITH_A_PLACE.values(), ids=WITH_A_PLACE)
def test_what_is_wrong_has_its_place(intent: str, role: str, where: Location) -> None:
    assert recorded(intent, where, role) == {"building": "3", "place": "楼道"}


WITHOUT = {
    "the flat is where it is": ("report", "resident", Location("3", "2", "501", place="外墙")),
    "a fixture is what it is": ("report", "resident", Location("3", place="楼道灯")),
    "a wish": ("suggestion", "resident", Location("3", place="楼道")),
    "a question": ("inquiry", "resident", Location("3", place="电梯")),
    "an appointment": ("appointment", "resident", Location("3", place="楼下")),
    "a worker has arrived": ("worker_arrive", "worker", Location("3", place="楼道")),
    "a worker is done": ("worker_done", "worker", Location("3", place="楼道")),
}


@pytest.mark.parametrize(("intent", "role", "where"), WITHOUT.values(), ids=WITHOUT)
def test_elsewhere_a_place_is_only_spoken_of(intent: str, role: str, where: Location) -> None:
    found = recorded(intent, where, role)
    assert found is not None
    assert found["building"] == "3"
    assert "place" not in found


NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
LANDMARKS = {
    "the gate of the estate": ("小区大门口堵死了", True),
    "a gate by its side of the world": ("南门口的路灯不亮", True),
    "a court": ("篮球场那边的灯坏了", True),
    "the garage": ("地下车库进水了", True),
    "a room for everybody": ("活动中心的暖气不热", True),
    "the gate of a house": ("单元大门口的灯不亮", False),
    "somebody's own garage": ("我家车库进水了", False),
    "what every floor has": ("楼道灯不亮了", False),
    "bins are everywhere": ("我们楼下垃圾桶满了", False),
    "a word of position": ("门口那个大坑", False),
}


@pytest.mark.parametrize(("text", "alone"), LANDMARKS.values(), ids=LANDMARKS)
def test_what_a_grid_has_one_of(text: str, alone: bool) -> None:
    assert landmark(text, place(clean(text).plain)) is alone


def test_a_round_that_found_something_is_asked_about() -> None:
    said = asked({"id": "1", "text": "例行检查 地下车库灭火器过期三个", "role": "worker"}, NOW)
    found = answer(said, Listener().understand(said.heard))
    assert (found["intent"], found["category"], found["action"]) == (
        "worker_visit",
        "fire_safety",
        "ask",
    )
