"""例会: the agenda of the weekly meeting, and what is handed out there as cases (domain.md J1)."""

from typing import Any

from bot import meetings
from bot.activities import aloud, me, name_of
from bot.turn import STAFF, Handler, Turn
from bot.understanding import matter_of
from domain import activities as log
from domain.activities import Activity
from domain.case import Case
from domain.errors import NotAllowed
from domain.intake import Report
from domain.people import Level, Person
from domain.routing import oversees
from domain.rules import OTHER
from domain.steps import Facts, Step
from domain.visits import day_of
from scheduler.plans import noon, shown, standing
from store.agenda import MEETING

_MOST = 8  # lines; more are not read in a chat


async def agenda(turn: Turn) -> None:
    """What is left of the last meetings, what is late, and which plans are behind."""
    work, person = turn.work, me(turn)
    today = day_of(work.now)
    found = await meetings.carried(work, person.area)
    left = [_line(turn, one, heard) for one, heard in found if one.source == MEETING]
    late = [_line(turn, one, heard) for one, heard in found if one.source != MEETING]
    share = work.city.book.at(work.now).activities.remind_share
    plans = await standing(work.conn, work.city, person.area, today)
    behind = log.behind(plans, today, share, work.city.calendar)
    area = work.city.world.area(person.area)
    values = {
        "area": area.name if area is not None else "",
        "carried": left[:_MOST],
        "overdue": late[:_MOST],
        "more": max(0, len(late) - _MOST),
        "plans": shown(behind[:_MOST]),
        "who": [one.name for one in log.expected(work.city.world, person.area)],
    }
    work.reply("replies/agenda", values)


def _line(turn: Turn, case: Case, heard: list[Activity]) -> dict[str, Any]:
    """A case of the agenda: since when, and which meetings have heard of it."""
    work, now = turn.work, turn.work.now
    due = case.dues.finish
    return {
        "case": {
            "number": case.number,
            "words": case.words,
            "assignee": name_of(work, case.assignee),
        },
        "count": len(heard) + 1,
        "since": noon(day_of(case.opened_at)),
        "heard": meetings.days_of(heard),
        "late": case.overdue or (due is not None and due < now),
        "supervised": case.supervised,
    }


async def assign(turn: Turn) -> None:
    """交办 李强 ...: a case for somebody by name. Raises NotAllowed, saying why."""
    work, leader = turn.work, me(turn)
    who, words = _named(turn, leader)
    if not words:
        raise NotAllowed("assign_empty")
    case = await work.file(_report(turn, who, words), answered=True)
    if case.assignee != who.id:
        case = await work.move(case, Step.TRANSFER, leader.id, Facts(words=words, to=who.id))
    work.reply("replies/assigned", case=case)


def _named(turn: Turn, leader: Person) -> tuple[Person, str]:
    """Who is to do it, and what. Whoever hands out answers for that area (J1)."""
    world = turn.work.city.world
    name, _, words = turn.heard.words.partition(" ")
    found = world.find_person(name, leader.area) if name else ()
    if len(found) != 1 or not found[0].role.staff:
        raise NotAllowed("assign_nobody")
    (who,) = found
    area = who.area if _is_grid(turn, who.area) else leader.area
    if not oversees(world, area, leader):
        raise NotAllowed("assign_not_yours")
    return who, words.strip()


def _is_grid(turn: Turn, area: str) -> bool:
    known = turn.work.city.world.area(area)
    return known is not None and known.level is Level.GRID


def _report(turn: Turn, who: Person, words: str) -> Report:
    told, here = turn.listen(words), turn.inbound.address
    return Report(
        words=words,
        intent="report",
        category=matter_of(words) or OTHER,
        urgent=False,
        reporter=turn.speaker.id,
        channel=here.channel,
        chat=here.chat,
        group=here.group,
        area=who.area if _is_grid(turn, who.area) else me(turn).area,
        building=told.location.building or "",
        unit=told.location.unit or "",
        known_place=told.known_place or "",
        source=MEETING,
        letters=turn.letters,
    )


async def meeting(turn: Turn) -> None:
    """Do what was said, unless it was said to the neighbours."""
    if not aloud(turn):
        await (assign if turn.heard.intent == "meeting_assign" else agenda)(turn)


HANDLER = Handler(intents=("meeting_agenda", "meeting_assign"), run=meeting, roles=STAFF)
