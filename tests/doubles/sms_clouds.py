"""A double of the two clouds that send text messages: it checks signatures, templates and numbers.

The signatures are computed here a second time, from the vendors' pages alone, and held to the
examples published there by the tests.
"""

import asyncio
import hashlib
import hmac
import json
import re
from collections import deque
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from aiohttp import web

KEY_ID, KEY_SECRET, SIGN, APP_ID = "LTAIfake0001", "s3cret-of-the-cloud", "琼花社区", "1400006666"


def sha(data):
    return hashlib.sha256(data).hexdigest()


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256)


def aliyun_signature(secret, query, headers, signed, body):
    """Signature V3 (help.aliyun.com, V3版本请求体&签名机制)."""
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in signed.split(";"))
    canonical = f"POST\n/\n{query}\n{lines}\n{signed}\n{sha(body)}"
    return mac(secret.encode(), "ACS3-HMAC-SHA256\n" + sha(canonical.encode())).hexdigest()


def tencent_signature(secret, service, stamp, headers, signed, body):
    """TC3-HMAC-SHA256 (cloud.tencent.com, 签名方法 v3)."""
    date = datetime.fromtimestamp(int(stamp), UTC).date().isoformat()
    lines = "".join(f"{name}:{headers[name].lower().strip()}\n" for name in signed.split(";"))
    canonical = f"POST\n/\n\n{lines}\n{signed}\n{sha(body)}"
    text = f"TC3-HMAC-SHA256\n{stamp}\n{date}/{service}/tc3_request\n{sha(canonical.encode())}"
    key = ("TC3" + secret).encode()
    for part in (date, service, "tc3_request"):
        key = mac(key, part).digest()
    return mac(key, text).hexdigest()


@dataclass
class Clouds:
    """The running double. `taken` are (phone, template, values, mark); `answers` come first.

    An answer is a code; a status; "silent", "half" or "list".
    """

    secret: str = KEY_SECRET
    templates: set = field(default_factory=lambda: {"SMS_1", "SMS_2"})
    taken: list = field(default_factory=list)
    calls: int = 0
    answers: deque = field(default_factory=deque)
    base: str = ""

    def __post_init__(self):
        self._nonces = set()
        self.closing = asyncio.Event()
        self.heard = asyncio.Event()

    async def answer(self, request):
        self.calls += 1
        self.heard.set()
        planned = self.answers.popleft() if self.answers else None
        if planned == "silent":
            await self.closing.wait()
        if isinstance(planned, int):
            return web.Response(status=planned, text="<html>")
        if planned == "half":
            return web.Response(text='{"Code": "O', content_type="application/json")
        if planned == "list":
            return web.json_response(["OK"])
        body = await request.read()
        if "x-acs-action" in request.headers:
            found = self._aliyun(request, body, planned)
            return web.json_response(
                found, status=200 if found["Code"].startswith(("OK", "isv.")) else 400
            )
        return web.json_response({"Response": self._tencent(request, body, planned)})

    def _aliyun(self, request, body, planned):
        headers = request.headers
        found = re.fullmatch(
            r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=(\w+)",
            headers["Authorization"],
        )
        name, signed, signature = found.groups()
        must = {"host", *(key.lower() for key in headers if key.lower().startswith("x-acs-"))}
        nonce = headers["x-acs-signature-nonce"]
        if must - set(signed.split(";")) or nonce in self._nonces:
            return {"Code": "SignatureNonceUsed"}
        self._nonces.add(nonce)
        query = request.raw_path.partition("?")[2]
        if name != KEY_ID:
            return {"Code": "InvalidAccessKeyId.NotFound"}
        if signature != aliyun_signature(self.secret, query, headers, signed, body):
            return {"Code": "SignatureDoesNotMatch"}
        asked = dict(parse_qsl(query, keep_blank_values=True))
        values = json.loads(asked["TemplateParam"])
        word = planned or self._word(asked["SignName"], asked["TemplateCode"], values.values())
        if word is None and not re.fullmatch(r"1[3-9]\d{9}", asked["PhoneNumbers"]):
            word = "isv.MOBILE_NUMBER_ILLEGAL"
        if word:
            return {"Code": word, "Message": "x", "RequestId": "r"}
        self.taken.append((asked["PhoneNumbers"], asked["TemplateCode"], values, asked["OutId"]))
        return {"Code": "OK", "BizId": f"biz-{len(self.taken)}", "RequestId": "r"}

    def _word(self, sign, template, values):
        if sign != SIGN:
            return "isv.SMS_SIGNATURE_ILLEGAL"
        if template not in self.templates:
            return "isv.SMS_TEMPLATE_ILLEGAL"
        return "isv.PARAM_LENGTH_LIMIT" if any(not 0 < len(one) <= 35 for one in values) else None

    def _tencent(self, request, body, planned):
        headers = request.headers
        found = re.fullmatch(
            r"TC3-HMAC-SHA256 Credential=([^/]+)/(\S+)/sms/tc3_request,"
            r" SignedHeaders=(\S+), Signature=(\w+)",
            headers["Authorization"],
        )
        name, _, signed, signature = found.groups()
        stamp = headers["X-TC-Timestamp"]
        if name != KEY_ID:
            return {"Error": {"Code": "AuthFailure.SecretIdNotFound"}}
        if signature != tencent_signature(self.secret, "sms", stamp, headers, signed, body):
            return {"Error": {"Code": "AuthFailure.SignatureFailure"}}
        if (headers["X-TC-Action"], headers["X-TC-Version"]) != ("SendSms", "2021-01-11"):
            return {"Error": {"Code": "InvalidAction"}}
        if planned and planned.startswith("Error:"):
            return {"Error": {"Code": planned.removeprefix("Error:"), "Message": "x"}}
        asked = json.loads(body)
        word = planned or self._row(asked)
        if not word:
            self.taken.append(
                (
                    asked["PhoneNumberSet"][0],
                    asked["TemplateId"],
                    asked["TemplateParamSet"],
                    asked["SessionContext"],
                )
            )
        row = {"SerialNo": f"sn-{len(self.taken)}" if not word else "", "Code": word or "Ok"}
        return {"SendStatusSet": [row], "RequestId": "r"}

    def _row(self, asked):
        if asked["SmsSdkAppId"] != APP_ID:
            return "InvalidParameterValue.SdkAppIdNotExist"
        if asked["SignName"] != SIGN:
            return "FailedOperation.SignatureIncorrectOrUnapproved"
        if asked["TemplateId"] not in self.templates:
            return "FailedOperation.TemplateIncorrectOrUnapproved"
        if not re.fullmatch(r"\+861[3-9]\d{9}", asked["PhoneNumberSet"][0]):
            return "InvalidParameterValue.IncorrectPhoneNumber"
        return ""


@asynccontextmanager
async def running():
    """The clouds on a free loopback port."""
    clouds = Clouds()
    app = web.Application()
    app.router.add_post("/", clouds.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    clouds.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield clouds
    finally:
        clouds.closing.set()
        await runner.cleanup()
