"""WeCom's API with the token of one application's secret (wechat.md 2)."""

import hashlib
from collections.abc import Mapping

from bot.channels._api import WECOM, Api
from bot.channels._codes import Code
from bot.channels.base import Parts, SendError


def qyapi(
    parts: Parts, base: str, corp_id: str, secret: str, own: Mapping[int, Code] | None = None
) -> Api:
    """The calls of the application that owns this secret; one token for all processes.

    `own` says what codes mean where they mean something else than in `_codes.py`.
    """

    async def fetch(api: Api) -> tuple[str, float]:
        answer = await api.bare("GET", "/cgi-bin/gettoken", corpid=corp_id, corpsecret=secret)
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            raise SendError("gettoken gave no token", retryable=True)
        return token, _seconds(answer.get("expires_in"))

    base = base or WECOM
    mark = hashlib.sha256(f"{base}|{corp_id}|{secret}".encode()).hexdigest()[:32]
    return Api(
        parts.session,
        parts.vault,
        parts.now,
        base=base,
        token_key=f"wecom:{mark}",
        fetch_token=fetch,
        own=own,
    )


def _seconds(life: object) -> float:
    """How long a token lives; 7200 where the answer does not say (wechat.md 2.1)."""
    return float(life) if isinstance(life, int | float) and life > 0 else 7200.0
