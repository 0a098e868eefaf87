"""Proposals, their history, and the households' votes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from domain.deliberation import Act, Choice, Proposal, Stage
from store import redact
from store import tables_deliberation as t
from store.engine import Connection, Store
from store.plain import plain
from store.upsert import upsert

VOTE = "vote"  # the kind of the timer that closes a vote
_LONG = 1_000  # characters of what somebody said
_QUOTE_COMMENTS = ("replies/comments", "replies/comment_answered")
_P = t.proposals.c


class Overtaken(Exception):
    """Somebody else moved the proposal at this very moment."""


async def add(conn: Connection, fresh: Proposal) -> Proposal:
    """Write a new proposal down; returns it with its number."""
    values = _row(fresh) | {"opened_at": fresh.opened_at, "author": fresh.author}
    added = await conn.execute(insert(t.proposals).values(values).returning(_P.id))
    stored = Proposal(added.scalar_one(), fresh.area, fresh.author, fresh.words, fresh.opened_at)
    await _note(conn, stored, Act.PROPOSE, stored.author, stored.words, stored.opened_at)
    return stored


async def save(
    conn: Connection, moved: Proposal, act: Act, by: str, words: str, now: datetime
) -> None:
    """Write a step down. Raises Overtaken when the proposal has moved on meanwhile."""
    where = (_P.id == moved.id) & (_P.version == moved.version - 1)
    done = await conn.execute(update(t.proposals).where(where).values(_row(moved)))
    if done.rowcount != 1:
        raise Overtaken(moved.number)
    await _note(conn, moved, act, by, words, now)


async def get(conn: Connection, id_: int) -> Proposal | None:
    """A proposal by its number."""
    row = (await conn.execute(select(t.proposals).where(_P.id == id_))).one_or_none()
    return _proposal(row) if row is not None else None


async def of_areas(conn: Connection, areas: list[str], *, voting: bool = False) -> list[Proposal]:
    """The latest proposals of these areas that are not over, newest first; those voted on now."""
    statement = select(t.proposals).where(
        _P.area.in_(areas), _P.stage.not_in([Stage.ENDED, Stage.DROPPED])
    )
    if voting:
        statement = statement.where(_P.vote_until.is_not(None))
    rows = await conn.execute(statement.order_by(_P.id.desc()).limit(20))
    return [_proposal(row) for row in rows]


async def vote(
    store: Store, conn: Connection, ballot: tuple[int, str, Choice], by: str, now: datetime
) -> bool:
    """Keep a household's vote, its last one counts; whether it had voted before."""
    proposal, household, choice = ballot
    known = household in await ballots(conn, proposal)
    values = {"choice": choice.value, "by": by, "at": now}
    statement = upsert(store, t.ballots).values(proposal=proposal, household=household, **values)
    keys = ["proposal", "household"]
    await conn.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))
    return known


async def drop_vote(
    conn: Connection, ballot: tuple[int, str, Choice], people: Sequence[str]
) -> None:
    """Drop a household's vote that one of these people cast and took back, if it still counts."""
    proposal, household, choice = ballot
    b = t.ballots.c
    where = (b.proposal == proposal) & (b.household == household) & (b.choice == choice.value)
    await conn.execute(delete(t.ballots).where(where, b.by.in_(people)))


async def ballots(conn: Connection, proposal: int) -> Mapping[str, Choice]:
    """The votes by household."""
    where = t.ballots.c.proposal == proposal
    rows = await conn.execute(select(t.ballots).where(where))
    return {row.household: Choice(row.choice) for row in rows}


async def history(conn: Connection, proposal: int) -> list[Any]:
    """What was done with a proposal, oldest first."""
    where = t.proposal_events.c.proposal == proposal
    rows = await conn.execute(
        select(t.proposal_events).where(where).order_by(t.proposal_events.c.version)
    )
    return list(rows)


async def hide(conn: Connection, people: Sequence[str], words: str) -> None:
    """Take a comment's words out that one of these people took back; that it was made stays."""
    if words:
        e = t.proposal_events.c
        where = (e.act == Act.COMMENT.value) & e.by.in_(people) & (e.words == plain(words)[:_LONG])
        found = await conn.execute(update(t.proposal_events).where(where).values(words=""))
        if found.rowcount:
            await redact.unsay(conn, _QUOTE_COMMENTS, [plain(words)[:_LONG]])


async def _note(
    conn: Connection, proposal: Proposal, act: Act, by: str, words: str, now: datetime
) -> None:
    row = {"proposal": proposal.id, "version": proposal.version, "at": now, "by": by}
    row |= {"act": act.value, "words": plain(words)[:_LONG]}
    await conn.execute(insert(t.proposal_events).values(row))


def _row(proposal: Proposal) -> dict[str, Any]:
    return {
        "area": proposal.area,
        "words": plain(proposal.words)[:_LONG],
        "stage": proposal.stage.value,
        "round": proposal.round,
        "version": proposal.version,
        "passed": proposal.passed,
        "vote_until": proposal.vote_until,
    }


def _proposal(row: Any) -> Proposal:
    return Proposal(
        row.id,
        row.area,
        row.author,
        row.words,
        row.opened_at,
        Stage(row.stage),
        row.round,
        row.version,
        row.passed,
        row.vote_until,
    )
