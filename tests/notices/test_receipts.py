"""收到: which notice is answered, and who is still missing, one of each household."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from domain.messages import Address
from domain.people import People
from domain.people import World as Place
from store import notice_answers
from store.notice_receipts import receipts, voice
from tests.notices.world import START, World, notice

GROUP = Address("simulator", "g01.residents", group=True)
AWAITED = timedelta(days=3)
NIGHT = (time(22), time(7))
on_sqlite = pytest.mark.parametrize("database", ["sqlite"])


def with_family(city):
    """The city, where 陈先生 lives with 王阿姨."""
    known = {one.id: one for one in city.world.people.values()}
    known["r.chen"] = replace(known["r.chen"], home=known["r.wang"].home)
    world = city.world
    fresh = Place(
        areas=world.areas, people=People(known.values()), groups=world.groups, places=world.places
    )
    return replace(city, world=fresh)


@on_sqlite
@pytest.mark.parametrize(
    ("answered", "missing"),
    [
        pytest.param((), ["r.wang", "r.liu"], id="one of the two is asked for"),
        pytest.param(("r.chen",), ["r.liu"], id="either answers for both"),
        pytest.param(("r.wang", "r.liu"), [], id="all"),
    ],
)
async def test_one_of_each_household_is_missing(store, city, answered, missing) -> None:
    world = World(store, with_family(city))
    done = await world.launch(notice(receipts=True))
    async with store.write() as conn:
        work = world.work(conn, START)
        for one in answered:
            home = voice(work, work.city.world.person(one), one)
            await notice_answers.answer(store, conn, done.notice.id, home, one, START)
        state = await receipts(work, done.notice)
    assert [one.id for one in state.missing] == missing


@on_sqlite
async def test_what_the_night_still_holds_is_not_answered(store, city) -> None:
    world = World(store, replace(city, quiet=NIGHT))
    first = await world.launch(notice(key="first"))
    evening = START.replace(hour=23)
    world.clock.move_to(evening)
    await world.launch(notice(key="held", due_at=evening))
    span = evening - AWAITED, evening
    async with store.read() as conn:
        found = await notice_answers.to_answer(conn, GROUP, "r.wang", span)
    assert found is not None
    assert found[0] == first.notice.id
