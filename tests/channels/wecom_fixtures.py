"""A WeCom robot, its platform and its lease, ready for a test."""

import random

import pytest

from bot.channels.wecom_robot import WecomRobot
from tests.channels.wecom_tools import QUICK, SECRET, Clock, Ears, FakeLease, running, settled
from tests.doubles.wecom_gateway import WecomGateway


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def gateway(clock):
    async with WecomGateway(bots={"bot": SECRET}, clock=clock.seconds) as gateway:
        yield gateway


@pytest.fixture
def ears():
    return Ears()


@pytest.fixture
def lease():
    return FakeLease()


@pytest.fixture
def build(gateway, clock, lease):
    def build(**more):
        given = {
            "bot_id": "bot",
            "secret": SECRET,
            "names": ("网格助手",),
            "now": clock.now,
            "lease": lease,
            "url": gateway.url,
            "backoff": (0.01, 0.05),
            "rng": random.Random(1),  # noqa: S311
            "waits": QUICK,
        }
        return WecomRobot("robot", **{**given, **more})

    return build


@pytest.fixture
async def robot(build, gateway, ears):
    robot = build()
    async with running(robot, ears):
        await gateway.online()
        await settled(robot)
        yield robot
