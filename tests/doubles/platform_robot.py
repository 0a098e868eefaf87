"""The double's smart robot by callback: the one thing more (response_url), and how it asks.

It opens our answers with wechatpy, not with our own code.
"""

import json
from dataclasses import dataclass, field
from itertools import count

from wechatpy.crypto import PrpCrypto, WeChatSigner
from wechatpy.utils import to_text

from bot.channels._wecom_media import decode_key
from tests.channels.parts import AES_KEY, TOKEN
from tests.doubles.platform import OK, Call, Platform

RESPONSE = "/cgi-bin/aibot/response"


@dataclass
class Robot:
    """The state of one robot: which response codes it gave out, and what came in by them."""

    said: list[dict] = field(default_factory=list)

    def __post_init__(self):
        self._codes = {}
        self._numbers = count(1)
        self.base = ""

    def calls(self, platform: Platform) -> None:
        """Serve its calls."""
        platform.serve(RESPONSE, self._response, token=False)
        self.platform = platform

    def url(self, single: bool = True) -> str:
        """A new response_url."""
        code = f"RESP-CODE-{next(self._numbers)}"
        self._codes[code] = single
        return f"{self.platform.base}{RESPONSE}?response_code={code}"

    async def _response(self, call: Call) -> dict:
        code = call.query.get("response_code")
        if code not in self._codes:
            return {"errcode": 860001, "errmsg": "the code was used"}  # the page names no code
        single = self._codes.pop(code)
        body = call.body
        if body["msgtype"] == "template_card" and not single:
            return {"errcode": 40058, "errmsg": "template_card"}
        if body["msgtype"] == "markdown" and len(body["markdown"]["content"].encode()) > 20480:
            return {"errcode": 45002, "errmsg": "content too long"}
        self.said.append(body)
        return dict(OK)


def opened(text: str, nonce: str) -> dict:
    """The plaintext of a passive answer, its envelope checked (wechat.md 1a.2)."""
    envelope = json.loads(text)
    assert set(envelope) == {"encrypt", "msgsignature", "timestamp", "nonce"}
    assert isinstance(envelope["timestamp"], int)
    assert envelope["nonce"] == nonce
    signer = WeChatSigner()
    signer.add_data(TOKEN, str(envelope["timestamp"]), nonce, envelope["encrypt"])
    assert signer.signature == envelope["msgsignature"]
    plain = PrpCrypto(decode_key(AES_KEY)).decrypt(envelope["encrypt"], "")
    return json.loads(to_text(plain))
