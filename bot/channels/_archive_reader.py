"""Reads the message archive: page after page by seq, by the one process that holds the lease.

The cursor moves behind what is stored, and to it even when a page breaks off in the middle. The
platform keeps five days (wechat.md 1e): what it cannot open or may not ask about yet, it waits
for rather than skip.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.channels._archive_consent import Consenting
from bot.channels._archive_library import AGAIN, Away, Library, Refused
from bot.channels._archive_messages import Changed, Heard, Noted, View, read
from bot.channels._archive_records import KEY_FAULTS, Fault, Opened, Opener, Record, records_of
from bot.channels._codes import CODES, Reaction
from bot.channels._content import Fields
from bot.channels.base import Parts, SendError
from domain.messages import Inbound
from store.engine import STORE_ERRORS

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LIMIT = 1000  # records at once, the most the platform gives
KEPT = timedelta(days=5)  # what is older is gone
FIRST_LOOK = timedelta(hours=1)  # an archive never read before is not read five days back
_HOURLY = timedelta(hours=1)
_NEVER = "-"

Take = Callable[[Inbound], Awaitable[None]]
Look = Callable[[Fields, datetime], Awaitable[View]]


class Stuck(Exception):
    """Reading waits for the operator; `key` is the sentence that tells him why."""

    def __init__(self, key: str, version: str = "") -> None:
        super().__init__(f"{key} {version}".strip())
        self.key = key


@dataclass(frozen=True, slots=True)
class Rests:
    """Seconds between looks: all read; no lease; something in the way (first, longest).

    `pace` keeps to 600 calls a minute; `renew` is how often the lease is renewed on the way;
    `goodbye` is what a page under way gets when the program stops.
    """

    every: float = 5.0
    standby: float = 2.5
    retry: tuple[float, float] = (1.0, 60.0)
    stuck: float = 30.0
    pace: float = 0.1
    renew: float = 2.5
    goodbye: float = 0.3


@dataclass(frozen=True, slots=True)
class Mark:
    """Where reading stands: the last seq that is done, and when all there was had been read.

    `corp` is whose archive it was: another one counts from its own beginning.
    """

    seq: int = 0
    at: datetime | None = None
    corp: str = ""

    @classmethod
    def parse(cls, kept: str, corp: str = "") -> "Mark":
        """A mark as it was kept; the beginning where there is none, or it is not this corp's."""
        seq, _, rest = kept.partition(" ")
        at, _, whose = rest.partition(" ")
        try:
            found = cls(int(seq), datetime.fromisoformat(at) if at.strip(_NEVER) else None, corp)
        except ValueError:
            return cls(corp=corp)
        return found if whose in ("", corp) else cls(corp=corp)

    def __str__(self) -> str:
        at = self.at.isoformat() if self.at else _NEVER if self.corp else ""
        return f"{self.seq} {at} {self.corp}".strip()


