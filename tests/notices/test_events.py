"""POST /events/NAME: with the token, once for each event, to the groups of the areas named."""

from datetime import datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.app import open_simulation
from bot.notices.weather import add_events
from domain.workdays import TZ

START = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
TOKEN = {"Authorization": "Bearer t0ken"}


@pytest.fixture
async def app():
    async with open_simulation(None, START) as app:
        yield app


@pytest.fixture
async def client(app):
    site = web.Application()
    add_events(site, "t0ken", app.happened)
    async with TestClient(TestServer(site)) as client:
        yield client


def said(app, chat):
    return [one.text for one in app.simulator.transcript if one.address.chat == chat]


async def test_a_warning_reaches_the_groups_once(app, client) -> None:
    body = {"id": "w1", "areas": ["c1"]}
    for fired in (1, 0):
        answer = await client.post("/events/typhoon", json=body, headers=TOKEN)
        assert await answer.json() == {"fired": fired}
        await app.settle()
    assert len(said(app, "g01.residents")) == 1
    assert "台风" in said(app, "g01.residents")[0]
    assert said(app, "g04.residents") == []


async def test_one_nobody_approved_waits_for_the_desk(app, client) -> None:
    await client.post("/events/heat", json={"id": "h", "areas": ["c1"]}, headers=TOKEN)
    await app.settle()
    assert said(app, "g01.residents") == []
    assert "确认" in said(app, "l.c1")[0]
    await app.simulator.say("l.c1", "", "确认")
    await app.settle()
    assert "防中暑" in said(app, "g01.residents")[0]


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        pytest.param({}, b"{}", 401, id="no token"),
        pytest.param({"Authorization": "Bearer x"}, b"{}", 401, id="another token"),
        pytest.param(TOKEN, b"[", 400, id="no JSON"),
        pytest.param(TOKEN, b'{"areas": 1}', 400, id="other JSON"),
    ],
)
async def test_refused(app, client, headers, body, status) -> None:
    assert (await client.post("/events/typhoon", data=body, headers=headers)).status == status
    await app.settle()
    assert app.simulator.transcript == []


@pytest.mark.parametrize(
    ("name", "areas", "status", "told"),
    [
        pytest.param(
            "typhon",
            [],
            404,
            {"error": "event", "unknown": ["typhon"], "known": ["typhoon"]},
            id="an event no rule knows, with the nearest",
        ),
        pytest.param(
            "earthquake",
            ["c1"],
            404,
            {
                "error": "event",
                "unknown": ["earthquake"],
                "known": ["cold", "heat", "rainstorm", "typhoon"],
            },
            id="one like none, with all there are",
        ),
        pytest.param(
            "typhoon",
            ["c1", "g1"],
            422,
            {"error": "areas", "unknown": ["g1"], "known": ["g01"]},
            id="an area that is none: nobody hears half of it",
        ),
    ],
)
async def test_what_nobody_would_hear_is_refused(app, client, name, areas, status, told) -> None:
    body = {"id": "w1", "areas": areas}
    answer = await client.post(f"/events/{name}", json=body, headers=TOKEN)
    assert (answer.status, await answer.json()) == (status, told)
    await app.settle()
    assert app.simulator.transcript == []
    # The same number with the mistake mended is no second delivery.
    answer = await client.post("/events/typhoon", json={"id": "w1"}, headers=TOKEN)
    assert await answer.json() == {"fired": 1}


async def test_without_a_token_there_is_no_page(app) -> None:
    site = web.Application()
    add_events(site, "", app.happened)
    async with TestClient(TestServer(site)) as client:
        assert (await client.post("/events/typhoon", headers=TOKEN)).status == 404
