"""Nobody was there: noted, planned again, taken back. And visits nobody had planned."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.turn import Turn
from bot.understanding.visits import Act
from bot.visits.match import Target
from bot.visits.said import Said
from domain.people import Person
from domain.visits import Visit, VisitKind, VisitStatus, again, day_of, end_of, start_of
from scheduler import caring
from store import visit_talk, visits

_ABSENT = "absent"
_AGAIN = "again"  # the reason's key: somebody was there before, and nobody at home
_DAY = timedelta(days=1)


async def absent(said: Said, act: Act, target: Target, waiting: Sequence[Visit]) -> Visit:
    """The visit on the next working day of its period."""
    work = said.turn.work
    visit = waiting[0] if waiting else None
    free = _next_workday(said, said.day)
    if visit is None:
        visit = await extra(said, target, free)
    data = {"words": act.words, "letters": list(said.letters), "photos": said.photos}
    data |= {
        "letter": said.turn.letter,
        "due": visit.due_at.isoformat(),
        _AGAIN: visit.reason.get(_AGAIN, 0),
    }
    moved = again(visit, max(said.day, min(free, visit.last)))
    moved = replace(moved, reason={**moved.reason, _AGAIN: 1})
    return await visits.save(work.conn, moved, _ABSENT, said.person.id, work.now, **data)


async def absent_back(
    turn: Turn, person: Person, made: Sequence[Visit], named: Collection[str] = ()
) -> Visit | None:
    """Take back that nobody was there, where that was his last word; None where it was not.

    `named` are the subjects that are meant, any where none is given.
    The visit as it is again, with the message that had told of it.
    """
    work = turn.work
    told = await visit_talk.last_told(work.conn, person.id, start_of(day_of(work.now)))
    if told is None or told.how != _ABSENT or told.visit is None:
        return None
    visit = await visits.get(work.conn, told.visit)
    if visit is None or any(one.id == visit.id for one in made):
        return None
    if named and visit.subject not in named:
        return None
    back = _as_before(visit, told.data)
    words = {"words": told.data.get("words", ""), "back": True}
    back = await visits.save(work.conn, back, "taken_back", person.id, work.now, **words)
    if visit.kind is VisitKind.CARE:
        await caring.opened_after_all(work, visit.id, person.name)
    return replace(back, letter=told.data.get("letter"), words=told.data.get("words", ""))


async def told_of(turn: Turn, person: Person, subjects: Collection[str]) -> bool:
    """Whether he told today that he was at one of these, or that nobody was there."""
    work = turn.work
    since = start_of(day_of(work.now))
    if any(one.subject in subjects for one in await visits.made_by(work.conn, person.id, since)):
        return True
    told = await visit_talk.last_told(work.conn, person.id, since)
    visit = await visits.get(work.conn, told.visit) if told and told.visit else None
    return told is not None and told.how == _ABSENT and bool(visit and visit.subject in subjects)


async def has_told(turn: Turn, person: Person) -> bool:
    """Whether he told of any visit today, be it recorded or not."""
    since = start_of(day_of(turn.work.now))
    return await visit_talk.last_told(turn.work.conn, person.id, since) is not None


def _as_before(visit: Visit, data: Mapping[str, Any]) -> Visit:
    if visit.kind is VisitKind.EXTRA:
        return replace(visit, status=VisitStatus.CANCELLED)
    reason = {key: value for key, value in visit.reason.items() if key != _AGAIN}
    if data.get(_AGAIN):
        reason[_AGAIN] = 1
    due = datetime.fromisoformat(data["due"]) if "due" in data else visit.due_at
    return replace(visit, due_at=due, reason=reason)


async def extra(said: Said, target: Target, day: date) -> Visit:
    """A visit nobody had planned."""
    # The same place under two names in one message is gone to twice.
    more = len(await visits.of_subject(said.turn.work.conn, target.area, target.subject, day))
    key = f"{VisitKind.EXTRA.value}:{target.area}:{target.subject}@{said.turn.letter}.{more}"
    visit = Visit(
        id=0,
        key=key,
        kind=VisitKind.EXTRA,
        subject=target.subject,
        name=target.name,
        area=target.area,
        worker=said.person.id,
        rhythm="",
        first=said.day,
        last=day,
        due_at=end_of(day),
        reason={"code": "extra"},
        status=VisitStatus.PLANNED,
    )
    return await visits.add_one(said.turn.work.conn, visit)


def _next_workday(said: Said, day: date) -> date:
    calendar = said.turn.work.city.calendar
    found = day + _DAY
    while not calendar.is_workday(found):
        found += _DAY
    return found
