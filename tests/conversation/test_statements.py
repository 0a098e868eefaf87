"""What one message costs the database: each statement, in order; more than these is looked at."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from unittest import mock

import pytest
from sqlalchemy import event

from bot.understanding import Listener, Understanding
from store import sqlite_link
from store.engine import Store
from tests.conversation.town import GROUP, Town

_WHAT = re.compile(r"(?:FROM|INTO|UPDATE) (\w+)")

# Nothing of windows, notices, visits, votes, appointments, volunteers or identities.
CLAIM = ["SELECT inbox", "SELECT inbox"]  # which wait, and the first messages of these
KNOWN = ["SELECT questions", "SELECT media", "SELECT cases", "SELECT reporters"]
HEARD = ["INSERT inbox"]
CHATTER = [*CLAIM, *KNOWN, "UPDATE inbox"]
REPORT = [
    *CLAIM,
    *KNOWN,
    "SELECT cases",  # whether a neighbour has reported it already
    "INSERT cases",
    "INSERT events",
    "INSERT timers",
    "INSERT outbox",
    "UPDATE inbox",
]
ACCEPT = [
    *CLAIM,
    *KNOWN,
    "SELECT cases",  # which of his cases he means
    "SELECT cases",  # and that one locked
    "UPDATE cases",
    "INSERT events",
    "DELETE timers",
    "INSERT outbox",
    "UPDATE inbox",
]
SENT = [
    "SELECT outbox",  # what is due
    "SELECT outbox",  # whether something else must go before it
    "UPDATE outbox",  # claimed
    "UPDATE outbox",  # sent
    "SELECT outbox",  # is there more
    "SELECT outbox",  # when is the next one due
]
IDLE = ["SELECT outbox", "SELECT outbox"]


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """The statements that run meanwhile, each with the table it is about."""
    found: list[str] = []

    def note(_conn, _cursor, statement: str, *_rest) -> None:
        table = _WHAT.search(statement)
        if table is not None:  # no BEGIN
            found.append(f"{statement.split(maxsplit=1)[0]} {table[1]}")

    def sent(conn, ran):  # past SQLAlchemy, in one trip
        for sql, _ in ran:
            note(None, None, sql)
        return whole(conn, ran)

    def here(run):  # past SQLAlchemy, within its transaction
        def noted(link, sql, values):
            note(None, None, sql)
            return run(link, sql, values)

        return noted

    whole, link = sqlite_link._whole, sqlite_link.Link
    event.listen(store.engine.sync_engine, "before_cursor_execute", note)
    try:
        with (
            mock.patch.object(sqlite_link, "_whole", sent),
            mock.patch.object(link, "now", here(link.now)),
            mock.patch.object(link, "now_many", here(link.now_many)),
        ):
            yield found
    finally:
        event.remove(store.engine.sync_engine, "before_cursor_execute", note)


async def cost(town: Town, sender: str, text: str, group: str = "") -> list[list[str]]:
    """The statements of hearing, handling and answering a message of a chat that is known."""
    app = town.app
    with statements(app.store) as heard:
        await town.robot.say(sender, text, group)
    with statements(app.store) as handled:
        assert await app.dispatcher.run_once() == 1
    with statements(app.store) as answered:
        await app.deliveries[town.robot.name].run_once()
    return [heard, handled, answered]


@pytest.fixture
async def there(open_town) -> AsyncIterator[Town]:
    """A group and a worker who have both written before."""
    async with open_town("robot") as town:
        await town.say("robot", "r.wang", "早", GROUP)
        await town.say("robot", "w.li", "我的工单")
        yield town


async def test_chatter(there: Town) -> None:
    assert await cost(there, "r.wang", "大家早上好呀", GROUP) == [HEARD, CHATTER, IDLE]


async def test_a_report_and_the_worker_who_accepts_it(there: Town) -> None:
    assert await cost(there, "r.wang", "3号楼2单元楼道灯不亮了", GROUP) == [HEARD, REPORT, SENT]
    assert await cost(there, "w.li", "接单") == [HEARD, ACCEPT, SENT]
    assert (await there.case())["status"] == "accepted"


async def test_only_a_receipt_looks_for_notices(there: Town) -> None:
    """收到 may be meant for a notice: nothing else asks for one."""
    receipt = [*CLAIM, *KNOWN, "SELECT notice_targets", "UPDATE inbox"]
    assert await cost(there, "r.wang", "收到", GROUP) == [HEARD, receipt, IDLE]


async def test_ten_at_once_share_what_is_read(there: Town) -> None:
    """What is read is read once for all of them, and what they come to is written once."""
    for number in range(10):
        await there.robot.say(f"r.{number}", f"{number + 1}号楼2单元楼道灯不亮了", GROUP)
    with statements(there.app.store) as handled:
        assert await there.app.dispatcher.run_once() == 10
    once = [one for one in REPORT if one not in ("SELECT cases", "INSERT cases")]
    assert [one for one in handled if one in once] == once
    assert handled.count("INSERT cases") == 10
    assert len(handled) == len(once) + 1 + 2 * 10  # each looked for its like, and opened its case


async def test_what_is_doubtful_is_listed_with_one_look(there: Town, monkeypatch) -> None:
    """The timer of the daily digest is looked for once, from the first of them on."""
    doubtful = Understanding(intent="chat", sure=0.9, suspect=True)
    monkeypatch.setattr(Listener, "understand", lambda *_: doubtful)
    for words in ("听说甲事不大对劲", "听说乙事不大对劲", "听说丙事不大对劲"):
        await there.robot.say("r.wang", words, GROUP)
    with statements(there.app.store) as handled:
        assert await there.app.dispatcher.run_once() == 3
    looked = ["SELECT timers", "INSERT timers"]
    assert handled == [*CLAIM, *KNOWN, *looked, "UPDATE inbox"]


async def test_asked_where_nothing_is_open_nothing_is_forgotten(there: Town) -> None:
    """All questions of the chat are known by then: none is taken back on suspicion."""
    with statements(there.app.store) as handled:
        await there.robot.say("r.wang", "楼道灯不亮了", GROUP)
        assert await there.app.dispatcher.run_once() == 1
    assert handled.count("INSERT questions") == 1
    assert handled.count("DELETE questions") == 0
