"""Appointments, care and offers of help as people word them."""

from datetime import datetime, time, timedelta

import pytest

from bot.understanding import Heard, Listener, care, errands
from bot.understanding.times import ZONE
from tests.rows import each_row

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)  # a Monday
SLOTS = [
    datetime(2026, 11, 23, 14, 0, tzinfo=ZONE),
    datetime(2026, 11, 24, 8, 30, tzinfo=ZONE),
    datetime(2026, 11, 24, 14, 0, tzinfo=ZONE),
]


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener()


@each_row(
    ("words", "role", "question", "intent"),
    [
        ("我想预约明天下午3点上门办老年证", "resident", "", "appointment"),
        ("能不能上门帮我代办一下医保缴费", "resident", "", "appointment"),
        ("请网格员陪我去街道办事", "resident", "", "appointment"),
        ("我想预约", "resident", "", "appointment"),
        ("我的预约", "resident", "", "my_appointments"),
        ("改到后天上午10点", "worker", "", "appointment_move"),
        ("取消预约", "resident", "", "appointment_cancel"),
        ("没见到人", "worker", "", "appointment_absent"),
        ("第二个", "resident", "slots", "slot"),
        ("都不行", "resident", "slots", "slot"),
        ("明天上午的吧", "resident", "slots", "slot"),
        ("不用了", "resident", "slots", "cancel"),
        ("招募 给刘奶奶送药", "worker", "", "volunteer_need"),
        ("我报名志愿者", "resident", "", "volunteer_register"),
        ("没空", "resident", "hand", "volunteer_decline"),
        ("可以", "resident", "hand", "volunteer_accept"),
        ("第二件", "resident", "hand", "volunteer_accept"),
        ("我来第一件吧", "resident", "hand", "volunteer_accept"),
        ("2", "resident", "hand", "volunteer_accept"),
        ("V1002", "resident", "hand", "volunteer_accept"),
        ("我愿意接V1002这件", "resident", "hand", "volunteer_accept"),
        ("都没空", "resident", "hand", "volunteer_decline"),
        ("2号楼停水了", "resident", "hand", "report"),
        ("牛奶送到了", "resident", "", "care_confirm"),
        ("送到了，路上堵车", "resident", "", "care_confirm"),
        ("今天牛奶没送来", "resident", "", "care_failed"),
        ("今天送不了，家里有事", "resident", "", "care_failed"),
        ("外卖没送到", "resident", "", "report"),
        ("明天不行，改后天下午", "worker", "", "appointment_move"),
        ("改明天4点吧", "resident", "", "appointment_move"),
        ("推迟一天", "resident", "", "appointment_shift"),
        ("有事找谁", "resident", "", "contact"),
    ],
)
def test_what_is_meant(listener, words, role, question, intent) -> None:
    heard = listener.understand(Heard(words, role=role, private=True, question=question))
    assert heard.intent == intent


@pytest.mark.parametrize(
    "words",
    [
        "我爸得了癌症 想找个志愿者陪护",
        "有没有志愿者能帮我家搬个柜子",
        "V1002是什么事",
        "第一件是几点的",
        "第二件事不行",
        "2楼的灯坏了",
    ],
)
def test_who_is_asked_for_a_hand_and_says_something_else_promises_nothing(listener, words) -> None:
    heard = listener.understand(Heard(words, role="resident", private=True, question="hand"))
    assert heard.intent != "volunteer_accept"


@pytest.mark.parametrize(
    "words",
    [
        "老年证代办要什么材料",
        "疫苗怎么预约",
        "电梯坏了，预约明天上门修",
        "快递送到了吗",
        "约好了明天去跳舞",
    ],
)
def test_what_is_none_of_these(listener, words) -> None:
    heard = listener.understand(Heard(words))
    ours = ("appointment_", "care_", "volunteer", "my_appointments")
    assert not heard.intent.startswith(ours)
    assert heard.intent != "appointment" or heard.sure < 0.95


@pytest.mark.parametrize(
    ("words", "slot"),
    [
        ("明天下午的", 2),
        ("今天下午", 0),
        ("上午那个", 1),
        ("明天8点半", 1),
        ("下午", 0),  # today, as nothing else is said
        ("明天上午9点", None),  # a time of its own
        ("后天上午", None),
    ],
)
def test_which_of_the_times(words, slot) -> None:
    assert errands.pick(words, NOW, SLOTS) == (None if slot is None else SLOTS[slot])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("每天 9点 给刘奶奶送牛奶 赵姐", ("1234567", time(9), "给刘奶奶送牛奶 赵姐", "刘奶奶")),
        ("工作日 17:00 给刘奶奶打电话", ("work", time(17), "给刘奶奶打电话", "刘奶奶")),
        ("每周一三五下午4点半 给张大爷送饭", ("135", time(16, 30), "给张大爷送饭", "张大爷")),
        ("给刘奶奶送牛奶", ("", None, "给刘奶奶送牛奶", "刘奶奶")),
    ],
    ids=["every day", "working days", "three days", "neither day nor hour"],
)
def test_a_care_plan_in_one_line(words, expected) -> None:
    found = care.line(words)
    assert (found.days, found.at, found.what, found.subject) == expected


