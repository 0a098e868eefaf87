"""办理公示: how the work goes, in counts and nothing else, for all who ask (domain.md H9, I5)."""

from dataclasses import asdict
from datetime import datetime, time

from bot.turn import Handler, Turn
from bot.understanding.activities import months
from domain.contact import supervises
from domain.people import Level
from domain.visits import day_of
from domain.workdays import TZ
from scheduler.plans import below
from store import activities, deliberation
from store.board import behind, counts


async def board(turn: Turn) -> None:
    """The month's counts of the estate that was named, else of the chat's or the speaker's area."""
    work, world = turn.work, turn.work.city.world
    named = world.grid_of_estate(turn.inbound.text)
    area = named or world.area(turn.area)
    if area is None:
        work.reply("replies/contact_where")
        return
    first, last = months(turn.inbound.text, day_of(work.now))
    since, until = datetime.combine(first, time(), TZ), datetime.combine(last, time.max, TZ)
    places = below(work.city, area.id)
    found = await counts(work.conn, places, since, until)
    community = world.ancestor(area.id, Level.COMMUNITY)
    around = [*places, *([community.id] if community is not None else [])]
    held = await activities.between(work.conn, around, first, last)
    open_ = await deliberation.of_areas(work.conn, around)
    values = asdict(found) | {
        "finished": found.finished,
        "proposals": len(open_),
        "activities": sum(one.times for one in held),
    }
    watches = supervises(work.city.book.at(work.now).contact, turn.speaker.person)
    shown = await behind(work.conn, places, since, until) if watches else None
    values |= {"behind": asdict(shown) if shown is not None and turn.inbound.private else {}}
    work.reply("replies/board", {"area": area.name, "month": first.month, "board": values})


HANDLER = Handler(intents=("board",), run=board)
