"""Who outside the corp agreed that what he writes is kept (wechat.md 1e, Consent)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import case, select, update

from store import tables_channels as t
from store.engine import Store
from store.upsert import upsert

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Answer(StrEnum):
    """What a person answered, or has not."""

    AGREED = "agreed"  # he said so, or did not object when the platform told him
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Consent:
    """A person's answer in one place, and when we last learned of it.

    `ever`: he agreed once, so something of his may be kept from that time.
    """

    answer: Answer
    asked_at: datetime
    ever: bool

    @property
    def agreed(self) -> bool:
        """Whether what he writes may be kept."""
        return self.answer is Answer.AGREED


class Consents:
    """The answers of all channels' people; a place is a group, or the member he talks with."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, channel: str, place: str, person: str) -> Consent | None:
        """A person's answer; None where nobody has asked yet."""
        table = t.archive_consents
        where = (table.c.channel == channel) & (table.c.place == place) & (table.c.person == person)
        async with self._store.read() as conn:
            row = (await conn.execute(select(table).where(where))).one_or_none()
        return Consent(Answer(row.answer), row.asked_at, row.ever) if row is not None else None

    async def note(
        self,
        channel: str,
        place: str,
        answers: Mapping[str, tuple[Answer, datetime]],
        now: datetime,
    ) -> None:
        """Keep answers, each with the moment it was given; an older one changes no newer one."""
        rows = [
            {
                "channel": channel,
                "place": place,
                "person": person,
                "answer": answer.value,
                "changed_at": at,
                "asked_at": now,
                "ever": answer is Answer.AGREED,
            }
            for person, (answer, at) in sorted(answers.items())
        ]
        if not rows:
            return
        old, statement = t.archive_consents.c, upsert(self._store, t.archive_consents)
        new = statement.excluded
        newer = new.changed_at >= old.changed_at
        statement = statement.on_conflict_do_update(
            index_elements=["channel", "place", "person"],
            set_={
                "answer": case((newer, new.answer), else_=old.answer),
                "changed_at": case((newer, new.changed_at), else_=old.changed_at),
                "asked_at": new.asked_at,
                "ever": old.ever | new.ever,
            },
        )
        async with self._store.write() as conn:
            await conn.execute(statement, rows)

    async def refuse(self, channel: str, person: str, at: datetime) -> None:
        """He agrees no longer, wherever he did before that moment."""
        table = t.archive_consents
        statement = (
            update(table)
            .where(table.c.channel == channel, table.c.person == person, table.c.changed_at <= at)
            .values(answer=Answer.REFUSED.value, changed_at=at)
        )
        async with self._store.write() as conn:
            await conn.execute(statement)

    async def places(self, channel: str, person: str) -> list[str]:
        """Where something of his may be kept: he agreed there once."""
        table = t.archive_consents
        where = (table.c.channel == channel, table.c.person == person, table.c.ever)
        async with self._store.read() as conn:
            found = await conn.execute(select(table.c.place).where(*where).order_by(table.c.place))
        return list(found.scalars())

    async def doubt(self, channel: str, person: str) -> None:
        """He changed his mind somewhere: ask again in every place."""
        table = t.archive_consents
        statement = (
            update(table)
            .where(table.c.channel == channel, table.c.person == person)
            .values(asked_at=LONG_AGO)
        )
        async with self._store.write() as conn:
            await conn.execute(statement)
