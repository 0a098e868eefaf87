"""The double's 服务号: its token, customer messages, notices, media and people (wechat.md 1g)."""

from dataclasses import dataclass, field

from aiohttp import web

from tests.doubles.platform import OK, Call, Platform

APP, APP_SECRET = "wxfake0123456789ab", "s3cret-of-the-account"
OPENID = "oFakeOpenId000000000000001"


@dataclass
class Account:
    """The state of one account.

    `closed` says with which code a person cannot be written to any more; `templates` and
    `subscribed` are the fields of each template by its id, `consents` who agreed to which.
    """

    closed: dict[str, int] = field(default_factory=dict)
    templates: dict[str, set[str]] = field(default_factory=dict)
    subscribed: dict[str, set[str]] = field(default_factory=dict)
    consents: set[tuple[str, str]] = field(default_factory=set)
    menus: bool = True
    sent: list[dict] = field(default_factory=list)
    notices: list[dict] = field(default_factory=list)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    videos: dict[str, bytes] = field(default_factory=dict)
    unions: dict[str, str] = field(default_factory=dict)
    video_host: str = ""

    def calls(self, platform: Platform) -> None:
        """Serve its calls."""
        self._platform = platform
        platform.serve("/cgi-bin/stable_token", self._token, token=False)
        platform.serve("/cgi-bin/get_api_domain_ip", self._addresses)
        platform.serve("/cgi-bin/message/custom/send", self._send)
        platform.serve("/cgi-bin/message/template/send", self._notify)
        platform.serve("/cgi-bin/message/subscribe/bizsend", self._subscribed)
        platform.serve("/cgi-bin/template/get_all_private_template", self._listed)
        platform.serve("/wxaapi/newtmpl/gettemplate", self._listed_subscribed)
        platform.serve("/cgi-bin/media/get", self._media)
        platform.serve("/video", self._video, token=False)
        platform.serve("/cgi-bin/user/info", self._person)

    async def _token(self, call: Call) -> dict:
        body = call.body
        assert body["grant_type"] == "client_credential"
        assert body["force_refresh"] is False
        if body["appid"] != APP:
            return {"errcode": 40013, "errmsg": "invalid appid"}
        if body["secret"] != APP_SECRET:
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        platform = self._platform
        if not platform.token:
            platform.token = f"TOKEN-{len(platform.asked('/cgi-bin/stable_token'))}"
        return {"access_token": platform.token, "expires_in": 7200}

    async def _addresses(self, _call: Call) -> dict:
        return {"ip_list": ["101.226.62.77"]}

    async def _send(self, call: Call) -> dict:
        body = call.body
        if body["touser"] in self.closed:
            return {"errcode": self.closed[body["touser"]], "errmsg": "closed"}
        if body["msgtype"] == "text":
            if len(body["text"]["content"].encode()) > 2048:
                return {"errcode": 45002, "errmsg": "content size out of limit"}
        elif not self.menus:
            return {"errcode": 40200, "errmsg": "invalid account type"}
        self.sent.append(body)
        return OK

    async def _notify(self, call: Call) -> dict:
        refusal = _wrong(call.body, self.templates)
        if refusal is None and not _repeated(call.body, self.notices):
            self.notices.append(call.body)
        return refusal or OK | {"msgid": 200228332}

    async def _subscribed(self, call: Call) -> dict:
        body = call.body
        if refusal := _wrong(body, self.subscribed):
            return refusal
        consent = (body["touser"], body["template_id"])
        if consent not in self.consents:
            return {"errcode": 43101, "errmsg": "user refuse to accept the msg"}
        self.consents.discard(consent)
        self.notices.append(body)
        return OK

    async def _listed(self, _call: Call) -> dict:
        return {"template_list": [{"template_id": one} for one in self.templates]}

    async def _listed_subscribed(self, _call: Call) -> dict:
        return OK | {"data": [{"priTmplId": one} for one in self.subscribed]}

    async def _media(self, call: Call) -> dict | web.StreamResponse:
        media_id = call.query["media_id"]
        if media_id in self.videos:
            base = self.video_host or self._platform.base
            return {"video_url": f"{base}/video?of={media_id}"}
        if media_id not in self.files:
            return {"errcode": 40007, "errmsg": "invalid media_id"}
        name, data = self.files[media_id]
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=data, content_type="image/jpeg", headers=headers)

    async def _video(self, call: Call) -> web.StreamResponse:
        return web.Response(body=self.videos[call.query["of"]], content_type="video/mp4")

    async def _person(self, call: Call) -> dict:
        openid = call.query["openid"]
        if openid not in self.unions:
            return {"subscribe": 0, "openid": openid}
        return {"subscribe": 1, "openid": openid, "unionid": self.unions[openid]}


def _wrong(body: dict, templates: dict[str, set[str]]) -> dict | None:
    """What is refused of a notice."""
    wanted = templates.get(body["template_id"])
    if wanted is None:
        return {"errcode": 40037, "errmsg": "invalid template_id"}
    values = {name: one["value"] for name, one in body["data"].items()}
    if set(values) != wanted or not all(values.values()):
        return {"errcode": 47003, "errmsg": "argument invalid!"}
    if any(name.startswith("thing") and len(one) > 20 for name, one in values.items()):
        return {"errcode": 47003, "errmsg": "argument invalid! data.thing.value"}
    return None


def _repeated(body: dict, sent: list[dict]) -> bool:
    return body["client_msg_id"] in [one.get("client_msg_id") for one in sent]
