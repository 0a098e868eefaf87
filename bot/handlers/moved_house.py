"""迁居: somebody moves, and both ends hear of it, never a group of neighbours (domain.md H13)."""

import re

from bot.activities import me
from bot.turn import STAFF, Handler, Turn
from bot.understanding.activities import ends
from domain.errors import NotAllowed
from domain.leave import present
from domain.people import Area, Person
from domain.visits import day_of

_SPACES = re.compile(r"\s+")


async def moved_house(turn: Turn) -> None:
    """Tell the workers of both grids; where one is not ours, give the words to pass on."""
    work, person = turn.work, me(turn)
    if work.directory.public(turn.inbound.address):
        raise NotAllowed("moved_private")
    words = _SPACES.sub(" ", turn.heard.words).strip()
    old, new = ends(words)
    if not new:
        raise NotAllowed("moved_where")
    world = work.city.world
    here = world.grid_of_estate(old) or world.area(person.area)  # who names none leaves his own
    grids = {"from": here, "to": world.grid_of_estate(new)}
    who = []
    for side, grid in grids.items():
        worker = _worker(turn, grid)
        if grid is None or worker is None or worker.id == person.id:
            continue
        values = {"words": words, "side": side, "area": grid.name}
        values |= {"person": person.name, "phone": person.phone}
        key = f"i{turn.letter}:moved:{side}"
        work.tell(worker, "replies/moved_in", values, case=None, by=person.id, key=key)
        who.append(worker.name)
    told = {"who": who, "outside": grids["to"] is None, "words": words}
    work.reply("replies/moved_told", told | {"person": person.name, "phone": person.phone})


def _worker(turn: Turn, grid: Area | None) -> Person | None:
    work = turn.work
    worker = work.city.world.worker_of(grid.id) if grid is not None else None
    if worker is None:
        return None
    away = work.city.leaves.away(day_of(work.now))
    return work.city.world.person(present(worker.id, away))


HANDLER = Handler(intents=("moved_house",), run=moved_house, roles=STAFF)
