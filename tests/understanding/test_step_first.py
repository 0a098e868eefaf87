"""A step's word that stands first is the step; leave and rounds behind it are its reason or result."""

import pytest

from bot.understanding import Heard, Listener
from tests.rows import each_row


def heard(words: str) -> tuple[str, str | None]:
    told = Listener().understand(Heard(text=words, role="worker", private=True))
    return told.intent, told.name


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("退回 我在休假，不归我", "worker_return"),
        ("G1002 退回，我休年假", "worker_return"),
        ("延期 我明天请假", "worker_extend"),
        ("转派 何梅 我明天请假", "worker_transfer"),
        ("上报 我请假了没人管", "worker_escalate"),
        ("退单。下周请婚假，赶不上", "worker_return"),
    ],
)
def test_the_reason_of_a_step_is_no_request_for_leave(words: str, intent: str) -> None:
    assert heard(words)[0] == intent


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("上午看过了，物业的事，转物业", "物业"),
        ("我去看了一圈 线路老化 转供电所处理", "供电所"),
        ("刚才巡查过了，消防栓没水，转给消防站", "消防站"),
    ],
)
def test_who_went_and_sends_it_on_hands_over(words: str, name: str) -> None:
    assert heard(words) == ("worker_transfer", name)


@pytest.mark.parametrize(
    "words",
    [
        "请假 明天 何梅代",
        "明天请假一天，李强代班",
        "延期请不了了，我明天请假 何梅代",
        "下周一我要请事假，何梅代",
    ],
)
def test_leave_is_still_leave(words: str) -> None:
    assert heard(words)[0] == "leave_ask"


@pytest.mark.parametrize(
    "words",
    [
        "今天走访了刘奶奶家，一切正常",
        "上午巡查完了，又转到社区看了看",
        "走访 刘奶奶家 一切都好",
        "加油站查过了，没发现隐患",
        "巡了一圈，转了转物业用房",
    ],
)
def test_rounds_are_still_rounds(words: str) -> None:
    assert heard(words)[0] in ("visited", "worker_visit")


@pytest.mark.parametrize(
    "words",
    [
        "供水公司抢修，预计晚上六点来水",
        "供电所正在检修，大概两个小时",
        "物业的师傅正在修了",
        "电梯维保还在处理",
        "燃气公司施工 估计下午能通气",
    ],
)
def test_an_office_at_work_is_handed_nothing(words: str) -> None:
    assert heard(words)[0] != "worker_transfer"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("请供水公司抢修", "供水公司"),
        ("这个让供电所去检修", "供电所"),
        ("转给物业，让他们处理", "物业"),
        ("归燃气公司管", "燃气公司"),
    ],
)
def test_who_asks_for_an_office_hands_over(words: str, name: str) -> None:
    assert heard(words) == ("worker_transfer", name)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("转阳光物业", "阳光物业"),
        ("转派 供电所", "供电所"),
        ("转给电梯维保", "电梯维保"),
        ("阳光物业", "阳光物业"),
        ("何梅", "何梅"),
    ],
)
def test_asked_to_whom(words: str, name: str) -> None:
    told = Listener().understand(
        Heard(text=words, role="worker", private=True, question="transfer_to")
    )
    assert (told.intent, told.name) == ("worker_transfer", name)


@each_row(
    ("words", "intent"),
    [
        ("挪走了，蛮好的", "confirm_ok"),
        ("已经开走了", "confirm_ok"),
        ("垃圾运走了 谢谢", "confirm_ok"),
        ("没味道了", "confirm_ok"),
        ("厨房没有臭味了", "confirm_ok"),
        ("没异响了", "confirm_ok"),
        ("还没挪走", "confirm_bad"),
        ("没人来挪", "confirm_bad"),
        ("车还在原地", "confirm_bad"),
        ("还有味道", "confirm_bad"),
        ("又停了一辆，还在那儿", "confirm_bad"),
    ],
)
@pytest.mark.parametrize("private", [True, False], ids=["alone", "group"])
def test_whether_it_is_gone(words: str, intent: str, *, private: bool) -> None:
    told = Listener().understand(Heard(text=words, private=private, question="satisfied"))
    assert told.intent == intent


@pytest.mark.parametrize(
    "words", ["我先走了", "孩子刚睡着 没味口", "出去玩了 车开得慢", "搬家公司推荐一个"]
)
def test_neighbours_talk_is_no_verdict(words: str) -> None:
    told = Listener().understand(Heard(text=words, question="satisfied"))
    assert not told.intent.startswith("confirm")


@pytest.mark.parametrize("words", ["接单 G1001", "G1001 退回", "办结 G1001 灯泡已换", "上报1001"])
def test_a_resident_with_a_step_and_a_number_is_answered(words: str) -> None:
    assert Listener().understand(Heard(text=words, private=True)).intent == "not_his"


@pytest.mark.parametrize(
    "words", ["G1001 办结了吗", "G1001 转给谁了", "接单", "上报给社区了", "G1001 什么时候到场"]
)
def test_a_resident_who_asks_is_heard_as_always(words: str) -> None:
    assert Listener().understand(Heard(text=words, private=True)).intent != "not_his"


@pytest.mark.parametrize(
    "words",
    ["办不了", "这个我办不了", "搞不定", "弄不好", "今天办不完", "没办法修", "管不了", "在开会"],
)
def test_who_cannot_has_not_taken_it_nor_done_it(words: str) -> None:
    taken = ("worker_done", "worker_accept", "worker_arrive")
    assert heard(words)[0] not in taken


@pytest.mark.parametrize("words", ["在开会", "我在外地", "还没到", "在街道开会", "在忙", "人不在"])
def test_who_is_elsewhere_has_not_come(words: str) -> None:
    assert heard(words)[0] != "worker_arrive"


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("处理不了，上报吧", "worker_escalate"),
        ("之前修不好的那个已经换了新的", "worker_done"),
        ("原来修不好，换了一个，好了", "worker_done"),
        ("办好了", "worker_done"),
        ("在现场了", "worker_arrive"),
        ("到现场了", "worker_arrive"),
        ("收到，开完会就去", "worker_accept"),
        ("在路上", "worker_accept"),
    ],
)
def test_steps_are_still_heard(words: str, intent: str) -> None:
    assert heard(words)[0] == intent
