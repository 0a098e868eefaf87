"""Who is who on each channel: rosters, one-time bindings, and groups bound in chat."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.identities import Circles, circles, identity, parts
from domain.messages import Address
from domain.people import Group, Person, Role, World
from domain.routes import Ability, Need, Way, choose
from store import identities
from store import tables_identities as t
from store.engine import Store
from store.identities import Known
from store.upsert import upsert
from store.windows import Standing

SIMULATOR, SMS = "simulator", "sms"
_WECOM = "wecom"  # kinds of WeCom begin so: the roster's column holds these ids, and no others
# Only people outside the organisation are there; one id is one person on all of them (1d-1f).
_OUTSIDE = ("wecom_archive", "wecom_kf", "wecom_groups")
_OUTSIDERS = ("wm", "wo")
_SERVICE = "wecom_kf"
_SPEAKERS = 500  # asked for several times a message


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something: `id` is the roster's, or "channel:sender" for somebody unknown.

    `ids` are all ids of this person, `id` first: what he reported may stand under any of them.
    """

    id: str
    sender: str
    person: Person | None
    ids: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.person.name if self.person else ""

    @property
    def role(self) -> Role:
        return self.person.role if self.person else Role.RESIDENT

    @property
    def staff(self) -> bool:
        return self.person is not None and self.person.role.staff


