"""The secrets an operator may choose himself: made here, so that nobody thinks up a weak one."""

import os
import secrets
import string
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

_SIGNS = string.ascii_letters + string.digits
_LENGTHS = {"aes_key": 43}  # an EncodingAESKey has 43 signs, a token at most 32 (wechat.md 1c.1)
_TOKEN = 32
_BITS = 2048  # what the message archive takes (1e)


def fresh(key: str) -> str:
    """A new value for a key of a section: letters and digits only."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTHS.get(key, _TOKEN)))


def public_key_of(path: Path) -> str:
    """The public half of the private key in a file, which is made where there is none.

    Only the owner can read the file. Raises OSError, and ValueError for a file that is no key.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        made = rsa.generate_private_key(65537, _BITS)
        pem = made.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    key = load_pem_private_key(path.read_bytes(), password=None)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return public.decode()
