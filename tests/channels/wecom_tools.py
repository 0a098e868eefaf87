"""What the tests of the WeCom robot share: a clock, a lease, ears, and waiting."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from bot.channels.base import Received
from bot.channels.wecom_robot import Waits
from domain.messages import Address, Button, Card, Outbound

SECRET = "s3cret-of-the-robot"
GROUP = Address("robot", "wrAbCdEf0001", group=True)
PRIVATE = Address("robot", "zhangsan")
CARD = Card("G1_1", "G1 电梯", "停在5楼", (("时限", "4小时"),), (Button("case:accept", "接单"),))
TURNS, NAP = 50, 0.002
QUICK = Waits(
    connect=5.0,
    refused=0.02,
    lease_renew=0.02,
    lease_answer=0.2,
    lease_trust=0.3,
    lease_life=0.02,
    goodbye=0.1,
)


class Clock:
    """A clock that is moved by hand; the double reads it too."""

    def __init__(self):
        self.at = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)

    def now(self):
        return self.at

    def seconds(self):
        return self.at.timestamp()

    def forward(self, **span):
        self.at += timedelta(**span)


class Row:
    """The one lease, as a row would hold it: free, or held by a process."""

    def __init__(self):
        self.holder = None
        self.broken = False


class FakeLease:
    """One process's view of the row."""

    def __init__(self, row=None, me="me"):
        self.row = row or Row()
        self.me = me
        self.asked = asyncio.Event()
        self.released = False

    async def hold(self):
        self.asked.set()
        if self.row.broken:
            raise ConnectionError("store down")
        if self.row.holder is None:
            self.row.holder = self.me
        return self.row.holder == self.me

    async def release(self):
        self.released = True
        if self.row.holder == self.me:
            self.row.holder = None


class Ears:
    """An accept that keeps what it is given."""

    def __init__(self):
        self.heard = asyncio.Queue()

    async def __call__(self, inbound):
        await self.heard.put(inbound)
        return Received.NEW

    async def next(self):
        async with asyncio.timeout(10):
            return await self.heard.get()


def outbound(text="已受理", *, handle=None, card=None, once="once-1", to=PRIVATE):
    return Outbound(once, to, text, card, handle or {})


@asynccontextmanager
async def running(robot, accept):
    """The robot's run() beside the test; it must end on its own when cancelled, within 1 s."""
    task = asyncio.create_task(robot.run(accept))
    try:
        yield task
    finally:
        task.cancel()
        async with asyncio.timeout(1):
            await asyncio.gather(task, return_exceptions=True)


async def eventually(condition):
    """Wait for something that tells nobody, giving way to the others."""
    turns = 0
    async with asyncio.timeout(10):
        while not condition():  # there is no event to wait for
            turns += 1
            # What takes more than a few turns of this loop waits for a socket or another process.
            await asyncio.sleep(0 if turns < TURNS else NAP)


async def settled(robot):
    """Wait until the robot itself knows that it is in."""
    await eventually(lambda: robot.connected)


async def asked(lease, times=1):
    """Wait until the lease was asked for that many times more."""
    for _ in range(times):
        lease.asked.clear()
        async with asyncio.timeout(10):
            await lease.asked.wait()


def lines(logs, action):
    return [line for line in logs if line["action"] == action]
