"""收到: who has answered a notice, by household where one is known, and who has not."""

from dataclasses import dataclass

from domain.households import household
from domain.notices import Notice
from domain.people import Person
from store import notice_answers, notices
from store.work import Work


@dataclass(frozen=True, slots=True)
class Receipts:
    """How a notice was answered: `answered` households or people, and who is still missing.

    In a group the missing are those of the roster who live there, one of each household: nobody
    else is known.
    """

    answered: int
    missing: tuple[Person, ...]


def voice(work: Work, person: Person | None, speaker: str) -> str:
    """Whose answer it is: a resident's household answers once, staff each for himself."""
    staff = person is not None and person.role.staff
    return household(work.city.world, None if staff else person, speaker)


async def receipts(work: Work, notice: Notice) -> Receipts:
    """Who has answered and who has not."""
    got = await notice_answers.answered(work.conn, notice.id)
    targets = await notices.targets(work.conn, notice.id, ["queued", "listed"])
    world = work.city.world
    named = [one for it in targets if it.person and (one := world.person(it.person))]
    if notice.audience.to == "residents":
        areas = {grid.id for it in targets for grid in world.grids(it.area)}
        named = [one for one in world.people.values() if not one.role.staff and one.area in areas]
    if notice.audience.to == "staff":
        areas = {grid.id for it in targets for grid in world.grids(it.area)}
        named = [one for grid in sorted(areas) for one in world.workers(grid)]
    said = set(got.values())
    missing: dict[str, Person] = {}
    for one in named:
        home = voice(work, one, one.id)
        if one.id not in said and home not in got:
            missing.setdefault(home if notice.audience.to == "residents" else one.id, one)
    return Receipts(len(got), tuple(missing.values()))
