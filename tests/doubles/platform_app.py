"""What the platform answers an application: messages, cards, groups, media (wechat.md 1c)."""

import time
from itertools import count

from aiohttp import web

from tests.doubles.platform import OK, Call, Platform

AGENT = "1000002"
PICTURE = b"\xff\xd8\xff\xe0 a picture"
GROUP = "grid0001"


class App:
    """Its members, its group, and the codes that change its cards."""

    def __init__(self) -> None:
        self.gone: set[str] = set()
        self.unlicensed: set[str] = set()
        self.codes: set[str] = set()
        self.closed = 0
        self._numbers = count(1)

    def calls(self, platform: Platform) -> None:
        """Add its calls to a platform."""
        platform.serve("/cgi-bin/message/send", self._send)
        platform.serve("/cgi-bin/message/update_template_card", self._update)
        platform.serve("/cgi-bin/appchat/send", self._appchat)
        platform.serve("/cgi-bin/media/upload", self._upload)
        platform.serve("/cgi-bin/media/get", self._media)
        platform.serve("/cgi-bin/agent/get", self._agent)

    async def _send(self, call: Call) -> dict:
        if call.body["agentid"] != int(AGENT):
            return {"errcode": 301002, "errmsg": "not allow operate another agent"}
        users = call.body["touser"].split("|")
        invalid = [user.lower() for user in users if user in self.gone]
        if len(invalid) == len(users):
            return (
                {"errcode": 81013, "errmsg": "all touser invalid"}
                if len(users) > 1
                else OK | {"invaliduser": invalid[0]}
            )
        number = next(self._numbers)
        code = f"RESP-{number}"
        self.codes.add(code)
        return OK | {
            "invaliduser": "|".join(invalid),
            "unlicenseduser": "|".join(user for user in users if user in self.unlicensed),
            "msgid": f"MSG-{number}",
            "response_code": code,
        }

    async def _update(self, call: Call) -> dict:
        if call.body["response_code"] not in self.codes:
            return {"errcode": 42045, "errmsg": "invalid response_code"}
        self.codes.discard(call.body["response_code"])
        return OK | {"invaliduser": [user for user in call.body["userids"] if user in self.gone]}

    async def _appchat(self, call: Call) -> dict:
        return OK if call.body["chatid"] == GROUP else {"errcode": 86003, "errmsg": "no such chat"}

    async def _upload(self, call: Call) -> dict:
        assert call.query["type"] == "image"
        assert set(call.body) == {"media"}
        return OK | {"type": "image", "media_id": "MEDIA-UP", "created_at": str(int(time.time()))}

    async def _media(self, call: Call) -> dict | web.StreamResponse:
        if call.query["media_id"] != "MEDIA-1":
            return {"errcode": 40007, "errmsg": "invalid media_id"}
        named = {"Content-Disposition": 'attachment; filename="IMG.jpg"'}
        return web.Response(body=PICTURE, content_type="image/jpeg", headers=named)

    async def _agent(self, call: Call) -> dict:
        if call.query["agentid"] != AGENT:
            return {"errcode": 301002, "errmsg": "not allow operate another agent"}
        return OK | {"agentid": int(AGENT), "name": "网格助手", "close": self.closed}
