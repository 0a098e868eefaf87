"""What /readyz tells of a running program."""

import json
from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import insert

from bot.app import App
from bot.channels.base import Limits, Window
from bot.deployment.folder import Deployment
from domain.messages import Address
from scheduler.clock import VirtualClock
from store import outbox, schema
from store import tables as t
from store.engine import Store
from store.group_tasks import GroupTask, GroupTasks, State
from store.outbox import Saying
from tests.conversation.town import START
from tests.doubles.channels import Scripted


@pytest.fixture
async def app(deployment: Deployment, tmp_path: Path) -> AsyncIterator[App]:
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'x.sqlite3'}", durable=False)
    await schema.create(store)
    clock = VirtualClock(START)
    channels = [Scripted(name, "wecom_app", Limits(), clock) for name in ("one", "two")]
    yield App(replace(deployment, folder=tmp_path), store, clock, channels)
    await store.close()


async def say(app: App, channel: str, once: str, ago: timedelta) -> None:
    saying = Saying(once, Address(channel, "w.li"), "replies/help_staff", {})
    async with app.store.write() as conn:
        await conn.execute(insert(t.outbox), [outbox.row_of(saying, START - ago)])


async def test_each_channel_tells_how_it_is(app: App) -> None:
    app.channels["two"].trouble = "code_60020"
    await say(app, "two", "a", timedelta(minutes=5))
    await say(app, "two", "b", timedelta(minutes=9))
    state = await app.health()
    assert state["ready"] is True
    assert state["channels"] == {
        "one": {"connected": True, "trouble": "", "waiting": 0, "oldest": None},
        "two": {
            "connected": False,
            "trouble": "code_60020",
            "waiting": 2,
            "oldest": "2026-11-24T00:51:00+00:00",
        },
    }
    assert state["oldest_unsent"] == "2026-11-24T00:51:00+00:00"


async def test_what_each_channel_can_do_is_told_as_its_row_of_the_matrix_says(app: App) -> None:
    window = Window(timedelta(hours=48), 5)
    app.channels["two"].limits = Limits(says_group=False, window=window, rates=((18, 60),))
    can = json.loads(orjson.dumps((await app.health())["can"]))
    assert can.keys() == {"one", "two"}
    assert can["one"].keys() == {field.name for field in fields(Limits)}
    assert (can["one"]["says_group"], can["one"]["window"]) == (True, None)
    assert (can["two"]["says_group"], can["two"]["window"]) == (False, [48 * 3600, 5])
    assert (can["two"]["rates"], can["two"]["unknown"]) == ([[18, 60]], "resend")


async def test_who_still_has_to_tap_is_shown_without_names(app: App) -> None:
    tasks = GroupTasks(app.store)
    await tasks.add(GroupTask("one", "a", "m1", "wrGROUP0001", "w.li", START, START))
    await tasks.add(GroupTask("one", "b", "m2", "wrOther", "zhangsan", START, START))
    done = GroupTask("one", "c", "m3", "wrOther", "zhangsan", START, START)
    await tasks.add(done)
    await tasks.looked(done, State.SENT, START)
    since = "2026-11-24T01:00:00+00:00"
    assert (await app.health())["group_tasks"] == [
        {"channel": "one", "sender": "w.li", "group": "g01.residents", "since": since},
        {"channel": "one", "sender": "zhangsan", "group": "wrOther", "since": since},
    ]


async def test_without_a_store_it_still_tells_of_channels(app: App, tmp_path: Path) -> None:
    async with app.store.write() as conn:
        await conn.run_sync(t.metadata.drop_all)
    assert await app.health() == {
        "ready": False,
        "store": False,
        "channels": {name: {"connected": True, "trouble": ""} for name in ("one", "two")},
    }
