"""Ready-made safety notices: one screen each, short lines, nothing left open."""

import re

import pytest

from bot.phrases import Phrases
from bot.understanding.words import lexicon

CODES = sorted(code for code in lexicon("notices")["ready"] if code != "lead")


@pytest.mark.parametrize("code", CODES)
def test_one_screen_of_plain_words(code: str) -> None:
    notice = {"ready": code, "urgent": False, "corrects": 0, "author": "", "receipts": False}
    words = {**notice, "words": "", "area": "", "number": 1}
    said = Phrases().render("replies/notice", {"notice": words, "group": True, "name": ""}).text
    lines = said.splitlines()
    assert 4 <= len(lines) <= 10
    assert max(map(len, lines)) <= 36
    assert said.startswith("【通知】")


# Whom each tells to call, by the safety words of the hazards (templates/safety.j2); 96110 calls us.
NUMBERS = {
    **dict.fromkeys(("fire", "ebike"), "119"),
    **dict.fromkeys(("heat", "falls", "food"), "120"),
    **dict.fromkeys(("cold", "water_cut", "power_cut"), ""),
    **dict.fromkeys(("gas", "fireworks"), "119 120"),
    "storm": "110 119",
    "fraud": "110 96110",
    "drowning": "110 120",
}
NARROWEST = 1500  # bytes: the least any channel carries in one message


def text_of(code: str) -> str:
    """The words of a ready-made notice, one item a line."""
    return Phrases().render("replies/notice_ready", {"ready": code, "contact": []}).text


@pytest.mark.parametrize("code", CODES)
def test_the_right_numbers_to_call(code: str) -> None:
    assert set(re.findall(r"\d{3,}", text_of(code))) == set(NUMBERS[code].split())


@pytest.mark.parametrize("code", CODES)
def test_items_are_counted_and_fit_every_channel(code: str) -> None:
    head, *items = text_of(code).splitlines()
    assert [int(one.partition(".")[0]) for one in items] == list(range(1, len(items) + 1))
    assert not head[0].isdigit()
    assert all(one.endswith("。") for one in items)
    assert len(text_of(code).encode()) <= NARROWEST - 200  # its frame: who says it, 收到


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param(
            "gas", "别碰开关 别点火 别在屋里打电话 开窗 出来 到屋外打", id="first out, then call"
        ),
        pytest.param("fraud", "验证码 安全账户 先挂断 本人电话 110", id="hang up, tell nothing"),
        pytest.param("storm", "窗户 广告牌 积水 电线 转移", id="stay in, go when told"),
        pytest.param("fire", "别坐电梯 关紧门 119", id="out, or behind a door"),
        pytest.param("drowning", "别下水 手拉手", id="nobody jumps after him"),
        pytest.param("power_cut", "制氧机 电梯", id="who lives by a machine"),
    ],
)
def test_what_saves_lives_is_said(code: str, words: str) -> None:
    assert [one for one in words.split() if one not in text_of(code)] == []


def test_thirteen_of_them() -> None:
    assert len(CODES) == 13
