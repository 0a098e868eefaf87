"""Tasks that wait for a tap, on both databases."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text

from store.engine import Store
from store.group_tasks import GroupTask, GroupTasks, State, still_waiting
from tests import factories as make

ONE = GroupTask("groups", "n1", "msg1", "wrFake0001", "zhangsan", make.NOW, make.NOW)
LATER = make.after(minutes=3)


@pytest.fixture
def tasks(store: Store) -> GroupTasks:
    return GroupTasks(store)


async def test_a_task_is_kept_once_for_its_key(tasks: GroupTasks, open_store) -> None:
    other = GroupTasks(open_store())
    await asyncio.gather(tasks.add(ONE), other.add(replace(ONE, msgid="msg2")))
    kept = await tasks.known("groups", "n1")
    assert kept is not None
    assert kept in (ONE, replace(ONE, msgid="msg2"))
    assert await tasks.known("groups", "n2") is None
    assert await tasks.known("elsewhere", "n1") is None


async def test_those_not_looked_at_for_longest_come_first(tasks: GroupTasks) -> None:
    two, three = replace(ONE, once="n2"), replace(ONE, once="n3")
    for task in (ONE, two, three, replace(ONE, channel="elsewhere")):
        await tasks.add(task)
    await tasks.looked(ONE, State.WAITING, LATER)
    await tasks.looked(three, State.SENT, LATER)
    assert await tasks.waiting("groups", 10) == [two, ONE]
    assert await tasks.waiting("groups", 1) == [two]


@pytest.mark.parametrize("end", [State.SENT, State.REFUSED, State.EXPIRED])
async def test_what_is_settled_stays_settled(tasks: GroupTasks, end: State) -> None:
    await tasks.add(ONE)
    await tasks.looked(ONE, end, LATER)
    await tasks.looked(ONE, State.WAITING, make.after(hours=1), asked=True)
    assert await tasks.known("groups", "n1") == replace(ONE, state=end)
    assert await tasks.waiting("groups", 10) == []


async def test_a_reminder_is_counted(tasks: GroupTasks) -> None:
    await tasks.add(ONE)
    await tasks.looked(ONE, State.WAITING, LATER)
    await tasks.looked(ONE, State.WAITING, LATER, asked=True)
    assert await tasks.known("groups", "n1") == replace(ONE, asked_at=LATER, asks=2)


async def test_a_group_s_month_counts_what_it_got_and_may_still_get(tasks: GroupTasks) -> None:
    ends = [State.WAITING, State.SENT, State.REFUSED, State.EXPIRED]
    for number, state in enumerate(ends):
        task = replace(ONE, once=f"n{number}")
        await tasks.add(task)
        await tasks.looked(task, state, LATER)
    await tasks.add(replace(ONE, once="other", chat="wrOther"))
    await tasks.add(replace(ONE, once="old", created_at=make.after(days=-30)))
    assert await tasks.count("groups", ONE.chat, make.NOW) == 2
    assert await tasks.count("groups", ONE.chat, make.after(days=-31)) == 3


async def test_who_still_has_to_tap_over_all_channels(store: Store, tasks: GroupTasks) -> None:
    young = replace(ONE, once="n2", created_at=LATER)
    elsewhere, done = replace(ONE, channel="more"), replace(ONE, once="n3")
    for task in (young, elsewhere, done):
        await tasks.add(task)
    await tasks.looked(done, State.SENT, LATER)
    async with store.read() as conn:
        assert await still_waiting(conn) == [elsewhere, young]
        assert await still_waiting(conn, 1) == [elsewhere]


@pytest.mark.parametrize("database", ["sqlite"])  # PostgreSQL reads a table this small whole
async def test_waiting_tasks_are_found_by_their_index(store: Store) -> None:
    asked = (
        "EXPLAIN QUERY PLAN SELECT * FROM group_tasks WHERE group_tasks.state = 'waiting' "
        "AND channel = 'groups' ORDER BY looked_at LIMIT 50"
    )
    async with store.read() as conn:
        plan = " ".join(str(row) for row in await conn.execute(text(asked)))
    assert "ix_group_tasks_waiting" in plan
