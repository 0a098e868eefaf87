"""Answers that a platform comes to fetch, on both databases, seen from two processes."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import update

from domain.messages import Address
from store import inbox, outbox
from store import tables as t
from store.engine import Store
from store.streams import State, Stream, Streams
from tests import factories as make

LONG_AGO = make.after(hours=-1)
ONE = Stream(
    channel="bot",
    name="5f1e",
    letter="MSG-1",
    chat="zhangsan",
    sender="zhangsan",
    opened_at=make.NOW,
    seen_at=make.NOW,
    url="https://e.example/1",
)
ANSWERED = replace(ONE, once="i1:0", answer="{}")


@pytest.fixture
def streams(store: Store) -> Streams:
    return Streams(store)


async def state(streams: Streams, stream: Stream = ONE) -> str:
    found = await streams.get(stream.channel, stream.name)
    assert found is not None
    return found.state.value


async def test_a_stream_is_begun_once(streams: Streams, open_store) -> None:
    other = Streams(open_store())
    await asyncio.gather(streams.begin(ONE), other.begin(replace(ONE, chat="lisi")))
    assert await streams.get("bot", "5f1e") in (ONE, replace(ONE, chat="lisi"))
    assert await streams.get("bot", "5f1f") is None
    assert await streams.get("other", "5f1e") is None


async def test_an_answer_is_taken_by_one(streams: Streams, open_store) -> None:
    other = Streams(open_store())
    await streams.begin(ONE)
    assert not await streams.take(ONE)
    assert await streams.offer(ANSWERED, LONG_AGO, LONG_AGO)
    assert await other.get("bot", "5f1e") == replace(ANSWERED, state=State.READY)
    won = await asyncio.gather(streams.take(ONE), other.take(ONE), streams.withdraw(ONE))
    assert sorted(won) == [False, False, True]


# what happens: (before, does it win, after)
MOVES = {
    "begin to ask, held": (State.HELD, "asked", True, State.OPEN),
    "ask again": (State.OPEN, "asked", True, State.OPEN),
    "ask when it is ready": (State.READY, "asked", False, State.READY),
    "ask when it was taken": (State.TAKEN, "asked", False, State.TAKEN),
    "ask when it is closed": (State.CLOSED, "asked", False, State.CLOSED),
    "close, held": (State.HELD, "close", True, State.CLOSED),
    "close, open": (State.OPEN, "close", True, State.CLOSED),
    "close when it is ready": (State.READY, "close", False, State.READY),
    "close when it was taken": (State.TAKEN, "close", False, State.TAKEN),
    "withdraw": (State.READY, "withdraw", True, State.CLOSED),
    "withdraw when it was taken": (State.TAKEN, "withdraw", False, State.TAKEN),
    "take": (State.READY, "take", True, State.TAKEN),
    "take before it is there": (State.OPEN, "take", False, State.OPEN),
    "take what was closed": (State.CLOSED, "take", False, State.CLOSED),
}


@pytest.mark.parametrize(("before", "move", "won", "after"), MOVES.values(), ids=MOVES)
async def test_how_a_stream_moves(streams: Streams, before, move, won, after) -> None:
    await streams.begin(replace(ANSWERED, state=before))
    more = (make.after(minutes=1),) if move == "asked" else ()
    assert await getattr(streams, move)(ONE, *more) is won
    assert await state(streams) == after.value


OFFERS = {
    "held": (ONE, LONG_AGO, LONG_AGO, True),
    "asked for": (replace(ONE, state=State.OPEN), LONG_AGO, LONG_AGO, True),
    "the same again": (replace(ANSWERED, state=State.READY), LONG_AGO, LONG_AGO, True),
    "another one": (
        replace(ANSWERED, once="i1:1", state=State.READY),
        LONG_AGO,
        LONG_AGO,
        False,
    ),
    "taken already": (replace(ANSWERED, state=State.TAKEN), LONG_AGO, LONG_AGO, False),
    "closed": (replace(ONE, state=State.CLOSED), LONG_AGO, LONG_AGO, False),
    "begun too long ago": (ONE, make.NOW, LONG_AGO, False),
    "not asked for lately": (ONE, LONG_AGO, make.NOW, False),
}


@pytest.mark.parametrize(("stream", "alive", "asked", "won"), OFFERS.values(), ids=OFFERS)
async def test_where_an_answer_can_be_laid_ready(streams, stream, alive, asked, won) -> None:
    await streams.begin(stream)
    assert await streams.offer(ANSWERED, alive, asked) is won


async def test_a_message_is_dealt_with_in_silence(streams: Streams, store: Store) -> None:
    await streams.begin(ONE)
    await streams.begin(replace(ONE, name="6a", letter="MSG-2"))
    address = Address("bot", "zhangsan")
    letter = replace(make.inbound(id="MSG-1"), address=address)
    answer = replace(make.saying(), address=address, handle={"stream": "6a", "kind": "msg"})
    async with store.write() as conn:
        await inbox.add(store, conn, [inbox.row_of(letter)])
        await outbox.add(store, conn, [outbox.row_of(answer, make.NOW)])
    assert not await streams.silent(ONE)  # not handled
    async with store.write() as conn:
        await conn.execute(update(t.inbox).values(handled_at=make.NOW))
    assert await streams.silent(ONE)
    mine = replace(answer, once="two", handle={"stream": "5f1e", "kind": "msg"})
    async with store.write() as conn:
        await outbox.add(store, conn, [outbox.row_of(mine, make.NOW)])
    assert not await streams.silent(ONE)
    async with store.write() as conn:
        await conn.execute(update(t.outbox).values(state="dead"))
    assert await streams.silent(ONE)


async def test_unfinished_are_those_of_one_person_the_platform_waits_with(streams) -> None:
    for number, one in enumerate(State):
        await streams.begin(replace(ONE, name=f"s{number}", state=one))
    await streams.begin(replace(ONE, name="his", sender="lisi", state=State.OPEN))
    await streams.begin(replace(ONE, name="old", opened_at=LONG_AGO, state=State.OPEN))
    assert await streams.unfinished("bot", "zhangsan", make.after(minutes=-6)) == 2
    assert await streams.unfinished("bot", "wang", make.after(minutes=-6)) == 0


async def test_a_url_is_spent_by_one(streams: Streams, open_store) -> None:
    other = Streams(open_store())
    await streams.begin(ONE)
    both = await asyncio.gather(*(one.spend("bot", "5f1e", LONG_AGO) for one in (streams, other)))
    assert sorted(both) == ["", ONE.url]
    await streams.unspend("bot", "5f1e", ONE.url)
    assert await other.spend("bot", "5f1e", make.NOW) == ""  # too old
    assert await other.spend("bot", "5f1e", LONG_AGO) == ONE.url
    assert await other.spend("bot", "6a", LONG_AGO) == ""


async def test_a_spare_url_is_the_newest_of_those_people_that_is_not_waited_for(streams) -> None:
    group = replace(ONE, chat="wrAbCd", state=State.TAKEN)
    rows = {
        "older": replace(group, opened_at=make.after(minutes=-9)),
        "newer": replace(group, opened_at=make.after(minutes=-5)),
        "spent": replace(group, url=""),
        "waited for": replace(group, state=State.OPEN),
        "another chat": replace(group, chat="wrOther"),
        "another person": replace(group, sender="lisi"),
    }
    for name, row in rows.items():
        await streams.begin(replace(row, name=name))
    people = ("zhangsan", "wang")
    assert await streams.spare("bot", "wrAbCd", people, LONG_AGO) == "newer"
    assert await streams.spare("bot", "wrAbCd", people, make.after(minutes=-3)) == ""
    assert await streams.spare("bot", "wrAbCd", (), LONG_AGO) == ""


async def test_what_is_old_is_forgotten(streams: Streams) -> None:
    await streams.begin(ONE)
    await streams.begin(replace(ONE, channel="other"))
    await streams.begin(replace(ONE, name="new", opened_at=make.after(minutes=1)))
    await streams.forget("bot", make.after(seconds=1))
    assert await streams.get("bot", "5f1e") is None
    assert await streams.get("bot", "new") is not None
    assert await streams.get("other", "5f1e") is not None


async def test_ids_that_are_too_long_stay_different(streams: Streams) -> None:
    await streams.begin(replace(ONE, sender="x" * 250 + "1", state=State.OPEN))
    assert await streams.unfinished("bot", "x" * 250 + "1", LONG_AGO) == 1
    assert await streams.unfinished("bot", "x" * 250 + "2", LONG_AGO) == 0
