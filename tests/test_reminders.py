"""Who is asked privately to take a message back, and who is not."""

from datetime import datetime

import pytest

from bot.app import open_simulation
from bot.understanding import Listener, Understanding
from domain.workdays import TZ
from store.directory import Directory

START = datetime(2026, 11, 23, 9, tzinfo=TZ)
PHONE = ("phone", "13912345678")
PAPER = ("id_card", "321002196804120039")
CARD = ("bank_card", "6222021101001234561")
PLATE, NAME = ("plate", "苏K12345"), ("name", "张建国")

Pii = tuple[tuple[str, str], ...]
ASKED: dict[str, tuple[str, str, str, Pii, str]] = {
    "phone": ("r.chen", "g01.residents", "chat", (PHONE,), "手机号"),
    "spaced phone": ("r.chen", "g01.residents", "chat", (("phone", "139 1234 5678"),), "手机号"),
    "identity card": ("r.chen", "g01.residents", "report", (PAPER,), "身份证号"),
    "bank card": ("r.chen", "g01.residents", "other", (CARD,), "银行卡号"),
    "plate with a name": ("r.chen", "g01.residents", "chat", (NAME, PLATE), "姓名和车牌"),
    "several": ("r.chen", "g01.residents", "chat", (PHONE, PAPER), "身份证号和手机号"),
    "a stranger": ("x.new", "g01.residents", "chat", (PHONE,), "手机号"),
    "a group nobody bound": ("r.chen", "g99.unknown", "chat", (PHONE,), "手机号"),
}
NOT_ASKED: dict[str, tuple[str, str, str, Pii]] = {
    "nothing personal": ("r.chen", "g01.residents", "chat", ()),
    "a name alone": ("r.chen", "g01.residents", "chat", (NAME,)),
    "a plate alone": ("r.chen", "g01.residents", "chat", (PLATE,)),
    "an office's line": ("r.chen", "g01.residents", "chat", (("phone", "0514-87654321"),)),
    "a hotline": ("r.chen", "g01.residents", "chat", (("phone", "400-820-8820"),)),
    "a worker's number": ("r.chen", "g01.residents", "chat", (("phone", "13800000001"),)),
    "a worker himself": ("w.li", "g01.residents", "chat", (PHONE,)),
    "his business number": ("r.chen", "g01.residents", "ad", (PHONE,)),
    "in private": ("r.chen", "", "chat", (PHONE,)),
    "in a staff group": ("w.he", "c1.staff", "chat", (PHONE,)),
}


async def said_after(
    monkeypatch: pytest.MonkeyPatch, who: str, chat: str, intent: str, pii: Pii
) -> list[tuple[str, str]]:
    """Where the bot said what after somebody wrote something with this private data."""
    heard = Understanding(intent=intent, sure=0.99, pii=pii)
    monkeypatch.setattr(Listener, "understand", lambda _self, _heard: heard)
    async with open_simulation(None, START) as app:
        await app.simulator.say(who, chat, "我的号码在这里")
        await app.settle()
        await app.settle()
        there = [one for one in app.simulator.transcript if not one.speaker]
        return [(one.address.chat, one.text) for one in there if "撤回" in one.text]


@pytest.mark.parametrize(("who", "chat", "intent", "pii", "kinds"), ASKED.values(), ids=list(ASKED))
async def test_asked_once_and_alone(
    monkeypatch: pytest.MonkeyPatch, who: str, chat: str, intent: str, pii: Pii, kinds: str
) -> None:
    ((where, text),) = await said_after(monkeypatch, who, chat, intent, pii)
    assert where == who
    assert kinds in text
    assert not any(value in text for _, value in pii)


@pytest.mark.parametrize(("who", "chat", "intent", "pii"), NOT_ASKED.values(), ids=list(NOT_ASKED))
async def test_not_asked(
    monkeypatch: pytest.MonkeyPatch, who: str, chat: str, intent: str, pii: Pii
) -> None:
    assert await said_after(monkeypatch, who, chat, intent, pii) == []


async def test_who_cannot_be_reached_alone_is_not_told_in_the_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Directory, "private", lambda _self, _person, _prefer: None)
    assert await said_after(monkeypatch, "r.chen", "g01.residents", "chat", (PHONE,)) == []
