"""谁管我这: the contact card (连心卡) of one's grid, in any group or in private (domain.md H8)."""

from dataclasses import asdict
from datetime import timedelta

from bot.turn import Handler, Turn
from domain.contact import card
from domain.visits import day_of

ASKED = "contact"  # the question in which estate somebody lives
_WAIT = timedelta(hours=2)


async def contact(turn: Turn) -> None:
    """Show the card of the estate that was named, else of the chat's or the speaker's grid."""
    work, world = turn.work, turn.work.city.world
    named = world.grid_of_estate(turn.inbound.text)
    area = named.id if named is not None else turn.area
    away = frozenset(work.city.leaves.away(day_of(work.now)))
    found = card(world, area, work.city.book.at(work.now).contact, away)
    asked = turn.question if turn.question and turn.question.kind == ASKED else None
    if asked is not None:
        await work.settle_question(asked)
    if found is None or not found.lines:
        work.reply("replies/contact_where", {"again": asked is not None})
        if turn.question is None:
            await work.ask(turn.conversation, turn.speaker.id, ASKED, {}, _WAIT)
        return
    work.reply("replies/contact", {"card": asdict(found)})


HANDLER = Handler(intents=("contact",), run=contact)
