"""The people of the WeCom double: what they write, press and send (wechat.md 1a.3, 1a.4)."""

import base64
import os
from abc import ABC, abstractmethod
from itertools import count
from typing import Any
from urllib.parse import quote

from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


class People(ABC):
    """Builds callbacks as the platform does, and serves the media in them, encrypted."""

    def __init__(self) -> None:
        self.port = 0
        self._numbers = count(1)
        self._media: dict[str, tuple[bytes, str, int]] = {}

    @abstractmethod
    async def _deliver(self, cmd: str, body: dict[str, Any], kind: str, task_id: str = "") -> str:
        """Send a callback to the robot. Returns its req_id."""

    @abstractmethod
    def _bot(self) -> str:
        """The robot the people talk to: the one that is connected."""

    async def text(self, words: str, *, user: str = "zhangsan", chat: str = "", **more: Any) -> str:
        """Somebody writes: in the group `chat`, or in private."""
        return await self.message("text", {"content": words}, user=user, chat=chat, **more)

    async def voice(self, words: str, *, user: str = "zhangsan", **more: Any) -> str:
        """A voice message in private: the platform gives its transcript."""
        return await self.message("voice", {"content": words}, user=user, **more)

    async def mixed(self, *items: str | bytes, user: str = "zhangsan", chat: str = "") -> str:
        """Words (str) and pictures (bytes) in one message."""
        parts = [
            {"msgtype": "text", "text": {"content": item}}
            if isinstance(item, str)
            else {"msgtype": "image", "image": self.serve(item)}
            for item in items
        ]
        return await self.message("mixed", {"msg_item": parts}, user=user, chat=chat)

    async def image(self, data: bytes, *, name: str = "", user: str = "zhangsan") -> str:
        """A picture in private, encrypted and served from here."""
        return await self.message("image", self.serve(data, name), user=user)

    async def file(self, data: bytes, *, name: str = "", user: str = "zhangsan") -> str:
        """A file in private."""
        return await self.message("file", self.serve(data, name), user=user)

    async def message(
        self,
        kind: str,
        content: dict[str, Any],
        *,
        user: str = "zhangsan",
        chat: str = "",
        **more: Any,
    ) -> str:
        """Any message; `more` goes into the body (quote=..., msgid=...). Returns its req_id."""
        body = {**self._envelope(user, chat), "msgtype": kind, kind: content, **more}
        return await self._deliver("aibot_msg_callback", body, "msg")

    async def enter_chat(self, *, user: str = "zhangsan") -> str:
        """Somebody opens the private chat for the first time today."""
        return await self.event({"eventtype": "enter_chat"}, kind="enter", user=user)

    async def card_click(
        self,
        task_id: str,
        key: str,
        *,
        shape: str = "nested",
        user: str = "zhangsan",
        chat: str = "",
    ) -> str:
        """Somebody presses a button; the shapes are those of wechat.md 1a.4."""
        inner = {"event_key": key, "task_id": task_id}
        shapes: dict[str, dict[str, Any]] = {
            "nested": {"template_card_event": {"card_type": "button_interaction", **inner}},
            "flat": inner,
            "camel": {"templateCardEvent": {"eventKey": key, "taskId": task_id}},
            "camel_flat": {"eventKey": key, "taskId": task_id},
        }
        event = {"eventtype": "template_card_event", **shapes[shape]}
        return await self.event(event, kind="card", user=user, chat=chat, task_id=task_id)

    async def event(
        self,
        event: dict[str, Any],
        *,
        kind: str = "other",
        user: str = "zhangsan",
        chat: str = "",
        task_id: str = "",
    ) -> str:
        """Any event. Returns its req_id."""
        envelope = {**self._envelope(user, chat), "create_time": 1795305600}
        body = {**envelope, "msgtype": "event", "event": event}
        return await self._deliver("aibot_event_callback", body, kind, task_id)

    def serve(
        self, data: bytes, name: str = "", status: int = 200, secret: bytes = b""
    ) -> dict[str, str]:
        """Encrypt bytes and offer them; returns the media object of a message."""
        secret = secret or os.urandom(32)
        pad = 32 - len(data) % 32
        aes = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
        sealed = aes.update(data + bytes([pad]) * pad) + aes.finalize()
        key = f"M{next(self._numbers)}"
        self._media[key] = (sealed, name, status)
        url = f"http://127.0.0.1:{self.port}/media/{key}"
        return {"url": url, "aeskey": base64.b64encode(secret).decode()}

    def _envelope(self, user: str, chat: str) -> dict[str, Any]:
        place = {"chatid": chat, "chattype": "group"} if chat else {"chattype": "single"}
        msgid = f"MSG-{next(self._numbers):06}"
        return {"msgid": msgid, "aibotid": self._bot(), "from": {"userid": user}, **place}

    async def _give_media(self, request: web.Request) -> web.Response:
        sealed, name, status = self._media[request.match_info["key"]]
        headers = {"Content-Type": "application/octet-stream"}
        if name:
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return web.Response(body=sealed, headers=headers, status=status)
