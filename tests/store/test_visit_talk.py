"""What somebody said of visits lately, and whose pictures are spoken for."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.forms import settled
from store import visit_log, visit_talk, visits
from store.engine import Store
from tests import factories as make
from tests.store.test_visits import visit

WHO = "w.qian"


async def test_the_newest_words_and_what_they_came_to(store: Store) -> None:
    async with store.write() as conn:
        one = await visits.add_one(conn, visit())
        assert await visit_talk.last_told(conn, WHO, make.NOW) is None
        done = {"letters": [1], "photos": 1}
        await visits.log(conn, [(one.id, "done", WHO, done)], make.NOW)
        credited = {"because": "act"}  # a patrol that this visit stands for
        await visits.log(conn, [(99, "done", WHO, credited)], make.NOW)
        told = await visit_talk.last_told(conn, WHO, make.NOW)
        assert told is not None
        assert (told.how, told.visit) == ("done", one.id)
        await visits.log(conn, [(None, "twice", WHO, {"visit": one.id})], make.NOW)
        told = await visit_talk.last_told(conn, WHO, make.NOW)
        assert told is not None
        assert (told.how, told.visit) == ("twice", one.id)
        assert await visit_talk.last_told(conn, "w.li", make.NOW) is None
        assert await visit_talk.last_told(conn, WHO, make.after(hours=1)) is None
        await visits.log(conn, [(one.id, "taken_back", WHO, {"back": True})], make.NOW)
        assert await visit_talk.last_told(conn, WHO, make.NOW) is None


async def test_a_picture_is_spoken_for_until_its_words_are_taken_back(store: Store) -> None:
    async with store.write() as conn:
        one = await visits.add_one(conn, visit())
        events = [
            (one.id, "done", WHO, {"letters": [1, 2]}),
            (None, "not_yours", WHO, {"letters": [3]}),
            (None, "unknown", WHO, {"name": "网吧"}),
            (one.id, "photo", "w.li", {"letters": [4]}),
        ]
        await visits.log(conn, events, make.NOW)
        assert await visit_talk.letters_told(conn, WHO, make.NOW) == {1, 2, 3}
        await visits.log(conn, [(one.id, "taken_back", WHO, {"back": True})], make.NOW)
        assert await visit_talk.letters_told(conn, WHO, make.NOW) == {3}


@pytest.mark.parametrize(
    ("later", "photos"),
    [
        pytest.param([("photo", 2)], 2, id="one message"),
        pytest.param([("photo", 2), ("photo", 1)], 3, id="one message after the other"),
        pytest.param([("case", 0), ("photo", 1)], 1, id="after its finding became a case"),
    ],
)
async def test_a_picture_sent_later_counts_with_the_words_before_it(
    store: Store, later: list[tuple[str, int]], photos: int
) -> None:
    async with store.write() as conn:
        one, other = await visits.add_one(conn, visit()), await visits.add_one(conn, visit("k2"))
        said = [(one, "done", 0), (other, "done", 1), *((one, *event) for event in later)]
        for at, kind, count in said:
            await visits.log(conn, [(at.id, kind, WHO, {"letters": [], "photos": count})], make.NOW)
        rows = await visit_log.entries(conn, datetime(2026, 1, 1, tzinfo=UTC), make.after(hours=1))
    told = [(entry.visit, entry.kind, entry.photos) for entry in settled(rows)]
    assert told == [(one.id, "done", photos), (other.id, "done", 1)]
    assert make.NOW - rows[0].at < timedelta(seconds=1)
