"""The demo: the sample deployment, the simulator, a clock that can be moved, and the page."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime, time, timedelta

from aiohttp import web

from bot.app import App, open_simulation
from bot.calendar import Calendar
from bot.channels.simulator import Simulator
from bot.deployment.folder import SAMPLE, load
from bot.login import Logins
from bot.masking import masked_row
from bot.timeline import sentences
from bot.web.calendar import Who, add_calendar
from bot.web.demo import add_demo
from bot.web.guard import Guard
from bot.web.login import Login
from bot.web.page_words import load_words
from bot.web.server import address, listen, serve
from domain.case import Dues, Status
from domain.people import Level, Role, World
from domain.steps import STEPS, Step
from domain.workdays import TZ
from domain.workdays import Calendar as Workdays
from scheduler.clock import ShiftedClock, SystemClock
from store import timers, views

MORNING = time(9)
SHOWN = 500  # cases a page is given, the newest ones
# What a case waits for, and what its reporter was asked.
DEADLINES = (*(clock.name for clock in fields(Dues)), "question")
# The cards' buttons, by their keys, and the step each of them takes.
BUTTONS = {
    "accept": Step.ACCEPT,
    "arrive": Step.ARRIVE,
    "finish": Step.FINISH,
    "transfer": Step.TRANSFER,
    "return": Step.RETURN,
    "extend": Step.EXTEND,
    "report_up": Step.REPORT_UP,
    "satisfied": Step.SATISFY,
    "dissatisfied": Step.DISSATISFY,
}


class DemoApp:
    """What the demo page sees of the program (bot.web.demo_types.Demo)."""

    running = True

    def __init__(self, app: App) -> None:
        self._app = app
        self._moving = asyncio.Lock()
        self._queues: set[asyncio.Queue[None]] = set()
        self._types: dict[str, str] = {}
        app.listeners.add(self._wake)

    @property
    def simulator(self) -> Simulator:
        return self._app.simulator

    @property
    def world(self) -> World:
        return self._app.city.world

    def now(self) -> datetime:
        return self._app.clock.now()

    async def cases(self) -> list[dict[str, str]]:
        async with self._app.store.read() as conn:
            rows = await views.newest_cases(conn, SHOWN)
        return [self._shown(masked_row(row)) for row in rows]

    def _shown(self, row: Mapping[str, str]) -> dict[str, str]:
        rules = self._app.city.book.at(self.now())
        known = self.world.find_building(row["area"], row["building"])
        return {
            **row,
            "building_name": known.name if known is not None else "-",
            "summary": row["words"],
            "category_name": rules.category(row["category"]).name,
            "due_iso": row["next_due"],
            "can": " ".join(pressable(row)) or "-",
        }

    async def timeline(self, number: str) -> list[dict[str, str]]:
        return await sentences(self._app.store, self._app.deployment, number, self._app.phrases)

    async def move_clock(self, minutes: int | None) -> str:
        async with self._moving:
            await self._app.settle()
            if minutes is None:
                target = await self._next_deadline() or self.now()
            else:
                target = self.now() + timedelta(minutes=minutes)
            await self._app.advance(target)
            self._wake()
            return self.now().astimezone(TZ).isoformat()

    async def _next_deadline(self) -> datetime | None:
        """The next of a case; where none waits, of anything else that happens by itself."""
        async with self._app.store.read() as conn:
            return await timers.next_due(conn, DEADLINES) or await timers.next_due(conn)

    async def save_media(self, data: bytes, name: str, mime: str) -> str:
        key = await self._app.media.save(data)
        self._types[key] = mime
        return key

    async def load_media(self, key: str) -> tuple[bytes, str] | None:
        data = await self._app.media.load(key)
        return (data, self._types[key]) if data is not None and key in self._types else None

    def subscribe(self) -> asyncio.Queue[None]:
        queue: asyncio.Queue[None] = asyncio.Queue(maxsize=1)
        self._queues.add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[None]) -> None:
        self._queues.discard(queue)

    def _wake(self) -> None:
        for queue in self._queues:
            if queue.empty():
                queue.put_nowait(None)


def pressable(row: Mapping[str, str]) -> list[str]:
    """The keys of the buttons that the bot would still take for this case."""
    status = Status(row["status"])
    keys = [key for key, step in BUTTONS.items() if (status, step) in STEPS]
    spent = {"extend"} if row["extended"] != "0" else set[str]()
    if Level(row["level"]).above is None:
        spent.add("report_up")
    return [key for key in keys if key not in spent]


def first_morning(calendar: Workdays, now: datetime) -> datetime:
    """Nine o'clock of this day, or of the next working day: nobody should first meet a holiday."""
    day = datetime.combine(now.astimezone(TZ).date(), MORNING, TZ)
    while not calendar.is_workday(day.date()):
        day += timedelta(days=1)
    return day.astimezone(UTC)


async def run_demo(
    host: str, port: int, stopping: Callable[[], asyncio.Event], ready: Callable[[str], None]
) -> int:
    """Serve the demo until it is told to stop; its world is gone afterwards."""
    stop = stopping()
    deployment = await asyncio.to_thread(load, SAMPLE)
    start = first_morning(deployment.calendar, SystemClock().now())
    sock = listen(host, port)
    url = address(host, sock.getsockname()[1])
    async with open_simulation(None, start, clock=ShiftedClock(start), pages=url) as app:
        demo = DemoApp(app)

        def pages(web_app: web.Application) -> None:
            add_demo(web_app, demo)
            guard = Guard(load_words())
            login = Login(Logins(app.store, app.directory, app.clock), url)
            login.add(web_app, guard)
            planner = Calendar(app.store, app.city, app.clock, app.directory)
            add_calendar(web_app, planner, chosen(login, demo.world), guard, demo=True)

        async with serve(app, host, port, pages, sock):
            ready(url)
            return 0 if await app.run(stop) else 1


def chosen(login: Login, world: World) -> Who:
    """Who looks at the calendar of the demo: whoever was chosen, else who came by a link."""

    async def who(request: web.Request, claimed: str) -> str:
        if claimed:
            return claimed
        person = await login.known(request)
        leaders = (one.id for one in world.people.values() if one.role is Role.LEADER)
        return person.id if person is not None else next(leaders, "")

    return who
