"""WeCom's API with the token of one application's secret (wechat.md 2)."""

import hashlib

from bot.channels._api import WECOM, Api
from bot.channels.base import Parts, SendError


def qyapi(parts: Parts, base: str, corp_id: str, secret: str) -> Api:
    """The calls of the application that owns this secret; one token for all processes."""

    async def fetch(api: Api) -> tuple[str, float]:
        answer = await api.bare("GET", "/cgi-bin/gettoken", corpid=corp_id, corpsecret=secret)
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            raise SendError("gettoken gave no token", retryable=True)
        return token, float(answer.get("expires_in") or 7200)

    base = base or WECOM
    mark = hashlib.sha256(f"{base}|{corp_id}|{secret}".encode()).hexdigest()[:32]
    return Api(
        parts.session,
        parts.vault,
        parts.now,
        base=base,
        token_key=f"wecom:{mark}",
        fetch_token=fetch,
    )
