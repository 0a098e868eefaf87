"""Who comes in is greeted, by name of his grid where a link or code brought it along."""

from datetime import datetime

import pytest

from bot.app import open_simulation
from domain.messages import Address, Inbound, Kind
from domain.workdays import TZ

START = datetime(2026, 11, 23, 9, tzinfo=TZ)
ALONE = Address("simulator", "x.new")
GROUP = Address("simulator", "g01.residents", group=True)


async def greeted(address: Address, sender: str, grid: str) -> list[str]:
    """What the bot says to somebody who came in."""
    came = Inbound(
        address, sender, "e1", START, kind=Kind.ENTERED, text=grid, handle={"grid": grid}
    )
    async with open_simulation(None, START) as app:
        await app.ingest.accept(came)
        await app.settle()
        return [one.text for one in app.simulator.transcript if not one.speaker]


async def test_a_grid_s_link_brings_its_worker_s_name_and_number() -> None:
    (words,) = await greeted(ALONE, "x.new", "g01")
    assert "直接说或发照片" in words
    assert words.endswith("您这里是琼花一网格，网格员李强，电话13800000001。")


@pytest.mark.parametrize("grid", ["", "g99", "<xml>]]>"], ids=["none", "unknown", "nonsense"])
async def test_without_a_grid_that_is_known_only_what_can_be_said_here(grid: str) -> None:
    (words,) = await greeted(ALONE, "x.new", grid)
    assert words.endswith("楼道灯不亮”。")


async def test_staff_are_told_what_staff_can_say() -> None:
    (words,) = await greeted(Address("simulator", "w.li"), "w.li", "g01")
    assert "直接说或发照片" not in words


async def test_who_joins_a_group_is_not_answered_there() -> None:
    assert await greeted(GROUP, "x.new", "g01") == []