class Reader:
    """Hands to `take` what may be stored, oldest first; `trouble` is why it cannot."""

    def __init__(
        self,
        parts: Parts,
        library: Library,
        opener: Opener,
        consenting: Consenting,
        look: Look,
        take: Take,
        rests: Rests,
    ) -> None:
        self._parts, self._library, self._opener = parts, library, opener
        self._consenting, self._look, self._take = consenting, look, take
        self._rests = rests
        self._lease = parts.lease(f"archive {parts.name}"[:100])
        self._held_at = 0.0
        self._failures = 0
        self._withheld = 0
        self._told_gap = False
        self.trouble = ""
        self._log = log.bind(channel=parts.name)

    async def run(self) -> None:
        """Read until cancelled; survives every error of platform, library and store."""
        try:
            while True:
                wait = await self._whole_round()
                await asyncio.sleep(wait)
        finally:
            with suppress(*STORE_ERRORS):  # it runs out by itself; the store may be away just now
                await self._lease.release()

    async def mark(self) -> Mark:
        """Where reading stands."""
        return Mark.parse(await self._parts.vault.cursor(self._cursor), self._library.corp_id)

    async def withheld(self) -> int:
        """How many messages were not kept for want of consent."""
        kept = await self._parts.vault.cursor(self._counter)
        return int(kept) if kept.isdigit() else 0

    @property
    def _cursor(self) -> str:
        return f"{self._parts.name} archive"

    @property
    def _counter(self) -> str:
        return f"{self._parts.name} withheld"

    async def _whole_round(self) -> float:
        """A round; when it is stopped in between, what it is just storing may end first."""
        task = asyncio.create_task(self._round())
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task], timeout=self._rests.goodbye)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise

    async def _round(self) -> float:
        """One page, if it is ours to read; seconds until the next look."""
        try:
            if not await self._lease.hold():
                self.trouble = ""
                return self._rests.standby
            self._held_at = asyncio.get_running_loop().time()
            whole = await self._page()
        except Exception as error:  # noqa: BLE001 - whatever breaks, reading goes on
            return self._failed(error)
        self.trouble, self._failures = "", 0
        return self._rests.every if whole else self._rests.pace

    async def _page(self) -> bool:
        """Read a page and store it; True when there was no more."""
        mark = await self.mark()
        self._look_back(mark)
        records = records_of(await self._library.chat(mark.seq, LIMIT))
        opened = await self._opener.open(records)
        done = mark.seq
        try:
            for one in opened:
                if not await self._ours():
                    return True
                await self._handle(one, fresh=mark.at is None)
                done = one.record.seq
        except BaseException:
            if done > mark.seq:
                await self._keep(replace(mark, seq=done))
            raise
        whole = len(records) < LIMIT
        at = self._parts.now() if whole else mark.at
        await self._read_up(mark, replace(mark, seq=done, at=at))
        return whole

    async def _ours(self) -> bool:
        """Whether the lease is still ours; renewed now and then on the way through a page."""
        now = asyncio.get_running_loop().time()
        if now - self._held_at < self._rests.renew:
            return True
        self._held_at = now
        return await self._lease.hold()

    async def _handle(self, one: Opened, *, fresh: bool) -> None:
        if one.fault is not None:
            self._unread(one.record, one.fault)
            return
        now = self._parts.now()
        found = read(one.entry, await self._look(one.entry, now))
        match found:
            case Changed():
                await self._consenting.note(found)
                await self._let_go(found)
            case Heard() if not fresh or now - found.inbound.received_at <= FIRST_LOOK:
                await self._hear(found)
            case Noted():
                self._log.info("record noted", action="archive.noted", what=found.what)

    async def _hear(self, heard: Heard) -> None:
        """Store it, if its writer lets us: of anybody else only the number is kept."""
        if await self._consenting.allows(heard):
            await self._take(heard.inbound)
            return
        self._withheld += 1
        for change in self._consenting.turned():
            await self._let_go(change)

    async def _let_go(self, change: Changed) -> None:
        """Tell on that somebody agrees no longer: what was kept of him is to go."""
        for gone in await self._consenting.let_go(change):
            await self._take(gone)

    def _unread(self, record: Record, fault: Fault) -> None:
        """Pass over a record that nobody can open. Raises Stuck where somebody still could."""
        if fault in KEY_FAULTS:
            raise Stuck(KEY_FAULTS[fault], record.version)
        if fault is Fault.BROKEN:
            self._log.error("record not readable", action="archive.broken", seq=record.seq)

    # Where reading stands

    async def _read_up(self, before: Mark, after: Mark) -> None:
        """Keep where reading stands; where only the time has moved on, once an hour."""
        if after.seq != before.seq or before.at is None or _older(before.at, after.at, _HOURLY):
            await self._keep(after)

    async def _keep(self, mark: Mark) -> None:
        await self._parts.vault.keep_cursor(self._cursor, str(mark))
        if self._withheld:
            count, self._withheld = self._withheld, 0
            total = await self.withheld() + count
            await self._parts.vault.keep_cursor(self._counter, str(total))
            self._log.info("no consent, not kept", action="archive.withheld", count=count)

    def _look_back(self, mark: Mark) -> None:
        """Say it once when so much time has passed that the platform has dropped messages."""
        lost = mark.at is not None and _older(mark.at, self._parts.now(), KEPT)
        if lost and not self._told_gap:
            self._log.error(
                "not read for more than five days: what was said before is gone",
                action="archive.gap",
                since=mark.at.isoformat() if mark.at else "",
            )
        self._told_gap = lost

    # When something is in the way

    def _failed(self, error: Exception) -> float:
        """Note why, and how long to wait."""
        self._failures += 1
        first, longest = self._rests.retry
        wait = min(first * 2.0 ** min(self._failures - 1, 30), longest)
        self.trouble, least = self._cause(error)
        self._log.warning(
            "not read",
            action="archive.failed",
            error=type(error).__name__,
            code=getattr(error, "code", 0),
            trouble=self.trouble,
        )
        return max(wait, least)

    def _cause(self, error: Exception) -> tuple[str, float]:
        """What the operator should know, and the least to wait.

        A refusal to say who consents is known to the API's own trouble.
        """
        match error:
            case Stuck():
                return error.key, self._rests.stuck
            case Away():
                return _away(error.reason, self.trouble), error.after
            case Refused():
                key = _refusal(error.code)
                return key, self._rests.stuck if key else 0.0
            case SendError():
                return "", error.retry_after or 0.0
        return "", 0.0


def _away(reason: str, before: str) -> str:
    """The sentence for a library that cannot be used; it stands until a page was read."""
    if reason in ("missing", "unfit"):
        return f"archive_library_{reason}"
    return before if reason == "resting" else "archive_library_crashed"


def _refusal(code: int) -> str:
    """The sentence for a code; "" where it is worth another try soon."""
    found = CODES.get(code)
    if code in AGAIN or (found is not None and found.reaction in (Reaction.WAIT, Reaction.BUSY)):
        return ""
    operator = found is not None and found.reaction is Reaction.OPERATOR
    return f"code_{code}" if operator else "archive_refused"


def _older(one: datetime, other: datetime | None, than: timedelta) -> bool:
    return other is not None and other - one > than
