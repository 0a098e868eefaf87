"""Consent to the archive: the newest answer counts, a refusal can hold everywhere."""

from datetime import timedelta

import pytest

from store.consents import LONG_AGO, Answer, Consents
from store.engine import Store
from tests import factories as make

LI, WANG, ROOM, OTHER = "wmFakeLi01", "wmFakeWang01", "wrFake0001", "wrFake0002"
EARLY, LATE = make.NOW - timedelta(hours=2), make.NOW - timedelta(hours=1)
AGREED, REFUSED, UNKNOWN = Answer.AGREED, Answer.REFUSED, Answer.UNKNOWN


@pytest.fixture
def consents(store: Store) -> Consents:
    return Consents(store)


async def answer(consents, person=LI, place=ROOM, channel="archive"):
    found = await consents.of(channel, place, person)
    return found and found.answer


async def test_nobody_asked_yet(consents):
    assert await consents.of("archive", ROOM, LI) is None


ORDERS = {
    "agreed, then refused": ([(AGREED, EARLY), (REFUSED, LATE)], REFUSED, True),
    "refused, then agreed": ([(REFUSED, EARLY), (AGREED, LATE)], AGREED, True),
    "an older refusal comes late": ([(AGREED, LATE), (REFUSED, EARLY)], AGREED, True),
    "an older consent comes late": ([(REFUSED, LATE), (AGREED, EARLY)], REFUSED, True),
    "no longer listed": ([(AGREED, EARLY), (UNKNOWN, LONG_AGO)], AGREED, True),
    "unknown, then agreed by default": ([(UNKNOWN, LONG_AGO), (AGREED, LONG_AGO)], AGREED, True),
    "never": ([(UNKNOWN, LONG_AGO), (REFUSED, LATE)], REFUSED, False),
}


@pytest.mark.parametrize(("said", "last", "ever"), ORDERS.values(), ids=ORDERS)
async def test_the_newest_answer_counts(consents, said, last, ever):
    for one in said:
        await consents.note("archive", ROOM, {LI: one}, make.NOW)
    found = await consents.of("archive", ROOM, LI)
    assert (found.answer, found.agreed, found.ever) == (last, last is AGREED, ever)


async def test_answers_of_a_place_are_kept_together_and_when_they_were_heard(consents):
    await consents.note("archive", ROOM, {LI: (AGREED, EARLY), WANG: (REFUSED, EARLY)}, LATE)
    await consents.note("archive", ROOM, {LI: (AGREED, EARLY)}, make.NOW)
    await consents.note("archive", ROOM, {}, make.NOW)
    assert (await consents.of("archive", ROOM, LI)).asked_at == make.NOW
    assert (await consents.of("archive", ROOM, WANG)).asked_at == LATE
    assert await answer(consents, place=OTHER) is None
    assert await answer(consents, channel="another") is None


async def test_a_refusal_everywhere_spares_what_was_said_later(consents):
    await consents.note("archive", ROOM, {LI: (AGREED, EARLY), WANG: (AGREED, EARLY)}, EARLY)
    await consents.note("archive", OTHER, {LI: (AGREED, make.NOW)}, make.NOW)
    await consents.note("another", ROOM, {LI: (AGREED, EARLY)}, EARLY)
    await consents.refuse("archive", LI, LATE)
    assert await answer(consents) is REFUSED
    assert await answer(consents, place=OTHER) is AGREED
    assert await answer(consents, WANG) is AGREED
    assert await answer(consents, channel="another") is AGREED
    assert (await consents.of("archive", ROOM, LI)).ever


async def test_doubt_asks_again_and_changes_nothing(consents):
    await consents.note("archive", ROOM, {LI: (AGREED, EARLY), WANG: (AGREED, EARLY)}, make.NOW)
    await consents.doubt("archive", LI)
    assert (await consents.of("archive", ROOM, LI)).asked_at == LONG_AGO
    assert await answer(consents) is AGREED
    assert (await consents.of("archive", ROOM, WANG)).asked_at == make.NOW
