# ruff: noqa: F811 - a fixture is imported, then asked for by its name
"""The WeCom robot's connection: how it ends, comes back, and who may hold it. No test sleeps."""

import random

import pytest
import structlog

from bot.channels.wecom_robot import Backoff, Waits
from tests.channels.wecom_fixtures import (  # noqa: F401 - fixtures
    build,
    clock,
    ears,
    gateway,
    lease,
    robot,
)
from tests.channels.wecom_tools import (
    SECRET,
    FakeLease,
    Row,
    asked,
    eventually,
    lines,
    running,
    settled,
)

# -- the connection ------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["cut_lines", "half"])
async def test_after_an_abrupt_end_it_comes_back(robot, gateway, ears, fault):
    getattr(gateway, fault)()
    await gateway.until(lambda: len(gateway.subscribed) == 2)
    await gateway.text("还在")
    assert (await ears.next()).text == "还在"


async def test_it_starts_while_the_platform_cannot_be_reached(
    build, gateway, ears, unused_tcp_port
):
    gateway.faults.closed = True
    robot = build()
    with structlog.testing.capture_logs() as logs:
        async with running(robot, ears) as task:
            await eventually(lambda: len(lines(logs, "wecom_lost")) >= 2)
            assert not task.done()
            gateway.faults.closed = False
            await gateway.online()


@pytest.mark.parametrize(
    "url", ["ws://127.0.0.1:1/", "wss://no-such-host.invalid/", "ws://[bad", "not a url"]
)
async def test_it_survives_an_address_that_leads_nowhere(build, ears, url):
    with structlog.testing.capture_logs() as logs:
        async with running(build(url=url), ears) as task:
            await eventually(lambda: len(lines(logs, "wecom_lost")) >= 2)
            assert not task.done()
    assert SECRET not in str(logs)


async def test_two_missed_pongs_end_the_connection(build, gateway, ears):
    gateway.faults.deaf = True
    async with running(build(ping_every=0.01), ears):
        await gateway.until(lambda: len(gateway.subscribed) == 2)
    assert 2 <= gateway.pings < 10  # not the third, or the hundredth


async def test_a_wrong_secret_is_told_once_in_plain_words(build, gateway, ears, lease):
    with structlog.testing.capture_logs() as logs:
        async with running(build(secret="wrong-" + SECRET), ears):
            await asked(lease, 3)
    told = lines(logs, "wecom_refused_subscribe")
    assert [line["log_level"] for line in told] == ["error"]
    assert "Check in the robot's settings" in told[0]["event"]
    assert gateway.subscribed == []
    assert SECRET not in str(logs)


def test_the_back_off_doubles_with_jitter_up_to_its_cap():
    backoff = Backoff((1.0, 30.0), random.Random(7))  # noqa: S311
    waits = [backoff.next() for _ in range(8)]
    for wait, step in zip(waits, (1, 2, 4, 8, 16, 30, 30, 30), strict=True):
        assert step / 2 <= wait <= step
    backoff.lived(29)
    assert backoff.next() >= 15
    backoff.lived(30)
    assert backoff.next() <= 1


# -- the lease -----------------------------------------------------------------------------------


async def test_without_the_lease_it_does_not_connect_until_it_gets_it(build, gateway, ears, lease):
    lease.row.holder = "another"
    async with running(build(), ears):
        await asked(lease, 3)
        assert gateway.subscribed == []
        lease.row.holder = None
        await gateway.online()


async def test_a_lost_lease_closes_the_connection_at_once(build, gateway, ears, lease):
    robot = build(waits=Waits(lease_renew=0.02, lease_trust=3600))
    async with running(robot, ears):
        await settled(robot)
        lease.row.holder = "another"
        await gateway.offline()
        assert gateway.subscribed == ["bot"]


async def test_a_store_that_is_away_for_a_moment_costs_nothing(robot, gateway, lease):
    lease.row.broken = True
    await asked(lease, 3)
    lease.row.broken = False
    await asked(lease)
    assert gateway.subscribed == ["bot"]
    assert robot.connected


async def test_a_store_that_stays_away_ends_the_connection(robot, gateway, lease):
    lease.row.broken = True
    await gateway.offline()


async def test_a_cancelled_run_closes_the_socket_and_releases_the_lease(
    build, gateway, ears, lease
):
    async with running(build(), ears):
        await gateway.online()
    assert lease.released
    assert lease.row.holder is None
    await gateway.offline()


async def test_thrown_out_it_waits_a_lease_time_and_does_not_fight(build, gateway, ears, lease):
    robot = build(waits=Waits(lease_renew=0.02, lease_life=3600))
    fought, hold = [], lease.hold
    with structlog.testing.capture_logs() as logs:

        async def watched():
            fought.extend(lines(logs, "wecom_displaced"))  # nobody asks any more once it is known
            return await hold()

        lease.hold = watched
        async with running(robot, ears):
            await settled(robot)
            await gateway.throw_out()
            await gateway.offline()
            await eventually(lambda: lines(logs, "wecom_displaced"))
            assert not robot.connected
            await robot.fetch(gateway.serve(b"a round trip, time enough to ask"))
            assert fought == []
    assert not lease.released
    assert gateway.subscribed == ["bot"]


async def test_thrown_out_it_comes_back_through_the_lease(robot, gateway):
    await gateway.throw_out()
    await gateway.until(lambda: len(gateway.subscribed) == 2)


async def test_of_two_processes_one_is_connected_and_the_other_takes_over(build, gateway, ears):
    row = Row()
    one, two = build(lease=FakeLease(row, "one")), build(lease=FakeLease(row, "two"))
    async with running(two, ears):
        async with running(one, ears):
            await gateway.online()
            assert not (one.connected and two.connected)
        await gateway.online()
        await settled(two)
    assert len(gateway.subscribed) in (1, 2)


async def test_no_secret_in_a_log_whatever_happens(build, gateway, ears):
    with structlog.testing.capture_logs() as logs:
        robot = build()
        async with running(robot, ears):
            await gateway.online()
            await gateway.raw("{" + SECRET)
            gateway.cut_lines()
            await gateway.until(lambda: len(gateway.subscribed) == 2)
            await gateway.text("还在 13900000000")
            await ears.next()
        told = [str(one.fill) for one in await robot.examine()]
        async with running(build(secret="wrong-" + SECRET), ears):
            await eventually(lambda: lines(logs, "wecom_refused_subscribe"))
    assert lines(logs, "wecom_lost")
    assert [one for one in (SECRET, "13900000000") if one in str([logs, told])] == []


def test_the_secret_is_named_for_the_logs(build):
    assert build().secrets() == (SECRET,)
