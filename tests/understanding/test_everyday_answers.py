"""Everyday answers of residents and everyday words of staff, in groups and in private."""

from datetime import timedelta

import pytest

from bot.understanding import Heard, Listener, Location, extension
from tests.rows import each_row

LISTENER = Listener()


def heard(text, **more):
    return LISTENER.understand(Heard(text, **more))


GROUP = {
    "chat": [
        "好的，晚上一起跳舞", "谢谢张姐的饺子", "没问题 明天见", "我儿子考得不好", "不好意思各位 打扰了", "水果不新鲜 差评", "还没看", "这家饭店味道还行",
        "我到家了 挺好的", "还可以吧今天不冷", "哈哈哈好好好", "孩子考得不错", "这个团购可以的", "电影很不错", "快递收到了", "张姐你的药好了没",
        "等我回家看看", "不知道 我不在家", "早上好", "晚饭吃好了吗", "你家猫真好看 谢谢", "菜不好吃", "没来得及看", "太慢了这快递",
    ],
    "confirm_ok": [
        "满意", "1", "好的", "可以", "可以的 谢谢", "好了谢谢", "修好了", "亮了亮了", "已经修好啦", "都好了", "可以了谢谢师傅", "满意👍", "很满意 李师傅辛苦了",
        "谢谢啦", "👍", "OK", "行", "没问题", "老李师傅辛苦了", "好的 谢谢小李", "不错不错", "五星好评", "凑合吧", "马马虎虎吧 一般", "门关得上了 换得挺好",
        "下水道通了 谢谢", "来水了 好的", "灯亮了 谢谢",
    ],
    "confirm_bad": [
        "不满意", "2", "还是不亮", "没修", "没修好", "压根没人来", "又坏了", "还是老样子", "不太满意，师傅态度差", "根本没修好啊！还是黑的", "还是不行，一点都没好",
        "不行", "差评", "修了跟没修一样", "比以前更差了", "灯还是不亮",
    ],
}  # fmt: skip


@each_row(
    ("intent", "text"),
    [(intent, text) for intent, texts in GROUP.items() for text in texts],
)
def test_asked_whether_satisfied_in_a_group(intent, text):
    meant = heard(text, question="satisfied")
    assert meant.intent == intent or (intent, meant.action) == ("chat", "silent")


ALONE = {
    "100分": "confirm_ok", "五星好评": "confirm_ok", "不错不错": "confirm_ok", "太慢了": "confirm_bad", "效果不行": "confirm_bad",
    "还没看": "chat", "我在外地 不知道": "chat", "挺好的呀比上次强": "confirm_ok",
}  # fmt: skip


@pytest.mark.parametrize(("text", "intent"), ALONE.items(), ids=ALONE)
def test_asked_whether_satisfied_in_private(text, intent):
    assert heard(text, question="satisfied", private=True).intent == intent


def test_a_quoted_case_is_an_answer_too():
    said = "挺好的呀比上次强"
    assert heard(said, question="satisfied").intent == "chat"
    quoted = heard(said, question="satisfied", quote="【G1002】办好了，满意吗？")
    assert quoted.intent == "confirm_ok"


NODS = [
    "收到",
    "好的",
    "OK",
    "嗯",
    "👌",
    "好",
    "好嘞",
    "没问题",
    "知道了",
    "收到收到",
    "好的 谢谢",
    "收到！",
    "行",
    "明白",
]


@pytest.mark.parametrize("text", ["OK了", "好了", "行了"])
def test_a_bare_done_of_staff(text):
    assert heard(text, role="worker").intent == "chat"
    assert heard(text, role="worker", private=True).intent == "worker_done"


@each_row("text", NODS)
@pytest.mark.parametrize("role", ["worker", "leader"])
def test_a_bare_nod_of_staff(text, role):
    among_others = heard(text, role=role)
    assert (among_others.intent, among_others.sure, among_others.action) == ("chat", 0.9, "silent")
    for more in ({"private": True}, {"quote": "【G1002】下水道堵了"}):
        assert heard(text, role=role, **more).intent == "worker_accept"


def test_a_nod_with_a_number_takes_the_case():
    meant = heard("收到 G1002", role="worker")
    assert (meant.intent, meant.case_number) == ("worker_accept", "G1002")


STAFF = {
    "worker_accept": [
        "接了", "领了", "我去", "我去看看", "好的我去", "2号楼的门禁我现在去看", "这个我来处理", "我接了，半小时后到", "收到马上到", "已安排师傅", "我马上过去",
    ],
    "worker_arrive": ["我在现场了", "已经到3号楼了", "到了", "我到了"],
    "worker_done": [
        "问题解决", "处理了", "已经叫保洁清了，现在干净了", "3号楼那个修好了", "OK了", "搞定了", "垃圾清运走了", "现在好了", "弄好了", "修好了", "换了个新的对讲机，试过能用了",
        "处理好了",
    ],
    "worker_escalate": ["申请街道支援", "解决不了", "这事我处理不了，请领导协调", "再往上报一下"],
    "worker_return": ["退回 不归我", "这件退回去吧，不是我们网格的", "派错了，不归我们网格"],
    "worker_extend": ["晚两天", "要推两天", "配件没到，缓一周", "延到25号", "延两天 等配件", "往后拖三天"],
    "my_cases": ["我手上还有哪些活", "我还有几个单子", "我手上的活", "看看我手头的案件"],
    "visited": ["巡查发现3号楼灯坏了"],
    "report": ["5号楼2单元电梯坏了"],
}  # fmt: skip


