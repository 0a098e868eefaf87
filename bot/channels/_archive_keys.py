"""The private keys of the message archive, one for each version of the public key (wechat.md 1e).

A key that does not fit raises nothing: PKCS#1 v1.5 gives pseudo-random bytes then, so whether a
record was opened shows only by what it holds.
"""

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key


class NoKey(Exception):
    """There is no usable file for this version; `version` is the platform's number."""

    def __init__(self, version: str) -> None:
        super().__init__(f"no key of version {version}")
        self.version = version


class Unneeded(Exception):
    """The operator said that what this version sealed is not to be read: its file is ""."""


class Unfit(Exception):
    """The record's key cannot be one that was sealed for us."""


class Keys:
    """The keys, read from the deployment's folder when they are first needed. It reads files."""

    def __init__(self, folder: Path, files: Mapping[str, str]) -> None:
        self._folder, self._files = folder, dict(files)
        self._known: dict[str, rsa.RSAPrivateKey] = {}

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions there are files for."""
        return tuple(version for version, file in self._files.items() if file)

    def key(self, version: str) -> rsa.RSAPrivateKey:
        """The key of a version. Raises NoKey, Unneeded."""
        if version in self._known:
            return self._known[version]
        file = self._files.get(version)
        if file == "":
            raise Unneeded
        if file is None:
            raise NoKey(version)
        try:
            found = load_pem_private_key((self._folder / file).read_bytes(), password=None)
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
            raise NoKey(version) from None  # their words may quote the file
        if not isinstance(found, rsa.RSAPrivateKey):
            raise NoKey(version)
        self._known[version] = found
        return found

    def open(self, version: str, sealed: str) -> bytes:
        """A record's random key. Raises NoKey, Unneeded, Unfit."""
        key = self.key(version)
        try:
            opened = key.decrypt(base64.b64decode(sealed, validate=True), padding.PKCS1v15())
        except (ValueError, binascii.Error):
            raise Unfit from None
        if not opened or b"\0" in opened:  # the library takes it as a C string
            raise Unfit
        return opened

    def forget(self, version: str) -> None:
        """Read this version's file anew next time: somebody may put the right one there."""
        self._known.pop(version, None)
