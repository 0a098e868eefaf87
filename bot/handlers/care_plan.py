"""关爱: staff set up a recurring delivery or call, in private; lists them, ends them (F20)."""

from difflib import get_close_matches

from bot.turn import STAFF, Handler, Turn
from bot.understanding import care
from domain.errors import NotAllowed
from domain.people import Person
from domain.routing import oversees
from domain.welfare import CarePlan, view
from domain.workdays import TZ
from scheduler import caring
from store import welfare

_MOST = 10  # more lines are not read in a chat
_ALIKE, _LIKE = 3, 0.5  # so many names that one may have meant, and how like they are (difflib)


async def care_plan(turn: Turn) -> None:
    """Do what was said; never where others read along."""
    if turn.inbound.address.group:
        raise NotAllowed("care_private")
    await {"care_plan": _set_up, "care_list": _list, "care_stop": _stop}[turn.heard.intent](turn)


async def _set_up(turn: Turn) -> None:
    work, person = turn.work, turn.speaker.person
    said = care.line(turn.heard.words)
    if person is None or not said.days or said.at is None or not said.what:
        raise NotAllowed("care_incomplete")
    people = _people(turn, person, said.what)
    subject = next((one for one in people if one.name == said.subject), None)
    others = [one for one in people if one is not subject]
    helper = max(others, key=lambda one: said.what.rfind(one.name), default=person)
    if not said.subject:
        raise NotAllowed("care_incomplete")
    if subject is None and not said.home:
        _unknown(turn, person, said.subject)
        return
    what = care.without(said.what, helper.name) if helper in others else said.what
    if " " in what:  # a name is left over that nobody here bears
        raise NotAllowed("care_nobody")
    area = subject.area if subject is not None else person.area
    who = subject.id if subject is not None else said.subject
    source = f"{turn.speaker.id}:{who}:{what}"
    plan = CarePlan(0, source, area, who, what, helper.id, said.days, said.at)
    stored = await welfare.put(work.store, work.conn, plan, work.now)
    today = work.now.astimezone(TZ).date()
    if stored.falls_on(today, work.city.calendar):
        await caring.begin_plan(work, stored, today)
    values = {"care": view(stored, work.city.world)}
    work.reply("replies/care_set", values)
    if helper.id != turn.speaker.id:
        caring.tell_alone(
            work, helper.id, "replies/care_asked", values, key=f"c{stored.id}:{turn.letter}"
        )


def _unknown(turn: Turn, speaker: Person, name: str) -> None:
    """Ask who is meant: nobody finds the door of whom the roster does not know."""
    residents = [one.name for one in _near(turn, speaker) if not one.role.staff]
    values = {"wanted": name, "contact": get_close_matches(name, residents, _ALIKE, _LIKE)}
    turn.work.reply("replies/care_unknown", values)


def _people(turn: Turn, speaker: Person, what: str) -> list[Person]:
    """Everybody of the speaker's community who is named."""
    return [one for one in _near(turn, speaker) if one.name in what]


def _near(turn: Turn, speaker: Person) -> list[Person]:
    """Everybody of the speaker's community."""
    world = turn.work.city.world
    chain = world.chain(speaker.area)
    community = chain[1].id if len(chain) > 1 and chain[0].level.rank == 0 else speaker.area
    near = {grid.id for grid in world.grids(community)} | {one.id for one in chain}
    return [one for one in world.people.values() if one.area in near]


async def _mine(turn: Turn) -> list[CarePlan]:
    world, person = turn.work.city.world, turn.speaker.person
    if person is None:
        return []
    every = await welfare.plans(turn.work.conn)
    return [one for one in every if one.area == person.area or oversees(world, one.area, person)]


async def _list(turn: Turn) -> None:
    mine = await _mine(turn)
    shown = [view(one, turn.work.city.world) for one in mine[:_MOST]]
    turn.work.reply("replies/care_list", {"cares": shown, "more": len(mine) - len(shown)})


async def _stop(turn: Turn) -> None:
    """End the plans whose subject, or what is done, is named."""
    world, words = turn.work.city.world, turn.heard.words
    named = [one for one in await _mine(turn) if view(one, world)["subject"] in words]
    named = [one for one in named if care.same_thing(words, one.what)]
    if not named:
        raise NotAllowed("care_unknown")
    await welfare.stop(turn.work.conn, [one.id for one in named])
    turn.work.reply("replies/care_stopped", {"cares": [view(one, world) for one in named]})


HANDLER = Handler(intents=("care_plan", "care_list", "care_stop"), run=care_plan, roles=STAFF)
