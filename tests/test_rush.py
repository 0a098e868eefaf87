"""While callbacks come faster than they can be handled, accepting goes first; none waits for ever."""

import asyncio

import pytest
from sqlalchemy import select

from bot import ingest as ingest_module
from bot import rush as module
from bot.channels.base import Received
from bot.ingest import LOOKS, Ingest
from bot.rush import CALM, FEW, FULL, MANY, MORE, QUIET, REST, SOME, SPAN, Rush
from bot.stations import Watch
from domain.messages import Address, Inbound
from store import tables as t
from tests import factories as make


class Time:
    """Time that passes only in sleep; `comes` is how many callbacks come in each of its spans.

    `turns` is how many come in each of the next turns of the loop, which take no time.
    """

    def __init__(self, rush: Rush, comes) -> None:
        self.now, self.rush, self.comes, self.turns = 1000.0, rush, iter(comes), iter(())

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        arrive(self.rush, next(self.comes if seconds else self.turns, 0))

    def monotonic(self) -> float:
        return self.now


def arrive(rush: Rush, count: int) -> None:
    for _ in range(count):
        rush.came()


@pytest.fixture
def timed(monkeypatch):
    def begin(comes=()):
        rush = Rush()
        time = Time(rush, comes)
        monkeypatch.setattr(module.asyncio, "sleep", time.sleep)
        monkeypatch.setattr(module, "time", time)
        return rush, time

    return begin


async def test_ordinary_traffic_is_handled_at_once(timed):
    rush, time = timed()
    arrive(rush, SOME - 1)
    assert await rush.room() == FULL
    assert time.now == 1000.0


async def test_a_few_at_once_are_looked_at_for_a_moment_and_then_handled(timed):
    rush, time = timed([MANY])
    arrive(rush, SOME)
    assert await rush.room() == FULL
    assert time.now == 1000.0 + SPAN
    arrive(rush, SOME)
    assert await rush.room() == FULL
    assert time.now == 1000.0 + SPAN  # not looked at again so soon


async def test_in_a_rush_handling_waits_until_it_has_been_calm_for_some_moments(timed):
    busy = [MANY + 1, MANY + 1, *[0] * (CALM - 1), MANY + 1]
    rush, time = timed([*busy, *[0] * CALM, MANY + 1])
    arrive(rush, SOME)
    assert await rush.room() == FEW
    assert time.now == pytest.approx(1000.0 + (len(busy) + CALM) * SPAN)


async def test_a_rush_without_end_lets_a_few_through_from_time_to_time(timed):
    rush, time = timed([MANY + 1] * 1000)
    arrive(rush, SOME)
    for round_ in (1, 2, 3):
        assert await rush.room() == FEW
        assert time.now == pytest.approx(1000.0 + round_ * REST)
        arrive(rush, SOME)


async def test_batches_stay_small_until_a_rush_is_worked_off(timed):
    rush, time = timed([MANY + 1])
    arrive(rush, SOME)
    assert await rush.room() == FEW
    before = time.now
    for _ in range(5):
        assert await rush.room() == FEW
    assert time.now == before
    rush.over()
    assert await rush.room() == FULL


async def test_what_waited_at_its_socket_while_a_batch_was_handled_keeps_the_next_one_back(timed):
    """It comes to be counted some turns of the loop later: to be read, parsed, handed on."""
    rush, time = timed([MANY + 1, *[0] * CALM, MANY + 1])
    arrive(rush, SOME)
    assert await rush.room() == FEW
    before, time.turns = time.now, iter([0, 0, 0, SOME])
    assert await rush.room() == FEW
    assert time.now > before + CALM * SPAN


async def test_after_a_quiet_second_batches_grow_and_at_the_next_call_they_shrink(timed):
    rush, time = timed([MANY + 1])
    arrive(rush, SOME)
    assert await rush.room() == FEW
    time.now += QUIET / 2
    assert await rush.room() == FEW
    time.now += QUIET / 2
    assert await rush.room() == MORE
    arrive(rush, 1)
    assert await rush.room() == FEW
    time.now += QUIET
    assert await rush.room() == MORE
    rush.over()
    assert await rush.room() == FULL


# The one way in


def said(number: int, channel: str) -> Inbound:
    return Inbound(
        Address(channel, f"u{number}"), f"u{number}", str(number), make.NOW, text="门坏了"
    )


@pytest.fixture
async def taking(store):
    woken = []
    ingest = Ingest(store, lambda: woken.append(1), Watch(), {"app"})
    task = asyncio.create_task(ingest.run())
    yield ingest
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_only_channels_whose_platform_waits_make_a_rush(taking):
    both = [said(number, channel) for number in range(30) for channel in ("app", "robot")]
    assert set(await asyncio.gather(*map(taking.accept, both))) == {Received.NEW}
    assert taking.rush._came == 30


