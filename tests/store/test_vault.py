"""Tokens are fetched once for all processes, in time; cursors stay where they were put."""

import asyncio
from datetime import timedelta

import pytest

from scheduler.clock import VirtualClock
from store import vault as module
from store.engine import Store
from store.leases import Lease
from store.vault import MARGIN, TokenBusy, Vault
from tests import factories as make

KEY = "wecom:abc"


class Platform:
    """Gives a new token each time; `gate` holds the answer back."""

    def __init__(self):
        self.given = []
        self.fails = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked = asyncio.Event()

    async def __call__(self):
        self.given.append(f"T{len(self.given) + 1}")
        token = self.given[-1]
        self.asked.set()
        await self.gate.wait()
        if self.fails:
            raise self.fails
        return token, 7200.0


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(make.NOW)


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def vaults(store: Store, open_store, clock: VirtualClock) -> list[Vault]:
    """The same vault as two processes see it."""
    return [Vault(store, "one", clock.now), Vault(open_store(), "two", clock.now)]


async def test_two_processes_at_once_fetch_one_token(vaults, platform):
    platform.gate.clear()
    asking = [asyncio.create_task(vault.token(KEY, platform)) for vault in vaults * 4]
    await platform.asked.wait()
    platform.gate.set()
    assert set(await asyncio.gather(*asking)) == {"T1"}
    assert platform.given == ["T1"]


async def test_what_one_process_has_fetched_the_other_reads(vaults, platform):
    one, two = vaults
    assert await one.token(KEY, platform) == await two.token(KEY, platform) == "T1"
    assert platform.given == ["T1"]


async def test_two_processes_whose_token_failed_fetch_one_new_one(vaults, platform):
    for vault in vaults:
        await vault.token(KEY, platform)
    platform.gate.clear()
    platform.asked.clear()
    asking = [asyncio.create_task(vault.token(KEY, platform, failed="T1")) for vault in vaults * 4]
    await platform.asked.wait()
    platform.gate.set()
    assert set(await asyncio.gather(*asking)) == {"T2"}
    assert platform.given == ["T1", "T2"]


async def test_a_token_that_failed_later_than_it_was_replaced_costs_no_other(vaults, platform):
    one, two = vaults
    await two.token(KEY, platform)
    await one.token(KEY, platform, failed="T1")
    assert await two.token(KEY, platform, failed="T1") == "T2"
    assert platform.given == ["T1", "T2"]


@pytest.mark.parametrize(
    ("later", "token"),
    [
        (timedelta(seconds=7200) - MARGIN, "T1"),
        (timedelta(seconds=7201) - MARGIN, "T2"),
        (timedelta(days=1), "T2"),
    ],
    ids=["in-time", "about-to-end", "long-over"],
)
async def test_a_token_is_renewed_before_it_ends(vaults, platform, clock, later, token):
    await vaults[0].token(KEY, platform)
    clock.move_to(make.NOW + later)
    assert [await vault.token(KEY, platform) for vault in vaults] == [token, token]


async def test_tokens_of_other_secrets_are_others(vaults, platform):
    assert await vaults[0].token(KEY, platform) == "T1"
    assert await vaults[0].token("wecom:def", platform) == "T2"


async def test_a_fetch_that_fails_says_so_and_leaves_the_way_free(vaults, platform):
    one, two = vaults
    platform.fails = ValueError("refused")
    with pytest.raises(ValueError, match="refused"):
        await one.token(KEY, platform)
    platform.fails = None
    assert await two.token(KEY, platform) == "T2"


async def test_a_fetch_that_is_cancelled_leaves_the_way_free(vaults, platform):
    one, two = vaults
    platform.gate.clear()
    asking = asyncio.create_task(one.token(KEY, platform))
    await platform.asked.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    platform.gate.set()
    assert await two.token(KEY, platform) == "T2"
    assert await one.token(KEY, platform) == "T2"


async def test_who_waits_for_a_process_that_hangs_gives_up_and_one_that_died_is_replaced(
    store, vaults, platform, clock, monkeypatch
):
    monkeypatch.setattr(module, "PAUSE", 0)
    assert await Lease(store, f"token {KEY}", "a third", clock.now).hold()
    with pytest.raises(TokenBusy):
        await vaults[0].token(KEY, platform)
    assert platform.given == []
    clock.move_to(make.after(seconds=15))
    assert await vaults[0].token(KEY, platform) == "T1"


async def test_a_long_key_is_no_trouble(vaults, platform):
    assert await vaults[0].token("k" * 100, platform) == "T1"


async def test_many_keys_are_known_and_few_kept_at_hand(vaults, platform):
    for number in range(module._KNOWN + 10):
        await vaults[0].token(f"k{number}", platform)
    assert len(vaults[0]._tokens) <= module._KNOWN
    assert len(vaults[0]._locks) <= module._KNOWN + 2
    assert await vaults[0].token("k0", platform) == "T1"


async def test_a_cursor_is_nothing_at_first_and_then_where_it_was_put(vaults):
    one, two = vaults
    assert await one.cursor("archive") == ""
    await one.keep_cursor("archive", "17")
    await two.keep_cursor("kf", "x")
    await two.keep_cursor("archive", "18")
    assert [await one.cursor("archive"), await one.cursor("kf")] == ["18", "x"]
