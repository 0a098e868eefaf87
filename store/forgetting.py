"""Letting go of what somebody said, once he agrees no longer that it is kept.

The words go, the facts stay: that a case was opened, where, and what was done. What a case that has
not ended is about stays until it has: who looks after it could not work otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select, update

from domain.case import Case
from domain.messages import Inbound, Kind
from store import appointments, corrections, inbox, redact, reporters
from store import tables as t
from store import tables_channels as tc
from store.engine import Connection
from store.ways import COPY, SNIPPET

LATER = "forget"  # the kind of timer that waits for a case to end
_SAYS_SOMETHING = 4  # signs; shorter words stand in many sentences


@dataclass(frozen=True, slots=True)
class Said:
    """A message of his that is kept: its row, its case, what it said.

    `shown` are the cases its pictures are part of: one that came before the report stands under
    none itself.
    """

    id: int
    case_id: int | None
    inbound: Inbound
    shown: frozenset[int] = frozenset()


async def said(conn: Connection, conversation: str, sender: str) -> list[Said]:
    """What somebody said in a chat, as far as it has been handled; oldest first."""
    return [one for one in await _heard(conn, conversation) if one.inbound.sender == sender]


async def said_by_who_left(conn: Connection, conversation: str) -> list[Said]:
    """What those said in a chat who have left it since; their ids in the roster do not matter."""
    heard = await _heard(conn, conversation)
    left = {one.inbound.sender for one in heard if one.inbound.kind is Kind.LEFT}
    return [one for one in heard if one.inbound.sender in left]


async def _heard(conn: Connection, conversation: str) -> list[Said]:
    rows = await conn.execute(
        select(t.inbox.c.id, t.inbox.c.case_id, t.inbox.c.body_json)
        .where(t.inbox.c.conversation == conversation, t.inbox.c.handled_at.is_not(None))
        .order_by(t.inbox.c.id)
    )
    shown = await _shown(conn, conversation)
    return [
        Said(row.id, row.case_id, inbox.unpack(row.body_json), frozenset(shown.get(row.id, ())))
        for row in rows
    ]


async def _shown(conn: Connection, conversation: str) -> Mapping[int, set[int]]:
    """The cases that pictures of a chat are part of, by the message they came with."""
    m = tc.media.c
    found: dict[int, set[int]] = {}
    statement = select(m.inbox_id, m.case_id).where(
        m.conversation == conversation, m.case_id.is_not(None)
    )
    for row in await conn.execute(statement):
        found.setdefault(row.inbox_id, set()).add(row.case_id)
    return found


def of(one: Said, case: Case) -> bool:
    """Whether a message is about a case: it stands under it, or its pictures or words are its."""
    text = one.inbound.text
    under = one.case_id == case.id or case.id in one.shown
    return under or (len(text) >= _SAYS_SOMETHING and text in case.words)


async def forget(
    conn: Connection, his: Sequence[Said], cases: Sequence[Case], ids: Sequence[str]
) -> None:
    """Hide messages wherever their words stand: in `cases`, that have ended, and beside them.

    `ids` are those under which he reported. Pictures lose their bytes' name: nothing shows them.
    """
    for case in cases:
        for text in await words_of(conn, case, his, ids):
            await redact.hide(conn, case.id, text)
            await reporters.hide(conn, case.id, text)
        await corrections.forget(conn, case.id)
    await unquote(conn, [one.inbound.text for one in his])
    for text in dict.fromkeys(one.inbound.text for one in his):
        await appointments.hide(conn, ids, text)
    await _blank(conn, his)


async def unquote(conn: Connection, texts: Iterable[str]) -> None:
    """Take words out of the lines that workers were handed to paste, where they led to no case."""
    long = [one for one in texts if len(one) >= _SAYS_SOMETHING]
    await redact.unsay(conn, (COPY,), [part for one in long for part in (one, one[:SNIPPET])])


async def words_of(
    conn: Connection, case: Case, his: Sequence[Said], ids: Sequence[str]
) -> list[str]:
    """Every form in which his words may stand in a case: all of it, his report, his messages."""
    joined = await reporters.of_case(conn, case.id) if case.reporters > 1 else []
    found = [case.words] if case.reporters <= 1 and case.reporter in ids else []
    found += [one.report.words for one in joined if one.person in ids and one.report is not None]
    found += [one.inbound.text for one in his if len(one.inbound.text) >= _SAYS_SOMETHING]
    # Of a case that somebody else reported first, the words at its beginning are that person's.
    first = "" if case.reporter in ids else case.words
    return [one for one in dict.fromkeys(found) if one and not first.startswith(one)]


async def _blank(conn: Connection, his: Sequence[Said]) -> None:
    for one in his:
        bare = replace(one.inbound, text="", quote="", attachments=())
        await conn.execute(
            update(t.inbox).where(t.inbox.c.id == one.id).values(body_json=_body(bare))
        )
    letters = [one.id for one in his]
    gone = {"name": "", "ref_json": "{}", "key": "", "state": "lost", "due_at": None}
    await conn.execute(update(tc.media).where(tc.media.c.inbox_id.in_(letters)).values(gone))


def _body(inbound: Inbound) -> str:
    return str(inbox.row_of(inbound)["body_json"])


async def unheard(conn: Connection, channel: str, chat: str) -> None:
    """Let go of what waited for him to write again."""
    mine = (t.HELD, t.outbox.c.channel == channel, t.outbox.c.chat == chat)
    await conn.execute(update(t.outbox).where(*mine).values(state="stale", error="he left"))
