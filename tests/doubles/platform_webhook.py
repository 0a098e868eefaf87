"""The double's group robots (消息推送): keys, what they posted, and the published limits."""

import base64
import hashlib
from collections import defaultdict
from dataclasses import dataclass, field

from tests.doubles.platform import OK, Call, Platform

SEND = "/cgi-bin/webhook/send"
_PER_MINUTE = 20


@dataclass
class Webhooks:
    """The state of the robots: `posted` by key, all within one minute."""

    keys: set[str]
    posted: dict[str, list[dict]] = field(default_factory=lambda: defaultdict(list))

    def calls(self, platform: Platform) -> None:
        """Serve its call."""
        platform.serve(SEND, self._send, token=False)

    async def _send(self, call: Call) -> dict:
        key, body = call.query.get("key", ""), call.body
        if key not in self.keys:
            return {"errcode": 93000, "errmsg": "invalid webhook url"}
        kind = body.get("msgtype")
        if not isinstance(content := body.get(kind), dict) or not _WITHIN[kind](content):
            return {"errcode": 40058, "errmsg": f"invalid {kind}"}
        if len(self.posted[key]) >= _PER_MINUTE:
            return {"errcode": 45009, "errmsg": "api freq out of limit"}
        self.posted[key].append(body)
        return dict(OK)


def _words(limit: int):
    return lambda content: 0 < len(content["content"].encode()) <= limit


def _image(content: dict) -> bool:
    raw = base64.b64decode(content["base64"], validate=True)
    same = hashlib.md5(raw).hexdigest() == content["md5"]  # noqa: S324
    return same and len(raw) <= 2 * 1024 * 1024


def _news(content: dict) -> bool:
    return 1 <= len(content["articles"]) <= 8 and all(
        one.get("url")
        and len(one["title"].encode()) <= 128
        and len(one.get("description", "").encode()) <= 512
        for one in content["articles"]
    )


def _card(content: dict) -> bool:
    return (
        content["card_type"] in ("text_notice", "news_notice")
        and "button_list" not in content
        and bool(content["card_action"]["url"])
    )


_WITHIN = {
    "text": _words(2048),
    "markdown": _words(4096),
    "markdown_v2": _words(4096),
    "image": _image,
    "news": _news,
    "template_card": _card,
}
