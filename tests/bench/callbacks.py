"""Callbacks of `wecom_app`: what accepting costs, beside a wechatpy echo, and that nothing is lost.

Handling is switched on all the while; it waits in the rush and catches up after.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

from aiohttp import web

from tests.bench.bench import Plan
from tests.bench.caller import Answers, Caller
from tests.bench.calls import AES_KEY, AGENT, CHANNEL, CORP, TOKEN, Call, Calls
from tests.bench.city import build
from tests.bench.database import Databases, query
from tests.bench.gateway import clock
from tests.bench.load import nth
from tests.bench.service import Service, Usage, stolen, usage

CONNECTIONS = 32
WARM = 500
BAD_ROUNDS = 3
CATCH_UP = 600.0  # seconds
GRIDS, PEOPLE = 200, 3000


@dataclass(frozen=True, slots=True)
class Phase:
    """One server under one load."""

    rate: float
    cpu_us: float  # of the server, for each call
    p50: float  # milliseconds
    p99: float
    late: float  # milliseconds this program was late with a call at the worst
    errors: int
    stolen: float  # share of the machine that its host gave to others


@dataclass(frozen=True, slots=True)
class Round:
    """The service and the echo, one after the other."""

    echo: Phase
    closed: Phase
    open: Phase
    handled: int  # messages handled while the closed loop ran
    messages: int
    again: int  # called a second time
    lost: int  # answered with 200 and not stored and handled
    twice: int  # stored or handled more than once
    behind: float  # seconds until all was handled, after the last call
    errors: int
    cases: dict[str, int] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        return not (self.lost or self.twice or self.errors)

    def json(self) -> dict[str, Any]:
        return asdict(self)


async def round_of(plan: Plan, databases: Databases, folder: Path, number: int) -> Round:
    """Measure the echo, then the service; then look at what it made of the messages."""
    calls = Calls(plan.seed + number)
    async with _echo() as (url, pid):
        echo = await _closed(url, pid, calls.good(WARM), calls.good(plan.callbacks))
    async with _service(plan, databases, folder) as (service, store):
        before = (await service.metrics()).handled
        closed = await _closed(
            service.url, service.pid, calls.good(WARM), calls.good(plan.callbacks)
        )
        taken = list(closed[1])
        handled = (await service.metrics()).handled - before
        opened = await _open(service, calls.good(int(plan.open * plan.call_rate)), plan)
        repeated = calls.again(plan.callbacks // 4)
        bad = [call for _ in range(BAD_ROUNDS) for call in calls.bad()]
        async with Caller(service.url, CONNECTIONS) as caller:
            answers = [await caller.closed(repeated), await caller.closed(bad)]
        taken += [*opened[1], *answers[0].taken]
        ended = clock()
        behind = await _caught_up(service, len(set(taken))) - ended
        lost, twice = await _checked(service, store, taken)
    return Round(
        echo=echo[0],
        closed=closed[0],
        open=opened[0],
        handled=handled,
        messages=len(set(taken)),
        again=len(taken) - len(set(taken)),
        lost=lost,
        twice=twice,
        behind=behind,
        errors=sum(one.errors for one in (closed[0], opened[0], *answers)),
        cases=answers[1].cases,
    )


async def _closed(
    url: str, pid: int, warm: Sequence[Call], calls: Sequence[Call]
) -> tuple[Phase, list[str]]:
    async with Caller(url, CONNECTIONS) as caller:
        first = await caller.closed(warm)
        begin = usage(pid)
        answers = await caller.closed(calls)
        return _phase(answers, begin, usage(pid)), [*first.taken, *answers.taken]


async def _open(service: Service, calls: Sequence[Call], plan: Plan) -> tuple[Phase, list[str]]:
    async with Caller(service.url, 2 * CONNECTIONS) as caller:
        begin = service.usage()
        answers = await caller.open(calls, plan.call_rate)
        return _phase(answers, begin, service.usage()), answers.taken


def _phase(answers: Answers, before: Usage, after: Usage) -> Phase:
    waits = sorted(answers.waits)
    return Phase(
        rate=answers.rate,
        cpu_us=1e6 * (after.cpu - before.cpu) / max(len(waits), 1),
        p50=1e3 * nth(waits, 0.50),
        p99=1e3 * nth(waits, 0.99),
        late=1e3 * answers.late,
        errors=answers.errors,
        stolen=stolen(before, after),
    )


async def _caught_up(service: Service, messages: int) -> float:
    """When all was handled; the moment it was given up if it never is."""
    end = clock() + CATCH_UP
    while clock() < end and (await service.metrics()).handled < messages:  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    return clock()


async def _checked(service: Service, url: str, taken: Sequence[str]) -> tuple[int, int]:
    """What was lost, and what was stored or handled twice."""
    sql = "SELECT dedupe, handled_at IS NOT NULL, outcome FROM inbox"
    rows = await query(url, sql)
    fine = {row[0] for row in rows if row[1] and row[2] != "dead"}
    doubles = len(rows) - len({row[0] for row in rows})
    handled = (await service.metrics()).handled - len(rows)
    return len(set(taken) - fine), max(doubles, handled)


@asynccontextmanager
async def _service(
    plan: Plan, databases: Databases, folder: Path
) -> AsyncIterator[tuple[Service, str]]:
    """A running service with one application, and a platform that takes what it says."""
    async with _platform() as api:
        with tempfile.TemporaryDirectory(prefix="calls-", dir=folder) as place:
            home = Path(place)
            store = await databases.create(home, "")
            build(
                home, min(GRIDS, plan.grids), min(PEOPLE, plan.people), "ws://127.0.0.1:1/", store
            )
            toml = home / "gridbot.toml"
            settings = toml.read_text("utf-8").replace("enabled = true", "enabled = false", 1)
            toml.write_text(settings + _SECTION.format(api=api), "utf-8")
            service = Service(home)
            try:
                await service.start()
                await service.planned()
                yield service, store
            finally:
                await service.stop()


_SECTION = f"""
[channels.{CHANNEL}]
corp_id = "{CORP}"
agent_id = "{AGENT}"
secret = "bench-secret"
token = "{TOKEN}"
aes_key = "{AES_KEY}"
api_base = "{{api}}"
"""


@asynccontextmanager
async def _platform() -> AsyncIterator[str]:
    async def token(_request: web.Request) -> web.Response:
        return web.json_response({"errcode": 0, "access_token": "t", "expires_in": 7200})

    async def send(_request: web.Request) -> web.Response:
        return web.json_response({"errcode": 0, "msgid": "m"})

    app = web.Application()
    app.router.add_get("/cgi-bin/gettoken", token)
    app.router.add_post("/cgi-bin/message/send", send)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _echo() -> AsyncIterator[tuple[str, int]]:
    """The echo as a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.echo", TOKEN, AES_KEY, CORP,
        stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2], env=dict(os.environ),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        port = (await process.stdout.readline()).decode().strip()
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.kill()
        await process.wait()


def middle(rounds: Sequence[Round], phase: str, name: str) -> float:
    """The median of a figure over rounds."""
    return median(getattr(getattr(one, phase), name) for one in rounds)


def ratio(rounds: Sequence[Round]) -> float:
    """How many times as many calls as the echo: the median of the pairs."""
    return median(one.closed.rate / one.echo.rate for one in rounds)


def worst(rounds: Sequence[Round]) -> dict[str, int]:
    """The worst status of each bad case."""
    found: dict[str, int] = {}
    for case, status in chain.from_iterable(one.cases.items() for one in rounds):
        found[case] = max(status, found.get(case, 0))
    return found
