"""Leases: which process holds something only one may hold."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete

from store import tables as t
from store.engine import Store
from store.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

LIFE = timedelta(seconds=15)


class Lease:
    """One named lease as seen by one process; lives 15 s unless it is held again."""

    def __init__(self, store: Store, name: str, holder: str, now: "Callable[[], datetime]") -> None:
        self._store, self._name, self._holder, self._now = store, name, holder, now

    async def hold(self) -> bool:
        """Take the lease or keep it; False while another process holds it."""
        now = self._now()
        statement = upsert(self._store, t.leases).values(
            name=self._name, holder=self._holder, until=now + LIFE
        )
        statement = statement.on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": self._holder, "until": now + LIFE},
            where=(t.leases.c.holder == self._holder) | (t.leases.c.until <= now),
        ).returning(t.leases.c.holder)
        async with self._store.write() as conn:
            return (await conn.execute(statement)).scalar_one_or_none() == self._holder

    async def release(self) -> None:
        """Let another process take it at once."""
        async with self._store.write() as conn:
            await conn.execute(
                delete(t.leases).where(
                    t.leases.c.name == self._name, t.leases.c.holder == self._holder
                )
            )
