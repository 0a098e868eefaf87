"""The double's 微信客服: accounts with a history that is read by cursor, and what was sent."""

import re
from dataclasses import dataclass, field

from aiohttp import web

from tests.doubles.platform import OK, Call, Platform

ACCOUNT = "wkFake01"
_MSGID = re.compile(r"[0-9a-zA-Z_-]{1,32}\Z")


@dataclass
class Kf:
    """The state of customer service: `say` adds to an account's history."""

    accounts: tuple[str, ...] = (ACCOUNT,)
    page: int = 1000
    histories: dict[str, list[dict]] = field(default_factory=dict)
    sent: list[dict] = field(default_factory=list)
    welcomed: list[dict] = field(default_factory=list)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    unions: dict[str, str] = field(default_factory=dict)

    def __post_init__(self):
        self._codes = set()

    def say(self, msgid: str, at: int, *, account: str = ACCOUNT, origin: int = 3, **content):
        """A customer (3), the platform (4) or a servicer (5) adds an entry."""
        entry = {"msgid": msgid, "send_time": at, "origin": origin, **content}
        if content.get("msgtype") != "event":
            entry = {"open_kfid": account, "external_userid": "wmFake01", **entry}
        self.histories.setdefault(account, []).append(entry)

    def event(self, msgid: str, at: int, kind: str, *, account: str = ACCOUNT, **more):
        """The platform tells of something that happened."""
        event = {
            "event_type": kind,
            "open_kfid": account,
            "external_userid": "wmFake01",
            **more,
        }
        self.say(msgid, at, account=account, origin=4, msgtype="event", event=event)

    def hide(self, *, account: str = ACCOUNT):
        """An entry nobody may read: a page of such is empty, and yet not the last."""
        self.histories.setdefault(account, []).append(None)

    def calls(self, platform: Platform) -> None:
        """Serve its calls."""
        platform.serve("/cgi-bin/kf/sync_msg", self._sync)
        platform.serve("/cgi-bin/kf/send_msg", self._send)
        platform.serve("/cgi-bin/kf/send_msg_on_event", self._send_on_event)
        platform.serve("/cgi-bin/kf/customer/batchget", self._customers)
        platform.serve("/cgi-bin/media/get", self._media)

    async def _sync(self, call: Call) -> dict:
        body = call.body
        account = body.get("open_kfid", "")
        if account not in self.accounts:
            return {"errcode": 95000, "errmsg": "invalid open_kfid"}
        if body.get("token") == "STALE":
            return {"errcode": 95007, "errmsg": "invalid msg token"}
        history = self.histories.get(account, [])
        start = int(body.get("cursor", "CURSOR-0").removeprefix("CURSOR-"))
        size = min(self.page, int(body.get("limit", 1000)))
        end = min(start + size, len(history))
        seen = [one for one in history[start:end] if one is not None]
        answer = OK | {"next_cursor": f"CURSOR-{end}", "msg_list": seen}
        return answer | {"has_more": int(end < len(history))}

    async def _send(self, call: Call) -> dict:
        body = call.body
        if body["open_kfid"] not in self.accounts:
            return {"errcode": 95000, "errmsg": "invalid open_kfid"}
        if refusal := self._wrong(body):
            return refusal
        self.sent.append(body)
        return OK | {"msgid": body["msgid"]}

    async def _send_on_event(self, call: Call) -> dict:
        body = call.body
        if body["code"] in self._codes:
            return {"errcode": 95016, "errmsg": "the code was used"}
        if refusal := self._wrong(body):
            return refusal
        self._codes.add(body["code"])
        self.welcomed.append(body)
        return OK | {"msgid": body["msgid"]}

    def _wrong(self, body: dict) -> dict | None:
        """What the published limits refuse (wechat.md 1f, D-96427)."""
        if not _MSGID.match(body.get("msgid", "")):
            return {"errcode": 40058, "errmsg": "msgid"}
        if any(body["msgid"] == one["msgid"] for one in (*self.sent, *self.welcomed)):
            return {"errcode": 95999, "errmsg": "the msgid was used"}  # the page names no code
        if body["msgtype"] == "text" and len(body["text"]["content"].encode()) > 2048:
            return {"errcode": 45002, "errmsg": "content too long"}
        if body["msgtype"] == "msgmenu":
            menu = body["msgmenu"]
            labels = [one["click"] for one in menu["list"]]
            if (
                len(menu["head_content"].encode()) > 1024
                or not 1 <= len(labels) <= 10
                or any(not 1 <= len(one["id"].encode()) <= 64 for one in labels)
                or any(not 1 <= len(one["content"].encode()) <= 128 for one in labels)
            ):
                return {"errcode": 40058, "errmsg": "menu"}
        return None

    async def _customers(self, call: Call) -> dict:
        asked = call.body["external_userid_list"]
        known = [
            {"external_userid": one, "nickname": "x", "unionid": self.unions[one]}
            for one in asked
            if one in self.unions
        ]
        lost = [one for one in asked if one not in self.unions]
        return OK | {"customer_list": known, "invalid_external_userid": lost}

    async def _media(self, call: Call) -> dict | web.StreamResponse:
        found = self.files.get(call.query.get("media_id", ""))
        if found is None:
            return {"errcode": 40007, "errmsg": "invalid media_id"}
        name, data = found
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=data, content_type="image/jpeg", headers=headers)
