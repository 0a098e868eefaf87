"""Who is who on each channel: rosters, one-time bindings, and groups bound in chat."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Address
from domain.people import Group, Person, Role, World
from store import tables as t
from store.engine import Store
from store.inbox import upsert

SIMULATOR = "simulator"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something: `id` is the roster's, or "channel:sender" for somebody unknown."""

    id: str
    sender: str
    person: Person | None

    @property
    def name(self) -> str:
        return self.person.name if self.person else ""

    @property
    def role(self) -> Role:
        return self.person.role if self.person else Role.RESIDENT

    @property
    def staff(self) -> bool:
        return self.role.staff


@dataclass
class Directory:
    """A cache of bindings over the roster; `refresh` reads what other processes have bound."""

    world: World
    kinds: Mapping[str, str]  # channel name -> kind
    people: dict[tuple[str, str], str] = field(default_factory=dict)
    groups: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_area: dict[tuple[str, str], Group] = {}
        for group in self.world.groups.values():
            self._by_area.setdefault((group.kind, group.area), group)
        self._senders: dict[tuple[str, str], str] = {}
        self._chats: dict[tuple[str, str, str], str] = {}

    async def refresh(self, conn: AsyncConnection) -> None:
        """Read all bindings."""
        people = await conn.execute(select(t.identities))
        self.people = {(row.channel, row.sender): row.person for row in people}
        groups = await conn.execute(select(t.group_bindings))
        self.groups = {(row.channel, row.chat): (row.kind, row.area) for row in groups}
        self._senders = {(person, key[0]): key[1] for key, person in self.people.items()}
        self._chats = {(key[0], *bound): key[1] for key, bound in self.groups.items()}

    def speaker(self, channel: str, sender: str) -> Speaker:
        """Who this sender is. A platform id in the roster is that person, with his role."""
        bound = self.people.get((channel, sender))
        person = self.world.person(bound) if bound else None
        if person is None and self.kinds.get(channel) == SIMULATOR:
            person = self.world.person(sender)
        elif person is None:
            person = self.world.person_by_wecom(sender)
        return Speaker(person.id if person else f"{channel}:{sender}", sender, person)

    def sender_of(self, person: str, channel: str) -> str:
        """A person's id on a channel; "" when he cannot be reached there."""
        prefix = f"{channel}:"
        if person.startswith(prefix):
            return person[len(prefix) :]
        bound = self._senders.get((person, channel))
        if bound is not None:
            return bound
        known = self.world.person(person)
        if known is None:
            return ""
        return known.id if self.kinds.get(channel) == SIMULATOR else known.wecom

    def private(self, person: str, prefer: str) -> Address | None:
        """Where a person can be spoken to alone, on the preferred channel if possible."""
        for channel in self._channels(prefer):
            sender = self.sender_of(person, channel)
            if sender:
                return Address(channel, sender)
        return None

    def staff_group(self, person: Person, prefer: str) -> Address | None:
        """The staff group of a person's community, else of the nearest area above."""
        for area in self.world.chain(person.area):
            for channel in self._channels(prefer):
                address = self._group_address("staff", area.id, channel)
                if address is not None:
                    return address
        return None

    def area_of(self, address: Address) -> tuple[str, str] | None:
        """Kind and area of a group; None when nobody has bound it yet."""
        bound = self.groups.get((address.channel, address.chat))
        if bound is not None:
            return bound
        if self.kinds.get(address.channel) == SIMULATOR:
            group = self.world.groups.get(address.chat)
        else:
            group = self.world.group_by_chat(address.chat)
        return (group.kind, group.area) if group else None

    def public(self, address: Address) -> bool:
        """Whether neighbours read along there: nobody's room or number may be said."""
        if not address.group:
            return False
        known = self.area_of(address)
        return known is None or known[0] != "staff"

    def _channels(self, prefer: str) -> Iterable[str]:
        if prefer in self.kinds:
            yield prefer
        yield from (name for name in self.kinds if name != prefer)

    def _group_address(self, kind: str, area: str, channel: str) -> Address | None:
        bound = self._chats.get((channel, kind, area))
        if bound is not None:
            return Address(channel, bound, group=True)
        group = self._by_area.get((kind, area))
        if group is None:
            return None
        chat = group.id if self.kinds.get(channel) == SIMULATOR else group.chatid
        return Address(channel, chat, group=True) if chat else None


async def bind_group(
    store: Store,
    conn: AsyncConnection,
    address: Address,
    kind: str,
    area: str,
    by: str,
    now: datetime,
) -> None:
    """Remember which area a group belongs to; a second binding replaces the first."""
    statement = upsert(store, t.group_bindings).values(
        channel=address.channel, chat=address.chat, kind=kind, area=area, bound_by=by, bound_at=now
    )
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["channel", "chat"],
            set_={"kind": kind, "area": area, "bound_by": by, "bound_at": now},
        )
    )


async def issue_code(
    conn: AsyncConnection, code: str, person: str, now: datetime, valid: timedelta
) -> None:
    """Keep a one-time code with which somebody may say that he is this person."""
    await conn.execute(delete(t.codes).where(t.codes.c.person == person))
    await conn.execute(insert(t.codes).values(code=code, person=person, expires_at=now + valid))


async def redeem_code(
    store: Store, conn: AsyncConnection, code: str, address: Address, sender: str, now: datetime
) -> str | None:
    """Bind a sender to the person of a code and burn the code; None when it is not valid."""
    result = await conn.execute(
        delete(t.codes)
        .where(t.codes.c.code == code, t.codes.c.expires_at > now)
        .returning(t.codes.c.person)
    )
    person: str | None = result.scalar_one_or_none()
    if person is None:
        return None
    statement = upsert(store, t.identities).values(
        channel=address.channel, sender=sender, person=person, bound_at=now
    )
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["channel", "sender"], set_={"person": person, "bound_at": now}
        )
    )
    return person
