"""When enough is said: quiet hours, everybody called, the daily share, the loop guard."""

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, time, timedelta

import orjson
import pytest

from bot.phrases import Phrases
from domain.notices import Audience
from domain.workdays import TZ
from store import outbox
from tests import factories as make
from tests.notices.test_ready_made import CODES
from tests.notices.world import START, World, notice

NIGHT = (time(22), time(7))
LATE = datetime(2026, 11, 23, 23, tzinfo=TZ)
MORNING = datetime(2026, 11, 24, 7, tzinfo=TZ)
MINUTE = timedelta(minutes=1)
EVERYBODY = re.compile(r"@ ?(所有人|全体成员|all)")
on_sqlite = pytest.mark.parametrize("database", ["sqlite"])


# Quiet hours


@on_sqlite
@pytest.mark.parametrize(
    ("quiet", "urgent", "due"),
    [
        pytest.param(NIGHT, False, MORNING, id="held until the morning"),
        pytest.param(NIGHT, True, LATE, id="an emergency is not"),
        pytest.param(None, False, LATE, id="off: nothing is held"),
        pytest.param((time(22), time(22, 30)), False, LATE, id="over already"),
    ],
)
async def test_at_eleven_in_the_evening(store, city, quiet, urgent, due) -> None:
    world = World(store, replace(city, quiet=quiet), LATE)
    done = await world.launch(notice(urgent=urgent, due_at=LATE))
    assert [row.due_at for row in await world.said()] == [due]
    assert done.starts == due


# Everybody is called by emergencies only


def rendered(template: str, **changes) -> str:
    shown = {"ready": "", "urgent": False, "corrects": 0, "author": "", "receipts": False}
    one = shown | {"words": "@所有人 @all @ 全体成员 明早停水", "area": "", "number": 1} | changes
    values = {"notice": one, "notices": [one], "group": True, "name": ""}
    return Phrases().render(template, values).text


@pytest.mark.parametrize("corrects", [0, 1], ids=["new", "a correction"])
@pytest.mark.parametrize("ready", ["", *CODES])
def test_only_an_emergency_calls_everybody_and_once(ready: str, corrects: int) -> None:
    plain = rendered("replies/notice", ready=ready, corrects=corrects)
    assert not EVERYBODY.search(plain)
    urgent = rendered("replies/notice", ready=ready, corrects=corrects, urgent=True)
    assert urgent.startswith("@所有人 ")
    assert len(EVERYBODY.findall(urgent)) == 1


@pytest.mark.parametrize("urgent", [False, True], ids=["plain", "urgent"])
@pytest.mark.parametrize("template", ["replies/notice_digest", "replies/notice_remind"])
def test_what_follows_a_notice_calls_nobody(template: str, urgent: bool) -> None:
    said = rendered(template, urgent=urgent)
    assert "明早停水" in said
    assert not EVERYBODY.search(said)


# The share of a day


@on_sqlite
async def test_three_a_day_the_rest_in_one_list_and_tomorrow_anew(store, city) -> None:
    world = World(store, city)
    for number in range(5):
        await world.launch(notice(key=f"i{number}", words=f"w{number}"))
    await world.launch(notice(key="u", urgent=True))
    await world.launch(notice(key="other", audience=Audience("residents", ("g02",))))
    said = Counter(row.chat for row in await world.said())
    assert said == {"g01.residents": 3 + 1, "g02.residents": 1}
    await world.pass_to(START.replace(hour=23))
    (listed,) = await world.said("replies/notice_digest")
    assert listed.due_at == START.replace(hour=18)
    assert [one["words"] for one in orjson.loads(listed.context_json)["notices"]] == ["w3", "w4"]
    tomorrow = START + timedelta(days=1)
    await world.pass_to(tomorrow)
    before = len(await world.said())
    await world.launch(notice(key="t", due_at=tomorrow))
    assert len(await world.said()) == before + 1


@on_sqlite
@pytest.mark.parametrize(
    ("at", "valid", "merged"),
    [
        pytest.param(9, timedelta(hours=24), 1, id="the list comes in time"),
        pytest.param(9, timedelta(hours=8), 0, id="it would come too late"),
        pytest.param(19, timedelta(hours=24), 1, id="tomorrow's list"),
        pytest.param(19, timedelta(hours=4), 0, id="tomorrow's would come too late"),
    ],
)
async def test_over_its_share_it_waits_where_the_list_is_not_too_late(
    store, city, at, valid, merged
) -> None:
    now = START.replace(hour=at)
    world = World(store, city, now)
    for number in range(3):
        await world.launch(notice(key=f"i{number}", due_at=now))
    done = await world.launch(notice(key="x", due_at=now, valid=valid))
    assert done.merged == merged


# The loop guard


@on_sqlite
@pytest.mark.parametrize(
    ("before", "age", "urgent", "later"),
    [
        pytest.param(20, MINUTE, False, 0 * MINUTE, id="20 in five minutes"),
        pytest.param(21, MINUTE, False, 5 * MINUTE, id="more: put off"),
        pytest.param(21, 6 * MINUTE, False, 0 * MINUTE, id="more, but over"),
        pytest.param(21, MINUTE, True, 0 * MINUTE, id="an emergency goes"),
    ],
)
async def test_twenty_messages_in_five_minutes(store, city, before, age, urgent, later) -> None:
    world = World(store, city)
    async with store.write() as conn:
        rows = [outbox.row_of(make.saying(f"x{one}"), START - age) for one in range(before)]
        await outbox.add(store, conn, rows)
    await world.launch(notice(urgent=urgent))
    (row,) = await world.said()
    assert row.due_at == START + later
