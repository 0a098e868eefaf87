"""The benchmark of callbacks at toy size: what it says of lost and doubled messages must be true."""

import asyncio
from unittest.mock import AsyncMock

import pytest
from aiohttp import web

from tests.bench import callbacks, table
from tests.bench.bench import Plan
from tests.bench.caller import Caller
from tests.bench.calls import Call, Calls
from tests.bench.database import databases
from tests.bench.service import Metrics

TOY = Plan(grids=16, people=200, runs=1, callbacks=80, open=0.2, call_rate=200.0)


async def test_a_round_counts_what_the_service_did(tmp_path, monkeypatch):
    monkeypatch.setattr(callbacks, "WARM", 8)
    monkeypatch.setattr(callbacks, "BAD_ROUNDS", 1)
    with databases("sqlite") as where:
        one = await callbacks.round_of(TOY, where, tmp_path, 0)
    assert one.good, one
    assert one.messages == 8 + 80 + 40 + 20
    assert one.closed.cpu_us > 0
    assert one.echo.rate > 0
    taken = {"inside: no type", "inside: unknown type", "inside: no sender", "inside: another application"}  # fmt: skip
    assert {case for case, status in one.cases.items() if status == 200} == taken
    assert {status for case, status in one.cases.items() if case not in taken} == {403, 405}
    assert "callbacks/s : echo" in table.drawn(table.called([one]))
    assert "lost 0" in table.one_round(one)


async def test_a_message_that_vanished_and_one_taken_twice_are_found(tmp_path, monkeypatch):
    calls = Calls(1)
    with databases("sqlite") as where:
        async with callbacks._service(TOY, where, tmp_path) as (service, store):
            async with Caller(service.url, 4) as caller:
                taken = (await caller.closed(calls.good(12))).taken
            await callbacks._caught_up(service, 12)
            assert await callbacks._checked(service, store, taken) == (0, 0)
            assert await callbacks._checked(service, store, [*taken, "vanished"]) == (1, 0)
            more = Metrics.of('gridbot_handled_total{intent="chat"} 13.0')
            monkeypatch.setattr(service, "metrics", AsyncMock(return_value=more))
            assert await callbacks._checked(service, store, taken) == (0, 1)


@pytest.fixture
async def server():
    """Answers what the test puts into `answers`; None: nothing at all."""
    answers: list = []

    async def called(_request):
        answer = answers.pop(0) if answers else 200
        if answer is None:
            await asyncio.Event().wait()
        return web.Response(status=answer)

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", called)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", answers
    await runner.cleanup()


async def test_answers_are_counted_as_they_are(server):
    url, answers = server
    answers += [200, 503, 200]
    async with Caller(url, 1) as caller:
        found = await caller.closed(Calls(1).good(3))
    assert (found.statuses, found.errors, len(found.taken)) == ({200: 2, 503: 1}, 1, 2)
    assert (len(found.waits), found.broken) == (3, 0)


async def test_a_call_nobody_answers_is_given_up_and_the_others_go_on(server, monkeypatch):
    monkeypatch.setattr("tests.bench.caller.PATIENCE", 0.1)
    monkeypatch.setattr("tests.bench.caller.SWEEP", 0.01)
    url, answers = server
    answers += [200, None, 200]
    async with Caller(url, 1) as caller:
        found = await caller.closed(Calls(1).good(4))
    assert (found.broken, found.errors, found.statuses) == (1, 1, {200: 3})


async def test_in_an_open_loop_a_wait_counts_from_the_moment_a_call_was_due(server):
    url, _ = server
    async with Caller(url, 1) as caller:
        found = await caller.open(Calls(1).good(40), rate=100_000.0)
    waits = list(found.waits)
    assert waits == sorted(waits)  # all were due at once: each waited for those before it
    assert waits[-1] > waits[0]


def test_every_message_is_another_one_and_some_come_again():
    calls = Calls(3)
    first, again = calls.good(50), calls.again(200)
    ids = [call.id for call in (*first, *again)]
    assert len(set(ids)) == 250
    assert 5 < len(ids) - 250 < 50
    assert len({call.raw for call in (*first, *again)}) == len(ids)
    assert Calls(3).good(1)[0].id == first[0].id != Calls(4).good(1)[0].id


def test_each_bad_call_has_a_name_of_its_own():
    cases = [call.case for call in Calls(1).bad()]
    assert len(cases) == len(set(cases)) >= 27
    assert all(isinstance(call, Call) for call in Calls(1).bad())
