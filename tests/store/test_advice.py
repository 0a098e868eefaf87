"""Second opinions in the store: who waits, who is asked about once, and how many a month may have."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from store import advice, inbox
from store import tables_advice as a
from store.engine import Store
from tests import factories as make

UNTIL = make.after(seconds=4)
OTHER = replace(make.GROUP, chat="g02.residents")


async def say(store: Store, *texts: str, chat: str = make.GROUP.chat) -> None:
    rows = [inbox.row_of(make.inbound(text, id=f"{chat}{text}", chat=chat)) for text in texts]
    async with store.write() as conn:
        await inbox.add(store, conn, rows)


async def want(store: Store, letter: int, chat: str = make.GROUP.key) -> None:
    async with store.write() as conn:
        await advice.want(conn, letter, chat, UNTIL)


async def take(store: Store, now=make.NOW, limit: int = 4) -> list[advice.Wanted]:
    async with store.write() as conn:
        return await advice.take(conn, now, limit)


async def settle(store: Store, one: advice.Wanted, answer: str = "{}") -> bool:
    async with store.write() as conn:
        return await advice.settle(conn, one, answer)


async def given(store: Store, *letters: int) -> dict[int, str]:
    async with store.read() as conn:
        return await advice.given(conn, letters)


async def free(store: Store, now=make.NOW, *, overtake: bool = False) -> list[str]:
    """The chats that would be handled now."""
    async with store.write() as conn:
        if overtake:
            await advice.overtake(conn)
        found = await inbox.claim(conn, now)
    return [mine[0].inbound.address.chat for mine in found.values()]


async def test_a_chat_is_held_back_until_the_answer_is_there(store: Store) -> None:
    await say(store, "不清楚")
    await say(store, "别的", chat=OTHER.chat)
    await want(store, 1)
    assert await free(store) == [OTHER.chat]
    (one,) = await take(store)
    assert (one.letter, one.until, one.inbound.text) == (1, UNTIL, "不清楚")
    assert await given(store, 1, 2) == {1: ""}
    assert await settle(store, one, '{"a":1}')
    assert set(await free(store)) == {make.GROUP.chat, OTHER.chat}
    assert await given(store, 1, 2) == {1: '{"a":1}'}


async def test_each_is_asked_about_once_and_not_after_its_time(store: Store) -> None:
    await say(store, "不清楚")
    await want(store, 1)
    async with store.read() as conn:
        assert await advice.waiting(conn, make.NOW)
        assert not await advice.waiting(conn, UNTIL)
    assert await take(store, UNTIL) == []
    assert len(await take(store)) == 1
    assert await take(store) == []
    async with store.read() as conn:
        assert not await advice.waiting(conn, make.NOW)


async def test_no_more_than_asked_for_are_taken(store: Store) -> None:
    for number in range(1, 6):
        await say(store, "不清楚", chat=f"chat{number}")
        await want(store, number, replace(make.GROUP, chat=f"chat{number}").key)
    assert [one.letter for one in await take(store, limit=3)] == [1, 2, 3]
    assert [one.letter for one in await take(store, limit=3)] == [4, 5]


async def test_without_an_answer_the_chat_goes_on_by_itself(store: Store) -> None:
    await say(store, "不清楚")
    await want(store, 1)
    assert await free(store, make.after(seconds=3)) == []
    assert await free(store, UNTIL) == [make.GROUP.chat]


async def test_a_late_answer_finds_nothing_and_holds_nobody(store: Store) -> None:
    await say(store, "不清楚")
    await want(store, 1)
    (one,) = await take(store)
    async with store.write() as conn:
        await advice.forget(conn, 1)
    assert not await settle(store, one, '{"a":1}')
    assert await given(store, 1) == {}


async def test_an_answer_does_not_end_another_wait(store: Store) -> None:
    """The message failed since, and its chat waits for the next try."""
    await say(store, "不清楚")
    await want(store, 1)
    (one,) = await take(store)
    async with store.write() as conn:
        letter = inbox.Letter(1, 0, one.inbound)
        await inbox.hold(conn, letter, make.after(minutes=5), make.NOW)
    assert await settle(store, one)
    assert await free(store, UNTIL) == []
    await say(store, "还有")
    assert await free(store, UNTIL, overtake=True) == []


@pytest.mark.parametrize(
    ("said", "freed"),
    [
        pytest.param([], False, id="nobody said anything"),
        pytest.param([make.GROUP.chat], True, id="in the same chat"),
        pytest.param([OTHER.chat], False, id="in another chat"),
    ],
)
async def test_nobody_waits_behind_a_question(store: Store, said: list[str], freed: bool) -> None:
    await say(store, "不清楚")
    await want(store, 1)
    for chat in said:
        await say(store, "着火了", chat=chat)
    assert (make.GROUP.chat in await free(store, overtake=True)) == freed


async def test_what_was_given_up_is_dropped_after_a_day(store: Store) -> None:
    await say(store, "不清楚")
    await want(store, 1)
    await take(store, make.after(hours=20))
    assert await given(store, 1) == {1: ""}
    await take(store, make.after(days=2))
    assert await given(store, 1) == {}


async def test_two_processes_never_ask_about_the_same(store: Store, open_store) -> None:
    for number in range(1, 21):
        await say(store, "不清楚", chat=f"chat{number}")
        await want(store, number, replace(make.GROUP, chat=f"chat{number}").key)
    taken: list[int] = []

    async def ask(mine: Store) -> None:
        while found := await take(mine, limit=2):
            taken.extend(one.letter for one in found)

    await asyncio.gather(ask(store), ask(open_store()), ask(open_store()))
    assert sorted(taken) == list(range(1, 21))


# The budget


@pytest.mark.parametrize("budget", [0, 1, 3])
async def test_no_more_is_spent_than_the_budget(store: Store, open_store, budget: int) -> None:
    async def spend(mine: Store) -> bool:
        async with mine.write() as conn:
            return await advice.spend(mine, conn, "2026-11", budget)

    other = open_store()
    granted = await asyncio.gather(*(spend(one) for one in (store, other) * 3))
    assert sum(granted) == budget
    async with store.read() as conn:
        assert await advice.spent(conn, "2026-11") == (budget, 0)
        assert await advice.spent(conn, "2026-12") == (0, 0)


async def test_tokens_are_counted_in_their_month(store: Store) -> None:
    async with store.write() as conn:
        await advice.spend(store, conn, "2026-11", 9)
        await advice.spend(store, conn, "2026-12", 9)
        await advice.add_tokens(conn, "2026-11", 120)
        await advice.add_tokens(conn, "2026-11", 3_000_000_000)
        result = await conn.execute(select(a.advice_months).order_by("month"))
        rows = [tuple(row) for row in result]
    assert rows == [("2026-11", 1, 3_000_000_120), ("2026-12", 1, 0)]
