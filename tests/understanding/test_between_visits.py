"""Short words of a worker between his visits: which of them are what, beside what is none."""

import pytest

from bot.understanding.asides import asides
from tests.rows import each_row


def kinds(text: str) -> set[str]:
    """What some words of a worker to the bot alone may be, of the kinds looked at here."""
    found = {one.kind for one in asides(text, staff=True, alone=True)}
    return found & {"taken", "nod", "noticed", "declined", "going", "walked"}


@each_row(
    ("kind", "text"),
    [
        ("nod", "嗯"),
        ("nod", "好的"),
        ("taken", "是"),
        ("taken", "对的"),
        ("taken", "要"),
        ("taken", "好，要立"),
        ("taken", "嗯嗯 立一个吧"),
        ("taken", "那就开一件"),
        ("taken", "可以，报吧"),
        ("taken", "嗯 是的"),
        ("noticed", "收到"),
        ("noticed", "知道了"),
        ("noticed", "明白啦"),
        ("declined", "不用"),
        ("declined", "先不立案"),
        ("declined", "不用了，当场整改了"),
        ("declined", "不报了吧"),
        ("going", "刘奶奶那边我再去一趟"),
        ("going", "我先去刘奶奶家"),
        ("going", "马上去加油站看看"),
        ("going", "我再跑一趟幼儿园"),
        ("going", "下午再去趟3号楼"),
        ("going", "好的，我现在过去"),
        ("going", "宾馆那边这就过去看一下"),
        ("walked", "上午任务完成"),
        ("walked", "今天的活干完了"),
        ("walked", "下午的工作都做完啦"),
        ("walked", "汇报 上午走访任务全部完成，一切正常"),
        ("walked", "今早的事都忙完了"),
    ],
)
def test_a_worker_s_short_words(kind: str, text: str) -> None:
    assert kinds(text) == {kind}


@each_row(
    "text",
    [
        pytest.param("不是", id="not so"),
        pytest.param("不要停电通知", id="does not want something else"),
        pytest.param("不行", id="will not do"),
        pytest.param("是谁说的", id="a question"),
        pytest.param("要换个灯泡", id="wants something"),
        pytest.param("收到的快递放哪", id="received"),
        pytest.param("刘奶奶家我去过一趟了", id="was there"),
        pytest.param("刘奶奶家又去了一趟", id="was there again"),
        pytest.param("我先去了刘奶奶家，没人", id="was there first"),
        pytest.param("刘奶奶家不去了", id="does not go"),
        pytest.param("明天去刘奶奶家", id="planned, as it always was"),
        pytest.param("我去处理", id="takes a case"),
        pytest.param("我去修一下", id="goes to repair"),
        pytest.param("要我去刘奶奶家吗", id="asks whether"),
        pytest.param("我先去开会", id="somewhere else"),
        pytest.param("刘奶奶家看过了，我再去加油站", id="tells of a visit first"),
        pytest.param("任务完成", id="of which window"),
        pytest.param("上午的任务还没完成", id="not yet"),
        pytest.param("上午任务是什么", id="asks for it"),
        pytest.param("今天完成了3号楼的灯", id="what was repaired"),
        pytest.param("G1001 完成了", id="a case"),
    ],
)
def test_what_is_none_of_these(text: str) -> None:
    assert kinds(text) == set()
