"""What leaves the house for a second opinion, and what an opinion may change."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

import bot
from bot.advice.advised import Advice, applied, sent
from bot.understanding import Understanding
from bot.understanding.kinds import RESIDENT_KINDS
from domain.rules import CODES
from tests.rows import each_row

UNSURE = Understanding(
    intent="chat", sure=0.4, action="ask", category="noise", categories=("noise", "parking")
)

# What leaves


@each_row(
    ("text", "leaves"),
    [
        pytest.param("楼下那个东西又不行了", "楼下那个东西又不行了", id="nothing private"),
        pytest.param(
            "打我电话13812345678说", "打我电话***********说", id="a phone, not even its ends"
        ),
        pytest.param("１３８１２３４５６７８", "***********", id="a wide phone"),
        pytest.param("138 1234 5678找我", "*************找我", id="a phone with spaces"),
        pytest.param("身份证11010519491231002X", "身份证******************", id="an identity card"),
        pytest.param("卡号6222020200112230", "卡号****************", id="a bank card"),
        pytest.param("苏A12345挡着了", "*******挡着了", id="a plate"),
        pytest.param("我叫张国强，帮看看", "我叫***，帮看看", id="a name that says so itself"),
        pytest.param("王秀兰家里那个", "***家里那个", id="the speaker's name"),
        pytest.param("李强昨天来过", "**昨天来过", id="the worker's name"),
        pytest.param("3号楼2单元501的", "3号楼2单元***的", id="a flat, not the building"),
        pytest.param("五零一的那家", "***的那家", id="a flat in words"),
        pytest.param("@张阿姨 那个咋样了", "**** 那个咋样了", id="a mention"),
        pytest.param("看 https://x.cn/a?u=8", "看 " + "*" * 18, id="a link"),
        pytest.param("加我wang_fang88", "加我" + "*" * 11, id="an account"),
        pytest.param("写a.b@mail.cn吧", "写***********吧", id="an e-mail address"),
        pytest.param("啊" * 600, "啊" * 500, id="cut at 500 characters"),
        pytest.param(
            "啊" * 494 + "13812345678", "啊" * 494 + "*" * 6, id="hidden before it is cut"
        ),
        pytest.param(" \u200b ", "", id="nothing"),
    ],
)
def test_what_leaves(text: str, leaves: str) -> None:
    assert sent(text, ["王秀兰", "李强", ""]) == leaves


# What may come back


@pytest.mark.parametrize(
    "said",
    [
        pytest.param('{"intent":"report","category":"noise"}', id="a field is missing"),
        pytest.param(
            '{"intent":"report","category":"noise","urgent":false,"case":"G1001"}', id="one more"
        ),
        pytest.param('{"intent":"reports","category":"noise","urgent":false}', id="unknown kind"),
        pytest.param(
            '{"intent":"worker_done","category":"noise","urgent":false}', id="a worker's command"
        ),
        pytest.param('{"intent":"report","category":"灯","urgent":false}', id="unknown category"),
        pytest.param('{"intent":"report","category":null,"urgent":false}', id="no category"),
        pytest.param('{"intent":"report","category":"noise","urgent":"no"}', id="urgent in words"),
        pytest.param('{"intent":["report"],"category":"noise","urgent":false}', id="a list"),
        pytest.param("[]", id="no object"),
        pytest.param("{}", id="empty"),
    ],
)
def test_what_is_not_believed(said: str) -> None:
    with pytest.raises(ValidationError):
        Advice.model_validate_json(said)


def test_the_lists_that_are_sent_are_the_guideline_s() -> None:
    words = tomllib.loads((Path(bot.__file__).parent / "advice" / "advice.toml").read_text("utf-8"))
    assert tuple(words["intents"]) == RESIDENT_KINDS
    assert tuple(words["categories"]) == CODES


# What it changes


def advised(intent: str, category: str = "parking", urgent: bool = False) -> Advice:
    return Advice(intent=intent, category=category, urgent=urgent)


@pytest.mark.parametrize("intent", ["report", "inquiry", "suggestion"])
@pytest.mark.parametrize("private", [True, False], ids=["in private", "in a group"])
def test_it_opens(intent: str, private: bool) -> None:
    heard = applied(UNSURE, advised(intent), private=private)
    assert (heard.intent, heard.category, heard.action) == (intent, "parking", "open")
    assert heard.categories == ("parking", "noise")
    assert (heard.urgent, heard.hazard, heard.sure) == (False, "", 0.4)


@pytest.mark.parametrize("intent", ["chat", "ad", "other"])
def test_it_silences_in_a_group_and_the_worker_may_look(intent: str) -> None:
    heard = applied(UNSURE, advised(intent), private=False)
    assert (heard.intent, heard.action, heard.suspect) == (intent, "silent", True)


URGENT = replace(UNSURE, intent="report", urgent=True, hazard="gas", action="open")


@each_row(
    ("heard", "said", "private"),
    [
        pytest.param(UNSURE, None, True, id="no opinion"),
        *(
            pytest.param(UNSURE, advised(kind), False, id=f"a command or an answer: {kind}")
            for kind in RESIDENT_KINDS
            if kind not in ("report", "inquiry", "suggestion", "chat", "ad", "other")
        ),
        pytest.param(UNSURE, advised("chat"), True, id="silence in private"),
        pytest.param(UNSURE, advised("chat", urgent=True), False, id="urgent chatter"),
        pytest.param(UNSURE, advised("inquiry", urgent=True), False, id="an urgent question"),
        pytest.param(URGENT, advised("chat"), False, id="an emergency is no chatter"),
        pytest.param(URGENT, advised("report"), False, id="an emergency stays one"),
        pytest.param(
            replace(URGENT, action="ask"), advised("chat"), False, id="even where the bot asked"
        ),
        pytest.param(
            replace(UNSURE, action="silent"), advised("report"), False, id="what was understood"
        ),
        pytest.param(
            replace(UNSURE, intent="cancel", action="command"),
            advised("report"),
            True,
            id="command",
        ),
    ],
)
def test_the_local_answer_stands(heard: Understanding, said: Advice | None, private: bool) -> None:
    assert applied(heard, said, private=private) == heard


def test_it_may_see_an_emergency() -> None:
    heard = applied(UNSURE, advised("report", "fire_safety", urgent=True), private=True)
    assert (heard.urgent, heard.hazard, heard.action) == (True, "other", "open")


def test_it_never_makes_less_of_one() -> None:
    asked = replace(URGENT, action="ask")
    heard = applied(asked, advised("report", urgent=False), private=True)
    assert (heard.urgent, heard.hazard, heard.action) == (True, "gas", "open")
