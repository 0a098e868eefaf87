"""Pictures: noted with their message, fetched once, and part of the case they belong to."""

import pytest

from domain.messages import Attachment
from store import media
from store.engine import Store
from tests import factories as make

HERE = make.GROUP.key
PHOTO = Attachment("image", "a.jpg", ref={"url": "u", "key": "k"})


async def put(store: Store, letter: int, *attachments: Attachment, **said) -> None:
    async with store.write() as conn:
        await media.add(conn, media.rows_of(letter, make.inbound(attachments=attachments, **said)))


async def waiting(store: Store, now=make.NOW) -> list[media.Waiting]:
    async with store.read() as conn:
        return await media.waiting(conn, now)


async def settle(store: Store, media_id: int, **outcome) -> None:
    async with store.write() as conn:
        await media.settle(conn, media_id, **outcome)


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        pytest.param("image", True, id="a picture"),
        pytest.param("voice", True, id="a voice"),
        pytest.param("video", True, id="a video"),
        pytest.param("file", True, id="a file"),
        pytest.param("location", False, id="a location has no bytes"),
    ],
)
def test_what_is_noted(kind: str, kept: bool) -> None:
    rows = media.rows_of(1, make.inbound(attachments=(Attachment(kind),)))
    assert [row["kind"] for row in rows] == [kind] * kept


async def test_what_must_be_fetched_waits_until_it_is_here(store: Store) -> None:
    await put(store, 1, PHOTO, Attachment("image", "here.jpg", key="abc"))
    (one,) = await waiting(store)
    assert (one.name, one.ref, one.tries) == ("a.jpg", {"url": "u", "key": "k"}, 0)
    await settle(store, one.id, again_at=make.after(seconds=5))
    assert await waiting(store) == []
    (one,) = await waiting(store, make.after(seconds=5))
    assert one.tries == 1
    await settle(store, one.id, key="def", name="b\0\ud800.jpg" + "x" * 400)
    assert await waiting(store, make.after(hours=1)) == []


async def test_what_cannot_be_fetched_is_lost_and_its_keys_forgotten(store: Store) -> None:
    await put(store, 1, PHOTO)
    await settle(store, 1)
    assert await waiting(store, make.after(hours=1)) == []
    async with store.write() as conn:
        assert await media.attach(conn, 7, "report", [1]) == 1
        (row,) = await media.of_case(conn, 7)
    assert (row.state, row.ref_json) == ("lost", "{}")


async def test_a_picture_belongs_to_the_first_case_it_is_given_to(store: Store) -> None:
    await put(store, 1, PHOTO, Attachment("voice"))
    await put(store, 2, PHOTO)
    async with store.write() as conn:
        assert await media.pictures(conn, [1, 2]) == 2
        assert await media.attach(conn, 7, "report", [1]) == 1
        assert await media.attach(conn, 8, "result", [1, 2]) == 1
        assert [row.inbox_id for row in await media.of_case(conn, 7)] == [1, 1]
        assert [row.stage for row in await media.of_case(conn, 8)] == ["result"]


async def test_loose_pictures_are_those_of_one_person_in_one_chat_lately(store: Store) -> None:
    await put(store, 1, PHOTO, received_at=make.after(minutes=-30))
    await put(store, 2, PHOTO, PHOTO)
    await put(store, 3, PHOTO, sender="r.chen")
    await put(store, 4, PHOTO, chat="g02.residents")
    await put(store, 5, PHOTO, received_at=make.after(minutes=1))
    async with store.write() as conn:
        since = make.after(minutes=-20)
        assert await media.loose(conn, HERE, "r.wang", since) == [2, 5]
        await media.attach(conn, 7, "report", [2])
        assert await media.loose(conn, HERE, "r.wang", since) == [5]


async def test_chats_in_which_pictures_wait_for_their_case(store: Store) -> None:
    old, new, kept, bare = (
        make.inbound(chat=chat).address.key for chat in ("old", "new", "kept", "bare")
    )
    for at, (chat, minutes) in enumerate((("old", -30), ("new", 0), ("kept", 0)), 1):
        await put(store, at, PHOTO, chat=chat, received_at=make.after(minutes=minutes))
    async with store.write() as conn:
        await media.attach(conn, 7, "report", [3])
        since = make.after(minutes=-20)
        found = await media.loose_in(conn, {old, new, kept, bare}, since)
    assert found == {new}


async def test_taken_out_of_a_case_they_may_go_into_another(store: Store) -> None:
    here = Attachment("image", key="abc")
    await put(store, 1, here, Attachment("voice", key="def"))
    await put(store, 2, here)
    async with store.write() as conn:
        assert await media.attach(conn, 7, "report", [1, 2]) == 2
        assert await media.detach(conn, 8, [1]) == 0
        assert await media.detach(conn, 7, [1]) == 1
        assert await media.attach(conn, 9, "report", [1, 2]) == 1
