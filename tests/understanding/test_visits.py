"""What workers say of their rounds, and how they ask for leave."""

from datetime import date

import pytest

from bot.understanding import Heard, Listener
from bot.understanding.leave import wish
from bot.understanding.visits import acts
from tests.rows import each_row

NAMES = (
    "琼花宾馆 宾馆 永鑫加油站 加油站 老张烧烤 东关幼儿园 幼儿园 充电车棚 车棚 刘奶奶 琼花苑3号楼 东门"
).split()


@each_row(
    ("text", "told"),
    [
        pytest.param("张大爷家看过了一切正常", [("张大爷", "")], id="a person"),
        pytest.param("加油站查了 灭火器过期2个", [("加油站", "灭火器过期2个")], id="a finding"),
        pytest.param("已巡查 充电车棚 正常", [("充电车棚", "")], id="verb first"),
        pytest.param("看望了王奶奶 送了米", [("王奶奶", "")], id="named behind the verb"),
        pytest.param("今天去了刘奶奶家，老人有点咳嗽", [("刘奶奶", "老人有点咳嗽")], id="unwell"),
        pytest.param("上午巡查完毕 一切正常", [("", "")], id="the whole grid"),
        pytest.param("全部正常巡查完毕", [("", "")], id="all well first"),
        pytest.param("今天巡查无异常", [("", "")], id="nothing found"),
        pytest.param("月球基地查了 一切正常", [("月球基地", "")], id="no such place"),
        pytest.param(
            "琼花宾馆查过了，没问题；老张烧烤也查了，油烟机有点脏",
            [("琼花宾馆", ""), ("老张烧烤", "油烟机有点脏")],
            id="two, one with a finding",
        ),
        pytest.param(
            "加油站、宾馆都查过了，一切正常", [("加油站", ""), ("宾馆", "")], id="two at once"
        ),
        pytest.param(
            "下午网格巡查完成，东门有人摆摊占道",
            [("东门", "有人摆摊占道")],
            id="where on the round",
        ),
        pytest.param("车棚检查过了 没发现飞线充电", [("车棚", "")], id="a trouble not found"),
        pytest.param(
            "走访了张大爷、李大妈、陈先生三户，都挺好的",
            [("张大爷", ""), ("李大妈", ""), ("陈先生", "")],
            id="several behind the verb",
        ),
        pytest.param(
            "刘奶奶、赵大爷都看过了，赵大爷有点咳嗽",
            [("刘奶奶", ""), ("赵大爷", "赵大爷有点咳嗽")],
            id="one known, one not",
        ),
        pytest.param("下午去了趟王阿姨家", [("王阿姨", "")], id="went there"),
        pytest.param("1号楼也走了", [("1号楼", "")], id="walked"),
        pytest.param(
            "走访完5号楼了，3楼王大爷家煤气灶老化",
            [("5号楼", "3楼王大爷家煤气灶老化")],
            id="the floor",
        ),
        pytest.param(
            "3号楼看过了，楼道堆了纸箱，已经劝走了",
            [("3号楼", "楼道堆了纸箱")],
            id="what went away",
        ),
        pytest.param(
            "走了5号楼，5号楼3单元电梯坏了", [("5号楼", "5号楼3单元电梯坏了")], id="a part of it"
        ),
    ],
)
def test_where_he_was_and_what_he_found(text: str, told: list[tuple[str, str]]) -> None:
    assert [(one.name, one.finding) for one in acts(text, NAMES)] == told


@pytest.mark.parametrize(
    "text",
    [
        "3号楼没人在家",
        "刘奶奶家没人",
        "幼儿园去了，门锁着没人",
        "刘奶奶不在家",
        "敲门没人应 刘奶奶",
        "敲了刘奶奶的门，没人应",
        "刘奶奶住院了，今天没看到人",
        "刘奶奶去女儿家了，下周回来",
    ],
)
def test_nobody_was_there(text: str) -> None:
    (one,) = acts(text, NAMES)
    assert one.absent
    assert one.finding == ""


@pytest.mark.parametrize(
    ("text", "future", "again", "part"),
    [
        pytest.param("加油站明天查过了", True, False, "", id="tomorrow"),
        pytest.param("车棚又查了一遍，正常", False, True, "", id="once more"),
        pytest.param("上午巡过了", False, False, "morning", id="morning"),
        pytest.param("下午巡查完毕", False, False, "afternoon", id="afternoon"),
    ],
)
def test_when_he_was_there(text: str, future: bool, again: bool, part: str) -> None:
    (one,) = acts(text, NAMES)
    assert (one.future, one.again, one.part) == (future, again, part)


