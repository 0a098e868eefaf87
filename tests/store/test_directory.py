"""Who is who: by the roster, by a one-time code; and which area a group belongs to."""

import asyncio
from datetime import timedelta

import pytest

from domain.identities import identity
from domain.messages import Address
from domain.people import Role
from store import codes, identities
from store import directory as rows
from store.directory import Directory
from store.engine import Store
from tests import factories as make
from tests import postgres

WECOM = Address("wecom", "u1")
HOUR = timedelta(hours=1)


@pytest.fixture
def directory(city) -> Directory:
    return Directory(city.world, {"wecom": "wecom_robot", "simulator": "simulator"})


async def issue(store: Store, code: str, person: str, valid: timedelta = HOUR) -> None:
    async with store.write() as conn:
        await codes.issue(conn, code, person, make.NOW, valid)


async def redeem(store: Store, code: str, sender: str = "u1", minutes: float = 0) -> str | None:
    async with store.write() as conn:
        now = make.after(minutes=minutes)
        person = await codes.burn(conn, code, now)
        if person is not None:
            own = identity(WECOM.channel, sender)
            kind = identities.BOUND
            await identities.link(store, conn, own, person, by=own, kind=kind, now=now)
        return person


async def refreshed(store: Store, directory: Directory) -> Directory:
    async with store.read() as conn:
        await directory.refresh(conn)
    return directory


@pytest.mark.parametrize(
    ("channel", "sender", "person", "role"),
    [
        pytest.param("simulator", "w.li", "w.li", Role.WORKER, id="the simulator's ids are ours"),
        pytest.param("wecom", "w.li", "w.li", Role.WORKER, id="the roster's wecom column, at once"),
        pytest.param("wecom", "u1", "wecom:u1", Role.RESIDENT, id="unknown: a resident"),
        pytest.param(
            "simulator", "u1", "simulator:u1", Role.RESIDENT, id="unknown in the simulator"
        ),
    ],
)
def test_speaker(directory: Directory, channel: str, sender: str, person: str, role: Role) -> None:
    speaker = directory.speaker(channel, sender)
    assert (speaker.id, speaker.role) == (person, role)
    assert directory.sender_of(speaker.id, channel) == sender


async def test_a_code_binds_once(store: Store, directory: Directory) -> None:
    await issue(store, "123456", "w.li")
    assert await redeem(store, "123456") == "w.li"
    assert await redeem(store, "123456", "u2") is None
    await refreshed(store, directory)
    assert directory.speaker("wecom", "u1").id == "w.li"
    assert directory.speaker("wecom", "u2").id == "wecom:u2"
    assert directory.sender_of("w.li", "wecom") == "u1"
    assert directory.private("w.li", "wecom") == Address("wecom", "u1")


@pytest.mark.parametrize(
    ("minutes", "person"),
    [
        pytest.param(59, "w.li", id="in time"),
        pytest.param(60, None, id="just expired"),
        pytest.param(600, None, id="long expired"),
    ],
)
async def test_a_code_expires(store: Store, minutes: float, person: str | None) -> None:
    await issue(store, "123456", "w.li")
    assert await redeem(store, "123456", minutes=minutes) == person


async def test_a_new_code_makes_the_old_one_void(store: Store) -> None:
    await issue(store, "111111", "w.li")
    await issue(store, "222222", "w.li")
    await issue(store, "333333", "w.he")
    assert await redeem(store, "111111") is None
    assert await redeem(store, "222222") == "w.li"
    assert await redeem(store, "333333", "u2") == "w.he"


async def test_bound_again_the_last_binding_counts(store: Store, directory: Directory) -> None:
    for code, person in (("1", "w.li"), ("2", "w.he")):
        await issue(store, code, person)
        assert await redeem(store, code) == person
    assert (await refreshed(store, directory)).speaker("wecom", "u1").id == "w.he"


@pytest.mark.parametrize("code", ["", "x" * 10_000, "' OR 1=1 --", "一二三"])
async def test_what_is_no_code_binds_nobody(store: Store, code: str) -> None:
    await issue(store, "123456", "w.li")
    assert await redeem(store, code) is None
    assert await redeem(store, "123456") == "w.li"


@postgres.only
async def test_two_who_redeem_at_once_one_gets_it(store: Store, open_store) -> None:
    await issue(store, "123456", "w.li")
    other = open_store()
    found = await asyncio.gather(redeem(store, "123456"), redeem(other, "123456", "u2"))
    assert sorted(found, key=str) == [None, "w.li"]


async def bind(store: Store, chat: str, kind: str, area: str) -> None:
    async with store.write() as conn:
        await rows.bind_group(
            store, conn, Address("wecom", chat, True), kind, area, "w.li", make.NOW
        )


async def test_a_group_is_what_the_file_says_until_it_is_bound(store: Store, directory) -> None:
    known, new = Address("wecom", "wrGROUP0001", True), Address("wecom", "wrNEW", True)
    assert directory.area_of(known) == ("residents", "g01")
    assert directory.area_of(Address("simulator", "g01.residents", True)) == ("residents", "g01")
    assert directory.area_of(new) is None
    await bind(store, "wrNEW", "residents", "g02")
    await bind(store, "wrGROUP0001", "residents", "g03")
    await refreshed(store, directory)
    assert directory.area_of(known) == ("residents", "g03")
    assert directory.area_of(new) == ("residents", "g02")


async def test_bound_again_a_group_belongs_to_the_new_area(store: Store, directory) -> None:
    await bind(store, "wrNEW", "residents", "g01")
    await bind(store, "wrNEW", "staff", "c2")
    await refreshed(store, directory)
    assert directory.area_of(Address("wecom", "wrNEW", True)) == ("staff", "c2")
    person = directory.world.person("w.tang")
    assert directory.staff_group(person, "wecom") == Address("wecom", "wrNEW", True)


@pytest.mark.parametrize(
    ("person", "prefer", "chat"),
    [
        pytest.param("w.li", "simulator", "c1.staff", id="of his own community"),
        pytest.param("w.li", "wecom", "wrSTAFF0001", id="on the channel it was said on"),
        pytest.param("s.s1", "simulator", "s1.staff", id="a street desk's own"),
    ],
)
def test_staff_group(directory: Directory, person: str, prefer: str, chat: str) -> None:
    found = directory.staff_group(directory.world.people[person], prefer)
    assert found == Address(prefer, chat, group=True)


def test_nobody_has_a_staff_group_above_the_streets(directory: Directory) -> None:
    assert directory.staff_group(directory.world.people["d.d1"], "simulator") is None


def test_somebody_unknown_is_reached_where_he_spoke(directory: Directory) -> None:
    assert directory.private("wecom:u9", "simulator") == Address("wecom", "u9")
