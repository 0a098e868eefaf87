"""The way of what cannot simply be said where it belongs: another channel, later, or by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.messages import Address
from domain.people import Person
from domain.routes import MANNERS, Choice, Need, Why, choose
from domain.routing import route
from store import outbox, windows
from store.directory import Directory
from store.engine import Connection
from store.outbox import Instead, Saying

COPY = "cards/copy_ready"
_AROUND = ":around"
SNIPPET = 40  # signs of a neighbour's words: enough to know whom the answer is for


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something to be said to a person where it cannot simply be said; `asked` are his words."""

    saying: Saying
    person: str
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Routes:
    """Finds ways within one transaction; `backstop` gets what no worker of a grid can take."""

    conn: Connection
    directory: Directory
    backstop: str
    now: datetime

    async def rows(self, wanted: Sequence[Wanted]) -> list[dict[str, Any]]:
        """The outbox rows of these, each on its best way; some are for the worker to pass on."""
        places = [self._places(one) for one in wanted]
        known = await windows.read(self.conn, [address for some in places for address in some])
        found: list[dict[str, Any]] = []
        for one, some in zip(wanted, places, strict=True):
            found += self._row(one, choose(self.directory.standing(some, known), self._need(one)))
        return found

    async def elsewhere(self, saying: Saying) -> Saying | None:
        """A private message by another way, its first one being closed; None without one.

        Nothing is sent around twice: two closed ways would play it to each other.
        """
        closed = saying.address
        if saying.once.endswith(_AROUND):
            return None
        person = self.directory.speaker(closed.channel, closed.chat).id
        places = [one for one in self.directory.ways(person) if one != closed]
        known = await windows.read(self.conn, places)
        need = self._need(Wanted(saying, person))
        choice = choose(self.directory.standing(places, known), need)
        if choice.way is None or choice.why is Why.OVER:
            return None
        return replace(_there(saying, choice), once=saying.once + _AROUND)

    def _places(self, one: Wanted) -> list[Address]:
        address = one.saying.address
        others = self.directory.ways(one.person, address.channel)
        if address.group or not address.channel or address in others:
            return others
        return [address, *others]

    def _need(self, one: Wanted) -> Need:
        return Need(self.now, here=one.saying.address.channel, buttons=self._staff(one) is not None)

    def _staff(self, one: Wanted) -> Person | None:
        person = self.directory.world.person(one.person)
        return person if person is not None and person.role.staff else None

    def _row(self, one: Wanted, choice: Choice) -> list[dict[str, Any]]:
        staff = self._staff(one)
        if one.saying.address.group and staff is None and not choice.at_once:
            return self._by_hand(one)
        if choice.way is None:
            quiet = _confidential(one.saying)
            group = self.directory.staff_group(staff, "") if staff and not quiet else None
            return [self._aloud(one, group) if group is not None else self._dead(one.saying)]
        row = outbox.row_of(_there(one.saying, choice), self.now)
        return [row | {"state": "held"} if choice.why is Why.OVER else row]

    def _aloud(self, one: Wanted, group: Address) -> dict[str, Any]:
        """To a member of staff by name in his group: nothing else reaches him."""
        sender = self.directory.sender_of(one.person, group.channel)
        person = self.directory.world.person(one.person)
        name = person.name if person is not None else ""
        said = replace(
            one.saying,
            address=group,
            context={**one.saying.context, "name": name},
            to=(sender,) if sender else (),
            handle={},
            route=Why.ANY_TIME,
        )
        return outbox.row_of(said, self.now)

    def _dead(self, saying: Saying) -> dict[str, Any]:
        row = outbox.row_of(replace(saying, route=Why.NOWHERE), self.now)
        return row | {"state": "dead"}  # nobody can be reached there: a person must look

    # By hand

    def _by_hand(self, one: Wanted) -> list[dict[str, Any]]:
        """The same words for the grid's worker to paste into a group the bot cannot write in."""
        saying = one.saying
        if saying.template in MANNERS:
            return []
        if _confidential(saying):  # the worker of the group may be whom it is about
            return [self._dead(saying)]
        worker = self.directory.world.person(self._worker_of(saying.address))
        copy = self.copy(saying, one, worker) if worker is not None else None
        return [outbox.row_of(copy, self.now) if copy is not None else self._dead(saying)]

    def _worker_of(self, group: Address) -> str:
        bound = self.directory.area_of(group)
        area = bound[1] if bound is not None else ""
        return route(self.directory.world, area, self.backstop).person

    def copy(self, saying: Saying, one: Wanted, worker: Person) -> Saying | None:
        """A copy-ready line for a worker: who asked, and the words; None where nothing reaches him.

        It has a button where one tap can post them.
        """
        private = self.directory.private(worker.id, saying.address.channel)
        group = self.directory.staff_group(worker, saying.address.channel)
        instead = None
        if group is not None:
            sender = self.directory.sender_of(worker.id, group.channel)
            instead = Instead(group, (sender,) if sender else (), worker.name)
        address = private or group
        if address is None:
            return None
        who = self.directory.world.person(one.person)
        words = str((saying.context.get("case") or {}).get("words") or one.asked)
        context = {
            **saying.context,
            "name": "" if private is not None else worker.name,
            "who": who.name if who is not None else "",
            "asked": "" if who is not None else words[:SNIPPET],
            "post": self.directory.same_group(saying.address) is not None,
            "copy": {
                "template": saying.template,
                "context": dict(saying.context),
                "channel": saying.address.channel,
                "chat": saying.address.chat,
            },
        }
        return replace(
            saying,
            once=f"{saying.once}:copy",
            address=address,
            template=COPY,
            context=context,
            to=instead.to if private is None and instead is not None else (),
            handle={},
            instead=instead if private is not None else None,
            route=Why.COPY,
        )


def _confidential(saying: Saying) -> bool:
    """Whether it is about a complaint against staff: no group and no worker may hear of it."""
    return bool((saying.context.get("case") or {}).get("about_staff"))


def in_group(saying: Saying) -> Saying | None:
    """The same in the group where he can be told by name instead; None where there is none."""
    if saying.instead is None:
        return None
    return replace(
        saying,
        once=f"{saying.once}:instead",
        address=saying.instead.address,
        context={**saying.context, "name": saying.instead.name},
        to=saying.instead.to,
        handle={},
        instead=None,
        route=Why.UNREACHABLE,
    )


def _there(saying: Saying, choice: Choice) -> Saying:
    """The saying on its way; what was meant for a group is said to one person there."""
    if choice.way is None or choice.way.address == saying.address:
        return replace(saying, route=choice.why)
    return replace(
        saying,
        address=choice.way.address,
        context={**saying.context, "name": ""},
        to=(),
        handle={},
        route=choice.why,
    )
