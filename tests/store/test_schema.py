"""Migrations: from nothing to exactly the tables in the code, by one process at a time."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from store import cases, schema
from store.engine import Store
from tests import factories as make


@pytest.fixture
def empty(open_any, empty_url: str) -> Store:
    return open_any(empty_url)


async def differences(store: Store) -> list:
    async with store.read() as conn:
        return await conn.run_sync(schema.differences)


@pytest.mark.parametrize("way", [schema.upgrade, schema.migrate], ids=["at once", "step by step"])
async def test_from_nothing_to_the_tables_in_the_code(empty: Store, way) -> None:
    assert await differences(empty)
    await way(empty)
    assert await differences(empty) == []
    async with empty.write() as conn:
        assert (await cases.add(conn, make.case())).number == "G1001"


async def test_a_second_upgrade_changes_nothing(empty: Store) -> None:
    await schema.upgrade(empty)
    async with empty.write() as conn:
        case = await cases.add(conn, make.case())
    await schema.upgrade(empty)
    async with empty.write() as conn:
        assert await cases.get(conn, case.id) == case


async def test_alembic_is_asked_only_where_there_is_something_to_migrate(
    empty: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alembic takes 10 MB and a fifth of a second, at every start."""
    monkeypatch.setattr(schema, "_migrate", None)
    await schema.upgrade(empty)
    await schema.upgrade(empty)
    async with empty.write() as conn:
        await conn.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(TypeError):
        await schema.upgrade(empty)


async def test_the_newest_migration_is_the_one_alembic_knows(empty: Store) -> None:
    assert schema.latest() == (await schema.stands(empty))[1]


async def test_a_database_newer_than_the_program_is_refused_and_left_alone(empty: Store) -> None:
    await schema.upgrade(empty)
    async with empty.write() as conn:
        await conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(schema.TooNew) as caught:
        await schema.upgrade(empty)
    assert caught.value.revision == "9999"
    async with empty.read() as conn:
        assert (await conn.execute(text("SELECT * FROM alembic_version"))).scalar() == "9999"
    assert await differences(empty) == []


async def test_two_processes_upgrade_at_once(empty: Store, open_any, empty_url: str) -> None:
    await asyncio.gather(*(schema.upgrade(one) for one in (empty, open_any(empty_url))))
    assert await differences(empty) == []


async def test_a_migration_that_fails_leaves_nothing_half_done(empty: Store) -> None:
    async with empty.write() as conn:
        await conn.execute(text("CREATE TABLE timers (id INTEGER)"))
    with pytest.raises(Exception, match="timers"):
        await schema.upgrade(empty)
    async with empty.write() as conn:
        await conn.execute(text("DROP TABLE timers"))
    await schema.upgrade(empty)
    assert await differences(empty) == []


def index(found: dict) -> str:
    options = {key: str(value) for key, value in found.get("dialect_options", {}).items()}
    return str(found | {"dialect_options": options})


def shape(connection: Connection) -> dict[str, object]:
    """Tables as the database itself describes them, types and indexes included."""
    found = inspect(connection)
    return {
        table: (
            [(one["name"], str(one["type"]), one["nullable"]) for one in found.get_columns(table)],
            found.get_pk_constraint(table),
            sorted(index(one) for one in found.get_indexes(table)),
            sorted(map(str, found.get_unique_constraints(table))),
        )
        for table in found.get_table_names()
        if table != "alembic_version"
    }


async def test_tables_made_at_once_are_the_same(empty: Store, store: Store) -> None:
    await schema.migrate(empty)
    async with empty.read() as migrated, store.read() as made:
        assert await migrated.run_sync(shape) == await made.run_sync(shape)


def test_each_migration_has_its_own_number() -> None:
    files = sorted((Path(schema.__file__).parent / "migrations" / "versions").glob("*.py"))
    numbers = [path.name[:4] for path in files]
    assert numbers == [f"{n:04}" for n in range(1, len(files) + 1)]


async def test_both_ways_make_the_same_indexes(open_any, empty_url: str) -> None:
    """Their conditions too, of which alembic compares nothing on SQLite."""
    store: Store = open_any(empty_url)
    await schema.upgrade(store)
    at_once = await _indexes(store)
    assert any(" WHERE " in one for one in at_once)
    async with store.write() as conn:
        await conn.run_sync(_drop)
    await schema.migrate(store)
    assert await _indexes(store) == at_once


async def _indexes(store: Store) -> list[str]:
    sql = (
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        if store.sqlite
        else "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()"
    )
    async with store.read() as conn:
        found = (await conn.execute(text(sql))).scalars().all()
    named = (" ".join(one.replace('"', "").split()) for one in found)
    return sorted(one for one in named if "alembic_version" not in one)


def _drop(connection: Connection) -> None:
    for table in inspect(connection).get_table_names():
        connection.execute(text(f"DROP TABLE {table}"))