@each_row(
    ("intent", "text"),
    [(intent, text) for intent, texts in STAFF.items() for text in texts],
)
def test_staff_in_everyday_words(intent, text):
    assert heard(text, role="worker", private=True).intent == intent


HANDED = {
    "请供电所处理": "供电所", "这个要供水公司来弄，麻烦转一下": "供水公司", "给物业办": "物业", "这不是我的活，找物业": "物业", "这个归城管管，转给他们": "城管",
    "让阳光物业去": "阳光物业", "交给城管中队吧": "城管中队", "转物业": "物业", "这事该派出所管": "派出所", "得找电梯维保来": "电梯维保",
}  # fmt: skip


@pytest.mark.parametrize(("text", "name"), HANDED.items(), ids=HANDED)
def test_staff_hand_over_in_everyday_words(text, name):
    meant = heard(text, role="worker", private=True)
    assert (meant.intent, meant.name) == ("worker_transfer", name)


FREE = [text for intent in STAFF for text in STAFF[intent] if intent.startswith("worker_")]


@each_row("text", [*FREE, *HANDED])
def test_free_wording_is_less_sure_than_a_command(text):
    explicit = text.startswith("退回")
    assert (heard(text, role="worker").sure >= 0.95) is explicit


@pytest.mark.parametrize(
    "text",
    ["接单", "办结 换好了", "转派 物业", "上报 不归我", "延期 两天", "退回 不归我", "接单 G1"],
)
def test_a_command_is_sure(text):
    assert heard(text, role="worker").sure >= 0.95


@pytest.mark.parametrize("text", ["在吗", "那个东西你懂的", "昨天那个人", "哦那行吧就那样了"])
def test_unrecognised_words_of_staff_in_private_are_asked_back(text):
    meant = heard(text, role="worker", private=True)
    assert meant.intent in {"chat", "other"}
    assert meant.action == "ask"


NOT_YET = [
    "还没修好，明天再来",
    "修好了吗我也不知道",
    "快修好了",
    "马上修好",
    "在处理了",
    "这个我不接",
    "我接不了",
    "没处理",
    "我去不了",
    "下午三点开会，收到请回复",
]


@each_row("text", NOT_YET)
@pytest.mark.parametrize("private", [False, True], ids=["group", "private"])
def test_what_is_not_done_moves_no_case(text, private):
    meant = heard(text, role="worker", private=private)
    assert meant.intent not in {"worker_done", "worker_accept", "confirm_bad"}


@pytest.mark.parametrize("text", ["谢谢", "早上好", "哈哈", "辛苦了"])
def test_courtesies_of_staff_take_no_case(text):
    assert heard(text, role="worker", private=True).intent == "chat"


LONGER = {
    "等配件，延两天": timedelta(days=2), "清运车坏了，要晚一天": timedelta(days=1), "推两天": timedelta(days=2), "拖一周 等厂家": timedelta(weeks=1),
    "缓半天": timedelta(hours=12), "晚三小时到货": timedelta(hours=3), "要等厂家发货，再给我三天时间": timedelta(days=3), "24小时 师傅请假": timedelta(hours=24),
    "往后推五天": timedelta(days=5), "延期到周五 等配件": None, "延到明天下午": None, "延到25号": None, "延到25日": None, "延到12月": None,
    "延到12月3日": None, "已经等了三天": None, "等配件": None, "": None, "拖了两天": None,
}  # fmt: skip


@each_row(("text", "span"), LONGER.items())
def test_how_much_longer(text, span):
    found, words = extension(text)
    assert found == span
    assert span is not None or words == text


def test_the_reason_stays_without_the_duration():
    assert extension("等配件，延两天") == (timedelta(days=2), "等配件")
    assert extension("清运车坏了，要晚一天") == (timedelta(days=1), "清运车坏了")


NEAREST = [
    ("东门快递柜坏了", ("东门", "东大门", "快递柜"), "东门"),
    ("东门快递柜坏了", ("快递柜", "东门"), "快递柜"),
    ("东门快递柜坏了", ("东门", "东门快递柜"), "东门快递柜"),
    ("充电车棚漏雨", ("车棚", "充电车棚"), "充电车棚"),
    ("充电车棚漏雨", ("充电车棚", "车棚"), "充电车棚"),
    ("东大门灯坏了", ("东门", "东大门"), "东大门"),
    ("西门灯坏了", ("东门",), None),
]


@pytest.mark.parametrize(
    ("text", "places", "name"), NEAREST, ids=[f"{r[0]}-{'-'.join(r[1])}" for r in NEAREST]
)
def test_the_first_named_place_wins(text, places, name):
    assert heard(text, places=places).known_place == name


ADDRESSES = {
    "一二三单元的灯都不亮 5号楼": Location("5"), "5幢二门11楼走廊灯灭了": Location("5", "2", None, "11"),
    "六动二单元 电提停了": Location("6", "2"), "安墩9栋202把房子隔成好几间": Location("9", None, "202"), "三动没电了": Location("3"),
    "1、2单元都没电 3栋": Location("3"), "十二单元停水": Location(None, "12"), "B楼楼下那家饭店": Location("B"), "5号楼跟3号楼之间的路面": Location("5"),
    "一动不动": Location(), "3号楼大门口": Location("3"), "3号楼2门禁": Location("3"), "五号楼三门灯坏": Location("5", "3"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "where"), ADDRESSES.items(), ids=ADDRESSES)
def test_addresses_as_people_say_them(text, where):
    found = heard(text).location
    assert (found.building, found.unit, found.room, found.floor) == (
        where.building,
        where.unit,
        where.room,
        where.floor,
    )
