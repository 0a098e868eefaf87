"""Two clouds that send text messages: how each is asked, and what it answers (wechat.md 1j).

Pure: the request is made here and sent by the channel. Neither takes free text: a message is an
approved template's id and the values of its gaps.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson

from bot.channels._sms_codes import ALIYUN, TENCENT, Refused, meaning
from bot.channels._sms_sign import aliyun, canonical_query, digest, tencent

_JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks: the keys, the approved signature, Tencent's application and region."""

    key_id: str
    key_secret: str
    sign: str
    app_id: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One message: to a number of the mainland, by a template; `values` are (gap, value)."""

    phone: str
    template: str
    values: Sequence[tuple[str, str]] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A signed POST."""

    url: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a message after it was taken: `id` is the cloud's, `why` its own code."""

    id: str
    arrived: bool
    why: str


class Cloud(Protocol):
    """One vendor."""

    longest: int  # characters of a value

    def request(self, text: Text, now: datetime) -> Request:
        """The call that sends a message."""

    def taken(self, answer: Mapping[str, Any]) -> str:
        """The message's id. Raises Refused."""

    def report(self, row: Mapping[str, Any]) -> Report:
        """One row of a delivery report."""

    def thanks(self) -> dict[str, object]:
        """What a delivery report is answered with."""


class Aliyun:
    """Dysmsapi 2017-05-25, action SendSms, signature V3."""

    base = "https://dysmsapi.aliyuncs.com"
    longest = 35

    def __init__(self, account: Account, base: str = "") -> None:
        self._account, self._base = account, (base or self.base).rstrip("/")

    def request(self, text: Text, now: datetime) -> Request:
        """Everything stands in the query, as the API's own description has it."""
        query = canonical_query(
            {
                "PhoneNumbers": text.phone,
                "SignName": self._account.sign,
                "TemplateCode": text.template,
                "TemplateParam": orjson.dumps(dict(text.values)).decode(),
                "OutId": text.mark,
            }
        )
        headers = {
            "host": urlsplit(self._base).netloc,
            "x-acs-action": "SendSms",
            "x-acs-version": "2017-05-25",
            "x-acs-date": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-content-sha256": digest(b""),
        }
        access = (self._account.key_id, self._account.key_secret)
        signed = {"Authorization": aliyun(access, query, headers)}
        return Request(f"{self._base}/?{query}", headers | signed)

    def taken(self, answer: Mapping[str, Any]) -> str:
        """Success is the word OK, whatever the status of the answer."""
        word = str(answer.get("Code") or "")
        if word != "OK":
            raise Refused(word, meaning(word, ALIYUN))
        return str(answer.get("BizId") or "")

    def report(self, row: Mapping[str, Any]) -> Report:
        """A row of SmsReport."""
        return Report(
            str(row.get("biz_id") or ""), row.get("success") is True, str(row.get("err_code") or "")
        )

    def thanks(self) -> dict[str, object]:
        """Any number as `code` will do; without it the same report comes three times more."""
        return {"code": 0, "msg": "ok"}


class Tencent:
    """SMS 2021-01-11, action SendSms, signature TC3."""

    base = "https://sms.tencentcloudapi.com"
    longest = 35  # none is published for companies: the same words for both

    def __init__(self, account: Account, base: str = "") -> None:
        self._account, self._base = account, (base or self.base).rstrip("/")

    def request(self, text: Text, now: datetime) -> Request:
        """Gaps are filled in order; their names stay here."""
        account = self._account
        body = orjson.dumps(
            {
                "PhoneNumberSet": [f"+86{text.phone}"],
                "SmsSdkAppId": account.app_id,
                "SignName": account.sign,
                "TemplateId": text.template,
                "TemplateParamSet": [value for _, value in text.values],
                "SessionContext": text.mark,
            }
        )
        headers = {"content-type": _JSON, "host": urlsplit(self._base).netloc}
        access = (account.key_id, account.key_secret)
        more = {
            "X-TC-Action": "SendSms",
            "X-TC-Version": "2021-01-11",
            "X-TC-Region": account.region,
            "X-TC-Timestamp": str(int(now.timestamp())),
            "Authorization": tencent(access, "sms", headers, body, now),
        }
        return Request(f"{self._base}/", headers | more, body)

    def taken(self, answer: Mapping[str, Any]) -> str:
        """A call can be taken while its one number is refused: two places to look."""
        response = _object(answer.get("Response"))
        rows = response.get("SendStatusSet")
        first = rows[0] if isinstance(rows, list) and rows else {}
        row = _object(response.get("Error")) or _object(first)
        word = str(row.get("Code") or "")
        if word != "Ok":
            raise Refused(word, meaning(word, TENCENT))
        return str(row.get("SerialNo") or "")

    def report(self, row: Mapping[str, Any]) -> Report:
        """A row of the status callback."""
        arrived = row.get("report_status") == "SUCCESS"
        return Report(str(row.get("sid") or ""), arrived, str(row.get("errmsg") or ""))

    def thanks(self) -> dict[str, object]:
        """Zero is good."""
        return {"result": 0, "errmsg": "OK"}


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
