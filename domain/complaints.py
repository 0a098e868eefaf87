"""A complaint about a grid worker, or a leader, never goes to himself: the desk above has it.

The field's texts name no row for it; what they ask for is that whoever checks is not whoever did it
(domain.md E2), that kinds like this one never echo in the group (B10), and that everything has an
owner (B17). So the leader of his community looks into it, for a leader the street, and so on up.
Who complained is told to nobody.
"""

from collections.abc import Collection

from domain.case import Case
from domain.people import Level, Person, World
from domain.routing import oversees

SOURCE = "complaint"  # the source of a case that is a complaint about one of the staff
CATEGORY = "gov_service"  # how people are served (taxonomy); unknown to the rules, it is `other`


def about_staff(case: Case) -> bool:
    """Whether a case is a complaint about one of the staff."""
    return case.source == SOURCE


def may_have(world: World, case: Case, person: Person | None) -> bool:
    """Whether somebody may be given a case: a complaint goes to a desk above, and nowhere else."""
    return not about_staff(case) or (person is not None and oversees(world, case.area, person))


def area_of(world: World, area: str, *, leader: bool) -> str:
    """The area it stands under: the community's, or, where its leader is meant, the street's.

    "" where nobody knows the place: then the backstop desk has it.
    """
    found = world.ancestor(area, Level.STREET if leader else Level.COMMUNITY)
    return found.id if found is not None else ""


def desk(world: World, area: str, backstop: str, away: Collection[str] = ()) -> str:
    """Who looks into it: the nearest desk at or above `area` that is not `away`."""
    chain = world.chain(area)
    levels = [one.level for one in chain if one.level is not Level.GRID]
    there = [found for one in levels if (found := world.desk(one, area)) is not None]
    present = [one for one in there if one.id not in away]
    return next((one.id for one in (*present, *there)), backstop)


def staff_near(world: World, area: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the workers and of the leader of the community an area is, or lies in."""
    community = world.ancestor(area, Level.COMMUNITY)
    if community is None:
        return (), ()
    leader = world.desk(Level.COMMUNITY, area)
    workers = tuple(one.name for one in world.workers(community.id))
    return workers, (leader.name,) if leader is not None else ()
