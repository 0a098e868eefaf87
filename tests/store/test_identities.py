"""Identities: bound, merged, split, each change written down, each undone exactly."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from domain.messages import Address
from store import identities, schema
from store.directory import Directory
from store.engine import Store
from store.identities import BOUND, MERGED
from tests import factories as make

KF, OA, ROBOT = "kf:wmA", "oa:openA", "robot:woA"
KINDS = {
    "archive": "wecom_archive",
    "kf": "wecom_kf",
    "oa": "official_account",
    "robot": "wecom_robot",
    "sms": "sms",
}


@pytest.fixture
def directory(city) -> Directory:
    return Directory(city.world, KINDS)


async def link(store: Store, one: str, person: str, kind: str = MERGED) -> None:
    async with store.write() as conn:
        await identities.link(store, conn, one, person, by="x", kind=kind, now=make.NOW)


async def seen(store: Store, one: str, union: str) -> bool:
    async with store.write() as conn:
        return await identities.seen(store, conn, one, union, make.NOW)


async def split(store: Store, one: str):
    async with store.write() as conn:
        return await identities.split(store, conn, one, by="x", now=make.NOW)


async def ids(store: Store, directory: Directory, one: str) -> set[str]:
    async with store.read() as conn:
        await directory.refresh(conn)
    return set(directory.ids(one))


@pytest.mark.parametrize("named", [KF, OA], ids=["the one merged", "the one it was merged into"])
async def test_merged_and_split_again(store: Store, directory: Directory, named: str) -> None:
    before = await ids(store, directory, KF)
    await link(store, KF, OA)
    assert await ids(store, directory, KF) >= {KF, OA}
    assert await split(store, named) is not None
    assert await ids(store, directory, KF) == before
    async with store.read() as conn:
        assert await identities.every(conn) == []  # not a row more than before
    assert await split(store, named) is None


async def test_only_the_last_joining_is_undone(store: Store, directory: Directory) -> None:
    await link(store, ROBOT, "w.li", BOUND)
    await link(store, ROBOT, "w.he", BOUND)
    assert await ids(store, directory, ROBOT) == {ROBOT, "w.he"}
    await split(store, ROBOT)
    assert await ids(store, directory, ROBOT) == {ROBOT, "w.li"}
    await split(store, ROBOT)
    assert await ids(store, directory, ROBOT) == {ROBOT}


async def test_out_of_three_one_parts_and_two_stay(store: Store, directory: Directory) -> None:
    await link(store, KF, OA)
    await link(store, OA, ROBOT)
    await split(store, KF)
    assert await ids(store, directory, OA) == {OA, ROBOT}


async def test_the_same_id_over_accounts_makes_one_person(store: Store, directory) -> None:
    assert await seen(store, KF, "u1")
    assert await seen(store, OA, "u1")
    assert not await seen(store, OA, "u1")  # known
    assert await ids(store, directory, KF) >= {KF, OA}
    await split(store, OA)
    assert not await seen(store, OA, "u1")  # parted by staff: not joined again
    assert OA not in await ids(store, directory, KF)


async def test_a_split_keeps_the_id_over_accounts(store: Store, directory: Directory) -> None:
    await seen(store, KF, "u1")
    await link(store, KF, ROBOT)
    await seen(store, OA, "u1")
    await split(store, KF)
    assert await ids(store, directory, OA) >= {KF, OA}
    assert ROBOT not in await ids(store, directory, OA)


async def test_two_of_the_roster_never_become_one(store: Store, directory: Directory) -> None:
    await link(store, KF, "w.li", BOUND)
    await link(store, OA, "w.he", BOUND)
    await seen(store, KF, "u1")
    await seen(store, OA, "u1")
    await ids(store, directory, KF)
    assert directory.speaker("kf", "wmA").id == "w.li"
    assert directory.speaker("oa", "openA").id == "w.he"


async def test_nothing_is_read_again_before_something_changes(store: Store, directory) -> None:
    await link(store, KF, OA)
    assert await ids(store, directory, OA) >= {KF, OA}
    first = directory.owners
    await ids(store, directory, OA)
    assert directory.owners is first
    await split(store, KF)
    await ids(store, directory, OA)
    assert directory.owners is not first


@pytest.mark.parametrize(
    ("channel", "sender", "person"),
    [
        pytest.param("robot", "w.li", "w.li", id="a member's id"),
        pytest.param("archive", "w.li", "w.li", id="the same in the archive"),
        pytest.param("oa", "w.li", "oa:w.li", id="no member's id at the service account"),
        pytest.param("sms", "w.li", "sms:w.li", id="nor on a telephone"),
    ],
)
def test_whose_id_this_is(directory: Directory, channel: str, sender: str, person: str) -> None:
    assert directory.speaker(channel, sender).id == person


@pytest.mark.parametrize(
    ("person", "places"),
    [
        pytest.param(
            "w.li",
            [("archive", "w.li"), ("robot", "w.li"), ("sms", "13800000001")],
            id="a member: not in customer service",
        ),
        pytest.param(
            "archive:wmA", [("archive", "wmA"), ("kf", "wmA")], id="outside: one id on both"
        ),
        pytest.param("oa:openA", [("oa", "openA")], id="nobody else's"),
    ],
)
def test_where_somebody_is_known(directory: Directory, person: str, places: list) -> None:
    assert directory.ways(person) == [Address(*place) for place in places]


async def test_what_was_bound_before_is_kept_by_the_migration(open_any, empty_url: str) -> None:
    old = open_any(empty_url)
    async with old.write() as conn:
        await conn.run_sync(_migrate, "0007")
        await conn.execute(
            text(
                "INSERT INTO identities (channel, sender, person, bound_at) VALUES ('kf', 'wmA', 'w.li', :at)"
            ),
            {"at": 0 if old.sqlite else make.NOW},
        )
    await schema.upgrade(old)
    async with old.read() as conn:
        assert await identities.every(conn) == [identities.Known(KF, "w.li", None)]


def _migrate(connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
