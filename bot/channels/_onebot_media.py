"""Fetches what a OneBot gateway names by a web address; never from a machine of our own network.

The address comes from outside. A gateway that serves files itself is allowed by `media_hosts`.
"""

import asyncio
import ipaddress
import socket
from http import HTTPStatus

import aiohttp
from yarl import URL

from bot.channels._wecom_media import file_name
from bot.channels.base import Blob, FetchError

MAX_BYTES = 30 * 1024 * 1024
SECONDS = 60.0
_MAX_HOPS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


async def download(
    session: aiohttp.ClientSession, address: str, hosts: tuple[str, ...], limit: int = MAX_BYTES
) -> Blob:
    """The file. Raises FetchError."""
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    try:
        url = URL(address)
        for _ in range(_MAX_HOPS):
            await _check(url, hosts)
            # Redirects are followed by hand: each new host has to pass the same check.
            async with session.get(url, timeout=timeout, allow_redirects=False) as response:
                onward = response.headers.get("Location")
                if onward is None or response.status not in _REDIRECTS:
                    return await _received(response, limit)
                url = url.join(URL(onward))
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise FetchError(f"download failed: {type(error).__name__}", retryable=True) from None
    raise FetchError("sent from one address to the next too often")


async def _check(url: URL, hosts: tuple[str, ...]) -> None:
    host = (url.host or "").lower()
    if url.scheme not in ("http", "https") or not host:
        raise FetchError("not a web address")
    if host in hosts:
        return
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, url.port, type=socket.SOCK_STREAM)
    if not all(ipaddress.ip_address(one[4][0]).is_global for one in found):
        raise FetchError("the host is not public; allow it by media_hosts")


async def _received(response: aiohttp.ClientResponse, limit: int) -> Blob:
    if response.status != HTTPStatus.OK:
        again = response.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        raise FetchError(f"the server answered {response.status}", retryable=again)
    data = bytearray()
    async for piece in response.content.iter_chunked(65536):
        data += piece
        if len(data) > limit:
            raise FetchError("too large")
    name = file_name(response.headers.get("Content-Disposition", ""))
    mime = "" if response.content_type == "application/octet-stream" else response.content_type
    return Blob(bytes(data), name, mime)
