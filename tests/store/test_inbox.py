"""What was heard: stored once, taken in order, by one process at a time."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.channels.base import Received
from bot.ingest import Ingest
from bot.stations import Watch
from domain.messages import Attachment, Inbound
from store import arrivals, inbox
from store import tables as t
from store.engine import Store
from tests import factories as make
from tests import postgres


async def put(store: Store, *messages: Inbound) -> int:
    """Store messages in one transaction; returns how many were new."""
    async with store.write() as conn:
        return len(await inbox.add(store, conn, [inbox.row_of(one) for one in messages]))


async def take(store: Store, now=make.NOW, **limits: int) -> dict[str, list[str]]:
    """What would be handled now: texts by chat."""
    async with store.write() as conn:
        found = await inbox.claim(conn, now, **limits)
    return {
        mine[0].inbound.address.chat: [one.inbound.text for one in mine] for mine in found.values()
    }


async def done(store: Store, *ids: int) -> None:
    async with store.write() as conn:
        await inbox.handled(conn, [(one, "report", None) for one in ids], make.NOW)


@pytest.mark.parametrize(
    ("first", "second", "stored"),
    [
        pytest.param(make.inbound(id="m1"), make.inbound(id="m1"), 1, id="the same id"),
        pytest.param(
            make.inbound(id="m1"), make.inbound(id="m2"), 2, id="the same words, other id"
        ),
        pytest.param(
            make.inbound(id="m1"), make.inbound("别的话", id="m1"), 1, id="the same id, other words"
        ),
        pytest.param(
            make.inbound(id="m1"),
            make.inbound(id="m1", address=replace(make.GROUP, channel="other")),
            2,
            id="the same id on another channel",
        ),
        pytest.param(make.inbound(), make.inbound(), 1, id="no ids, one person, same words"),
        pytest.param(
            make.inbound(), make.inbound(sender="r.chen"), 2, id="no ids, two people, same words"
        ),
        pytest.param(
            make.inbound(), make.inbound(chat="g02.residents"), 2, id="no ids, same words elsewhere"
        ),
        pytest.param(
            make.inbound(),
            make.inbound(received_at=make.after(minutes=1)),
            2,
            id="no ids, a minute later",
        ),
        pytest.param(
            make.inbound(id="x" * 300 + "1"),
            make.inbound(id="x" * 300 + "2"),
            2,
            id="ids that differ far behind",
        ),
        pytest.param(
            make.inbound(id="x" * 400), make.inbound(id="x" * 400), 1, id="the same very long id"
        ),
    ],
)
@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "in two batches"])
async def test_stored_once(
    store: Store, first: Inbound, second: Inbound, stored: int, together: bool
) -> None:
    batches = [(first, second)] if together else [(first,), (second,)]
    assert sum([await put(store, *batch) for batch in batches]) == stored
    async with store.read() as conn:
        assert (await conn.execute(select(func.count()).select_from(t.inbox))).scalar() == stored


STRANGE = [
    pytest.param({"text": "灯\0坏了"}, {"text": "灯坏了"}, id="NUL in the words"),
    pytest.param({"text": "\ud83d"}, {"text": "\ufffd"}, id="half an emoji"),
    pytest.param({"text": "\ud83d\ude00"}, {"text": "😀"}, id="an emoji in two halves"),
    pytest.param({"text": "\\u0000"}, {"text": "\\u0000"}, id="words that only look like NUL"),
    pytest.param({"text": "😀" * 200}, {"text": "😀" * 200}, id="200 emoji"),
    pytest.param({"text": "字" * 350_000}, {"text": "字" * 350_000}, id="a megabyte"),
    pytest.param({"quote": "\0a\udfff"}, {"quote": "a\ufffd"}, id="in the quote"),
    pytest.param({"external_id": "m\0\ud800"}, {"external_id": "m\ufffd"}, id="in the id"),
    pytest.param({"sender": "r.\0wang"}, {"sender": "r.wang"}, id="in the sender"),
    pytest.param({"button": "a\0", "card": "\0b"}, {"button": "a", "card": "b"}, id="in a click"),
    pytest.param({"handle": {"k\0": "\ud800"}}, {"handle": {"k": "\ufffd"}}, id="in the handle"),
    pytest.param(
        {"attachments": (Attachment("image", "\0.jpg", ref={"key": "\ud800"}),)},
        {"attachments": (Attachment("image", ".jpg", ref={"key": "\ufffd"}),)},
        id="in an attachment",
    ),
]


@pytest.mark.parametrize(("sent", "kept"), STRANGE)
async def test_strange_signs_poison_nothing(store: Store, sent: dict, kept: dict) -> None:
    strange = (
        make.inbound(id="strange", **sent) if "external_id" not in sent else make.inbound(**sent)
    )
    assert await put(store, make.inbound(id="before"), strange, make.inbound(id="after")) == 3
    async with store.write() as conn:
        (mine,) = (await inbox.claim(conn, make.NOW)).values()
    found = mine[1].inbound
    assert {name: getattr(found, name) for name in kept} == kept


@pytest.mark.parametrize("field", ["sender", "chat", "external_id"])
async def test_ids_longer_than_their_columns_stay_different(store: Store, field: str) -> None:
    def message(value: str) -> Inbound:
        if field == "chat":
            return make.inbound(chat=value)
        return make.inbound(**{field: value})

    long = ["x" * 1000 + "1", "x" * 1000 + "2", "\0" * 1000, "长" * 1000]
    assert await put(store, *map(message, long)) == 4
    async with store.read() as conn:
        rows = (await conn.execute(select(t.inbox.c.body_json, t.inbox.c.conversation))).all()
    found = [inbox.unpack(row.body_json) for row in rows]
    assert len({(one.address.chat, one.sender, one.external_id) for one in found}) == 4
    assert all(row.conversation == one.address.key for row, one in zip(rows, found, strict=True))
    assert max(len(one.sender) for one in found) <= 200
    assert max(len(one.address.chat) for one in found) <= 200


async def test_a_message_comes_back_as_it_was_heard(store: Store) -> None:
    said = make.inbound(
        "3号楼灯坏了",
        id="m1",
        quote="别的",
        named=True,
        handle={"req": "1"},
        attachments=(Attachment("image", "a.jpg", "k", {"url": "u"}), Attachment("voice")),
    )
    await put(store, said)
    async with store.write() as conn:
        (mine,) = (await inbox.claim(conn, make.NOW)).values()
    assert mine[0].inbound == said


async def test_order_within_a_conversation(store: Store) -> None:
    names = [f"{n}" for n in range(25)]
    for start in range(0, 25, 5):
        rows = [
            make.inbound(name, id=name, chat=chat)
            for name in names[start : start + 5]
            for chat in "ab"
        ]
        assert (
            await put(
                store,
                *[replace(one, external_id=one.external_id + one.address.chat) for one in rows],
            )
            == 10
        )
    assert await take(store, each=25) == {"a": names, "b": names}
    assert await take(store, each=3) == {"a": names[:3], "b": names[:3]}


async def test_what_is_handled_is_not_taken_again(store: Store) -> None:
    await put(store, make.inbound("one", id="1"), make.inbound("two", id="2"))
    await done(store, 1)
    assert await take(store) == {"g01.residents": ["two"]}
    await done(store, 2)
    assert await take(store) == {}


async def test_a_flood_in_one_conversation_does_not_hold_up_the_others(store: Store) -> None:
    await put(store, *(make.inbound(f"{n}", id=f"{n}", chat="flood") for n in range(300)))
    await put(store, make.inbound("hello", id="x", chat="quiet"))
    found = await take(store, conversations=20, each=10)
    assert found["quiet"] == ["hello"]
    assert found["flood"] == [f"{n}" for n in range(10)]


async def test_a_page_full_of_floods_is_passed_over(store: Store) -> None:
    for chat in ("flood", "more"):
        await put(store, *(make.inbound(f"{n}", id=f"{chat}{n}", chat=chat) for n in range(30)))
    await put(store, *(make.inbound("hello", id=f"x{n}", chat=f"quiet{n}") for n in range(9)))
    found = await take(store, conversations=5, each=2)
    assert found == {"flood": ["0", "1"], "more": ["0", "1"]} | {
        f"quiet{n}": ["hello"] for n in range(3)
    }


async def test_who_has_waited_longest_is_next(store: Store) -> None:
    chats = [f"c{n}" for n in (5, 1, 4, 2, 3)]
    await put(store, *(make.inbound("x", id=chat, chat=chat) for chat in chats))
    assert list(await take(store, conversations=2)) == chats[:2]


async def test_what_waits_is_found_by_its_index(store: Store) -> None:
    """In the order of arrival, without sorting: never the whole backlog."""
    await put(store, *(make.inbound("x", id=f"{n}", chat=f"{n}") for n in range(3)))
    how = {True: "EXPLAIN QUERY PLAN ", False: "EXPLAIN "}[store.sqlite]
    where = "handled_at IS NULL AND id > 1 ORDER BY id LIMIT 9"
    async with store.write() as conn:
        if not store.sqlite:
            await conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = await conn.exec_driver_sql(f"{how}SELECT id FROM inbox WHERE {where}")  # noqa: S608
        told = "\n".join(str(tuple(row)) for row in plan)
    assert "ix_inbox_unhandled" in told
    assert "B-TREE" not in told
    assert "Sort" not in told


async def hold(store: Store, chat: str, until, now=make.NOW) -> None:
    async with store.write() as conn:
        found = await inbox.claim(conn, now, conversations=1000)
        (letter,) = [mine[0] for mine in found.values() if mine[0].inbound.address.chat == chat]
        await inbox.hold(conn, letter, until, now)


async def test_a_held_conversation_waits_and_then_goes_on_in_order(store: Store) -> None:
    await put(
        store, *(make.inbound(f"{n}", id=f"{n}{chat}", chat=chat) for n in (1, 2) for chat in "ab")
    )
    await hold(store, "a", make.after(seconds=2))
    assert await take(store) == {"b": ["1", "2"]}
    async with store.read() as conn:
        assert await inbox.next_held(conn) == make.after(seconds=2)
    assert await take(store, make.after(seconds=2)) == {"a": ["1", "2"], "b": ["1", "2"]}
    async with store.write() as conn:
        found = await inbox.claim(conn, make.after(seconds=2))
    assert [one.tries for one in found["simulator|g|a"]] == [1, 0]


async def test_many_held_conversations_do_not_hide_the_others(store: Store) -> None:
    await put(store, *(make.inbound("x", id=f"{n}", chat=f"held{n}") for n in range(100)))
    async with store.write() as conn:
        for mine in (await inbox.claim(conn, make.NOW, conversations=100)).values():
            await inbox.hold(conn, mine[0], make.after(seconds=9), make.NOW)
    await put(store, make.inbound("hello", id="x", chat="quiet"))
    assert await take(store) == {"quiet": ["hello"]}


async def test_a_message_that_is_given_up_frees_its_conversation(store: Store) -> None:
    await put(store, make.inbound("bad", id="1"), make.inbound("good", id="2"))
    await hold(store, "g01.residents", make.after(seconds=1))
    await hold(store, "g01.residents", None, make.after(seconds=1))
    assert await take(store, make.after(seconds=1)) == {"g01.residents": ["good"]}
    async with store.read() as conn:
        assert await inbox.next_held(conn) is None
        assert await inbox.oldest_unhandled(conn) == make.NOW


@postgres.only
async def test_two_processes_never_take_the_same_conversation(store: Store, open_store) -> None:
    await put(
        store, *(make.inbound(f"{n}", id=f"{n}", chat=f"chat{n % 40:02}") for n in range(120))
    )
    taken: list[str] = []
    holding: set[str] = set()

    async def work(mine: Store) -> None:
        while True:
            async with mine.write() as conn:
                found = await inbox.claim(conn, make.NOW, conversations=3, each=1)
                if not found:
                    return
                assert not holding & found.keys()
                holding.update(found)
                await asyncio.sleep(0)
                taken.extend(one.inbound.text for letters in found.values() for one in letters)
                rows = [(one.id, "report", None) for letters in found.values() for one in letters]
                await inbox.handled(conn, rows, make.NOW)
                holding.difference_update(found)

    await asyncio.gather(work(store), work(open_store()), work(open_store()))
    # A process that finds everything locked stops; one goes on to the end.
    assert sorted(taken, key=int) == [f"{n}" for n in range(120)]
    for chat in range(40):
        mine = [int(text) for text in taken if int(text) % 40 == chat]
        assert mine == sorted(mine)


@postgres.only
async def test_what_a_process_took_when_it_died_is_free_at_once(store: Store, open_store) -> None:
    await put(store, make.inbound("hello", id="1"))
    dead = open_store()
    conn = await dead.engine.connect()
    await conn.begin()
    assert await inbox.claim(conn, make.NOW)
    assert await take(store) == {}
    await conn.invalidate()  # the connection is cut, nothing is rolled back by us
    await conn.close()
    assert await take(store) == {"g01.residents": ["hello"]}


@postgres.only
async def test_two_processes_that_write_the_same_new_conversations(
    store: Store, open_store
) -> None:
    async def write(mine: Store, order: int) -> None:
        for batch in range(20):
            chats = [f"{batch}-{n}" for n in range(10)][::order]
            await put(mine, *(make.inbound("x", id=f"{order}{chat}", chat=chat) for chat in chats))

    await asyncio.gather(write(store, 1), write(open_store(), -1))
    assert len(await take(store, conversations=1000)) == 200


async def test_recalled_words_are_hidden_and_the_fact_stays(store: Store) -> None:
    await put(store, make.inbound("别说出去", id="m1", quote="秘密"))
    async with store.write() as conn:
        assert await inbox.recall(conn, "simulator", "m2") is None
        assert await inbox.recall(conn, "simulator", "m1") == (None, "别说出去")
        assert await inbox.recall(conn, "simulator", "m1") == (None, "")
    assert await take(store) == {"g01.residents": [""]}


async def test_a_message_with_a_very_long_id_can_be_recalled(store: Store) -> None:
    await put(store, make.inbound("x", id="m" * 500))
    async with store.write() as conn:
        assert await inbox.recall(conn, "simulator", "m" * 500) == (None, "x")


# Group commit


@pytest.fixture
async def ingest(store: Store):
    commits: list[str] = []
    station = Ingest(store, lambda: None, Watch(commits.append))
    task = asyncio.create_task(station.run())
    yield station, commits
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_waits_is_committed_together_and_each_gets_its_answer(
    ingest, store: Store
) -> None:
    station, commits = ingest
    messages = [make.inbound(f"{n}", id=f"{n % 150}") for n in range(200)]
    answers = await asyncio.gather(*map(station.accept, messages))
    assert answers == [Received.NEW] * 150 + [Received.SEEN] * 50
    assert commits.count("ingest.before_commit") <= 2
    assert await station.accept(messages[0]) is Received.SEEN
    async with store.read() as conn:
        assert (await conn.execute(select(func.count()).select_from(t.inbox))).scalar() == 150


async def test_received_means_committed(ingest, open_store) -> None:
    station, _ = ingest
    assert await station.accept(make.inbound(id="1")) is Received.NEW
    assert await take(open_store()) == {"g01.residents": ["灯坏了"]}


@pytest.mark.parametrize("database", ["sqlite"])  # PostgreSQL has no such way
@pytest.mark.parametrize("number", [1, 2, 63, 500])
async def test_of_many_at_once_those_that_are_new_are_told(store: Store, number: int) -> None:
    """The key of each that was not there before; whatever else the transaction wrote."""
    rows = [inbox.row_of(make.inbound(id=f"{n}", chat=f"c{n % 7}")) for n in range(number + 3)]
    keys = [("simulator", f"{n}") for n in range(number + 3)]
    assert await arrivals.add(store, rows[1:4]) == set(keys[1:4])
    assert await arrivals.add(store, rows[1:4], {row["conversation"] for row in rows}) == set()
    assert await arrivals.add(store, [*rows, rows[0]]) == {keys[0], *keys[4:]}
    async with store.read() as conn:
        assert (await conn.execute(select(func.count()).select_from(t.inbox))).scalar() == len(rows)
        chats = (await conn.execute(select(t.conversations.c.key))).scalars().all()
    assert set(chats) == {row["conversation"] for row in rows}


async def test_one_that_cannot_be_stored_is_refused_alone(ingest) -> None:
    station, _ = ingest
    naive = make.inbound(id="bad", received_at=make.NOW.replace(tzinfo=None))
    messages = [make.inbound(id="1"), naive, make.inbound(id="2")]
    answers = await asyncio.gather(*map(station.accept, messages))
    assert answers == [Received.NEW, Received.REFUSED, Received.NEW]
