"""What is decided beside the model's shares: doubt, mere guesses, addresses, categories."""

import pytest

from bot.training.fit import RECIPES, _clauses, _worth
from bot.training.lines import line_of
from bot.training.measure import REF
from bot.understanding import Heard, Listener, Understanding, category, urgent, zones
from bot.understanding.records import answer, asked

LISTENER = Listener()


def heard(text: str, **more: object):
    return LISTENER.understand(Heard(text=text, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["还没看", "我在外地 不知道", "没来得及看"])
@pytest.mark.parametrize("private", [False, True], ids=["group", "private"])
def test_who_cannot_tell_yet_whether_it_is_fixed_says_nothing_about_it(text, private):
    assert heard(text, question="satisfied", private=private).intent == "chat"


@pytest.mark.parametrize("text", ["结案率这个月要到九成五", "满意率还差一点"])
def test_who_speaks_of_figures_moves_no_case(text):
    assert not heard(text, role="worker").intent.startswith("worker_")


@pytest.mark.parametrize("text", ["新桥里7号楼", "琼花苑3号楼2单元501", "12-3-402"])
def test_an_estate_and_a_number_are_an_address_and_nothing_else(text):
    meant = heard(text)
    assert (meant.intent, meant.action) == ("other", "silent")


def test_trouble_in_a_flat_is_more_than_an_address():
    assert heard("屋里7号楼漏水").intent == "report"


@pytest.mark.parametrize("text", ["担心老人摔倒起不来", "万一着火怎么办"])
def test_what_might_be_is_no_danger_unless_the_model_is_very_sure(text):
    assert urgent.imagined(text)
    assert not heard(text).urgent


@pytest.mark.parametrize(
    ("action", "suspect", "told"),
    [("ask", False, "sanitation"), ("silent", True, "sanitation"), ("silent", False, None)],
    ids=["asked", "suspected", "neither"],
)
def test_chatter_that_may_be_a_report_has_a_category(action, suspect, told):
    said = asked({"id": "1", "text": "x", "role": "resident"}, REF)
    meant = Understanding(
        "chat", categories=("sanitation",), category="sanitation", action=action, suspect=suspect
    )
    assert answer(said, meant)["category"] == told


@pytest.mark.parametrize(
    ("likeliest", "action"), [(0.29, "ask"), (0.31, "silent")], ids=["nothing", "chatter"]
)
def test_where_nothing_is_likely_the_bot_asks(likeliest, action):
    kinds = {"chat": likeliest, "report": 0.05, "inquiry": 0.2, "suggestion": 0.1}
    said = Heard(text="x")
    assert zones.action(kinds, 0.1, said, "x", Understanding("chat")) == action


def test_a_greeting_has_no_category():
    said = asked({"id": "1", "text": "大家早上好", "role": "resident"}, REF)
    assert answer(said, LISTENER.understand(said.heard))["category"] is None


# The border cases of the category table


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("合闸就跳闸", "utility"),
        ("出口道闸坏了", "parking"),
        ("煤气灶打不着火", "utility"),
        ("厨房着火了", "fire_safety"),
        ("老年卡过期了", "welfare"),
        ("面包过期了", "market"),
        ("狗证去哪办", "sanitation"),
        ("黑背咬了人", "public_security"),
        ("半夜砸墙", "noise"),
        ("把承重墙砸了", "illegal_build"),
    ],
)
def test_a_border_wording_decides(text, code):
    assert category.ranked(category.scores(text))[0] == code


# How the model is fitted


def test_a_sign_is_worth_what_the_first_prefix_says():
    worth = RECIPES["urgent"].worth
    assert _worth("shape:danger_fire", worth) == 0.0
    assert _worth("shape:number", worth) > 0.0
    assert _worth("cue:asks", worth) == 0.0


def test_a_line_of_several_clauses_lends_each_of_them_its_labels():
    line = line_of(
        "x", {"text": "楼道灯不亮了，黑漆漆的一片，喂", "intent": "report", "category": "facility"}
    )
    assert [(one.text, one.category) for one in _clauses(line)] == [
        ("楼道灯不亮了", "facility"),
        ("黑漆漆的一片", "facility"),
    ]


def test_a_line_of_one_clause_stands_for_itself_alone():
    assert _clauses(line_of("x", {"text": "楼道灯不亮了", "intent": "report"})) == []
