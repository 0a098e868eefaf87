"""Lanes: in order per conversation, side by side over conversations, bounded."""

import asyncio
from datetime import UTC, datetime

from bot.channels._lanes import Lanes
from bot.channels.base import Received
from domain.messages import Address, Inbound


async def test_beyond_the_bound_reading_stops():
    free, seen = asyncio.Event(), []

    async def stuck(inbound):
        await free.wait()
        seen.append(inbound)
        return Received.NEW

    lanes = Lanes(stuck, limit=2)
    await lanes.put(inbound("a"))
    await lanes.put(inbound("a"))
    assert lanes.full
    third = asyncio.create_task(lanes.put(inbound("b")))
    await asyncio.sleep(0)
    assert not third.done()
    free.set()
    async with asyncio.timeout(5):
        await third
    await lanes.close(5)
    assert len(seen) == 3


def inbound(person):
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return Inbound(Address("robot", person), person, "M", at)


async def test_what_is_refused_is_offered_again_for_the_platform_will_not():
    answers = [Received.REFUSED, RuntimeError("bug"), Received.REFUSED, Received.NEW]
    offered = []

    async def accept(inbound):
        offered.append(inbound)
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    lanes = Lanes(accept, retry=(0, 0))
    await lanes.put(inbound("a"))
    await lanes.close(5)
    assert (len(offered), answers) == (4, [])


async def test_a_message_that_always_breaks_the_program_is_given_up():
    offered = []

    async def accept(inbound):
        offered.append(inbound)
        raise RuntimeError("bug")

    lanes = Lanes(accept, limit=1, retry=(0, 0))
    await lanes.put(inbound("a"))
    await lanes.put(inbound("b"))
    await lanes.close(5)
    assert len(offered) == 6


async def test_a_stop_does_not_wait_for_a_stuck_accept():
    async def stuck(_inbound):
        await asyncio.Event().wait()

    lanes = Lanes(stuck)
    await lanes.put(inbound("a"))
    async with asyncio.timeout(5):
        await lanes.close(0)