@pytest.mark.parametrize(
    ("text", "past"),
    [("昨天下午巡过了", True), ("前天看过刘奶奶", True), ("今天上午巡过了", False)],
)
def test_told_a_day_late(text: str, past: bool) -> None:
    assert [one.past for one in acts(text, NAMES)] == [past]


@each_row(
    ("text", "intent"),
    [
        pytest.param("幼儿园查完了，灭火器有3个过期", "visited", id="checked through"),
        pytest.param("1号楼也走了", "visited", id="walked"),
        pytest.param("我又去了一趟车棚", "visited", id="once more"),
        pytest.param("敲了刘奶奶的门，没人应", "visited", id="knocked"),
        pytest.param("说错了，是宾馆", "visit_back", id="another place"),
        pytest.param("上午宣传反诈 发了200份资料", "activity_new", id="an activity"),
        pytest.param("今天到3号楼宣传电动车充电安全，发资料50份", "activity_new", id="there"),
        pytest.param("我想请三天假", "leave_ask", id="three days"),
        pytest.param("那请2月4号一天，何梅替我", "leave_ask", id="instead"),
        pytest.param("算了，不请假了", "leave_end", id="no leave"),
        pytest.param("张大爷家看过了一切正常", "visited", id="seen"),
        pytest.param("加油站查了 灭火器过期2个", "visited", id="checked"),
        pytest.param("3号楼没人在家", "visited", id="nobody in"),
        pytest.param("明天去看车棚", "visited", id="tomorrow"),
        pytest.param("今日走访", "visits_today", id="today"),
        pytest.param("今天走访哪些", "visits_today", id="asked"),
        pytest.param("看错了", "visit_back", id="wrong"),
        pytest.param("撤销走访", "visit_back", id="taken back"),
        pytest.param("上报隐患", "open_finding", id="hazard"),
        pytest.param("请假 11月25日到27日 何梅代", "leave_ask", id="leave"),
        pytest.param("销假", "leave_end", id="back from leave"),
        pytest.param("办结 G1001 看过了，一切正常", "worker_done", id="a case is finished"),
        pytest.param("退回 看过了，不归我们管", "worker_return", id="a case goes back"),
        pytest.param("上报", "worker_escalate", id="a case goes up"),
    ],
)
def test_staff_say_it_in_so_many_words(text: str, intent: str) -> None:
    assert Listener().understand(Heard(text, role="worker", private=True)).intent == intent


@pytest.mark.parametrize(
    ("question", "text", "intent"),
    [
        pytest.param("reason", "看过了，不归我们管", "reason", id="why it goes back"),
        pytest.param("satisfied", "加油站查了，一切正常", "visited", id="no verdict on a repair"),
        pytest.param("leave", "同意", "leave_grant", id="granted"),
        pytest.param("leave", "不同意", "leave_refuse", id="refused"),
        pytest.param("leave", "我的案件", "my_cases", id="something else"),
        pytest.param("visit", "2", "visit_answer", id="the second"),
        pytest.param("visit", "东门", "visit_answer", id="named"),
    ],
)
def test_while_something_is_being_asked(question: str, text: str, intent: str) -> None:
    heard = Heard(text, role="worker", private=True, question=question)
    assert Listener().understand(heard).intent == intent


def test_residents_confirm_no_visits() -> None:
    heard = Heard("加油站查了 一切正常", role="resident")
    assert Listener().understand(heard).intent != "visited"


@pytest.mark.parametrize(
    ("text", "first", "last", "name"),
    [
        pytest.param("请假 11月25日到27日 何梅代", (11, 25), (11, 27), "何梅", id="in one month"),
        pytest.param(
            "请假 11月30日至12月2日 由何梅代班", (11, 30), (12, 2), "何梅", id="over its end"
        ),
        pytest.param("明天请假 何梅代", (11, 25), (11, 25), "何梅", id="tomorrow"),
        pytest.param("我明天请假三天，何梅顶班", (11, 25), (11, 27), "何梅", id="three days"),
        pytest.param("请假 25号到27号", (11, 25), (11, 27), "", id="nobody named"),
        pytest.param("请假 1月5日 何梅代", (1, 5), (1, 5), "何梅", id="next year"),
        pytest.param("请假", None, None, "", id="no day"),
        pytest.param("请假 2月30日 何梅代", None, None, "何梅", id="no such day"),
    ],
)
def test_which_days_and_who_stands_in(
    text: str, first: tuple[int, int] | None, last: tuple[int, int] | None, name: str
) -> None:
    found = wish(text, date(2026, 11, 24))
    days = [(day.month, day.day) if day else None for day in (found.first, found.last)]
    assert (*days, found.name) == (first, last, name)
    assert found.first is None or found.first >= date(2026, 11, 24)
