"""One gateway's reverse WebSocket: calls and their answers find each other by `echo`."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from bot.channels._onebot_says import Call, refusal
from bot.channels.base import SendError

MAX_FRAME = 16 * 1024 * 1024
_ENDED = 1001


class Link:
    """A connection; `role` is what version 11 uses it for: universal, api or event."""

    def __init__(
        self, ws: web.WebSocketResponse, *, version: int, self_id: str, role: str, patience: float
    ) -> None:
        self.version, self.self_id, self.role = version, self_id, role
        self.platform = ""
        self._ws, self._patience = ws, patience
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}

    @property
    def calls(self) -> bool:
        """Whether it takes calls."""
        return self.role != "event"

    async def ask(self, call: Call, self_id: str = "") -> dict[str, Any]:
        """Make a call; returns the answer's `data`. Raises SendError."""
        echo = secrets.token_hex(8)
        answer = self._waiting[echo] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._patience):
                await self._ws.send_str(orjson.dumps(self._frame(call, echo, self_id)).decode())
                found = await answer
        except TimeoutError as error:
            raise SendError("no answer in time", retryable=True) from error
        except (OSError, RuntimeError) as error:  # aiohttp raises both for a socket that closed
            raise SendError("not connected", retryable=True) from error
        finally:
            del self._waiting[echo]
        return _checked(found)

    def _frame(self, call: Call, echo: str, self_id: str) -> dict[str, Any]:
        frame: dict[str, Any] = {"action": call.action, "params": call.params, "echo": echo}
        who = self_id or self.self_id
        if self.version == 12 and self.platform and who:  # noqa: PLR2004
            frame["self"] = {"platform": self.platform, "user_id": who}
        return frame

    async def frames(self) -> AsyncIterator[dict[str, Any]]:
        """The events, until the connection ends; answers go to who waits for them."""
        async for frame in self._ws:
            if frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                continue
            try:
                found = orjson.loads(frame.data)
            except orjson.JSONDecodeError:
                continue
            if isinstance(found, dict) and not self._settled(found):
                yield found

    def _settled(self, found: dict[str, Any]) -> bool:
        if "retcode" not in found:
            return False
        waiting = self._waiting.get(str(found.get("echo")))
        if waiting is not None and not waiting.done():
            waiting.set_result(found)
        return True

    def lost(self) -> None:
        """Tell those who wait that no answer will come."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionResetError())

    async def close(self) -> None:
        """End it: the same account came by another connection, or the program stops."""
        await self._ws.close(code=_ENDED)


def _checked(answer: dict[str, Any]) -> dict[str, Any]:
    code, status = answer.get("retcode"), answer.get("status")
    if status not in ("ok", "async"):
        raise refusal(code if isinstance(code, int) else -1)
    data = answer.get("data")
    return data if isinstance(data, dict) else {}
