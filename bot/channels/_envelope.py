"""The signed, encrypted envelope of WeCom and official accounts (wechat.md 4.1, D-90968).

Own code on `cryptography` instead of wechatpy's: compares in constant time, checks the padding,
has one error, and takes half the time (docs/decisions/0012). The tests hold it against wechatpy,
the published vectors and the vendor's own package.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # bytes: the padding's block, twice that of AES
KEY_LENGTH = 43
HEAD = 20  # random salt (16) and the length of what follows (4)


class EnvelopeError(ValueError):
    """It does not open: forged, damaged, or for somebody else. Answer 403 without a detail."""


class Envelope:
    """Opens and seals for one token, one EncodingAESKey and one receiver.

    `receive_id` is the corp id for an application, the app id for an official account, "" for a
    smart robot. Raises ValueError for a key that is none.
    """

    def __init__(self, token: str, aes_key: str, receive_id: str = "") -> None:
        if len(aes_key) != KEY_LENGTH:
            raise ValueError("EncodingAESKey must have 43 characters")
        try:
            # The two dangling bits of the last character are ignored, as the platform does.
            key = base64.b64decode(aes_key + "=", validate=True)
        except binascii.Error as error:
            raise ValueError("EncodingAESKey is not base64") from error
        self._token = token
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._opener = self._cipher.decryptor()
        self._receive_id = receive_id.encode()

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """The signature of an envelope with these words in it."""
        return signature(self._token, timestamp, nonce, encrypted)

    def open(self, encrypted: str, given: str, timestamp: str, nonce: str) -> str:
        """What was sealed, if the `given` signature is its own. Raises EnvelopeError."""
        if not same(signature(self._token, timestamp, nonce, encrypted), given):
            raise EnvelopeError("signature")
        body = _unpadded(self._decrypt(encrypted))
        end = HEAD + int.from_bytes(body[16:HEAD], "big")
        if not HEAD <= end <= len(body):
            raise EnvelopeError("size")
        if not hmac.compare_digest(body[end:], self._receive_id):
            raise EnvelopeError("receiver")
        try:
            return body[HEAD:end].decode()
        except UnicodeDecodeError as error:
            raise EnvelopeError("text") from error

    def seal(self, text: str, *, salt: bytes | None = None) -> str:
        """Encrypt a text (base64); `salt` (16 bytes) is random unless a test sets it."""
        said = text.encode()
        salt = salt or secrets.token_bytes(16)
        body = salt + struct.pack(">I", len(said)) + said + self._receive_id
        pad = BLOCK - len(body) % BLOCK
        cipher = self._cipher.encryptor()
        sealed = cipher.update(body + bytes([pad]) * pad) + cipher.finalize()
        return base64.b64encode(sealed).decode("ascii")

    def _decrypt(self, encrypted: str) -> bytes:
        try:
            sealed = binascii.a2b_base64(encrypted, strict_mode=True)
        except ValueError as error:
            raise EnvelopeError("base64") from error
        if not sealed or len(sealed) % 16:
            raise EnvelopeError("length")
        # One decryptor for all, as making one takes longer than its work. In CBC what was opened
        # before gets into the first 16 bytes only, and those are salt, which nobody reads.
        return self._opener.update(sealed)


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts, as 40 hex digits."""
    words = "".join(sorted(parts))
    return hashlib.sha1(words.encode("utf-8", "replace")).hexdigest()  # noqa: S324


def same(wanted: str, given: str) -> bool:
    """Whether a signature is the one that was wanted, in constant time."""
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace"))


def _unpadded(body: bytes) -> bytes:
    pad = body[-1]
    if not 1 <= pad <= BLOCK or body[-pad:] != body[-1:] * pad:
        raise EnvelopeError("padding")
    return body[:-pad]
