"""The signatures of two clouds' requests, pure: Aliyun's V3 and Tencent Cloud's TC3 (wechat.md 1j).

Both sign a canonical form of the request with HMAC-SHA256. Tests hold them to the examples that
the vendors publish on their pages about signing.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

_ALIYUN = "ACS3-HMAC-SHA256"
_TENCENT = "TC3-HMAC-SHA256"
_END = "tc3_request"


def canonical_query(params: Mapping[str, str]) -> str:
    """Parameters sorted and percent-encoded as RFC 3986 has it, the way Aliyun signs them."""
    pairs = ((quote(key, safe="~"), quote(value, safe="~")) for key, value in params.items())
    return "&".join(f"{key}={value}" for key, value in sorted(pairs))


def aliyun(
    access: tuple[str, str], query: str, headers: Mapping[str, str], body: bytes = b""
) -> str:
    """The Authorization header of a POST to `/`; `access` is (id, secret).

    `headers` are those that are signed: host, content-type and every x-acs- one, in lower case.
    """
    signed = ";".join(sorted(headers))
    request = "\n".join(("POST", "/", query, _lines(headers), signed, digest(body)))
    name, secret = access
    signature = _mac(secret.encode(), f"{_ALIYUN}\n{digest(request.encode())}").hex()
    return f"{_ALIYUN} Credential={name},SignedHeaders={signed},Signature={signature}"


def tencent(
    access: tuple[str, str], service: str, headers: Mapping[str, str], body: bytes, at: datetime
) -> str:
    """The Authorization header of a POST to `/`; `access` is (id, key).

    `headers` are those that are signed, in lower case, with lower-case values; `at` is what the
    header X-TC-Timestamp says.
    """
    signed = ";".join(sorted(headers))
    request = "\n".join(("POST", "/", "", _lines(headers), signed, digest(body)))
    name, key = access
    date = at.astimezone(UTC).strftime("%Y-%m-%d")
    scope = f"{date}/{service}/{_END}"
    words = "\n".join((_TENCENT, str(int(at.timestamp())), scope, digest(request.encode())))
    daily = _mac(_mac(_mac(f"TC3{key}".encode(), date), service), _END)
    signature = _mac(daily, words).hex()
    return f"{_TENCENT} Credential={name}/{scope}, SignedHeaders={signed}, Signature={signature}"


def digest(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _lines(headers: Mapping[str, str]) -> str:
    return "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))


def _mac(key: bytes, words: str) -> bytes:
    return hmac.new(key, words.encode(), "sha256").digest()
