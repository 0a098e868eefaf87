"""Votes: one of a household, whoever casts it and however often, on both databases (I3)."""

import asyncio

from domain.deliberation import Act, Choice, Proposal, take
from store import deliberation
from store.engine import Store
from tests import factories as make

HOME = "h:g01:3号楼:2:501"


async def opened(store: Store) -> Proposal:
    async with store.write() as conn:
        return await deliberation.add(conn, Proposal(0, "g01", "l.c1", "装充电桩", make.NOW))


async def test_a_household_has_one_vote_and_the_last_one_counts(store: Store) -> None:
    one = await opened(store)
    async with store.write() as conn:
        assert not await deliberation.vote(
            store, conn, (one.id, HOME, Choice.YES), "r.wang", make.NOW
        )
        assert await deliberation.vote(store, conn, (one.id, HOME, Choice.NO), "r.son", make.NOW)
        alone = (one.id, "p:x.new", Choice.YES)
        assert not await deliberation.vote(store, conn, alone, "x.new", make.NOW)
        found = await deliberation.ballots(conn, one.id)
        assert found == {HOME: Choice.NO, "p:x.new": Choice.YES}
        # who takes back words that no longer count takes nothing back
        await deliberation.drop_vote(conn, (one.id, HOME, Choice.YES), ["r.wang"])
        await deliberation.drop_vote(conn, (one.id, HOME, Choice.NO), ["r.wang"])
        assert await deliberation.ballots(conn, one.id) == found
        await deliberation.drop_vote(conn, (one.id, HOME, Choice.NO), ["r.son"])
        assert await deliberation.ballots(conn, one.id) == {"p:x.new": Choice.YES}


async def test_two_of_a_household_vote_at_once_and_it_is_one_vote(store: Store, open_store) -> None:
    one = await opened(store)

    async def cast(mine: Store, person: str, choice: Choice) -> None:
        async with mine.write() as conn:
            await deliberation.vote(mine, conn, (one.id, HOME, choice), person, make.NOW)

    await asyncio.gather(cast(store, "r.wang", Choice.YES), cast(open_store(), "r.son", Choice.NO))
    async with store.read() as conn:
        assert list(await deliberation.ballots(conn, one.id)) == [HOME]


async def test_two_close_a_vote_at_once_and_it_is_closed_once(store: Store, open_store) -> None:
    one = await opened(store)
    voting = take(one, Act.OPEN_VOTE, until=make.NOW)
    async with store.write() as conn:
        await deliberation.save(conn, voting, Act.OPEN_VOTE, "l.c1", "", make.NOW)
    closed = take(voting, Act.CLOSE_VOTE)

    async def close(mine: Store) -> bool:
        try:
            async with mine.write() as conn:
                await deliberation.save(conn, closed, Act.CLOSE_VOTE, "", "", make.NOW)
        except deliberation.Overtaken:
            return False
        return True

    assert sorted(await asyncio.gather(close(store), close(open_store()))) == [False, True]
    async with store.read() as conn:
        acts = [row.act for row in await deliberation.history(conn, one.id)]
    assert acts.count(Act.CLOSE_VOTE) == 1
