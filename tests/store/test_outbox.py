"""What is to be said: once each, in order, within the platform's rates, and never forgotten."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from domain.messages import Address
from store import outbox, standing
from store.engine import Store
from store.outbox import CLAIM, Claimed, Instead, Outcome, Priority, Saying
from tests import factories as make
from tests import postgres

Rates = Sequence[tuple[int, int]]


async def put(store: Store, *sayings: Saying, now: datetime = make.NOW) -> None:
    async with store.write() as conn:
        await outbox.add(store, conn, [outbox.row_of(one, now) for one in sayings])


async def take(
    store: Store, now: datetime = make.NOW, rates: Rates = (), limit: int = 50
) -> list[Claimed]:
    async with store.write() as conn:
        return await outbox.claim(store, conn, "simulator", rates, now, limit=limit)


async def note(store: Store, *outcomes: Outcome) -> None:
    async with store.write() as conn:
        await outbox.record(conn, outcomes)


async def sent(store: Store, rows: Sequence[Claimed], now: datetime = make.NOW) -> None:
    await note(store, *(Outcome(row.id, "sent", now, platform_id="p") for row in rows))


def names(rows: Sequence[Claimed]) -> list[str]:
    return [row.saying.once for row in rows]


async def test_said_once_whoever_writes_it_again(store: Store) -> None:
    first = make.saying("a", template="replies/thanks")
    again = make.saying("a", template="replies/help_staff")
    await put(store, first, again)
    await put(store, again)
    rows = await take(store)
    assert [row.saying for row in rows] == [first]
    await sent(store, rows)
    await put(store, again)
    assert await take(store) == []


async def test_a_saying_comes_back_as_it_was_written(store: Store) -> None:
    saying = make.saying(
        "a",
        context={
            "case": {"number": "G1001", "urgent": False},
            "words": "灯",
            "options": ["a", "b"],
        },
        to=("r.wang", "r.chen"),
        handle={"req": "1"},
        instead=Instead(Address("wecom", "c1.staff", group=True), ("w.li",), "李强"),
        priority=Priority.EMERGENCY,
        case_id=7,
    )
    await put(store, saying)
    assert await take(store) == [Claimed(1, 1, make.NOW, saying)]


async def test_emergencies_go_first_then_replies_then_pushes(store: Store) -> None:
    levels = [Priority.PUSH, Priority.REPLY, Priority.EMERGENCY, Priority.PUSH, Priority.EMERGENCY]
    await put(store, *(make.saying(f"{n}", priority=one) for n, one in enumerate(levels)))
    assert names(await take(store, limit=3)) == ["2", "4", "1"]
    assert names(await take(store)) == ["0", "3"]


async def test_one_channel_does_not_take_what_is_another_s(store: Store) -> None:
    await put(store, make.saying("a", address=Address("wecom", "x")), make.saying("b"))
    assert names(await take(store)) == ["b"]


async def test_what_is_taken_is_not_taken_twice(store: Store) -> None:
    await put(store, make.saying("a"), make.saying("b"))
    assert names(await take(store, limit=1)) == ["a"]
    assert names(await take(store)) == ["b"]
    assert await take(store) == []


@postgres.only
async def test_two_processes_never_take_the_same(store: Store, open_store) -> None:
    await put(store, *(make.saying(f"{n}", chat=f"chat{n}") for n in range(60)))
    taken: list[str] = []

    async def work(mine: Store) -> None:
        while rows := await take(mine, limit=4, rates=[(30, 60)]):
            taken.extend(names(rows))
            await sent(mine, rows)

    await asyncio.gather(work(store), work(open_store()), work(open_store()))
    await work(store)
    assert sorted(taken, key=int) == [f"{n}" for n in range(60)]


@pytest.mark.parametrize(
    ("rates", "minutes"),
    [
        pytest.param([(30, 60)], 10, id="30 a minute"),
        pytest.param([(30, 60), (100, 3600)], 60, id="30 a minute and 100 an hour"),
        pytest.param([(15, 60)], 20, id="an odd rate whose parts do not divide"),
        pytest.param([(1, 20)], 10, id="one at a time"),
    ],
)
async def test_no_window_holds_more_than_the_rate(store: Store, rates: Rates, minutes: int) -> None:
    """Eighty messages wait for one chat; time goes on from due moment to due moment."""
    await put(store, *(make.saying(f"{n:03}") for n in range(80)))
    said: list[tuple[datetime, str]] = []
    now = make.NOW
    for _ in range(400):
        rows = await take(store, now, rates)
        said += [(now, row.saying.once) for row in rows]
        await sent(store, rows, now)
        async with store.read() as conn:
            due = await outbox.next_due(conn)
        if due is None or due > make.after(minutes=minutes):
            break
        assert rows or due > now, "no step may leave everything as it was"
        now = max(now, due)
    for messages, seconds in rates:
        for moment, _ in said:
            window = [one for one, _ in said if moment <= one < moment + timedelta(seconds=seconds)]
            assert len(window) <= messages
    assert [name for _, name in said] == sorted(name for _, name in said)
    lowest = min(messages // 2 * minutes * 60 // seconds for messages, seconds in rates)
    assert len(said) >= min(80, lowest)


async def test_a_busy_chat_does_not_hold_up_a_quiet_one(store: Store) -> None:
    await put(
        store,
        *(make.saying(f"{n}", chat="busy") for n in range(10)),
        make.saying("x", chat="quiet"),
    )
    assert names(await take(store, rates=[(4, 60)])) == ["0", "1", "x"]


async def test_a_lower_rate_holds_from_the_next_message_on(store: Store) -> None:
    await put(store, *(make.saying(f"{n}") for n in range(20)))
    assert len(await take(store, rates=[(30, 60)], limit=1)) == 1
    assert len(await take(store, rates=[(4, 60)])) == 2


async def test_a_failed_try_comes_again_and_counts(store: Store) -> None:
    await put(store, make.saying("a"))
    (row,) = await take(store)
    await note(store, Outcome(row.id, "waiting", make.after(seconds=1), error="busy"))
    assert await take(store) == []
    (row,) = await take(store, make.after(seconds=1))
    assert (row.tries, row.unknown) == (2, False)
    await note(store, Outcome(row.id, "waiting", make.after(seconds=2), untried=True))
    (row,) = await take(store, make.after(seconds=2))
    assert row.tries == 2


async def test_what_follows_a_failed_try_does_not_overtake_it(store: Store) -> None:
    await put(store, make.saying("a"), make.saying("other", chat="b"))
    first, _ = await take(store)
    await note(store, Outcome(first.id, "waiting", make.after(seconds=5)))
    await put(store, make.saying("b"), make.saying("c", chat="b"))
    await put(store, make.saying("urgent", priority=Priority.EMERGENCY))
    assert names(await take(store)) == ["urgent", "c"]
    assert names(await take(store, make.after(seconds=4))) == []
    assert names(await take(store, make.after(seconds=5))) == ["a", "b"]


async def test_what_is_given_up_stays_to_be_seen_and_can_be_revived(store: Store) -> None:
    await put(store, make.saying("a"), make.saying("b"))
    first, _ = await take(store)
    await note(store, Outcome(first.id, "dead", make.NOW, error="x" * 1000))
    async with store.write() as conn:
        assert await standing.count_dead(conn) == 1
        (dead,) = await standing.dead(conn)
        assert (dead.once, dead.error) == ("a", "x" * 300)
        assert await standing.revive(conn, make.after(hours=1)) == 1
        assert await standing.count_dead(conn) == 0
    assert await take(store, make.after(minutes=59, seconds=-20)) == []
    (row,) = [one for one in await take(store, make.after(hours=1)) if one.saying.once == "a"]
    assert row.tries == 1


async def test_what_was_for_nobody_stays_dead(store: Store) -> None:
    """Somebody without an address on any channel: trying again would wait for ever, unseen."""
    async with store.write() as conn:
        row = outbox.row_of(make.saying("a", address=Address("", "w.li")), make.NOW)
        await outbox.add(store, conn, [row | {"state": "dead"}])
        assert await standing.revive(conn, make.NOW) == 0
        assert await standing.count_dead(conn) == 1


async def test_rerouted_rows_are_neither_waiting_nor_dead(store: Store) -> None:
    await put(store, make.saying("a"))
    (row,) = await take(store)
    await note(store, Outcome(row.id, "rerouted", make.NOW))
    await put(store, make.saying("a:instead", chat="c1.staff"))
    assert names(await take(store, make.after(hours=1))) == ["a:instead"]
    async with store.read() as conn:
        assert await standing.count_dead(conn) == 0


async def test_taken_by_a_process_that_died_it_is_taken_again_and_said_so(store: Store) -> None:
    await put(store, make.saying("a"))
    (first,) = await take(store)
    assert not first.unknown
    assert await take(store, make.NOW + CLAIM - timedelta(seconds=1)) == []
    async with store.read() as conn:
        assert await standing.oldest_unsent(conn) == make.NOW
    (again,) = await take(store, make.NOW + CLAIM)
    assert (again.saying.once, again.tries, again.unknown) == ("a", 2, True)
    await sent(store, [again])
    assert await take(store, make.after(hours=1)) == []
    async with store.read() as conn:
        assert await standing.oldest_unsent(conn) is None


async def test_strange_words_of_a_platform_do_not_stop_the_record(store: Store) -> None:
    await put(store, make.saying("a"), make.saying("b"))
    first, second = await take(store)
    await note(
        store,
        Outcome(first.id, "sent", make.NOW, platform_id="\0\ud800" * 400),
        Outcome(second.id, "dead", make.NOW, error="\ud800\0boom"),
    )
    async with store.read() as conn:
        assert [row.error for row in await standing.dead(conn)] == ["\ufffdboom"]
