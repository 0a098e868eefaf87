"""A double of a OneBot gateway: it connects to us, tells events and answers calls.

`answers` come first, one each: a return code, "silent", "gone", or the data of a good answer.
"""

import asyncio
import json
from collections import deque
from contextlib import asynccontextmanager

TOKEN = "onebot-token-0123456789"
SELF = "10001000"


class Gateway:
    """One connection; `calls` are the actions it was asked for, without their echo."""

    def __init__(self, ws):
        self.ws = ws
        self.calls = []
        self.answers = deque()
        self.closed = asyncio.Event()
        self._ids = 76

    async def tell(self, event):
        """Send an event; a string is sent as it is."""
        await self.ws.send_str(event if isinstance(event, str) else json.dumps(event))

    async def work(self):
        """Answer calls until the connection ends."""
        try:
            async for frame in self.ws:
                call = json.loads(frame.data)
                echo = call.pop("echo")
                self.calls.append(call)
                planned = self.answers.popleft() if self.answers else self._message()
                if planned == "gone":
                    await self.ws.close()
                elif planned != "silent":
                    await self.ws.send_json(self._answer(planned) | {"echo": echo})
        finally:
            self.closed.set()

    def _message(self):
        self._ids += 1
        return {"message_id": self._ids}

    def _answer(self, planned):
        if isinstance(planned, int):
            return {"status": "failed", "retcode": planned, "data": None, "message": "no"}
        return {"status": "ok", "retcode": 0, "data": planned}


def headers(version=11, token=TOKEN, self_id=SELF, **more):
    """What a gateway says of itself when it connects (wechat.md 1i)."""
    if version == 12:
        said = {"User-Agent": "OneBot/12 fake/1.0"}
    else:
        said = {"X-Self-ID": self_id, "X-Client-Role": "Universal"}
    return said | ({"Authorization": f"Bearer {token}"} if token else {}) | more


@asynccontextmanager
async def connected(caller, version=11, **more):
    """A gateway at the channel's address."""
    spoken = ("12.fake",) if version == 12 else ()
    said = headers(version, **more)
    ws = await caller.client.ws_connect(caller.path, headers=said, protocols=spoken)
    gateway = Gateway(ws)
    task = asyncio.create_task(gateway.work())
    try:
        yield gateway
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await ws.close()
