"""Calls to a platform's API: token, time limit, codes, and what the operator must know.

Own aiohttp calls: wechatpy's client blocks the loop and asks for tokens without end (wechat.md
3.3). A URL holds the token and secrets, so no URL, and no exception that quotes one, reaches a
log.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from typing import Any, TypeVar

import aiohttp
import orjson
import structlog

from bot.channels._codes import Code, Reaction, reaction, refusal
from bot.channels._rests import REST, Rests, Trouble
from bot.channels.base import Blob, FetchError, SendError, Vault
from store.engine import STORE_ERRORS

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

TIMEOUT = aiohttp.ClientTimeout(total=10.0, connect=5.0)
MAX_ANSWER = 32 * 1024 * 1024
WECOM = "https://qyapi.weixin.qq.com"
_BROKEN = 500  # the platform's own trouble, from this HTTP status on
_NETWORK = (aiohttp.ClientError, OSError, ValueError)

_T = TypeVar("_T")
_Data = bytes | aiohttp.FormData | None
Answer = dict[str, Any]
FetchToken = Callable[["Api"], Awaitable[tuple[str, float]]]


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
        self._session, self._vault = session, vault
        self.base = base.rstrip("/")
        self._token_key, self._fetch_token = token_key, fetch_token
        self._own = dict(own or {})
        self._rests = Rests(now)

    @property
    def trouble(self) -> Trouble | None:
        """What only the operator can mend, while it is believed in."""
        return self._rests.trouble

    @property
    def resting(self) -> bool:
        """Whether calling now would only make it worse: what waits in the outbox should wait."""
        return self._rests.trouble is not None or self._rests.left > 0

    async def attend(self, probe: Callable[[], Awaitable[object]]) -> None:
        """Until cancelled, look whether a trouble is over by a harmless call of the channel's.

        While this runs, a trouble that stops every call does not end by itself, so that no row
        of the outbox is tried for it, and given up, before the operator had time to mend it.
        """
        rests = self._rests
        rests.attended = True
        try:
            while True:
                await rests.began.wait()
                rests.began.clear()
                await self._until_mended(probe)
        finally:
            rests.attended = False

    async def _until_mended(self, probe: Callable[[], Awaitable[object]]) -> None:
        wait = self._rests.left
        while self._rests.trouble is not None:
            await asyncio.sleep(wait)
            if self._rests.trouble is not None:
                with suppress(SendError):
                    await probe()
            wait = max(self._rests.left, REST.total_seconds())

    async def check_token(self) -> None:
        """See whether a token can be had. Raises SendError."""
        await self._token()

    async def post(self, path: str, body: Mapping[str, Any], **query: str) -> Answer:
        """POST JSON under a token. Raises SendError."""
        return await self._call("POST", path, query, orjson.dumps(dict(body)))

    async def get(self, path: str, **query: str) -> Answer:
        """GET under a token. Raises SendError."""
        return await self._call("GET", path, query, None)

    async def upload(self, path: str, name: str, blob: Blob, **query: str) -> Answer:
        """Send a file as multipart field `name`, under a token. Raises SendError."""

        async def once(token: Mapping[str, str]) -> Answer:
            form = aiohttp.FormData()  # made anew: aiohttp sends one only once
            form.add_field(
                name, blob.data, filename=blob.name or "file", content_type=blob.mime or None
            )
            return self._checked(path, await self._exchange("POST", path, {**query, **token}, form))

        return await self._with_token(once)

    async def bare(self, method: str, path: str, body: object = None, **query: str) -> Answer:
        """A call without a token (getting one, a webhook's key). Raises SendError."""
        data = None if body is None else orjson.dumps(body)
        return self._checked(path, await self._exchange(method, path, query, data), bare=True)

    async def download(self, path: str, **query: str) -> Blob:
        """Fetch a file under a token. Raises FetchError."""
        try:
            found = await self._with_token(lambda token: self._blob(path, {**query, **token}))
        except SendError as error:
            raise FetchError(str(error), retryable=error.retryable) from error
        return found

    async def _call(
        self, method: str, path: str, query: Mapping[str, str], data: bytes | None
    ) -> Answer:
        async def once(token: Mapping[str, str]) -> Answer:
            return self._checked(path, await self._exchange(method, path, {**query, **token}, data))

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
        if self._rests.locked_out:
            raise refusal(self._rests.locked_out, self._own, after=self._rests.left)
        fetch = self._fetch_token
        try:
            return await self._vault.token(self._token_key, lambda: fetch(self), failed=failed)
        except SendError as error:
            if not self._rests.no_token(error.code):
                raise
            raise refusal(error.code, self._own, after=self._rests.left) from None
        except STORE_ERRORS as error:
            raise SendError(f"token: {type(error).__name__}", retryable=True) from None

    async def _exchange(
        self, method: str, path: str, query: Mapping[str, str], data: _Data
    ) -> Answer:
        headers = {"Content-Type": "application/json"} if isinstance(data, bytes) else None
        try:
            async with self._session.request(
                method,
                self.base + path,
                params=query,
                data=BytesIO(data) if isinstance(data, bytes) else data,  # bytes: copied at once
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,  # the next host would read the token in its address
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
            async with self._session.get(
                self.base + path, params=query, timeout=TIMEOUT, allow_redirects=False
            ) as got:
                if got.status != HTTPStatus.OK:  # a page of somebody's is no picture
                    raise SendError(f"HTTP {got.status}", retryable=_later(got.status))
                data = await _body(got)
                kind, name = got.content_type, _file_name(got)
        except TimeoutError as error:
            raise SendError("no answer in time", retryable=True) from error
        except _NETWORK as error:
            raise SendError(f"{path}: {type(error).__name__}", retryable=True) from None
        # A file has a name; an error is JSON without one (wechat.md 1c.5).
        if not name and kind in ("application/json", "text/plain"):
            self._checked(path, _refused(data))
        return Blob(data, name, kind)

    def _checked(self, path: str, answer: Answer, *, bare: bool = False) -> Answer:
        """The answer, if it is none of refusal; what the whole channel must rest for is noted."""
        code = _code(answer)
        if not code:
            self._rests.went_well(path, bare=bare)
            return answer
        own = self._own
        if bare and reaction(code, own).reaction is Reaction.REFRESH:
            own = {}  # no token was used: what an own table takes for a stale one is the secret
        found, words = reaction(code, own), str(answer.get("errmsg", ""))
        if self._rests.refused(code, path, words, found):
            trouble = self._rests.trouble
            log.error(
                "the platform refuses until a setting is changed: see `gridbot doctor`",
                action="channel.trouble",
                code=code,
                address=trouble.address if trouble else "",
            )
        raise refusal(code, own, after=self._rests.left)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """The whole answer, bounded."""
    data = bytearray()
    async for piece in response.content.iter_chunked(65536):
        data += piece
        if len(data) > MAX_ANSWER:
            raise SendError("the answer is too long")
    return bytes(data)


def _later(status: int) -> bool:
    """Whether a status says that it may go well later."""
    return status >= _BROKEN or status == HTTPStatus.TOO_MANY_REQUESTS


def _file_name(response: aiohttp.ClientResponse) -> str:
    disposition = response.content_disposition
    return (disposition.filename or "") if disposition else ""


def _code(answer: Answer) -> int:
    """The error code; what should be a number and is none counts as the platform's own trouble."""
    try:
        return int(answer.get("errcode") or 0)
    except (TypeError, ValueError):
        return -1


def _refused(data: bytes) -> Answer:
    """What a file-less answer to a download says; {} when it is no JSON object."""
    try:
        answer = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}
