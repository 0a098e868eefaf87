"""The vendor's C library in a process of its own: what crashes or hangs it ends only this.

Run by its path, with a socket's number as its argument; the standard library is all it uses. A
question is a header (two lengths, then JSON) and so is an answer, with raw bytes behind it.
Declarations and the rules of the library: wechat.md 1e; it is never called by two at once.
"""

import ctypes
import faulthandler
import json
import os
import resource
import socket
import struct
import sys
from pathlib import Path
from typing import Any, Protocol

HEADER = struct.Struct(">II")  # bytes of JSON, raw bytes behind it
ODD = 2  # exit status: called in a way it is never called


class Slice(ctypes.Structure):
    """Bytes the library allocated: results may hold NUL bytes."""

    _fields_ = (("buf", ctypes.c_void_p), ("len", ctypes.c_int))


class Media(ctypes.Structure):
    """One piece of a file, and the index that asks for the next."""

    _fields_ = (
        ("outindexbuf", ctypes.c_void_p),
        ("out_len", ctypes.c_int),
        ("data", ctypes.c_void_p),
        ("data_len", ctypes.c_int),
        ("is_finish", ctypes.c_int),
    )


_P, _C, _I = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "NewSdk": (_P, []),
    "Init": (_I, [_P, _C, _C]),
    "DestroySdk": (None, [_P]),
    "GetChatData": (
        _I,
        [_P, ctypes.c_ulonglong, ctypes.c_uint, _C, _C, _I, ctypes.POINTER(Slice)],
    ),
    "DecryptData": (_I, [_C, _C, ctypes.POINTER(Slice)]),
    "NewSlice": (ctypes.POINTER(Slice), []),
    "FreeSlice": (None, [ctypes.POINTER(Slice)]),
    "GetMediaData": (_I, [_P, _C, _C, _C, _C, _I, ctypes.POINTER(Media)]),
    "NewMediaData": (ctypes.POINTER(Media), []),
    "FreeMediaData": (None, [ctypes.POINTER(Media)]),
}
Answer = tuple[dict[str, Any], bytes]


class Link(Protocol):
    """The two ways of the socket."""

    def read(self, size: int, /) -> bytes: ...
    def write(self, data: bytes, /) -> int: ...
    def flush(self) -> None: ...


class Finance:
    """The loaded library and its one handle. Every slice it hands out is freed."""

    def __init__(self, path: str) -> None:
        self._lib = ctypes.CDLL(path)
        for name, (result, arguments) in SIGNATURES.items():
            function = getattr(self._lib, name)
            function.restype, function.argtypes = result, arguments
        self._sdk: Any = None

    def init(self, ask: dict[str, Any]) -> Answer:
        """A new handle in place of the old one, good for two hours."""
        if self._sdk is not None:
            self._lib.DestroySdk(self._sdk)
        self._sdk = self._lib.NewSdk()
        code = self._lib.Init(self._sdk, ask["corp_id"].encode(), ask["secret"].encode())
        return {"code": code}, b""

    def chat(self, ask: dict[str, Any]) -> Answer:
        """The records behind `seq`, at most `limit`, as the library's JSON."""
        found = self._lib.NewSlice()
        try:
            code = self._lib.GetChatData(
                self._sdk, ask["seq"], ask["limit"], b"", b"", ask["seconds"], found
            )
            return {"code": code}, _bytes(found.contents.buf, found.contents.len, code)
        finally:
            self._lib.FreeSlice(found)

    def decrypt(self, ask: dict[str, Any]) -> Answer:
        """A record's words, opened with its own random key."""
        found = self._lib.NewSlice()
        try:
            key, sealed = ask["key"].encode("latin-1"), ask["sealed"].encode()
            code = self._lib.DecryptData(key, sealed, found)
            return {"code": code}, _bytes(found.contents.buf, found.contents.len, code)
        finally:
            self._lib.FreeSlice(found)

    def media(self, ask: dict[str, Any]) -> Answer:
        """One piece of a file, 512 KB at most."""
        found = self._lib.NewMediaData()
        try:
            index, name = ask["index"].encode("latin-1"), ask["file"].encode()
            code = self._lib.GetMediaData(self._sdk, index, name, b"", b"", ask["seconds"], found)
            piece = found.contents
            after = _bytes(piece.outindexbuf, piece.out_len, code).decode("latin-1")
            facts = {"code": code, "index": after, "last": bool(piece.is_finish)}
            return facts, _bytes(piece.data, piece.data_len, code)
        finally:
            self._lib.FreeMediaData(found)


def _bytes(at: int | None, length: int, code: int) -> bytes:
    return ctypes.string_at(at, length) if at and length > 0 and not code else b""


def load(path: str) -> tuple[Finance | None, str]:
    """The library, or why there is none: "missing" or "unfit" (another one, another machine)."""
    if not Path(path).is_file():
        return None, "missing"
    try:
        return Finance(path), ""
    except (OSError, AttributeError):
        return None, "unfit"


def serve(link: Link, path: str) -> None:
    """Answer until nobody asks any more."""
    finance, reason = load(path)
    if finance is None:
        _send(link, {"load": reason}, b"")
        return
    _send(link, {"load": ""}, b"")
    verbs = {
        "init": finance.init,
        "chat": finance.chat,
        "decrypt": finance.decrypt,
        "media": finance.media,
    }
    with Path(os.devnull).open("w") as nowhere:
        while (ask := _receive(link)) is not None:
            # It ends itself even where its parent is gone and the library never comes back.
            faulthandler.dump_traceback_later(ask["within"], exit=True, file=nowhere)
            answer = verbs[ask["do"]](ask)
            faulthandler.cancel_dump_traceback_later()
            _send(link, *answer)


def _receive(link: Link) -> dict[str, Any] | None:
    header = link.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    found: dict[str, Any] = json.loads(link.read(HEADER.unpack(header)[0]))
    return found


def _send(link: Link, facts: dict[str, Any], data: bytes) -> None:
    head = json.dumps(facts).encode()
    link.write(HEADER.pack(len(head), len(data)) + head + data)
    link.flush()


def main(arguments: list[str]) -> int:
    """Serve the library named by the second argument over the socket numbered by the first."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold people's words
    for name in [name for name in os.environ if name.startswith("GRIDBOT_")]:
        del os.environ[name]  # other channels' secrets are no business of the library
    try:
        number, path = int(arguments[0]), arguments[1]
    except (IndexError, ValueError):
        return ODD
    with socket.socket(fileno=number) as end, end.makefile("rwb") as link:
        try:
            serve(link, path)
        except (BrokenPipeError, ConnectionResetError):
            return 0  # whoever asked has gone
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
