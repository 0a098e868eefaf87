"""Ready-made safety notices: one screen each, short lines, nothing left open."""

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


def test_thirteen_of_them() -> None:
    assert len(CODES) == 13
