"""How fast the gateway itself is: a robot that answers at once, as a process of its own."""

import asyncio
import sys
from itertools import count

import aiohttp
import orjson

from tests.bench.city import BOT, SECRET, Grid
from tests.bench.gateway import Gateway, clock
from tests.bench.traffic import Traffic


async def robot(url: str) -> None:
    """Answer every callback, and think nothing."""
    numbers = count()
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        hello = {"bot_id": BOT, "secret": SECRET}
        await ws.send_str(_frame("aibot_subscribe", "s", hello))
        async for message in ws:
            frame = orjson.loads(message.data)
            if frame.get("cmd") == "aibot_msg_callback":
                stream = {"id": f"s{next(numbers)}", "finish": True, "content": "已受理"}
                body = {"msgtype": "stream", "stream": stream}
                await ws.send_str(_frame("aibot_respond_msg", frame["headers"]["req_id"], body))


def _frame(cmd: str, req_id: str, body: dict) -> str:
    return orjson.dumps({"cmd": cmd, "headers": {"req_id": req_id}, "body": body}).decode()


async def ceiling(grids: list[Grid], seconds: float, seed: int, outstanding: int = 300) -> float:
    """Messages a second through the gateway, each with an answer and its ack."""
    traffic = Traffic(grids, seed)
    gateway = Gateway(traffic)
    await gateway.open()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.ceiling", gateway.url
    )
    try:
        async with asyncio.timeout(20):
            await gateway.online.wait()
        start, answered = clock(), gateway.replies
        while clock() < start + seconds:
            for _ in range(outstanding - (gateway.delivered - gateway.replies)):
                await gateway.deliver(traffic.next(), clock())
            await asyncio.sleep(0)
        return (gateway.replies - answered) / (clock() - start)
    finally:
        process.kill()
        await process.wait()
        await gateway.close()


if __name__ == "__main__":
    asyncio.run(robot(sys.argv[1]))
