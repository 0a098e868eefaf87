"""The benchmark at toy size: what it prints must be true, however fast the machine is."""

import asyncio
from itertools import count

import orjson
import pytest

from tests.bench.__main__ import main
from tests.bench.bench import Bench, Plan
from tests.bench.check import check
from tests.bench.city import build
from tests.bench.database import databases, query
from tests.bench.gateway import Gateway, clock
from tests.bench.load import Load, nth
from tests.bench.service import Metrics, percentile
from tests.bench.traffic import MIX, Said, Traffic

TOY = Plan(grids=16, people=200, stored=60, runs=1, warm=0.1, closed=0.5, open=0.5, outstanding=40)


@pytest.fixture
def bench(tmp_path):
    with databases("sqlite") as where:
        yield Bench(TOY, where, tmp_path)


async def test_a_run_with_a_past_counts_what_the_service_did(bench):
    await bench.prepare()
    run = await bench.run(0, TOY.stored, rate=80.0)
    assert run.drained
    assert run.checked.good, run.checked
    assert run.checked.messages > 40
    assert run.checked.cases > 5
    assert run.closed.handled > 0
    assert 0 < run.open.handled < run.checked.messages
    assert run.open.answers > 5
    assert run.open.wire_p50 <= run.open.wire_p95 <= run.open.wire_p99


async def test_the_past_is_one_the_service_could_have_made(bench):
    await bench.prepare()
    assert await query(bench._past, "SELECT count(*) FROM cases") == [(60,)]
    orphans = "SELECT count(*) FROM {} WHERE {} NOT IN (SELECT id FROM cases)"
    for table, key in (("events", "case_id"), ("timers", "subject"), ("outbox", "case_id")):
        assert await query(bench._past, orphans.format(table, key)) == [(0,)]
    ahead = "SELECT count(*) FROM cases c WHERE version + 1 != (SELECT count(*) FROM events WHERE case_id = c.id)"
    assert await query(bench._past, ahead) == [(0,)]


async def test_a_message_that_vanished_and_one_handled_twice_are_found(bench):
    traffic = Traffic(bench.grids, 1, "t")
    async with bench._service(traffic, "") as (service, gateway, url):
        load = Load(service, gateway, traffic)
        for _ in range(40):
            await gateway.deliver(traffic.next(), clock())
        assert await load.drain()
        metrics = await service.metrics()
        assert (await check(url, "t", 0, traffic, gateway, metrics)).good
        traffic.ids.append("t-vanished")
        assert (await check(url, "t", 0, traffic, gateway, metrics)).lost == 1
        del traffic.ids[-2:]  # now the service handled one more than was written
        assert (await check(url, "t", 0, traffic, gateway, metrics)).twice == 1
        gateway.doubled = 3
        assert (await check(url, "t", 0, traffic, gateway, metrics)).twice == 3


async def test_an_answer_to_a_re_delivered_message_counts_as_doubled():
    gateway = Gateway()
    await gateway.open()
    try:
        for number, again in enumerate((False, True), start=1):
            gateway._open[f"q{number}"] = _sent(again)
            gateway._heard(f"q{number}", {})
    finally:
        await gateway.close()
    assert (gateway.replies, gateway.doubled) == (2, 1)


def _sent(again):
    from tests.bench.gateway import Sent  # noqa: PLC0415

    return Sent(Said("report", "m", "u", "c", "w", again=again), clock())


def test_traffic_is_the_same_for_a_seed_and_mixed_as_stated(tmp_path):
    grids = build(tmp_path, 50, 700, "ws://127.0.0.1:1/")

    def play(seed):
        traffic, numbers = Traffic(grids, seed), count(1001)
        said = []
        for _ in range(4000):
            said.append(one := traffic.next())
            if one.kind in ("report", "place") and not one.again:
                number = f"G{next(numbers)}"
                traffic.told(one, "", {"stream": {"content": f"已受理 {number}"}})
                grid = next(grid for grid in grids if grid.chat == one.chat)
                traffic.told(None, grid.worker, {"template_card": {"task_id": f"{number}_1"}})
        return said, traffic

    said, traffic = play(1)
    assert said == play(1)[0] != play(2)[0]
    total = sum(traffic.unique.values())
    for kind, share in MIX.items():
        assert traffic.unique[kind] / total == pytest.approx(share, abs=0.03), kind
    assert traffic.again / total == pytest.approx(0.10, abs=0.02)
    assert len({one.msgid for one in said if not one.again}) == total


def test_percentiles_are_read_from_the_histogram_between_two_looks():
    text = 'gridbot_answer_seconds_bucket{{channel="x",le="{}"}} {}\n'
    before = Metrics.of(
        text.format("0.1", 10.0) + text.format("0.2", 10.0) + text.format("+Inf", 10.0)
    )
    after = Metrics.of(
        text.format("0.1", 60.0) + text.format("0.2", 110.0) + text.format("+Inf", 110.0)
    )
    assert percentile(before, after, 0.50) == pytest.approx(0.1)
    assert percentile(before, after, 0.75) == pytest.approx(0.15)
    assert (nth([1.0, 2.0, 3.0], 0.99), nth([], 0.5)) == (3.0, 0.0)


def test_the_command_prints_a_table_and_writes_json(tmp_path, capsys):
    file = tmp_path / "found.json"
    small = (
        "--grids 8 --people 60 --stored 0 --runs 1 --outstanding 40 --warm 0.1 --closed 0.5"
        " --open 0.5 --rate 40 --only load"
    )
    assert main([*small.split(), "--json", str(file), "--dir", str(tmp_path)]) == 0
    found = orjson.loads(file.read_bytes())
    assert found["runs"][0]["checked"]["lost"] == 0
    printed = capsys.readouterr().out
    assert "messages/s, closed loop" in printed
    assert "handled twice" in printed
    asyncio.set_event_loop(None)
