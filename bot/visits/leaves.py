"""What leave does to the visits that stand, and who is told of it (domain.md A15)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.turn import Turn
from domain.leave import Leave, approver, present
from domain.people import Person, World
from domain.visits import LENT, day_of, given_back
from store import visits
from store.work import Work

_WAIT = timedelta(days=3)


async def hand_over(work: Work, leave: Leave) -> None:
    """Give the visits of those days to the substitute, or to who stands in for him that day."""
    for visit in await visits.planned_of(work.conn, [leave.person], leave.first):
        goes = present(leave.person, work.city.leaves.away(visit.due))
        if leave.first <= visit.due <= leave.last and goes != leave.person:
            moved = replace(visit, worker=goes)
            await visits.save(work.conn, moved, "moved", "", work.now, **{"from": leave.person})


async def hand_back(work: Work, leave: Leave) -> None:
    """Give back what whoever stood in has not done yet, the substitute or another after him."""
    world, today = work.city.world, day_of(work.now)
    person = world.person(leave.person)
    grids = [one.id for one in world.grids(person.area)] if person is not None else []
    found = await visits.planned_in(work.conn, grids, today)
    found += await visits.planned_of(work.conn, [leave.substitute], today)
    for visit in {one.id: one for one in found}.values():
        others = {one.id for one in world.workers(visit.area)} - {leave.substitute}
        mine = _owns(world, leave.person, visit.area) and visit.worker not in others
        his = mine and leave.first <= visit.due <= leave.last
        if his or visit.reason.get(LENT) == leave.person:
            moved = replace(given_back(visit), worker=leave.person)
            await visits.save(work.conn, moved, "moved", "", work.now, **{"from": visit.worker})


def _owns(world: World, person: str, area: str) -> bool:
    """Whether somebody is the worker of a grid."""
    owner = world.worker_of(area)
    return owner is not None and owner.id == person


async def put_before(work: Work, leave: Leave, after: int = 0) -> None:
    """Ask who decides about a request; his next word may be the answer.

    `after` is the request he has just decided about, where this one had to wait for it.
    """
    world = work.city.world
    person, substitute = world.person(leave.person), world.person(leave.substitute)
    decides = approver(world, person) if person is not None else None
    if person is None or substitute is None or decides is None:
        return
    key = f"leave{leave.id}:ask:{after}"
    values = wording(leave, person, substitute)
    work.tell(decides, "replies/leave_wanted", values, case=None, by="", key=key)
    chat = work.reach(decides).key
    await work.ask(chat, decides.id, "leave", {"leave": leave.id}, _WAIT)


def wording(leave: Leave, person: Person, substitute: Person) -> dict[str, Any]:
    """A request for a template."""
    return {
        "person": person.name,
        "substitute": {"name": substitute.name},
        "first": f"{leave.first.isoformat()}T12:00:00+08:00",
        "last": f"{leave.last.isoformat()}T12:00:00+08:00",
    }


def told(turn: Turn, leave: Leave, *, granted: bool, ended: bool = False) -> None:
    """Tell everybody concerned but the one who speaks, and answer him."""
    work = turn.work
    world = work.city.world
    person, substitute = world.person(leave.person), world.person(leave.substitute)
    if person is None or substitute is None:
        return
    how = "ended" if ended else "granted" if granted else "refused"
    values = {
        **wording(leave, person, substitute),
        "how": how,
        "whom": "",
    }
    work.reply("replies/leave_decided", values)
    people = {"substitute": substitute, "person": person, "leader": approver(world, person)}
    if how == "refused" or not leave.decided_by:  # he has not heard of it yet
        people.pop("substitute")
    for whom, one in people.items():
        if (
            one is not None
            and one.id != turn.speaker.id
            and one.id != leave.decided_by * (not ended)
        ):
            key = f"leave{leave.id}:{how}:{whom}"
            context = {**values, "whom": whom}
            work.tell(one, "replies/leave_decided", context, case=None, by="", key=key)
