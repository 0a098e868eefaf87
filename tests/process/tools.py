"""What the tests of whole processes share: a deployment, processes, and waiting for a state."""

import asyncio
import multiprocessing
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import func, select

from bot.deployment.folder import load, write_sample
from store import tables as t
from store import views
from store.engine import Store
from tests.process import child

BOT, SECRET = "bot", "s3cret-of-the-robot"
G1, G2, G4, STAFF1 = "wrGROUP0001", "wrGROUP0002", "wrGROUP0004", "wrSTAFF0001"
NAME = "@网格小助手"
# Forked from a server that has imported everything: a process of its own within milliseconds.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["bot.app", "bot.cli.main", "bot.web.server", "tests.process.warm"])

TOML = """
[deployment]
name = "测试"
backstop = "d.d1"
[store]
url = "{store}"
[http]
port = 0
[channels.wecom_robot]
bot_id = "{bot}"
secret = "{secret}"
url = "{url}"
names = ["网格小助手"]
[quiet]
hours = ""
"""


def deploy(folder: Path, url: str, store: str = "") -> Path:
    """A deployment folder whose robot talks to the platform at `url`."""
    write_sample(folder)
    text = TOML.format(store=store, bot=BOT, secret=SECRET, url=url)
    (folder / "gridbot.toml").write_text(text, encoding="utf-8")
    return folder


class Process:
    """A child process; killed when the test is over."""

    def __init__(self, target: Callable[..., None], *args: object, **how: object) -> None:
        self._it = _CONTEXT.Process(target=target, args=args, kwargs=how, daemon=True)
        self._it.start()

    @property
    def alive(self) -> bool:
        return self._it.is_alive()

    def wait(self, seconds: float = 10.0) -> int | None:
        """Its exit code, negative for a signal; None when it does not end in time."""
        self._it.join(seconds)
        return self._it.exitcode

    def stop(self) -> int | None:
        """Tell it to stop; returns its exit code."""
        self._it.terminate()
        return self.wait()

    async def ended(self) -> int | None:
        return await asyncio.to_thread(self.wait)

    async def stopped(self) -> int | None:
        return await asyncio.to_thread(self.stop)

    def kill(self) -> None:
        self._it.kill()
        self._it.join()


@asynccontextmanager
async def process(folder: Path, **how: object):
    """Run a child process (see child.run)."""
    one = Process(child.run, folder, **how)
    try:
        yield one
    finally:
        await asyncio.to_thread(one.kill)


class Books:
    """Looks into a deployment's store from outside."""

    def __init__(self, folder: Path) -> None:
        self._store = Store(load(folder).settings.store.url)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._store.close()

    async def rows(self, statement):
        async with self._store.read() as conn:
            return list(await conn.execute(statement))

    async def cases(self) -> list[dict[str, str]]:
        async with self._store.read() as conn:
            return await views.case_rows(conn)

    async def events(self) -> list[tuple[int, str]]:
        """Case and kind of everything that happened, in order."""
        found = await self.rows(select(t.events.c.case_id, t.events.c.kind).order_by(t.events.c.id))
        return [tuple(row) for row in found]

    async def heard(self) -> int:
        """How many messages are stored."""
        return (await self.rows(select(func.count()).select_from(t.inbox)))[0][0]

    async def outbox(self) -> list[str]:
        """The state of every row of the outbox."""
        return [row[0] for row in await self.rows(select(t.outbox.c.state).order_by(t.outbox.c.id))]

    async def quiet(self) -> int | None:
        """How many messages were heard once all is handled and said, else None."""
        left = select(func.count()).select_from(t.inbox).where(t.inbox.c.handled_at.is_(None))
        unsaid = (
            select(func.count())
            .select_from(t.outbox)
            .where(t.outbox.c.state.in_(("waiting", "sending")))
        )
        heard = select(func.count()).select_from(t.inbox)
        ((unhandled, unspoken, total),) = await self.rows(
            select(left.scalar_subquery(), unsaid.scalar_subquery(), heard.scalar_subquery())
        )
        return None if unhandled or unspoken else total

    async def settled(self, messages: int, unless: Process | None = None) -> None:
        """Wait until so many messages are stored and nothing is left to do, or it has died."""

        async def done() -> bool:
            dead = unless is not None and not unless.alive
            return dead or (await self.quiet() or 0) >= messages

        await until(done)


async def until(condition: Callable[[], Awaitable[object]], seconds: float = 30.0) -> None:
    """Wait for a state that tells nobody when it is reached."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - another process sets no event here
            await asyncio.sleep(0.03)
