"""What every test may ask for: a store on both databases, the sample city, a clean environment."""

import asyncio
import gc
import logging
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from itertools import islice
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.deployment.folder import SAMPLE, Deployment, load
from domain.city import City
from store import schema
from store import tables as t
from store.directory import Directory
from store.engine import Store
from tests import postgres
from tests.statements import written_once

# Dozens of programs are started here, and two processes read all these tests: what one of them has
# compiled the others need not, even where a machine says that nothing is to be kept.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# What takes long by itself, most of it waiting for another program: begun first, each kind by one
# worker, which then has the browser, the demo and the processes' server that the others need not.
_LONG = (
    ("tests/web/test_demo_page.py", "tests/web/test_demo_whole.py", "tests/web/test_calendar.py"),
    ("tests/process/", "tests/scheduler/test_year.py"),
)
Opener = Callable[[], Store]
DATABASES = [pytest.param("sqlite", id="SQLite"), pytest.param("postgresql", id="PostgreSQL")]


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Let each worker begin to read a folder elsewhere: in a fresh checkout it compiles its share.

    What the others have compiled by the time it gets there it only loads.
    """
    report = yield
    worker = getattr(collector.config, "workerinput", None)
    if worker is not None and isinstance(collector, pytest.Directory):
        turn = int(worker["workerid"].removeprefix("gw"))
        begin = len(report.result) * turn // worker["workercount"]
        report.result = [*report.result[begin:], *report.result[:begin]]
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what takes long where the workers begin: at the start, and of each of their equal shares."""
    items.sort(key=lambda item: str(item.path))  # all workers alike, wherever they began to read
    long = [[item for item in items if item.nodeid.startswith(names)] for names in _LONG]
    taken = {id(item) for kind in long for item in kind}
    rest = iter([item for item in items if id(item) not in taken])
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    order: list[pytest.Item] = []
    for worker in range(workers):
        mine = [item for kind in long[worker::workers] for item in kind]
        share = len(items) * (worker + 1) // workers - len(order) - len(mine)
        order += [*mine, *islice(rest, max(share, 0))]
    items[:] = [*order, *rest]


def pytest_collection_finish() -> None:
    """Thousands of tests stay in memory to the end; the collector need not walk them each time.

    Nor need it look at every 700 objects: what a test leaves in circles is found a little later.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    """A developer's own settings change nothing here."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GRIDBOT_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session", autouse=True)
def _plain_log() -> None:
    """Errors are told in full, but not with every local variable: that takes half a minute each."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(),
        ]
    )


@pytest.fixture(autouse=True)
def _log_put_back() -> Iterator[None]:
    """A command sets up the log of its whole process, which is this one, and is called anywhere."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session", autouse=True)
def _sql_is_written_once() -> Iterator[None]:
    """Nearly every test opens a store, and each would write all its statements anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("store.engine.create_async_engine", written_once())
        yield


@pytest.fixture(scope="session")
def deployment() -> Deployment:
    return load(SAMPLE)


@pytest.fixture(scope="session")
def city(deployment: Deployment) -> City:
    return City(deployment.world, deployment.rules, deployment.calendar, deployment.backstop)


@pytest.fixture
def directory(city: City) -> Directory:
    return Directory(city.world, {"simulator": "simulator"})


# Databases. `store` is on both; a test that wants to be two processes opens another one with
# `open_store`, one that wants to begin before the first table asks for `empty_url`, and one
# whose program starts on it for `migrated_url`.


@pytest.fixture(scope="session")
def _postgres() -> Iterator[str]:
    with postgres.server() as url:
        asyncio.run(_sql(url, "CREATE DATABASE gridbot"))
        asyncio.run(_create(url.format("gridbot")))
        yield url


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    asyncio.run(_create(_sqlite_url(path)))
    return path


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Which of the two databases this test runs on."""
    return request.param


@pytest.fixture
def store_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if database == "postgresql":
        return request.getfixturevalue("_postgres").format("gridbot")
    path = tmp_path / "gridbot.sqlite3"
    shutil.copyfile(request.getfixturevalue("_sqlite"), path)
    return _sqlite_url(path)


@pytest.fixture
def empty_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database in which there is nothing yet."""
    if database == "sqlite":
        return _sqlite_url(tmp_path / "empty.sqlite3")
    url = request.getfixturevalue("_postgres")
    asyncio.run(_sql(url, "DROP DATABASE IF EXISTS gridbot_empty", "CREATE DATABASE gridbot_empty"))
    return url.format("gridbot_empty")


@pytest.fixture(scope="session")
def _sqlite_migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite3"
    asyncio.run(_upgrade(_sqlite_url(path)))
    return path


@pytest.fixture(scope="session")
def _postgres_migrated(_postgres: str) -> str:
    asyncio.run(_sql(_postgres, "CREATE DATABASE gridbot_migrated"))
    asyncio.run(_upgrade(_postgres.format("gridbot_migrated")))
    return _postgres


@pytest.fixture
def migrated_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database as a start of the program leaves it: up to date."""
    if database == "sqlite":
        path = tmp_path / "migrated.sqlite3"
        shutil.copyfile(request.getfixturevalue("_sqlite_migrated"), path)
        return _sqlite_url(path)
    url = request.getfixturevalue("_postgres_migrated")
    create = "CREATE DATABASE gridbot_fresh TEMPLATE gridbot_migrated"
    asyncio.run(_sql(url, "DROP DATABASE IF EXISTS gridbot_fresh WITH (FORCE)", create))
    return url.format("gridbot_fresh")


@pytest.fixture
async def open_any() -> AsyncIterator[Callable[[str], Store]]:
    """Opens a store at an address; it is closed when the test is over."""
    opened: list[Store] = []

    def open_one(url: str) -> Store:
        opened.append(Store(url, durable=False))
        return opened[-1]

    yield open_one
    for store in opened:
        await store.close()


@pytest.fixture
def open_store(open_any: Callable[[str], Store], store_url: str) -> Opener:
    """Opens the test's database once more, as another process would."""
    return lambda: open_any(store_url)


@pytest.fixture
async def store(open_store: Opener) -> Store:
    store = open_store()
    if not store.sqlite:  # a server's database is used again and again; a file is new each time
        async with store.write() as conn:
            await conn.execute(text(_EMPTY))
    return store


# Ten times as fast as TRUNCATE, for tables with a handful of rows.
_TABLES = t.metadata.sorted_tables
_NUMBERED = [table for table in _TABLES if "id" in table.columns]
_EMPTY = "\n".join(
    [
        "DO $$ BEGIN",
        *(f"DELETE FROM {table.name};" for table in _TABLES),  # noqa: S608 -- our own names
        *(f"PERFORM setval('{table.name}_id_seq', 1, false);" for table in _NUMBERED),
        "END $$",
    ]
)


def _sqlite_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


async def _create(url: str) -> None:
    store = Store(url, durable=False)
    await schema.create(store)
    async with store.read():
        pass  # the first to connect turns a file to WAL: of two at once, one would find it locked
    await store.close()


async def _upgrade(url: str) -> None:
    store = Store(url, durable=False)
    await schema.upgrade(store)
    await store.close()


async def _sql(url: str, *statements: str) -> None:
    engine = create_async_engine(url.format("postgres"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as conn:
        for statement in statements:
            await conn.execute(text(statement))
    await engine.dispose()
