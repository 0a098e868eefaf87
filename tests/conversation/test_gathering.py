"""What comes just after a batch of messages shares the next one."""

import asyncio

from bot import dispatch
from tests.conversation.town import GROUP


async def test_messages_that_come_after_one_another_share_a_transaction(open_town, monkeypatch):
    monkeypatch.setattr(dispatch, "GATHER", 0.5)
    seen: asyncio.Queue[str] = asyncio.Queue()
    async with open_town("robot") as town:
        town.app.watch.at = seen.put_nowait
        running = asyncio.create_task(town.app.dispatcher.run())

        async def next_batch() -> None:
            while await seen.get() != "dispatch.after_commit":
                pass

        async with asyncio.timeout(20):
            await town.robot.say("r.wang", "大家早上好呀", GROUP)
            await next_batch()  # at once: nothing came before it
            for words in ("今天好冷", "可不是嘛", "多穿点"):
                await town.robot.say("r.wang", words, GROUP)
            await next_batch()
        assert [one for one in _all(seen) if one == "dispatch.claimed"] == []
        async with town.app.store.read() as conn:
            assert await dispatch.inbox.oldest_unhandled(conn) is None
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def _all(queue: asyncio.Queue[str]) -> list[str]:
    return [queue.get_nowait() for _ in range(queue.qsize())]
