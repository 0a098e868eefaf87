"""What stands between an outbox row and its platform: windows that closed while it waited.

For channels with a window (wechat.md 1f, 1g), and for people whom a platform will not let us reach.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog

from bot.channels.base import SendError, Window
from domain.messages import Address
from domain.routes import Why
from store import outbox, windows
from store.directory import Directory
from store.engine import Connection, Store
from store.outbox import Claimed, Outcome
from store.ways import Routes, in_group

log = structlog.get_logger(__name__)

LOST = "lost"  # the state of an outcome that `settled` decides
_HELD, _ELSEWHERE = "held", "rerouted"


class Gate:
    """Lets through what may be sent now; the rest takes another way, or waits for him."""

    def __init__(self, store: Store, directory: Directory, window: Window | None) -> None:
        self._store, self._directory = store, directory
        self._window = window
        self._refused: dict[int, tuple[Claimed, SendError]] = {}
        self._sent: list[Address] = []
        self._counted = 0

    def sent(self, row: Claimed) -> None:
        """Note that a message used up a part of its window."""
        if self._window is not None and not row.saying.address.group:
            self._sent.append(row.saying.address)

    def refused(self, row: Claimed, error: SendError) -> bool:
        """Take over a private message its platform will not deliver there; False: not ours.

        Ours it is where he may be known elsewhere, or will be heard again in his own time.
        """
        address = row.saying.address
        person = self._directory.speaker(address.channel, address.chat).id
        elsewhere = any(one != address for one in self._directory.ways(person))
        if address.group or not (elsewhere or self._window):
            return False
        self._refused[row.id] = (row, error)
        return True

    async def count(self, conn: Connection) -> None:
        """Write down what was sent."""
        self._counted = len(self._sent)
        await windows.said(conn, self._sent[: self._counted])

    async def settled(
        self, conn: Connection, outcomes: Sequence[Outcome], now: datetime
    ) -> list[Outcome]:
        """The same outcomes; those that were lost are on another way, held, or dead."""
        return [
            await self._settle(conn, one, now) if one.state == LOST else one for one in outcomes
        ]

    def written(self, outcomes: Sequence[Outcome]) -> None:
        """Forget what the store knows now: the transaction was committed."""
        del self._sent[: self._counted]
        for one in outcomes:
            self._refused.pop(one.id, None)

    async def through(
        self, conn: Connection, channel: str, rows: Sequence[Claimed], now: datetime
    ) -> list[Claimed]:
        """Those of the claimed rows that may go; what is closed goes another way or waits.

        The answer to a message goes in any case: the platform has its own rule for that.
        """
        private = [row.saying.address for row in rows if not row.saying.address.group]
        if self._window is None or not private:
            return list(rows)
        left = await self._left(conn, channel, private, now)
        free: list[Claimed] = []
        for row in rows:
            address = row.saying.address
            if address.group or row.saying.handle or left[address.chat] > 0:
                free.append(row)
                left[address.chat] -= 1
            else:
                state = await self._around(conn, row, now, _HELD)
                await outbox.record(conn, [Outcome(row.id, state, now, untried=True)])
        return free

    async def _left(
        self, conn: Connection, channel: str, private: Sequence[Address], now: datetime
    ) -> Counter[str]:
        """How many messages each chat may have beside those that are on their way already."""
        known = await windows.read(conn, private, lock=True)
        claimed: Mapping[str, int] = Counter(one.chat for one in private)
        busy = await windows.under_way(conn, channel, claimed)
        left: Counter[str] = Counter()
        for way in self._directory.standing(dict.fromkeys(private), known):
            chat = way.address.chat
            left[chat] = (way.left(now) or 0) + claimed[chat] - busy.get(chat, 0)
        return left

    async def _settle(self, conn: Connection, one: Outcome, now: datetime) -> Outcome:
        row, error = self._refused[one.id]
        if self._window is not None:
            await windows.shut(conn, row.saying.address)
        state = await self._around(conn, row, now, "dead" if self._window is None else _HELD)
        aside = in_group(row.saying)
        if state != _ELSEWHERE and aside is not None:
            await outbox.add(self._store, conn, [outbox.row_of(aside, now)])
            state = _ELSEWHERE
        log.warning("unreachable", action="delivery.unreachable", code=error.code, state=state)
        return Outcome(one.id, state, now, error=str(error))

    async def _around(self, conn: Connection, row: Claimed, now: datetime, without: str) -> str:
        """Say it another way; returns what becomes of the row, `without` another way that."""
        routes = Routes(conn, self._directory, "", now)
        other = await routes.elsewhere(row.saying)
        if other is not None:
            await outbox.add(self._store, conn, [outbox.row_of(other, now)])
            return _ELSEWHERE
        if without == _HELD:
            await outbox.reason(conn, row.id, Why.OVER)
        return without
