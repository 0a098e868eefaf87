"""Whether WeCom lets a robot in over the long connection, asked without disturbing one that is.

A second subscriber throws the first one out (wechat.md 1a.7), so the question is asked only while
this process holds the robot's lease.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from bot.channels._wecom_frames import Ack, read
from bot.channels._wecom_link import Link, LinkLost, SubscribeRefused, race
from bot.channels.base import Finding, Lease
from store.engine import STORE_ERRORS

_PATIENCE = 5.0  # seconds for the connection, and for the answer
_NETWORK = (aiohttp.ClientError, OSError, LinkLost, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Robot:
    """Who asks, and where."""

    url: str
    bot_id: str
    secret: str
    now: Callable[[], datetime]


async def look(robot: Robot, lease: Lease, session: aiohttp.ClientSession) -> Finding:
    """Subscribe once and hang up; never raises."""
    try:
        if not await lease.hold():
            return Finding("robot_running", good=True)
    except STORE_ERRORS as error:
        return _no_answer("store", error)
    try:
        return await _ask(robot, session)
    finally:
        with suppress(*STORE_ERRORS):  # it runs out by itself
            await lease.release()


async def _ask(robot: Robot, session: aiohttp.ClientSession) -> Finding:
    try:
        async with asyncio.timeout(_PATIENCE):
            ws = await session.ws_connect(robot.url)
        link = Link(ws, _PATIENCE)
        try:
            await race(_listen(link, robot.now), link.subscribe(robot.bot_id, robot.secret))
        finally:
            link.drop()
            await ws.close()
    except SubscribeRefused as error:
        return Finding("robot_refused", good=False, fill={"code": str(error.code)})
    except _NETWORK as error:
        return _no_answer(robot.url, error)
    return Finding("robot_good", good=True)


async def _listen(link: Link, now: Callable[[], datetime]) -> None:
    while True:
        frame = read(await link.receive(), channel="", names=(), now=now())
        if isinstance(frame, Ack):
            link.settle(frame)


def _no_answer(base: str, error: Exception) -> Finding:
    return Finding("no_answer", good=False, fill={"base": base, "reason": type(error).__name__})
