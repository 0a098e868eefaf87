"""What the card of a grid (连心卡) cannot say: whom nobody can call (domain.md H8).

A number that is none, and a grid or a community with nobody on duty, stop the start (world.py).
"""

from bot.deployment.files import Report
from bot.deployment.world import PEOPLE
from domain.people import Role, World

_ON_THE_CARD = (Role.WORKER, Role.LEADER)
_NAMED = 5  # names; who reads more looks into the file anyway


def advise_contact(world: World, report: Report) -> None:
    """Warn, once for all of them, of workers and leaders without a number."""
    mute = [
        one.name
        for one in world.people.staff.values()
        if one.role in _ON_THE_CARD and not one.phone
    ]
    if mute:
        names = "、".join(mute[:_NAMED])
        report.warn("no_phone", PEOPLE, 0, "phone", count=len(mute), names=names)
