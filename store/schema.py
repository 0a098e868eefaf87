"""Brings a database up to this program's tables, and refuses one that is newer than it."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import text

from store import tables as t
from store.engine import Store

_MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 7_204_611  # any number, the same in every GridBot: one process migrates at a time


class TooNew(Exception):
    """The database was written by a newer GridBot; `revision` is what it stands at."""

    def __init__(self, revision: str) -> None:
        super().__init__(revision)
        self.revision = revision


async def upgrade(store: Store) -> None:
    """Run the migrations that are missing. Raises TooNew."""
    async with store.write() as conn:
        if not store.sqlite:
            await conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        await conn.run_sync(_upgrade)


async def create(store: Store) -> None:
    """Create all tables at once, for worlds that live only as long as the process."""
    async with store.write() as conn:
        await conn.run_sync(t.metadata.create_all)


def _upgrade(connection: SyncConnection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise TooNew(current)
    command.upgrade(config, "head")


def differences(connection: SyncConnection) -> list[Any]:
    """What the migrated database lacks, or has too much, compared with the tables in the code."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": False})
    return list(compare_metadata(context, t.metadata))
