"""A message that was sent, found again by the id its platform gave it."""

import pytest

from store import failures, outbox, standing
from store.engine import Store
from store.outbox import Outcome
from tests import factories as make


async def put(store: Store, once: str, **outcome) -> int:
    """A row with what became of it."""
    async with store.write() as conn:
        await outbox.add(store, conn, [outbox.row_of(make.saying(once), make.NOW)])
        (row,) = await outbox.claim(store, conn, "simulator", (), make.NOW)
        given = {"state": "sent", "platform_id": "m1"} | outcome
        await outbox.record(conn, [Outcome(row.id, at=make.NOW, **given)])
        return row.id


async def found(store: Store, id_: str = "m1", channel: str = "simulator") -> int | None:
    async with store.write() as conn:
        return await failures.find(conn, channel, id_)


async def test_it_is_found_until_its_failure_is_written_down(store: Store) -> None:
    assert await found(store) is None
    row = await put(store, "a")
    await put(store, "b", platform_id="m2")
    assert await found(store) == row
    async with store.write() as conn:
        await failures.fail(conn, row, "dead", "failed: \x00 10")
    assert await found(store) is None
    async with store.read() as conn:
        (kept,) = await standing.dead(conn)
    assert (kept.id, kept.error, kept.platform_id) == (row, "failed:  10", "m1")
    assert kept.sent_at is not None


@pytest.mark.parametrize(
    ("id_", "channel"),
    [("m2", "simulator"), ("m1", "kf"), ("", "simulator"), ("M1", "simulator")],
    ids=["another id", "another channel", "none", "another case"],
)
async def test_what_was_not_sent_so_is_not_found(store: Store, id_: str, channel: str) -> None:
    await put(store, "a")
    await put(store, "b", platform_id="")
    assert await found(store, id_, channel) is None


@pytest.mark.parametrize("state", ["waiting", "dead", "held", "rerouted"])
async def test_only_what_was_sent_can_fail(store: Store, state: str) -> None:
    await put(store, "a", state=state)
    assert await found(store) is None


async def test_it_is_looked_for_among_the_newest_only(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(failures, "LOOK_BACK", 2)
    rows = [await put(store, name, platform_id=name) for name in "abc"]
    assert [await found(store, name) for name in "abc"] == [None, *rows[1:]]