@dataclass
class Directory:
    """A cache of bindings over the roster; `refresh` reads what other processes have bound.

    `kinds` and `abilities` are those of the channels, by name; `up` tells whether one can work.
    """

    world: World
    kinds: Mapping[str, str]
    abilities: Mapping[str, Ability] = field(default_factory=dict)
    up: Callable[[str], bool] = lambda _channel: True
    groups: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_area: dict[tuple[str, str], Group] = {}
        for group in self.world.groups.values():
            self._by_area.setdefault((group.kind, group.area), group)
        self._chats: dict[tuple[str, str, str], str] = {}
        self._circles: Circles = {}
        self.owners: dict[str, str] = {}  # identity -> whose it is, as it was bound or merged
        self.unions: set[str] = set()  # identities whose platform id over accounts is known
        self._version = -1
        self._speakers: dict[tuple[str, str], Speaker] = {}  # those of a moment ago
        self._outside = tuple(name for name, kind in self.kinds.items() if kind in _OUTSIDE)

    async def refresh(self, conn: AsyncConnection) -> None:
        """Read all bindings; identities only if any of them changed since the last time."""
        groups = await conn.execute(select(t.group_bindings))
        self.groups = {(row.channel, row.chat): (row.kind, row.area) for row in groups}
        self._chats = {(key[0], *bound): key[1] for key, bound in self.groups.items()}
        version = await identities.version(conn)
        if version != self._version:
            known = await identities.every(conn)
            self._circles = self._linked(known)
            self.owners = {one.identity: one.person for one in known}
            self.unions = {one.identity for one in known if one.union is not None}
            self._version = version
            self._speakers.clear()

    def can(self, channel: str) -> Ability:
        """What a channel can do; one nobody described can do everything."""
        return self.abilities.get(channel, _EVERYTHING)

    def speaker(self, channel: str, sender: str) -> Speaker:
        """Who this sender is. A platform id in the roster is that person, with his role."""
        known = self._speakers.get((channel, sender))
        if known is None:
            if len(self._speakers) >= _SPEAKERS:
                self._speakers.clear()
            known = self._speakers[channel, sender] = self._speaker(channel, sender)
        return known

    def _speaker(self, channel: str, sender: str) -> Speaker:
        own = identity(channel, sender)
        ids = self.ids(own)
        linked = [self.world.person(one) for one in ids[1:]] if len(ids) > 1 else ()
        person = next((one for one in linked if one), None) or self._enrolled(channel, sender)
        if person is None:
            return Speaker(own, sender, None, ids)
        return Speaker(person.id, sender, person, self.ids(person.id))

    def ids(self, person: str) -> tuple[str, ...]:
        """All ids of a person, the given one first."""
        known = self._circles.get(person)
        if known:
            return known
        return (person, *self._outside_too(person)) if self._outside else (person,)

    def sender_of(self, person: str, channel: str) -> str:
        """A person's id on a channel; "" when he cannot be reached there."""
        prefix, ids = f"{channel}:", self.ids(person)
        for one in ids:
            if one.startswith(prefix):
                return one[len(prefix) :]
        for one in ids:
            known = self.world.person(one)
            if known is not None:
                return self._platform_id(known, channel)
        return ""

    def ways(self, person: str, prefer: str = "") -> list[Address]:
        """Everywhere a person is known to be and can be spoken to alone."""
        return [
            Address(channel, sender)
            for channel in self._channels(prefer)
            if self.can(channel).says_private and (sender := self.sender_of(person, channel))
        ]

    def private(self, person: str, prefer: str) -> Address | None:
        """Where a person can be spoken to alone at any time, on the preferred channel if possible.

        For staff a channel with buttons comes before one without.
        """
        ready = [one for one in self.ways(person, prefer) if self.can(one.channel).ready]
        if len(ready) <= 1:  # nothing to choose from
            return ready[0] if ready else None
        known = self.world.person(person)
        staff = known is not None and known.role.staff
        way = choose(self.standing(ready, {}), Need(_ANY_MOMENT, here=prefer, buttons=staff)).way
        return way.address if way is not None else None

    def standing(self, addresses: Iterable[Address], windows: Mapping[str, Standing]) -> list[Way]:
        """These addresses as ways, with what is known of their windows."""
        found = ((one, windows.get(one.key, _NEVER_WROTE)) for one in addresses)
        return [
            Way(one, self.can(one.channel), at.heard_at, at.said, self.up(one.channel))
            for one, at in found
        ]

    def staff_group(self, person: Person, prefer: str) -> Address | None:
        """The staff group of a person's community, else of the nearest area above."""
        for area in self.world.chain(person.area):
            found = (self._group_address("staff", area.id, one) for one in self._channels(prefer))
            there = [one for one in found if one is not None and self._says_there(one)]
            if there:  # where he can also answer, with buttons, comes first
                return min(there, key=lambda one: not self.can(one.channel).buttons)
        return None

    def residents_chats(self, areas: Iterable[str]) -> list[Address]:
        """The residents' groups of these areas, on all channels."""
        return self.chats("residents", areas)

    def chats(self, kind: str, areas: Iterable[str]) -> list[Address]:
        """The groups of a kind, residents or staff, of these areas, on all channels."""
        wanted = set(areas)
        found = {
            Address(key[0], key[1], group=True)
            for key, bound in self.groups.items()
            if bound[0] == kind and bound[1] in wanted
        }
        for group in self.world.groups.values():
            if group.kind == kind and group.area in wanted:
                for channel in self.kinds:
                    chat = self._chat_id(group, channel)
                    if chat and (channel, chat) not in self.groups:
                        found.add(Address(channel, chat, group=True))
        return sorted(found, key=lambda one: one.key)

    def same_group(self, address: Address) -> Address | None:
        """Where a group that cannot be answered can be posted to once somebody confirms it.

        Customer groups have one id in all interfaces of WeCom (wechat.md 1d, 1e).
        """
        for channel, kind in self.kinds.items() if address.chat else ():
            can = self.can(channel)
            if kind in _OUTSIDE and can.says_group and can.confirms and self.up(channel):
                there = replace(address, channel=channel)
                if self.area_of(address) or self.area_of(there):
                    return there
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
        chat = self._chat_id(group, channel) if group is not None else ""
        return Address(channel, chat, group=True) if chat else None

    def _chat_id(self, group: Group, channel: str) -> str:
        return group.id if self.kinds.get(channel) == SIMULATOR else group.chatid

    def _says_there(self, address: Address) -> bool:
        can = self.can(address.channel)
        return can.says_group and can.proactive and not can.confirms

    # Identities

    def _linked(self, known: list[Known]) -> Circles:
        """Who is one person: by what was bound and merged, by the platforms' ids after that."""
        unions: dict[str, str] = {}
        links = [(one.identity, one.person) for one in known]
        links += [
            (one.identity, unions.setdefault(one.union, one.identity)) for one in known if one.union
        ]
        links += [
            (one.identity, other) for one in known for other in self._outside_too(one.identity)
        ]
        return circles(links, lambda one: self.world.person(one) is not None)

    def _outside_too(self, one: str) -> Iterator[str]:
        """The same person's ids on the other channels for people outside the organisation."""
        channel, sender = parts(one)
        if channel in self._outside and sender.startswith(_OUTSIDERS):
            yield from (identity(name, sender) for name in self._outside if name != channel)

    def _enrolled(self, channel: str, sender: str) -> Person | None:
        """Whom the roster knows under this id of a platform."""
        kind = self.kinds.get(channel, "")
        if kind == SIMULATOR:
            return self.world.person(sender)
        return self.world.person_by_wecom(sender) if kind.startswith(_WECOM) else None

    def _platform_id(self, person: Person, channel: str) -> str:
        """The id the roster gives somebody on a channel; "" where it gives none."""
        kind = self.kinds.get(channel, "")
        if kind == SIMULATOR:
            return person.id
        if kind == SMS:
            return person.phone
        outsider = person.wecom.startswith(_OUTSIDERS)
        return person.wecom if kind.startswith(_WECOM) and (kind != _SERVICE or outsider) else ""


_EVERYTHING = Ability()
_NEVER_WROTE = Standing()
_ANY_MOMENT = datetime.min.replace(tzinfo=UTC)  # where nothing depends on it


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
