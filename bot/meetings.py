"""Weekly meetings: what they carry over, what is supervised then, and their minutes (J1, D4)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.activities import me
from bot.turn import Turn
from domain import activities as log
from domain.activities import Activity
from domain.activity_rules import Kind
from domain.case import Case
from domain.errors import NotAllowed
from domain.steps import Facts, Step
from domain.visits import day_of
from scheduler.plans import below, noon
from store import activities as stored
from store import media, minutes, visits
from store.agenda import MEETING, matters
from store.minutes import Part
from store.work import Work

MEETINGS = (Kind.MEETING, Kind.COUNCIL, Kind.MEDIATION, Kind.HEARING)  # what has minutes
YEAR = _TOLD_LATE = timedelta(days=366)  # a meeting may be told of long after its day


def places_of(work: Work, area: str) -> list[str]:
    """The areas whose matters come before somebody's meeting: his communities and below."""
    found = log.communities(work.city.world, area)
    return [id_ for one in found for id_ in below(work.city, one.id)]


async def carried(work: Work, area: str) -> list[tuple[Case, list[Activity]]]:
    """What is before the meeting of an area, each with the meetings that have heard of it."""
    places = places_of(work, area)
    today = day_of(work.now)
    found = await matters(work.conn, places)
    since = min((day_of(one.opened_at) for one in found), default=today)
    around = {*places, *(one.id for here in places for one in work.city.world.chain(here))}
    entries = await stored.between(work.conn, sorted(around), since, today)
    world = work.city.world
    return [(one, log.heard_at(world, entries, one.area, one.opened_at)) for one in found]


async def supervise(turn: Turn, made: Activity) -> list[Case]:
    """Supervise what a meeting handed out and later ones found undone again and again (D4)."""
    if made.kind is not Kind.MEETING:
        return []
    work = turn.work
    rules = work.city.book.at(work.now).activities
    moved = []
    for case, heard in await carried(work, made.area):
        if case.source != MEETING or case.supervised or len(heard) < rules.supervise_after:
            continue
        facts = Facts(words=dates_of(heard), level=rules.supervised_by)
        moved.append(await work.move(case, Step.SUPERVISE, me(turn).id, facts))
    return moved


def dates_of(meetings: Sequence[Activity]) -> str:
    """The days of some meetings, short: 11.23 11.30."""
    return " ".join(dict.fromkeys(f"{one.day.month}.{one.day.day}" for one in meetings))


def days_of(meetings: Sequence[Activity]) -> list[str]:
    """The days of some meetings, for the templates."""
    return list(dict.fromkeys(noon(one.day) for one in meetings))


# Minutes


async def last(turn: Turn, since: datetime) -> Activity | None:
    """The newest meeting of the speaker's communities that was told of since then."""
    work, person = turn.work, me(turn)
    places, today = places_of(work, person.area), day_of(work.now)
    places += [one.id for one in work.city.world.chain(person.area) if one.id not in places]
    entries = await stored.between(work.conn, places, day_of(since) - _TOLD_LATE, today)
    held = [one for one in entries if one.kind in MEETINGS and one.at >= since]
    return max(held, key=lambda one: (one.at, one.id), default=None)


async def note(turn: Turn, words: str) -> tuple[Activity, list[Part]]:
    """Add a message to the minutes of the last meeting. Raises NotAllowed where there is none."""
    work = turn.work
    span = work.city.book.at(work.now).activities.minutes_for
    held = await last(turn, work.now - span)
    if held is None:
        raise NotAllowed("no_meeting")
    await _add(turn, held.id, words, turn.letters)
    return held, await minutes.of_meeting(work.conn, held.id)


async def join_minutes(turn: Turn) -> bool:
    """Add a picture without words to the minutes its sender has just written; False: to none."""
    work, by = turn.work, turn.speaker.id
    since = work.now - work.city.book.at(work.now).grouping_window
    part = await minutes.last_of(work.conn, by, since)
    if part is None or await visits.made_by(work.conn, by, part.at):
        return False  # he has gone on to something else meanwhile
    await _add(turn, part.meeting, "", turn.letters)
    return True


async def _add(turn: Turn, meeting: int, words: str, letters: Sequence[int]) -> None:
    work = turn.work
    if letters:
        await work.flush_media()
    photos = await media.pictures(work.conn, letters) if letters else 0
    part = Part(meeting, work.now, turn.speaker.id, words, photos)
    await minutes.add(work.conn, part)
