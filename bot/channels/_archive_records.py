"""Opens the sealed records of a page: RSA for each one's key, the library for its words.

wechat.md 1e: a private key of the wrong version raises nothing, so what counts as opened is JSON
with the record's own msgid.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from bot.channels._archive_keys import Keys, NoKey, Unfit, Unneeded
from bot.channels._archive_library import Away, Library, Refused

CRASHES = 3  # a record that kills the library this often is left aside
_REMEMBERED = 100


class Fault(StrEnum):
    """Why a record could not be opened."""

    NO_KEY = "no_key"
    WRONG_KEY = "wrong_key"
    UNNEEDED = "unneeded"
    BROKEN = "broken"


# The sentences for what the operator can still mend.
KEY_FAULTS: Mapping[Fault | None, str] = {
    Fault.NO_KEY: "archive_key_missing",
    Fault.WRONG_KEY: "archive_key_wrong",
}


@dataclass(frozen=True, slots=True)
class Record:
    """One record as the platform gives it; `version` names the key that opens it."""

    seq: int
    msgid: str
    version: str
    sealed_key: str
    sealed: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A record and what stands in it, or why that cannot be told."""

    record: Record
    entry: Mapping[str, Any]
    fault: Fault | None = None


class Opener:
    """Opens records; remembers which keys have fitted and which records kill the library."""

    def __init__(self, library: Library, keys: Keys) -> None:
        self._library, self._keys = library, keys
        self._fitted: set[str] = set()
        self._crashes: Counter[str] = Counter()

    async def open(self, records: Sequence[Record]) -> list[Opened]:
        """All of a page, in its order. Raises Away when the library dies on the way."""
        keys = await asyncio.to_thread(lambda: [self._key(one) for one in records])
        found = [await self._words(one, key) for one, key in zip(records, keys, strict=True)]
        self._fitted |= {one.record.version for one in found if one.fault is None}
        # A key that opens others is right: then it is the record that is broken.
        return [self._judged(one) for one in found]

    def _key(self, record: Record) -> bytes | Fault:
        try:
            return self._keys.open(record.version, record.sealed_key)
        except NoKey:
            return Fault.NO_KEY
        except Unneeded:
            return Fault.UNNEEDED
        except Unfit:
            return Fault.WRONG_KEY

    async def _words(self, record: Record, key: bytes | Fault) -> Opened:
        if isinstance(key, Fault):
            return Opened(record, {}, key)
        if self._crashes[record.msgid] >= CRASHES:
            return Opened(record, {}, Fault.BROKEN)
        try:
            entry = orjson.loads(await self._library.decrypt(key, record.sealed))
        except Away as error:
            if error.reason in ("crashed", "hung"):
                self._remember(record.msgid)
            raise
        except (Refused, orjson.JSONDecodeError):
            return Opened(record, {}, Fault.WRONG_KEY)
        if not isinstance(entry, dict) or entry.get("msgid") != record.msgid:
            return Opened(record, {}, Fault.WRONG_KEY)
        return Opened(record, entry)

    def _judged(self, one: Opened) -> Opened:
        if one.fault is not Fault.WRONG_KEY:
            return one
        if one.record.version in self._fitted:
            return Opened(one.record, {}, Fault.BROKEN)
        self._keys.forget(one.record.version)
        return one

    def _remember(self, msgid: str) -> None:
        if len(self._crashes) > _REMEMBERED:
            self._crashes.clear()
        self._crashes[msgid] += 1


def records_of(page: bytes) -> list[Record]:
    """The records of an answer, in order. Raises Refused; ValueError for what is no answer."""
    answer = orjson.loads(page)
    if not isinstance(answer, dict):
        raise ValueError("not an object")  # noqa: TRY004 - one kind of error for what is no answer
    if code := answer.get("errcode"):
        raise Refused(code if isinstance(code, int) else -1)
    found = answer.get("chatdata")
    entries = found if isinstance(found, list) else []
    return sorted((one for raw in entries if (one := _record(raw))), key=lambda one: one.seq)


def _record(raw: object) -> Record | None:
    if not isinstance(raw, dict) or not isinstance(raw.get("seq"), int):
        return None
    return Record(
        raw["seq"],
        str(raw.get("msgid", "")),
        str(raw.get("publickey_ver", "")),
        str(raw.get("encrypt_random_key", "")),
        str(raw.get("encrypt_chat_msg", "")),
    )
