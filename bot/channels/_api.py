"""Calls to a platform's API: token, time limit, codes, and what the operator must know.

Own aiohttp calls: wechatpy's client blocks the loop and asks for tokens without end (wechat.md
3.3). A URL holds the token and secrets, so no URL, and no exception that quotes one, reaches a
log.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import aiohttp
import orjson
import structlog

from bot.channels._codes import Code, Reaction, reaction, refusal
from bot.channels.base import Blob, FetchError, SendError, Vault

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

TIMEOUT = aiohttp.ClientTimeout(total=10.0, connect=5.0)
MAX_ANSWER = 32 * 1024 * 1024
REST = timedelta(minutes=1)  # a channel that needs its operator tries again after this
WECOM = "https://qyapi.weixin.qq.com"
_BROKEN = 500  # the platform's own trouble, from this HTTP status on
_NETWORK = (aiohttp.ClientError, OSError, ValueError)
_ADDRESS = re.compile(r"(?:from ip|from IP|ip)[:\s]*([0-9a-fA-F.:]{7,45})")

_T = TypeVar("_T")
_Data = bytes | aiohttp.FormData | None
Answer = dict[str, Any]
FetchToken = Callable[["Api"], Awaitable[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a channel rests: the platform's code, the address it named, and until when."""

    code: int
    address: str
    until: datetime


class Api:
    """One application's calls. `base` is the platform's address; tests and 政务微信 set another.

    `token_key` names the token in the vault, `fetch_token` gets one; `own` overrides codes.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        vault: Vault,
        now: Callable[[], datetime],
        *,
        base: str,
        token_key: str = "",
        fetch_token: FetchToken | None = None,
        own: Mapping[int, Code] | None = None,
    ) -> None:
        self._session, self._vault, self._now = session, vault, now
        self.base = base.rstrip("/")
        self._token_key, self._fetch_token = token_key, fetch_token
        self._own = dict(own or {})
        self._trouble: Trouble | None = None

    @property
    def trouble(self) -> Trouble | None:
        """What only the operator can mend, while it is believed in."""
        if self._trouble is not None and self._now() >= self._trouble.until:
            return None
        return self._trouble

    async def post(self, path: str, body: Mapping[str, Any], **query: str) -> Answer:
        """POST JSON under a token. Raises SendError."""
        return await self._call("POST", path, query, orjson.dumps(dict(body)))

    async def get(self, path: str, **query: str) -> Answer:
        """GET under a token. Raises SendError."""
        return await self._call("GET", path, query, None)

    async def upload(self, path: str, name: str, blob: Blob, **query: str) -> Answer:
        """Send a file as multipart field `name`, under a token. Raises SendError."""
        form = aiohttp.FormData()
        form.add_field(
            name, blob.data, filename=blob.name or "file", content_type=blob.mime or None
        )
        return await self._call("POST", path, query, form)

    async def bare(self, method: str, path: str, body: object = None, **query: str) -> Answer:
        """A call without a token (getting one, a webhook's key). Raises SendError."""
        data = None if body is None else orjson.dumps(body)
        return self._checked(await self._exchange(method, path, query, data))

    async def download(self, path: str, **query: str) -> Blob:
        """Fetch a file under a token. Raises FetchError."""
        try:
            found = await self._with_token(lambda token: self._blob(path, {**query, **token}))
        except SendError as error:
            raise FetchError(str(error), retryable=error.retryable) from error
        return found

    async def _call(self, method: str, path: str, query: Mapping[str, str], data: _Data) -> Answer:
        async def once(token: Mapping[str, str]) -> Answer:
            return self._checked(await self._exchange(method, path, {**query, **token}, data))

        return await self._with_token(once)

    async def _with_token(self, once: Callable[[Mapping[str, str]], Awaitable[_T]]) -> _T:
        """Make the call; a token that is no longer good is replaced a single time."""
        token = await self._token()
        try:
            return await once({"access_token": token})
        except SendError as error:
            if reaction(error.code, self._own).reaction is not Reaction.REFRESH:
                raise
        return await once({"access_token": await self._token(failed=token)})

    async def _token(self, failed: str = "") -> str:
        if self._fetch_token is None:
            raise SendError("this channel has no token")
        fetch = self._fetch_token
        return await self._vault.token(self._token_key, lambda: fetch(self), failed=failed)

    async def _exchange(
        self, method: str, path: str, query: Mapping[str, str], data: _Data
    ) -> Answer:
        headers = {"Content-Type": "application/json"} if isinstance(data, bytes) else None
        try:
            async with self._session.request(
                method, self.base + path, params=query, data=data, headers=headers, timeout=TIMEOUT
            ) as response:
                if response.status >= _BROKEN:
                    raise SendError(f"HTTP {response.status}", retryable=True)
                answer = orjson.loads(await _body(response))
        except TimeoutError as error:
            raise SendError("no answer in time", retryable=True) from error
        except _NETWORK as error:
            # Not the exception's own words: they quote the URL, and the URL holds the token.
            raise SendError(f"{path}: {type(error).__name__}", retryable=True) from None
        if not isinstance(answer, dict):
            raise SendError(f"{path}: not an object", retryable=True)
        return answer

    async def _blob(self, path: str, query: Mapping[str, str]) -> Blob:
        try:
            async with self._session.get(self.base + path, params=query, timeout=TIMEOUT) as got:
                if got.status >= _BROKEN:
                    raise SendError(f"HTTP {got.status}", retryable=True)
                data = await _body(got)
                kind, name = got.content_type, _file_name(got)
        except TimeoutError as error:
            raise SendError("no answer in time", retryable=True) from error
        except _NETWORK as error:
            raise SendError(f"{path}: {type(error).__name__}", retryable=True) from None
        if kind in ("application/json", "text/plain"):
            self._checked(orjson.loads(data))
        return Blob(data, name, kind)

    def _checked(self, answer: Answer) -> Answer:
        """The answer, if it is none of refusal; the operator's troubles are remembered."""
        code = int(answer.get("errcode") or 0)
        if not code:
            self._trouble = None
            return answer
        found = reaction(code, self._own)
        if found.reaction is Reaction.OPERATOR:
            named = _ADDRESS.search(str(answer.get("errmsg", "")))
            address = named.group(1) if named else ""
            self._trouble = Trouble(code, address, self._now() + REST)
            log.error(
                "the platform refuses until a setting is changed: see `gridbot doctor`",
                action="channel.trouble",
                code=code,
                address=address,
            )
        raise refusal(code, self._own)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """The whole answer, bounded."""
    data = bytearray()
    async for piece in response.content.iter_chunked(65536):
        data += piece
        if len(data) > MAX_ANSWER:
            raise SendError("the answer is too long")
    return bytes(data)


def _file_name(response: aiohttp.ClientResponse) -> str:
    disposition = response.content_disposition
    return (disposition.filename or "") if disposition else ""
