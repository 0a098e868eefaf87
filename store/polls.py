"""Polls as stored, and their answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, func, insert, select, update

from domain.messages import Address
from domain.notices import Notice, Status
from domain.polls import QUIZ, SURVEY, Poll, PollKind, Score, from_json, scores, to_json
from store import notice_here
from store import tables_notices as n
from store import tables_polls as t
from store.engine import Connection, Store
from store.notices import notice_of, targets
from store.prepared import Prepared
from store.upsert import upsert

_P, _A = t.polls.c, t.poll_answers.c
_AT = n.notice_targets.c
# A draft that was mended into plain words asks nothing any more.
_SENT = (n.notices.c.status == Status.SENT.value) & n.notices.c.ready.in_((SURVEY, QUIZ))


async def add(conn: Connection, fresh: Poll) -> None:
    """Keep what a notice asks."""
    row = {
        "notice_id": fresh.notice,
        "kind": fresh.kind.value,
        "area": fresh.area,
        "title": fresh.title,
        "questions_json": orjson.dumps(to_json(fresh.questions)).decode(),
        "closed_at": None,
    }
    await conn.execute(insert(t.polls).values(row))


async def get(conn: Connection, notice: int) -> Poll | None:
    """What a notice asks; None where it asks nothing."""
    row = (await conn.execute(select(t.polls).where(_P.notice_id == notice))).one_or_none()
    return _poll(row) if row is not None else None


async def close(conn: Connection, notice: int, now: datetime) -> bool:
    """Note that a poll was counted; False where it was before, or is none."""
    where = (_P.notice_id == notice) & _P.closed_at.is_(None)
    done = await conn.execute(update(t.polls).where(where).values(closed_at=now))
    return bool(done.rowcount == 1)


async def asked_here(
    conn: Connection, address: Address, person: str, area: str, number: int = 0
) -> list[tuple[Poll, Notice]]:
    """The polls on their way that were asked in a group, or of a person; the newest first.

    Who answers in private what was asked in the group of his `area` has answered as well.
    `number` narrows it to one.
    """
    values: dict[str, Any] = {**notice_here.bound(address, person, area), "b_number": number}
    asked = _asked(group=address.group, home=bool(area), one=bool(number))
    return [(_poll(row), notice_of(row)) for row in await asked.rows(conn, values)]


@cache  # a statement is made once: making it costs more than running it
def _asked(*, group: bool, home: bool, one: bool) -> Prepared:
    here = notice_here.said_here(group=group, home=home)
    wanted = (
        select(t.polls, n.notices)
        .join(n.notices, n.notices.c.id == _P.notice_id)
        .where(_P.closed_at.is_(None), _SENT)
        .where(select(_AT.id).where(_AT.notice_id == _P.notice_id, here).exists())
        .order_by(_P.notice_id.desc())
    )
    return Prepared(wanted.where(_P.notice_id == bindparam("b_number")) if one else wanted)


async def of_areas(
    conn: Connection, kind: PollKind, areas: Sequence[str], limit: int = 20
) -> list[tuple[Poll, Notice]]:
    """The polls of a kind that were sent in these areas, the newest first."""
    wanted = (
        select(t.polls, n.notices)
        .join(n.notices, n.notices.c.id == _P.notice_id)
        .where(_P.kind == kind.value, _P.area.in_(areas), _SENT)
        .order_by(_P.notice_id.desc())
        .limit(limit)
    )
    return [(_poll(row), notice_of(row)) for row in await conn.execute(wanted)]


async def drawn(conn: Connection, area: str) -> int:
    """How many questions the quizzes of an area have had, those not sent left out."""
    wanted = (
        select(_P.questions_json)
        .join(n.notices, n.notices.c.id == _P.notice_id)
        .where(_P.kind == PollKind.QUIZ.value, _P.area == area, _SENT)
    )
    return sum(len(orjson.loads(row[0])) for row in await conn.execute(wanted))


async def answer(
    store: Store, conn: Connection, notice: int, voice: str, marks: Sequence[int], by: str,
    now: datetime,
) -> bool:  # fmt: skip
    """Keep an answer, the last one counts; whether there was one before."""
    where = (_A.notice_id == notice) & (_A.voice == voice)
    known = (await conn.execute(select(func.count()).where(where))).scalar_one()
    values = {"marks": "".join(map(str, marks)), "by": by, "at": now}
    statement = upsert(store, t.poll_answers).values(notice_id=notice, voice=voice, **values)
    keys = ["notice_id", "voice"]
    await conn.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))
    return bool(known)


async def drop_answer(conn: Connection, notice: int, voice: str, people: Sequence[str]) -> None:
    """Drop the answer of a household that one of these people gave and took back."""
    where = (_A.notice_id == notice) & (_A.voice == voice) & _A.by.in_(people)
    await conn.execute(delete(t.poll_answers).where(where))


async def answers(conn: Connection, notice: int) -> Mapping[str, tuple[int, ...]]:
    """The marks by voice."""
    rows = await conn.execute(
        select(_A.voice, _A.marks).where(_A.notice_id == notice).order_by(_A.voice)
    )
    return {row.voice: tuple(map(int, row.marks)) for row in rows}


_ANSWERS_OF = select(_A.notice_id, _A.marks).where(
    _A.voice == bindparam("b_voice"), _A.notice_id.in_(bindparam("notices", expanding=True))
)


async def answers_of(
    conn: Connection, voice: str, notices: Sequence[int]
) -> Mapping[int, tuple[int, ...]]:
    """The marks one voice gave, by poll; those of these polls it has answered."""
    rows = await conn.execute(_ANSWERS_OF, {"b_voice": voice, "notices": notices})
    return {row.notice_id: tuple(map(int, row.marks)) for row in rows}


async def scores_of(conn: Connection, poll: Poll, away: Mapping[str, str]) -> list[Score]:
    """The scores of whoever was asked a quiz; `away` are those on leave when it ended."""
    asked = await targets(conn, poll.notice, ["queued", "listed"])
    people = [one.person for one in asked if one.person]
    return scores(poll.questions, people, await answers(conn, poll.notice), away)


async def closed_between(
    conn: Connection, kind: PollKind, start: datetime, end: datetime
) -> list[Poll]:
    """The polls of a kind that were counted in a span, `end` not included; the oldest first."""
    where = (_P.kind == kind.value, _P.closed_at >= start, _P.closed_at < end)
    rows = await conn.execute(select(t.polls).where(*where).order_by(_P.notice_id))
    return [_poll(row) for row in rows]


def _poll(row: Any) -> Poll:
    questions = from_json(orjson.loads(row.questions_json))
    kind = PollKind(row.kind)
    return Poll(row.notice_id, kind, row.area, row.title, questions, row.closed_at)
