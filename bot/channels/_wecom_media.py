"""WeCom smart robot: download and decrypt the media of a message (wechat.md 1a.3).

The URL lives five minutes; the bytes are AES-256-CBC with the object's own key, IV its first 16
bytes, PKCS#7 to 32 bytes; the whole plaintext is the file.
"""

import base64
import ipaddress
import re
from http import HTTPStatus
from urllib.parse import unquote

import aiohttp
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from yarl import URL

from bot.channels._words import clean
from bot.channels.base import Blob, FetchError

MAX_BYTES = 100 * 1024 * 1024
SECONDS = 60.0
_PAD = 32
_BLOCK = 16
_MAX_HOPS = 3
_CHUNK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_RETRY_STATUS = frozenset({408, 425, 429})
_PLAIN = re.compile("[!-~]+")
_STARRED = re.compile(r"filename\*\s*=\s*[\w-]+'[^']*'([^;\s]+)", re.IGNORECASE)
_QUOTED = re.compile(r'filename\s*=\s*"([^"]*)"', re.IGNORECASE)
_BARE = re.compile(r"filename\s*=\s*([^;\s\"]+)", re.IGNORECASE)


class Decryptor:
    """Decrypts while the bytes arrive, so that a large file is held once."""

    def __init__(self, aeskey: str) -> None:
        key = decode_key(aeskey)
        self._aes = Cipher(algorithms.AES(key), modes.CBC(key[:_BLOCK])).decryptor()
        self._plain = bytearray()
        self._taken = 0

    def feed(self, data: bytes) -> None:
        self._taken += len(data)
        self._plain += self._aes.update(data)

    def finish(self) -> bytes:
        """The file, its padding checked and taken off."""
        if not self._taken or self._taken % _BLOCK:
            raise FetchError("the download is empty or cut short", retryable=True)
        plain = self._plain + self._aes.finalize()
        pad = plain[-1]
        # Bytes 17 to 32 are rightful here; a library's unpadder for 16-byte blocks refuses them.
        if not 1 <= pad <= min(_PAD, len(plain)) or plain[-pad:] != bytes([pad]) * pad:
            raise FetchError("wrong padding: damaged, or not this key")
        return bytes(plain[:-pad])


def decode_key(aeskey: str) -> bytes:
    """The 32 bytes of a base64 key, its trailing '=' optional."""
    try:
        bare = aeskey.rstrip("=")
        key = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except ValueError as error:
        raise FetchError("the key is not base64") from error
    if len(key) != _PAD:
        raise FetchError("the key is not 32 bytes long")
    return key


def check_url(text: str, hosts: tuple[str, ...] = ()) -> URL:
    """The URL when it may be asked: https, a listed host or any public one; http on loopback only.

    A URL comes from outside, so it could be aimed at a machine of our own network.
    """
    try:
        # Kept letter for letter when it can be: the URL is signed, and quoting anew may break that.
        url = URL(text, encoded=_PLAIN.fullmatch(text) is not None)
    except ValueError as error:
        raise FetchError("not a URL") from error
    host = (url.host or "").lower()
    if not host or not (url.scheme == "https" or (url.scheme == "http" and is_loopback(host))):
        raise FetchError("the URL is neither https nor on this machine")
    if hosts and not any(host == one or host.endswith(f".{one}") for one in map(str.lower, hosts)):
        raise FetchError("the URL's host is not among the allowed ones")
    if not hosts and not (_is_public(host) or is_loopback(host)):
        raise FetchError("the URL's host is not public")
    return url


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _is_public(host: str) -> bool:
    address = _address(host)
    return address is None or address.is_global


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def file_name(disposition: str) -> str:
    """The name in a Content-Disposition header, without folders; "" when there is none."""
    # aiohttp keeps raw bytes of a header as surrogates; servers do send plain UTF-8 there.
    text = disposition.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    found = _STARRED.search(text) or _QUOTED.search(text) or _BARE.search(text)
    if found is None:
        return ""
    name = clean(unquote(found.group(1)), 1024).replace("\\", "/").rpartition("/")[2].strip()
    return "" if name in {".", ".."} else name[-200:]


async def download(
    session: aiohttp.ClientSession,
    ref: dict[str, str],
    *,
    hosts: tuple[str, ...] = (),
    limit: int = MAX_BYTES,
    seconds: float = SECONDS,
) -> Blob:
    """Fetch and decrypt what `ref` names. Raises FetchError."""
    decryptor = Decryptor(ref.get("aeskey", ""))
    url = check_url(ref.get("url", ""), hosts)
    at_home = is_loopback(url.host or "")
    timeout = aiohttp.ClientTimeout(total=seconds)
    try:
        for _ in range(_MAX_HOPS):
            # Redirects are followed by hand: each new host has to pass the same check.
            async with session.get(url, timeout=timeout, allow_redirects=False) as response:
                onward = response.headers.get("Location")
                if onward is None or response.status not in _REDIRECTS:
                    return await _receive(response, decryptor, limit)
                url = check_url(str(url.join(URL(onward, encoded=True))), hosts)
                if is_loopback(url.host or "") and not at_home:
                    raise FetchError("sent from outside to this machine")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise FetchError(f"download failed: {type(error).__name__}", retryable=True) from error
    raise FetchError("sent from one address to the next too often")


async def _receive(response: aiohttp.ClientResponse, decryptor: Decryptor, limit: int) -> Blob:
    if response.status != HTTPStatus.OK:
        again = (
            response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status in _RETRY_STATUS
        )
        raise FetchError(f"the server answered {response.status}", retryable=again)
    room = limit + _PAD
    async for chunk in response.content.iter_chunked(_CHUNK):
        room -= len(chunk)
        if room < 0:
            raise FetchError("too large")
        decryptor.feed(chunk)
    mime = "" if response.content_type == "application/octet-stream" else response.content_type
    return Blob(
        decryptor.finish(), file_name(response.headers.get("Content-Disposition", "")), mime
    )
