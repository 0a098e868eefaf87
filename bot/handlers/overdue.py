"""超期清单: the list of the morning, whenever one of the staff asks for it (domain.md H6)."""

from bot.turn import STAFF, Handler, Turn
from scheduler.overdue import listed, of_person


async def overdue(turn: Turn) -> None:
    """All that is overdue in his area, or of a worker his own; never among neighbours."""
    work, person, here = turn.work, turn.speaker.person, turn.inbound.address
    if person is None or (here.group and work.directory.public(here)):
        return
    found = await of_person(work, person)
    work.reply("replies/overdue_list", listed(work, found, asked=True))


HANDLER = Handler(intents=("overdue",), run=overdue, roles=STAFF)
