"""Rounds as a worker in a hurry tells of them: several places, short names, locked doors."""

import pytest

from bot.understanding import Heard, Listener
from bot.understanding.normalise import clean
from bot.understanding.visit_sayings import dropped, not_made
from bot.understanding.visits import acts
from tests.rows import each_row

NAMES = (
    "琼花宾馆 宾馆 永鑫加油站 加油站 老张烧烤 张记烧烤 东关幼儿园 幼儿园 充电车棚 车棚 刘奶奶 "
    "琼花苑1号楼 琼花苑2号楼 琼花苑3号楼 琼花苑5号楼 琼花苑 东门 东门岗亭"
).split()


@each_row(
    ("text", "told"),
    [
        pytest.param("2号楼看过了 消防栓没水", [("2号楼", "消防栓没水")], id="unknown words"),
        pytest.param("2号楼看过了 消防栓有水", [("2号楼", "消防栓有水")], id="rather asked"),
        pytest.param("2号楼看过了 消防栓正常", [("2号楼", "")], id="well"),
        pytest.param(
            "加油站看过了，油罐区有人抽烟", [("加油站", "油罐区有人抽烟")], id="a part of it"
        ),
        pytest.param(
            "宾馆没问题，幼儿园也看了挺好，烧烤油烟大",
            [("宾馆", ""), ("幼儿园", ""), ("烧烤", "油烟大")],
            id="third place by its short name",
        ),
        pytest.param(
            "宾馆看过了，有家烧烤店油烟大",
            [("宾馆", "有家烧烤店油烟大")],
            id="not at the beginning",
        ),
        pytest.param(
            "老张烧烤查了，烧烤油烟大", [("老张烧烤", "烧烤油烟大")], id="the same in short"
        ),
        pytest.param("宾馆看过了，安全出口锁着", [("宾馆", "安全出口锁着")], id="a locked exit"),
        pytest.param("宾馆看过了，后门锁着", [("宾馆", "后门锁着")], id="a locked back door"),
        pytest.param(
            "7号楼8号楼都看过了", [("7号楼", ""), ("8号楼", "")], id="nothing between them"
        ),
        pytest.param("7栋、8栋都看了", [("7栋", ""), ("8栋", "")], id="other measure"),
        pytest.param(
            "1号楼2号楼5号楼都走完了 2号楼楼道堆了纸箱 5号楼电梯按钮失灵 其他都好",
            [("1号楼", ""), ("2号楼", "2号楼楼道堆了纸箱"), ("5号楼", "5号楼电梯按钮失灵")],
            id="back to places named before",
        ),
        pytest.param(
            "何园新村1幢看过了", [("何园新村1幢", "")], id="the estate belongs to the name"
        ),
        pytest.param("院里5号楼看过了", [("5号楼", "")], id="no estate"),
        pytest.param("3号楼天台看过，干净的", [("3号楼", "")], id="where in it"),
        pytest.param(
            "3号楼天台看过了门没锁", [("3号楼", "天台看过了门没锁")], id="where the trouble is"
        ),
        pytest.param("看了刚出院的老黄", [("", "")], id="whom he went to see"),
        pytest.param("看了刚出院的老黄 伤口有点红", [("", "伤口有点红")], id="and how he was"),
        pytest.param("刘奶奶家看过了，儿子不在家", [("刘奶奶", "")], id="somebody else is out"),
        pytest.param(
            "加油站、宾馆、烧烤都跑了一遍",
            [("加油站", ""), ("宾馆", ""), ("烧烤", "")],
            id="in short",
        ),
        pytest.param("宾馆、网吧都查过了", [("宾馆", ""), ("网吧", "")], id="one nobody knows"),
        pytest.param("消防通道和车棚都检查过了", [("车棚", "")], id="a part is no place"),
        pytest.param("我和小王把宾馆查了", [("宾馆", "")], id="who went along"),
        pytest.param(
            "门口有人发放可疑传单 已留存",
            [("", "门口有人发放可疑传单 已留存")],
            id="seen, and no place",
        ),
        pytest.param("消毒记录：桌椅擦两遍", [("", "")], id="done, and no place"),
        pytest.param("今天走了3处 没问题", [("", "")], id="how many"),
        pytest.param("7号楼走访 收集意见3条", [("7号楼", "收集意见3条")], id="opinions only"),
        pytest.param(
            "张奶奶家走访过了，血压 150，已提醒吃药", [("张奶奶", "血压 150")], id="a number apart"
        ),
        pytest.param(
            "12号楼 7号楼 8号楼 都走了",
            [("12号楼", ""), ("7号楼", ""), ("8号楼", "")],
            id="the verb apart",
        ),
    ],
)
def test_where_and_what(text: str, told: list[tuple[str, str]]) -> None:
    heard = acts(text, NAMES)
    assert [(one.name, one.finding) for one in heard] == told
    assert not any(one.absent for one in heard)