async def test_what_keeps_coming_goes_into_one_commit(taking, store, monkeypatch):
    """While messages keep coming, a commit waits for them; the last is not left waiting."""
    sizes = []
    real = Ingest._add

    async def add(ingest, rows):
        sizes.append(len(rows))
        return await real(ingest, rows)

    monkeypatch.setattr(Ingest, "_add", add)
    accepting = [asyncio.create_task(taking.accept(said(n, "app"))) for n in range(5)]
    async with asyncio.timeout(10):
        while not sizes:  # noqa: ASYNC110 - the first commit is under way
            await asyncio.sleep(0)
    accepting += [asyncio.create_task(taking.accept(said(n, "app"))) for n in range(5, 8)]
    looks = 0

    async def look(_ingest):
        nonlocal looks
        looks += 1
        if looks <= 1:
            accepting.append(asyncio.create_task(taking.accept(said(10 + looks, "app"))))
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    monkeypatch.setattr(Ingest, "_look", look)
    async with asyncio.timeout(10):
        while len(accepting) < 9 or not all(one.done() for one in accepting):  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert sizes == [5, 4]
    assert {one.result() for one in accepting} == {Received.NEW}


@pytest.fixture
def commits(monkeypatch):
    """How many messages each commit takes; the time between the looks passes at once."""
    sizes, comes, real = [], [], Ingest._add

    async def add(ingest, rows):
        sizes.append(len(rows))
        return await real(ingest, rows)

    async def look(_ingest):
        if comes:
            comes.pop(0)()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    monkeypatch.setattr(Ingest, "_add", add)
    monkeypatch.setattr(Ingest, "_look", look)
    return sizes, comes


async def test_callers_who_call_again_when_answered_are_not_waited_for_once_all_are_there(
    taking, commits
):
    sizes, comes = commits
    comes += [lambda: None] * 20
    for round_ in range(5):
        each = [said(number, "app") for number in range(8 * round_, 8 * round_ + 8)]
        assert set(await asyncio.gather(*map(taking.accept, each))) == {Received.NEW}
    assert sizes == [8] * 5
    assert len(comes) == 20  # nobody looked


async def test_a_commit_waits_only_so_long_though_more_keep_coming(taking, commits):
    sizes, comes = commits
    await asyncio.gather(*(taking.accept(said(number, "app")) for number in range(20)))
    accepting = []

    def one_more():
        accepting.append(asyncio.create_task(taking.accept(said(100 + len(accepting), "app"))))

    comes += [one_more] * 10
    one_more()
    async with asyncio.timeout(10):
        assert await accepting[0] is Received.NEW
    assert sizes == [20, 1 + LOOKS]
    comes.clear()
    await asyncio.gather(*accepting)


async def test_a_commit_begins_as_soon_as_as_many_are_there_as_lately(taking, monkeypatch):
    monkeypatch.setattr(ingest_module, "LOOK", 60.0)  # nobody waits to its end

    async def come(*numbers):
        async with asyncio.timeout(20):
            await asyncio.gather(*(taking.accept(said(number, "app")) for number in numbers))

    await come(*range(8))
    first = asyncio.create_task(come(8, 9, 10))
    done, _ = await asyncio.wait([first], timeout=0.05)
    assert not done
    await come(*range(11, 16))
    await first


async def test_a_lonely_message_waits_for_nobody(taking, monkeypatch):
    async def look(_ingest):
        raise AssertionError("it was kept waiting")

    monkeypatch.setattr(Ingest, "_look", look)
    for number in range(3):
        assert await taking.accept(said(number, "app")) is Received.NEW


async def test_a_conversation_that_is_known_is_not_written_again_and_still_there(taking, store):
    for number in range(3):
        again = Inbound(Address("app", "u"), "u", str(number), make.NOW, text="门坏了")
        assert await taking.accept(again) is Received.NEW
        assert await taking.accept(again) is Received.SEEN
    async with store.read() as conn:
        rows = await conn.execute(select(t.conversations.c.key))
        assert list(rows.scalars()) == ["app|p|u"]
        assert len(list(await conn.execute(select(t.inbox.c.id)))) == 3


async def test_of_a_batch_with_old_messages_the_new_ones_are_told_apart(taking):
    first = [said(number, "app") for number in range(6)]
    await asyncio.gather(*map(taking.accept, first))
    mixed = [said(number, "app") for number in (3, 7, 5, 8, 8)]
    received = await asyncio.gather(*map(taking.accept, mixed))
    seen, new = Received.SEEN, Received.NEW
    assert received == [seen, new, seen, new, seen]


async def test_what_is_known_is_forgotten_before_it_grows_too_large(taking, monkeypatch):
    monkeypatch.setattr(ingest_module, "KNOWN", 3)
    for number in range(10):
        assert await taking.accept(said(number, "app")) is Received.NEW
    assert len(taking._known) <= 4
