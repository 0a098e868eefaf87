"""The API of an official account: its token, its codes, its videos (wechat.md 1g, 2)."""

import hashlib
from collections.abc import Mapping

import aiohttp
import orjson

from bot.channels._api import Api
from bot.channels._codes import Code, Reaction
from bot.channels._wecom_media import check_url
from bot.channels.base import Blob, FetchError, Parts, SendError

BASE = "https://api.weixin.qq.com"
MAX_VIDEO = 32 * 1024 * 1024  # bytes
_TIMEOUT = aiohttp.ClientTimeout(total=60.0, connect=5.0)
_OK = 200
_LATER = 500  # from this HTTP status on it is the server's own trouble
_GONE = Code(Reaction.UNREACHABLE)
NO_MENU = 40200  # menus are for certified accounts only
# Codes that mean something else here than in WeCom, or that only accounts know.
OWN: Mapping[int, Code] = {
    40001: Code(Reaction.REFRESH),  # the token was replaced (wechat.md 2.1)
    NO_MENU: Code(Reaction.MISTAKE),
    43019: _GONE,  # he put the account on his black list
}
# Where answers are given in the platform's calls, the right to customer messages may be missing.
OWN_PASSIVE: Mapping[int, Code] = {**OWN, 48001: _GONE}
# Of a notice: that it cannot go says nothing about customer messages.
OWN_NOTICE: Mapping[int, Code] = {
    **OWN,
    40037: _GONE,  # no such template
    47003: _GONE,  # a value the template does not take
    48001: _GONE,  # the account may send none
}


def account_api(
    parts: Parts, base: str, app_id: str, secret: str, own: Mapping[int, Code] = OWN
) -> Api:
    """The calls of one account; one token for all processes.

    From `stable_token`: what `token` gives ends the token another program has. Never with
    `force_refresh`, which does the same.
    """

    async def fetch(api: Api) -> tuple[str, float]:
        asked = {"grant_type": "client_credential", "appid": app_id, "secret": secret}
        answer = await api.bare("POST", "/cgi-bin/stable_token", {**asked, "force_refresh": False})
        token, life = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token:
            raise SendError("stable_token gave no token", retryable=True)
        return token, float(life) if isinstance(life, int | float) and life > 0 else 7200.0

    base = base or BASE
    mark = hashlib.sha256(f"{base}|{app_id}|{secret}".encode()).hexdigest()[:32]
    return Api(
        parts.session,
        parts.vault,
        parts.now,
        base=base,
        token_key=f"account:{mark}",
        fetch_token=fetch,
        own=own,
    )


def video_url(blob: Blob) -> str:
    """Where a video lies: `media/get` answers with its address instead of its bytes; else ""."""
    if blob.mime not in ("application/json", "text/plain") or blob.name:
        return ""
    try:
        found = orjson.loads(blob.data)
    except orjson.JSONDecodeError:
        return ""
    url = found.get("video_url") if isinstance(found, dict) else None
    return url if isinstance(url, str) else ""


async def fetch_video(session: aiohttp.ClientSession, url: str) -> Blob:
    """The bytes at an address the platform gave, over https. Raises FetchError."""
    plain = url.startswith("http://127.0.0.1")  # nothing else may go unencrypted
    where = check_url(url if plain else url.replace("http://", "https://", 1))
    data = bytearray()
    try:
        async with session.get(where, timeout=_TIMEOUT, allow_redirects=False) as got:
            if got.status != _OK:
                raise FetchError(f"HTTP {got.status}", retryable=got.status >= _LATER)
            async for piece in got.content.iter_chunked(65536):
                data += piece
                if len(data) > MAX_VIDEO:
                    raise FetchError("the video is too long")
            return Blob(bytes(data), "", got.content_type)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise FetchError(f"video: {type(error).__name__}", retryable=True) from None
