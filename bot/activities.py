"""活动台账 in chat: an entry of the log from what was said (domain.md H4, H12, I2, J1, J2)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from bot.turn import Turn
from bot.understanding.activities import Told, told
from domain import activities as log
from domain.activities import Activity
from domain.activity_rules import Kind
from domain.errors import NotAllowed
from domain.people import Area, Person
from domain.visits import day_of
from scheduler.plans import below, noon
from store import activities as stored
from store.work import Work

_OLDEST = timedelta(days=366)


def me(turn: Turn) -> Person:
    """The member of staff who speaks. Raises NotAllowed where the roster has no such person."""
    if turn.speaker.person is None:
        raise NotAllowed("not_staff")
    return turn.speaker.person


def aloud(turn: Turn) -> bool:
    """Whether neighbours read along and nobody spoke to the bot: then it is talk, no entry."""
    public = turn.work.directory.public(turn.inbound.address)
    return public and not turn.addressed


async def entry(turn: Turn) -> Activity:
    """Write down what was said. Raises NotAllowed, saying what is wrong with it."""
    work, person = turn.work, me(turn)
    today = day_of(work.now)
    staff = log.expected(work.city.world, person.area)
    said = told(turn.inbound.text, today, [one.name for one in staff])
    if said.kind is None:
        raise NotAllowed("activity_kind")
    if said.day is None:
        raise NotAllowed("activity_day")
    if said.day > today:
        raise NotAllowed("activity_ahead")
    if said.day < today - _OLDEST:
        raise NotAllowed("activity_day")
    people, absent = _there(said, staff, person)
    area = _area(work, person, turn.heard.words)
    fresh = Activity(
        id=0,
        area=area.id if area is not None else person.area,
        kind=said.kind,
        day=said.day,
        at=work.now,
        by=person.id,
        words=turn.inbound.text.strip(),
        times=said.times,
        amounts=said.amounts,
        stages=said.stages,
        people=tuple(people),
        absent=tuple(absent),
    )
    return await stored.add(work.conn, fresh, turn.letter)


def _area(work: Work, person: Person, words: str) -> Area | None:
    """The area below the speaker's own that is named: a street's desk tells of a community."""
    world = work.city.world
    named = [
        one for id_ in below(work.city, person.area) if (one := world.areas[id_]).name in words
    ]
    return max(named, key=lambda one: len(one.name), default=None)


def _there(said: Told, staff: Sequence[Person], speaker: Person) -> tuple[list[str], list[str]]:
    """Who took part and who did not, by id.

    Of a weekly meeting everybody else was missing: all have to be there (J1).
    """
    ids = {one.name: one.id for one in staff}
    everybody = list(ids.values())
    if said.all_there:
        return everybody, []
    people = [ids[name] for name in said.people]
    absent = [ids[name] for name in said.absent]
    if said.kind is not Kind.MEETING or not (people or absent):
        return people, absent
    if not people:
        return [one for one in everybody if one not in absent], absent
    if speaker.id in everybody and speaker.id not in (*people, *absent):
        people.append(speaker.id)
    return people, [one for one in everybody if one not in people]


def view(work: Work, one: Activity) -> dict[str, Any]:
    """An entry as the templates see it."""
    world, away = work.city.world, work.city.leaves.away(one.day)
    area = world.area(one.area)
    return {
        "number": one.id,
        "area": area.name if area is not None else "",
        "day": noon(one.day),
        "kind": one.kind.value,
        "times": one.times,
        "amounts": [asdict(amount) for amount in one.amounts],
        "stages": list(one.stages),
        "who": [name_of(work, who) for who in one.people],
        "missing": [{"name": name_of(work, who), "leave": who in away} for who in one.absent],
    }


def name_of(work: Work, person: str) -> str:
    """What the roster calls somebody; "" for whom it does not know any more."""
    known = work.city.world.person(person)
    return known.name if known is not None else ""
