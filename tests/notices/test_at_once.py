"""Two who act on one notice at the same moment, in two processes: one of them is first."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.notices.approval import approve
from bot.notices.audience import Refused
from bot.notices.changes import cancel
from domain.notices import Audience, Status
from store import notices, timers
from store.notice_plans import FIRE
from tests.notices.world import START, World, notice


async def acts(world: World, who: str, act, words: str = "") -> str:
    """Let somebody act in a transaction of his own; "" or why he was refused."""
    person = world.city.world.person(who)
    async with world.store.write() as conn:
        work = world.work(conn, START)
        work.reply = lambda *_, **__: None  # what is answered is not looked at here
        turn = SimpleNamespace(
            work=work,
            letter=1,
            speaker=SimpleNamespace(person=person, id=who),
            inbound=SimpleNamespace(address=SimpleNamespace(group=False)),
            heard=SimpleNamespace(words=words),
        )
        try:
            await act(turn)
        except Refused as why:
            return why.reason
        await work.flush()
    return ""


def draft(**changes):
    fresh = {"status": Status.WAITING, "approved_by": "", "approved_at": None, "author": "w.li"}
    return notice(audience=Audience("residents", ("c1",)), **{**fresh, **changes})


async def both(open_store, store, city, first, second, **changes) -> tuple[World, int, list[str]]:
    """Two act at once on a draft; each is (who, act, words)."""
    world, other = World(store, city), World(open_store(), city)
    number = await world.keep(draft(**changes))
    reasons = await asyncio.gather(acts(world, *first), acts(other, *second))
    return world, number, list(reasons)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("l.c1", "l.c1", id="he says it twice"),
        pytest.param("l.c1", "s.s1", id="and the desk above him"),
    ],
)
async def test_a_second_approval_sends_nothing_again(open_store, store, city, first, second):
    by = [(first, approve, ""), (second, approve, "1")]
    world, number, reasons = await both(open_store, store, city, *by)
    assert sorted(reasons) == ["", "approved_already"]
    assert sorted(row.chat for row in await world.said()) == ["g01.residents", "g02.residents"]
    async with store.read() as conn:
        assert (await notices.get(conn, number)).status is Status.SENT


async def test_approved_and_cancelled_at_once(open_store, store, city) -> None:
    by = [("l.c1", approve, ""), ("w.li", cancel, "1")]
    world, number, reasons = await both(open_store, store, city, *by)
    async with store.read() as conn:
        known = await notices.get(conn, number)
    assert known.status is Status.CANCELLED
    assert reasons in (["", ""], ["over", ""])  # sent and taken back, or never sent
    assert not await world.said()


async def test_cancelled_while_it_falls_due(open_store, store, city) -> None:
    world, other = World(store, city), World(open_store(), city)
    standing = draft(status=Status.STANDING, rhythm="day 09:00", due_at=START, approved_by="l.c1")
    number = await world.keep(standing, START)
    await asyncio.gather(acts(world, "l.c1", cancel, str(number)), other.runner.run_due())
    async with store.read() as conn:
        assert (await notices.get(conn, number)).status is Status.CANCELLED
        assert await timers.next_due(conn, [FIRE]) is None