@pytest.mark.parametrize(
    ("words", "rough"),
    [("后天", True), ("下周三", True), ("后天上午", False), ("后天10点", False), ("", False)],
    ids=lambda value: str(value) or "-",
)
def test_a_day_alone(words: str, rough: bool) -> None:
    assert errands.wish(words, NOW).rough == rough


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("推迟一天", timedelta(days=1)),
        ("提前半小时", timedelta(hours=-0.5)),
        ("延后两个小时", timedelta(hours=2)),
        ("推迟到周五", None),
        ("能不能晚一个小时", timedelta(hours=1)),
        ("晚二十分钟行吗", timedelta(minutes=20)),
        ("早半个小时来", timedelta(hours=-0.5)),
        ("往后推两天", timedelta(days=2)),
        ("晚一个半小时", timedelta(hours=1.5)),
        ("晚一刻钟", timedelta(minutes=15)),
        ("往前提一小时", timedelta(hours=-1)),
        ("早上9点", None),
        ("晚上来", None),
    ],
)
def test_put_off_by(words: str, by: timedelta | None) -> None:
    assert errands.shift(words) == by


def test_next_week_and_a_day_of_it() -> None:
    monday = datetime(2026, 11, 30, tzinfo=ZONE)
    assert errands.next_week("都不行，下周行吗", NOW) == monday
    assert errands.next_week("下周三上午", NOW) is None
    thursday = datetime(2026, 11, 26, 14, tzinfo=ZONE)
    assert errands.in_that_week("周四下午", thursday, monday) == thursday + timedelta(days=7)
    assert errands.in_that_week("这周四下午", thursday, monday) == thursday


@pytest.mark.parametrize(
    ("words", "way"),
    [
        ("提前一点行不行", -1),
        ("早点来", -1),
        ("往前提一提", -1),
        ("晚些时候", 1),
        ("往后挪一挪", 1),
        ("晚一点有没有", 1),
        ("早上来", 0),
        ("晚上", 0),
        ("早一点半", 0),
        ("下午", 0),
    ],
)
def test_a_little_earlier_or_later(words: str, way: int) -> None:
    assert errands.leaning(words) == way


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("我明天不在家", (24,)),
        ("那就27号", (27,)),
        ("20号吧", (20,)),  # of December: November's is over
        ("27号楼漏水", ()),
        ("32号", ()),
        ("早点来", ()),
    ],
)
def test_the_days_that_are_named(words: str, days: tuple[int, ...]) -> None:
    assert tuple(one.day for one in errands.days_named(words, NOW)) == days


@pytest.mark.parametrize(
    ("words", "keeps"),
    [
        ("算了算了 就27号", True),
        ("算了，还是明天吧", True),
        ("算了 不用来了", False),
        ("就这样", False),
    ],
)
def test_whether_it_shall_stay(words: str, *, keeps: bool) -> None:
    assert errands.keeps(words) is keeps


SEEKS = {
    True: [
        "有没有志愿者能帮我家搬个柜子", "我想找个志愿者陪我妈说说话", "需要志愿者帮忙量血压", "你们有志愿者吗 帮忙接一下孩子",
        "社区有志愿者没 想请来给老人理个发", "能不能派个志愿者上门教我用手机", "志愿者能来帮我打扫一下吗", "求个热心人帮我买点药",
        "麻烦找位志愿者扶我下楼晒太阳", "志愿者有空帮我取个包裹吗", "有义工吗 老伴住院了缺个人送饭", "找志愿者",
    ],
    False: [
        "我报名志愿者", "我可以帮忙送", "我是志愿者 可以帮老人理发", "需要志愿者的话我可以来", "需要志愿者吗 我有空",
        "志愿者帮我搬完了 谢谢", "昨天有志愿者来量血压", "志愿者站在哪", "有志愿者来帮忙了", "哪里报名志愿者", "怎么当志愿者",
        "志愿者辛苦了", "想当志愿者帮帮老人", "谁有空帮我看下门", "找人修一下灯", "社区志愿者在东门发口罩",
    ],
}  # fmt: skip


@each_row(("words", "seeks"), [(words, seeks) for seeks, each in SEEKS.items() for words in each])
def test_a_need_is_no_offer(words: str, *, seeks: bool) -> None:
    assert errands.seeks(words) is seeks


@pytest.mark.parametrize(
    ("words", "role", "intent"),
    [
        ("敲门没人", "worker", "appointment_absent"),
        ("供电所已经来人了", "resident", None),
        ("消防车到了", "resident", None),
        ("物业的师傅在修了", "resident", None),
    ],
)
def test_help_that_has_come_and_a_door_nobody_opens_are_no_danger(
    listener: Listener, words: str, role: str, intent: str | None
) -> None:
    found = listener.understand(Heard(words, role=role, private=True))
    assert not found.urgent
    assert intent in (None, found.intent)


@pytest.mark.parametrize(
    "words",
    ["老人一个人住 敲了半天门没人应", "消防车进不来 楼上还在烧", "救护车还没到 人已经没反应了"],
)
def test_a_danger_beside_such_words_stays_one(listener: Listener, words: str) -> None:
    assert listener.understand(Heard(words)).urgent


@pytest.mark.parametrize(
    ("need", "fits", "does_not"),
    [
        ("想找个志愿者帮忙买菜", "我报名志愿者 平时能帮老人买菜", "我报名志愿者，我会理发"),
        ("请志愿者上门理发", "报名志愿者 会理发修鞋", "我想当志愿者，周末有空"),
        ("明天上午送米到2号楼", "可以帮忙送米送菜", "我可以帮忙照看孩子"),
        ("教老人用手机挂号", "我会用手机，可以教", "我报名志愿者"),
    ],
)
def test_who_offered_what_is_needed_fits_better(need: str, fits: str, does_not: str) -> None:
    assert errands.likeness(need, fits) > errands.likeness(need, does_not) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我没空", True),
        ("今天走不开", True),
        ("我去不了了", True),
        ("师傅没空来修，楼道灯还是黑的", False),
        ("有空", False),
        ("没水了", False),
    ],
)
def test_a_no_and_nothing_else(text: str, expected: bool) -> None:
    assert errands.only_declines(text) is expected
