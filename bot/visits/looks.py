"""Whom a worker was sent to look after goes before his round: 去看过了，人没事 (domain.md F20)."""

from bot.understanding.visit_sayings import of_whom_he_looks_after, only_a_pronoun
from bot.understanding.visits import Act
from bot.visits.match import Target
from bot.visits.said import Said
from domain.visits import Visit, VisitKind
from domain.welfare import Round, view
from scheduler import caring
from store import welfare


async def meant(said: Said, act: Act) -> list[Target]:
    """Whom an act without a known name may be about: those he was sent to and nobody has seen."""
    if act.known or act.future or act.past:
        return []
    if not (_unnamed(act) or act.name):
        return []
    waiting = await welfare.to_look_after(said.turn.work.conn, said.person.id, said.day)
    people = {one.plan.subject: _target(said, one) for one in waiting}
    if _unnamed(act):
        return list(people.values())
    return [one for one in people.values() if act.name in one.name]  # 奶奶 is 刘奶奶


def _unnamed(act: Act) -> bool:
    if act.name:
        return only_a_pronoun(act.name)
    return of_whom_he_looks_after(act.words)


def _target(said: Said, one: Round) -> Target:
    name = view(one.plan, said.turn.work.city.world)["subject"]
    return Target("person", one.plan.subject, name, one.plan.area)


async def made(said: Said, visit: Visit) -> None:
    """Note a visit that was made: where it was a look that waited, it waits no more."""
    if visit.kind is VisitKind.CARE:
        await caring.looked(said.turn.work, visit.id, said.person.id)


async def waits(said: Said) -> str:
    """The name of who still waits to be looked after by the speaker; "" for nobody."""
    waiting = await welfare.to_look_after(said.turn.work.conn, said.person.id, said.day)
    return _target(said, waiting[0]).name if waiting else ""


async def nobody_home(said: Said, visit: Visit) -> str:
    """Note that nobody opened to who was sent to look; returns the leader's name who was told."""
    if visit.kind is not VisitKind.CARE:
        return ""
    return await caring.nobody_opened(said.turn.work, visit.id, said.person.name)
