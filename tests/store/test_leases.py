"""A lease has one holder at a time; a dead holder is replaced within 15 seconds."""

from datetime import timedelta

import pytest

from scheduler.clock import VirtualClock
from store.engine import Store
from store.leases import LIFE, Lease
from tests import factories as make


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(make.NOW)


@pytest.fixture
def leases(store: Store, open_store, clock: VirtualClock) -> list[Lease]:
    """The same lease as two processes see it."""
    return [
        Lease(store, "channel wecom_robot", "one", clock.now),
        Lease(open_store(), "channel wecom_robot", "two", clock.now),
    ]


def test_a_lease_lives_at_most_15_seconds() -> None:
    assert timedelta(seconds=15) >= LIFE


async def test_one_holds_it_and_keeps_it(leases: list[Lease], clock: VirtualClock) -> None:
    one, two = leases
    assert await one.hold()
    for second in range(5, 60, 5):
        clock.move_to(make.after(seconds=second))
        assert not await two.hold()
        assert await one.hold()


async def test_a_dead_holder_is_replaced_within_15_seconds(leases: list[Lease], clock) -> None:
    one, two = leases
    assert await one.hold()
    clock.move_to(make.after(seconds=14.9))
    assert not await two.hold()
    clock.move_to(make.after(seconds=15))
    assert await two.hold()
    assert not await one.hold()


async def test_released_it_is_free_at_once(leases: list[Lease]) -> None:
    one, two = leases
    assert await one.hold()
    await one.release()
    assert await two.hold()
    assert not await one.hold()


async def test_only_its_holder_can_release_it(leases: list[Lease]) -> None:
    one, two = leases
    assert await one.hold()
    await two.release()
    assert not await two.hold()


async def test_leases_of_other_names_are_free(leases: list[Lease], store: Store, clock) -> None:
    assert await leases[0].hold()
    assert await Lease(store, "channel other", "two", clock.now).hold()
