"""Brings a database up to this program's tables, and refuses one that is newer than it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, MetaData, String, Table, create_mock_engine, inspect, make_url, text
from sqlalchemy import Connection as SyncConnection
from sqlalchemy.schema import ExecutableDDLElement

from store import tables as t
from store import tables_activities as _activities  # noqa: F401 -- the same
from store import tables_advice as _advice  # noqa: F401 -- tables are known once imported
from store import tables_appointments as _appointments  # noqa: F401 -- the same
from store import tables_channels as _channels  # noqa: F401 -- the same
from store import tables_deliberation as _deliberation  # noqa: F401 -- the same
from store import tables_identities as _identities  # noqa: F401 -- the same
from store import tables_notices as _notices  # noqa: F401 -- the same
from store import tables_polls as _polls  # noqa: F401 -- the same
from store import tables_sessions as _sessions  # noqa: F401 -- the same
from store import tables_visits as _visits  # noqa: F401 -- the same
from store.engine import Store
from store.partial import tell

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 7_204_611  # any number, the same in every GridBot: one process migrates at a time
# Alembic's own table, as it makes it.
_VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


class TooNew(Exception):
    """The database was written by a newer GridBot; `revision` is what it stands at."""

    def __init__(self, revision: str) -> None:
        super().__init__(revision)
        self.revision = revision


async def upgrade(store: Store) -> None:
    """Make the tables, or run the migrations that are missing. Raises TooNew.

    Alembic is asked only where there is something to migrate: it takes 10 MB and a fifth of a
    second. Tables made at once are the same as those of all migrations (a test compares them).
    """
    async with store.read() as conn:
        if await conn.run_sync(_revision) == latest():
            return  # as at nearly every start
    await _locked(store, _make_or_migrate)


async def migrate(store: Store) -> None:
    """Run every migration that is missing, the first ones of an empty database as well."""
    await _locked(store, _migrate)


async def _locked(store: Store, work: Callable[[SyncConnection], None]) -> None:
    async with store.write() as conn:
        if not store.sqlite:
            await conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        await conn.run_sync(work)


async def stands(store: Store) -> tuple[str, str, bool]:
    """The database's revision ("" when empty), this program's, and whether it is known here."""
    async with store.read() as conn:
        return await conn.run_sync(_stands)


async def create(store: Store) -> None:
    """Create all tables at once in an empty database, for worlds that end with the process."""
    if store.sqlite and _laid(Path(store.url.database or "."), store.url.drivername):
        return
    async with store.write() as conn:
        await conn.run_sync(_create)


def _laid(path: Path, driver: str) -> bool:
    """Whether a database was laid where there was none: a copy takes a tenth of the making."""
    if path.exists() or path.name == ":memory:" or not path.parent.is_dir():
        return False
    path.write_bytes(_made(driver))
    return True


@cache
def _made(driver: str) -> bytes:
    """A SQLite database with every table and nothing in them, as its file is."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(";".join(("BEGIN", *_statements(f"{driver}://"), "COMMIT")))
        return connection.serialize()


def _create(connection: SyncConnection) -> None:
    dialect = connection.dialect
    for statement in _statements(f"{dialect.name}+{dialect.driver}://"):
        connection.exec_driver_sql(statement)


@cache  # to write them costs ten times as much as to run them
def _statements(url: str) -> tuple[str, ...]:
    """The statements that create every table in a database of this kind."""
    found: list[str] = []
    dialect = make_url(url).get_dialect()()

    def note(element: ExecutableDDLElement, *_: object, **__: object) -> None:
        found.append(str(element.compile(dialect=dialect)))

    tell(t.metadata, dialect.name)
    t.metadata.create_all(create_mock_engine(url, note), checkfirst=False)
    return tuple(found)


def latest() -> str:
    """The newest migration; the names of their files begin with their numbers."""
    return max(one.name.partition("_")[0] for one in _MIGRATIONS.glob("versions/[0-9]*_*.py"))


def _revision(connection: SyncConnection) -> str:
    """Where a database stands; "" when that is for alembic to say."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    found = connection.execute(_VERSION.select()).scalars().all()
    return found[0] if len(found) == 1 else ""


def _make_or_migrate(connection: SyncConnection) -> None:
    if inspect(connection).get_table_names():
        _migrate(connection)
        return
    _create(connection)
    _VERSION.create(connection)
    connection.execute(_VERSION.insert(), {"version_num": latest()})


def _migrate(connection: SyncConnection) -> None:
    from alembic import command

    current, _, known = _stands(connection)
    if not known:
        raise TooNew(current)
    command.upgrade(_config(connection), "head")


def _stands(connection: SyncConnection) -> tuple[str, str, bool]:
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(_config(connection))
    current = MigrationContext.configure(connection).get_current_revision() or ""
    known = {"", *(revision.revision for revision in script.walk_revisions())}
    return current, script.get_current_head() or "", current in known


def _config(connection: SyncConnection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def differences(connection: SyncConnection) -> list[Any]:
    """What the migrated database lacks, or has too much, compared with the tables in the code."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    tell(t.metadata, connection.dialect.name)
    context = MigrationContext.configure(connection, opts={"compare_type": False})
    return list(compare_metadata(context, t.metadata))
