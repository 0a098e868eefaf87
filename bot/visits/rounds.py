"""Inspection rounds in chat: each item of a component checked, or a reason why not (F17)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.turn import Turn
from bot.understanding.checklist import Inspection
from bot.understanding.visits import Act
from bot.visits.match import Target, targets
from bot.visits.said import Said
from bot.visits.visit import credit
from domain import checklist
from domain.checklist import Item, Mark, State
from domain.people import Person, Place
from domain.visit_rules import BY_FLOOR
from domain.visits import (
    OPEN,
    Confirmed,
    Visit,
    day_of,
    done,
    may_confirm,
    start_of,
    taken_back,
)
from store import checklists, visits


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a message about a round, for the answer.

    `how`: noted, finished, over, none (no such round), unknown, which, not_yours, nothing.
    """

    how: str
    name: str
    part: str = ""
    person: str = ""
    standing: Mapping[Item, Mark] | None = None
    left: Sequence[Item] = ()
    finding: str = ""
    photos: int = 0
    strange: Sequence[str] = ()
    choices: Sequence[str] = ()
    window: str = ""

    def values(self) -> dict[str, Any]:
        """Itself for a template."""
        return {
            "how": self.how,
            "place": self.name,
            "part": self.part,
            "person": self.person,
            "counts": checklist.counts(self.standing or {}),
            "left": len(self.left),
            "groups": shown(self.left),
            "reasons": checklist.remarks(self.standing or {}, State.SKIPPED),
            "finding": self.finding,
            "photos": self.photos,
            "strange": list(self.strange),
            "choices": list(self.choices),
            "window": self.window,
        }


def shown(some: Iterable[Item]) -> list[dict[str, Any]]:
    """Items for a template: units, and spans of floors."""
    return [
        {"units": list(one.units), "floors": [list(span) for span in one.floors]}
        for one in checklist.groups(some)
    ]


async def check(said: Said, told: Inspection) -> Result:
    """Record what a message says of the items of a round."""
    words = said.turn.inbound.text
    name = told.place or told.building
    act = Act(name=name, words=words, known=bool(told.place), building=told.building)
    found = [one for one in await targets(said.turn, said.person, act) if one.kind == "place"]
    if len(found) != 1:
        choices = [one.name for one in found]
        return Result("which" if found else "unknown", name, told.part, choices=choices)
    city, target = said.turn.work.city, found[0]
    if not may_confirm(city.world, target.area, said.person, city.leaves.away(said.day)):
        owner = city.world.worker_of(target.area)
        return Result("not_yours", target.name, told.part, owner.name if owner else "")
    visit = await _round(said, told.part, target)
    if visit is None:
        return Result("none", target.name, told.part)
    if visit.status not in OPEN:
        return Result("over", target.name, told.part)
    return await _marked(said, told, target, visit)


async def _round(said: Said, part: str, target: Target) -> Visit | None:
    """The round of a component at a place: one that goes on before one that is finished."""
    there = await visits.of_subject(said.turn.work.conn, target.area, target.subject, said.day)
    mine = [one for one in there if one.reason.get("part") == part]
    return min(mine, key=lambda one: one.status not in OPEN, default=None)


async def _marked(said: Said, told: Inspection, target: Target, visit: Visit) -> Result:
    """Write the marks into the log; the last item finishes the round."""
    work = said.turn.work
    every = items_of(said.turn.work.city.world.places_of(target.area), visit)
    checks = (await checklists.of_visits(work.conn, [visit.id]))[visit.id]
    before = checklists.standing(checks)
    change = checklist.told(every, before, told.lines)
    if not change.marks:
        left = checklist.left(every, before)
        return Result("nothing", target.name, told.part, left=left, strange=change.strange)
    now = {**before, **change.marks}
    left = checklist.left(every, now)
    finding = _finding(told.part, change.marks)
    letters = sorted(set(said.letters) - {one for each in checks for one in each.letters})
    data: dict[str, object] = {
        "words": said.turn.inbound.text,
        "finding": finding,
        "items": checklists.data_of(change.marks),
        "letter": said.turn.letter,
        "letters": letters,
    }
    photos = said.photos if letters else 0
    fresh = replace(visit, photos=visit.photos + photos)
    if not left:
        confirmed = Confirmed(
            work.now, said.person.id, said.turn.inbound.text, "", fresh.photos, said.turn.letter
        )
        fresh = done(fresh, confirmed)
    kind = checklists.CHECKED if left else "done"
    await visits.save(work.conn, fresh, kind, said.person.id, work.now, **data)
    window = await credit(said, Act("", said.turn.inbound.text), target.area)
    return Result(
        how="noted" if left else "finished",
        name=target.name,
        part=told.part,
        standing=now,
        left=left,
        finding=finding,
        photos=photos,
        strange=change.strange,
        window=window,
    )


def items_of(places: Iterable[Place], visit: Visit) -> tuple[Item, ...]:
    """The items of a round; one whose place is gone from the roster is the place itself."""
    place = next((one for one in places if one.name == visit.subject), None)
    if place is None:
        return (("", ""),)
    return checklist.items(place, str(visit.reason.get("by", BY_FLOOR)))


def _finding(part: str, marks: Mapping[Item, Mark]) -> str:
    """What is broken and on which floor, as it was said: the words of a case."""
    broken = "，".join(checklist.remarks(marks, State.BROKEN))
    return f"{part}{broken}" if broken else ""


async def round_back(turn: Turn, person: Person, made: Sequence[Visit]) -> bool:
    """Take back what his last message said of a round; False where that was no round."""
    work = turn.work
    checks = await checklists.last_of(work.conn, person.id, start_of(day_of(work.now)))
    if not checks or (made and (made[0].letter or 0) > checks[0].letter):
        return False
    names = []
    for one in checks:
        visit = await visits.get(work.conn, one.visit)
        if visit is None:
            continue
        names.append({"place": visit.name, "window": ""})
        back = visit if visit.status in OPEN else taken_back(visit, work.now)
        await visits.save(
            work.conn, back, "taken_back", person.id, work.now, words=one.words, back=True
        )
    opened = any(one.case for one in checks)
    work.reply("replies/visit_back", {"places": names, "opened": opened})
    return True


async def progress(turn: Turn, person: Person, part: str) -> list[dict[str, Any]]:
    """How the rounds around somebody stand: each place with the items that are left."""
    work = turn.work
    world, today = work.city.world, day_of(work.now)
    areas = [grid.id for grid in world.grids(person.area)]
    rounds = await checklists.rounds(work.conn, areas, today)
    wanted = [one for one in rounds if part in str(one.reason["part"])]
    told = await checklists.of_visits(work.conn, [one.id for one in wanted])
    found = []
    for one in wanted:
        every = items_of(world.places_of(one.area), one)
        left = checklist.left(every, checklists.standing(told[one.id]))
        line = {"place": one.name, "part": one.reason["part"], "total": len(every)}
        found.append({**line, "left": len(left), "groups": shown(left)})
    return found
