"""Needs and those who help: matched, accepted, thanked (domain.md H10)."""

from dataclasses import dataclass, replace
from enum import StrEnum

from domain.messages import Address
from domain.numbers import NEEDS
from domain.people import Person, World


class State(StrEnum):
    """Where a need stands; whoever was asked last."""

    OPEN = "open"  # the neighbours
    OFFICE = "office"  # an organisation
    WORKER = "worker"  # the grid worker sees to it
    TAKEN = "taken"
    DONE = "done"
    OFF = "off"  # nobody is looked for any more


NOWHERE = Address("", "")
OPEN = (State.OPEN, State.OFFICE, State.WORKER)  # somebody may still offer a hand


@dataclass(frozen=True, slots=True)
class Need:
    """What help is looked for in an area, and who said that he would do it.

    `where` is the chat a resident asked in: what was not asked aloud is not told there. `promised`
    is the one the helper said it in. Either is without a channel where there is none.
    """

    id: int
    area: str
    words: str
    asked_by: str
    state: State = State.OPEN
    helper: str = ""
    where: Address = NOWHERE
    promised: Address = NOWHERE

    @property
    def number(self) -> str:
        """What people call it: V1001."""
        return NEEDS.number(self.id)

    def taken(self, helper: str, promised: Address) -> "Need":
        """The need once somebody has said that he will see to it."""
        return replace(self, state=State.TAKEN, helper=helper, promised=promised)

    def reopened(self) -> "Need":
        """The need once whoever had promised is let go."""
        return replace(self, state=State.OPEN, helper="", promised=NOWHERE)


def id_of(number: str) -> int:
    """The id behind a number like V1001; 0 when it is none."""
    return NEEDS.id_of(number)


def organisation(world: World, area: str, hints: tuple[str, ...]) -> Person | None:
    """The first department of an area's that one of the hints names."""
    offices = world.offices(area)
    found = (one for hint in hints for one in offices if hint in one.name + one.notes)
    return next(found, None)


def view(one: Need, world: World) -> dict[str, str]:
    """A need as the templates see it."""
    helper, asker = world.person(one.helper), world.person(one.asked_by)
    return {
        "number": one.number,
        "words": one.words,
        "state": one.state.value,
        "helper": helper.name if helper is not None else "",
        "phone": helper.phone if helper is not None else "",
        "person": asker.name if asker is not None else "",
    }