def test_the_building_is_that_of_the_name() -> None:
    assert [one.building for one in acts("7号楼8号楼都看过了", NAMES)] == ["7", "8"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("宾馆查了，加油站还没去", [("宾馆", False), ("加油站", True)]),
        ("宾馆看过了没问题 接下来去5号楼", [("宾馆", False), ("5号楼", True)]),
        ("明天上午去看2号楼", [("2号楼", True)]),
        ("加油站看过了 明天再来复查", [("加油站", False)]),
        ("宾馆没查出问题", [("宾馆", False)]),
    ],
)
def test_what_is_still_to_come_is_told_place_by_place(
    text: str, told: list[tuple[str, bool]]
) -> None:
    assert [(one.name, one.future) for one in acts(text, NAMES)] == told


@each_row(
    "text",
    [
        "王大妈家去了，人不在",
        "王大妈家去了 人不在",
        "刘奶奶家去了没见到人",
        "去刘奶奶家扑了个空",
        "刘奶奶那敲了半天没人",
        "刘奶奶家门没敲开",
        "刘奶奶家没人应门 邻居说去女儿家了",
        "刘奶奶不在家，菜场买菜去了",
        "陈先生家吃了闭门羹",
        "幼儿园锁着门进不去",
        "幼儿园锁着门，进不去",
        "幼儿园没进去，锁门了",
        "幼儿园去了没人 放假了",
        "车棚锁了 没进去",
        "宾馆今天歇业 没看成",
        "加油站去了两趟都没见着负责人",
    ],
)
def test_a_visit_that_could_not_be_made(text: str) -> None:
    assert not_made(clean(text).plain)
    (one,) = acts(text, NAMES)
    assert one.absent
    assert one.finding == ""
    heard = Listener().understand(Heard(text, role="worker", private=True))
    assert (heard.intent, heard.urgent) == ("visited", False)


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("没人在家", True),
        ("敲门没人应", True),
        ("巡了一圈 广场上没人", False),
        ("夜巡 没人", False),
        ("今天走访6户 2户没人", False),
    ],
)
def test_nobody_is_at_home_where_no_home_is_named(text: str, absent: bool) -> None:
    (one,) = acts(text, NAMES)
    assert (one.name, one.absent) == ("", absent)


@each_row(
    "text",
    [
        "单元门锁坏了进不去",
        "车库进不去",
        "消防通道锁着进不去",
        "安全出口锁着",
        "值班没人",
        "王奶奶好几天没见到人",
        "老郭家没人应 电话也不接",
        "刘奶奶家没人应门 两天没见她了",
        "刘奶奶家敲门没人应，里面有煤气味",
        "刘奶奶家去了，儿子不在家，她一个人",
        "张师傅没来",
        "物业什么时候在",
        "3号楼没人管",
        "幼儿园门口没人疏导",
        "刘奶奶家没人应门，打不开",
    ],
)
def test_what_is_no_such_visit(text: str) -> None:
    assert not not_made(clean(text).plain)


@each_row(
    ("text", "intent"),
    [
        ("报上去吧", "open_finding"),
        ("帮她报一下", "open_finding"),
        ("报", "open_finding"),
        ("嗯 报一下", "open_finding"),
        ("都报上去", "open_finding"),
        ("帮我报上去", "open_finding"),
        ("上报", "worker_escalate"),
        ("上报吧", "worker_escalate"),
        ("立案", "open_case"),
        ("立案吧", "open_case"),
        ("立吧", "open_case"),
        ("好 立案", "open_case"),
        ("都立案", "open_case"),
        ("报名", "volunteer"),
        ("立即处理", "chat"),
        ("刚才那个说错了", "visit_back"),
        ("刚刚那条不算", "visit_back"),
        ("撤销刚才那条走访", "visit_back"),
        ("上一个也错了", "visit_back"),
        ("又记错了", "visit_back"),
        ("刚才说的宾馆不对，没去", "visit_not"),
        ("啊不对5号楼还没去呢", "visit_not"),
        ("刚才说错了 刘奶奶家没去", "visit_not"),
        ("上午那个记错了", "visit_not"),
        ("今天要跑哪些地方", "visits_today"),
        ("还剩几处", "visits_today"),
        ("又去了", "visited"),
        ("加油站又去了，一切正常", "visited"),
        ("12号楼 7号楼 8号楼 都走了", "visited"),
        ("5号楼看了，楼道堆了纸箱", "visited"),
        ("1幢也帮着看了 没问题", "visited"),
        ("柳湖家园A座又去看了 12楼有人养鸽子", "visited"),
        ("下午先转了A座 走廊堆了婴儿车", "visited"),
    ],
)
def test_what_a_worker_says_in_few_words(text: str, intent: str) -> None:
    heard = Listener().understand(Heard(text, role="worker", private=True)).intent
    if intent in ("volunteer", "chat"):  # what must not be taken for a finding or a case
        assert heard not in ("open_finding", "open_case")
    else:
        assert heard == intent


@pytest.mark.parametrize(
    ("question", "intent"), [("visit", "visit_answer"), ("", "cancel"), ("satisfied", "cancel")]
)
def test_no_need_is_said_of_what_is_asked(question: str, intent: str) -> None:
    heard = Heard("不用了", role="worker", private=True, question=question or None)
    assert Listener().understand(heard).intent == intent


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("算了 不是网吧", True),
        ("不用了", True),
        ("说错了，没去", True),
        ("就是老张烧烤", False),
        ("不是网吧是网咖", False),
        ("2", False),
    ],
)
def test_while_he_is_asked_where_it_was(text: str, nothing: bool) -> None:
    assert dropped(text) is nothing
