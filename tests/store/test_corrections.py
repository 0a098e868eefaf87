"""Corrections and the messages they are about, on both databases."""

import pytest

from domain.messages import Kind
from store import corrections, inbox, letters
from store.corrections import Correction
from store.engine import Store
from tests import factories as make

CHAT = {"role": "resident", "intent": "chat", "category": None, "urgent": False}


def correction(text: str = "早上好", **changes) -> Correction:
    values = {"label": CHAT, "before": {"intent": "report"}, "case": 1, "letter": 7} | changes
    return Correction(make.NOW, "w.li", text, **values)


async def heard(store: Store, conn, *messages) -> list[int]:
    """Store messages in this order; their ids."""
    ids = []
    for number, one in enumerate(messages):
        row = inbox.row_of(make.inbound(**({"id": f"m{number}"} | one)))
        await inbox.add(store, conn, [row])
        ids.append(number + 1)
    return ids


async def test_they_are_kept_in_their_order(store: Store) -> None:
    first, second = correction(), correction("灯坏了", case=2, letter=None)
    async with store.write() as conn:
        assert await corrections.every(conn) == []
        await corrections.add(conn, first)
        await corrections.add(conn, second)
        assert await corrections.every(conn) == [first, second]


async def test_what_was_recalled_is_forgotten_and_the_rest_stays(store: Store) -> None:
    async with store.write() as conn:
        await corrections.add(conn, correction(case=1))
        await corrections.add(conn, correction("灯坏了", case=2))
        await corrections.forget(conn, 1)
        assert [one.case for one in await corrections.every(conn)] == [2]


async def test_words_no_database_takes_are_cleaned(store: Store) -> None:
    async with store.write() as conn:
        await corrections.add(conn, correction("灯\x00坏了"))
        (kept,) = await corrections.every(conn)
        assert "\x00" not in kept.text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("门口打牌", 4, id="the latest"),
        pytest.param("门口打牌打到", 4, id="more of its words"),
        pytest.param("门口 打牌…", 4, id="spaces and dots of the platform"),
        pytest.param("@小助手 门口打牌", 4, id="with the mention that was stripped"),
        pytest.param("路灯", 2, id="an earlier one"),
        pytest.param("打牌", None, id="not its beginning"),
        pytest.param("别的群", None, id="said in another chat"),
        pytest.param("点了", None, id="not said but clicked"),
        pytest.param("以后", None, id="said later"),
        pytest.param("…", None, id="no words at all"),
    ],
)
async def test_a_message_by_its_first_words(store: Store, words: str, found: int | None) -> None:
    async with store.write() as conn:
        await heard(
            store,
            conn,
            {"text": "门口打牌"},
            {"text": "路灯坏了"},
            {"text": "别的群里", "chat": "g02.residents"},
            {"text": "门口打牌打到好晚"},
            {"text": "点了", "kind": Kind.CLICKED, "button": "x"},
            {"text": "以后的话"},
        )
        one = await letters.beginning(conn, make.GROUP.key, words, before=6)
        assert (one.id if one else None) == found


async def test_a_message_becomes_part_of_a_case_later(store: Store) -> None:
    async with store.write() as conn:
        (one,) = await heard(store, conn, {"text": "路灯坏了"})
        before = await letters.get(conn, one)
        await letters.belongs(conn, one, 5)
        after = await letters.get(conn, one)
        assert before
        assert after
        assert (before.case, after.case, after.inbound.text) == (None, 5, "路灯坏了")
        assert await letters.get(conn, one + 1) is None
