"""Where else the words of somebody stand who asks to be forgotten: chats, helping, proposals."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update

from domain.deliberation import Act
from domain.messages import Address, Inbound, Kind
from domain.volunteers import State
from store import inbox
from store import tables as t
from store import tables_appointments as ta
from store import tables_deliberation as td
from store.engine import Connection

_V, _N, _E = ta.volunteers.c, ta.volunteer_needs.c, td.proposal_events.c
_OVER = (State.DONE.value, State.OFF.value)


async def chats_of(conn: Connection, channel: str, sender: str) -> list[str]:
    """The conversations of a channel in which somebody may have said something."""
    hints = (t.inbox.c.channel == channel, t.inbox.c.body_json.contains(sender, autoescape=True))
    rows = await conn.execute(select(t.inbox.c.conversation).where(*hints).distinct())
    return sorted(rows.scalars())


async def note_left(conn: Connection, where: Address, sender: str, now: datetime) -> None:
    """Note that somebody is gone from a chat: the words a case still needs go once it has ended."""
    gone = Inbound(where, sender, f"forget:{sender}:{now.isoformat()}", now, Kind.LEFT)
    row = inbox.row_of(gone) | {"handled_at": now, "outcome": "left"}
    await conn.execute(insert(t.inbox).values(row))


async def hide(conn: Connection, people: Sequence[str]) -> int:
    """Hide what these ids said as a volunteer, of help that is over, of proposals; how many rows.

    Nobody asks him for help any more. What help he still looks for stays: whoever sees to it could
    not otherwise. That he thought something of a proposal stays, without the words.
    """
    statements = (
        update(ta.volunteers)
        .where(_V.person.in_(people), _V.active | (_V.words != ""))
        .values(active=False, words=""),
        update(ta.volunteer_needs)
        .where(_N.asked_by.in_(people), _N.state.in_(_OVER), _N.words != "")
        .values(words=""),
        update(td.proposal_events)
        .where(_E.by.in_(people), _E.act == Act.COMMENT.value, _E.words != "")
        .values(words=""),
    )
    return sum([(await conn.execute(one)).rowcount for one in statements])
