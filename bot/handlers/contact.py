"""谁管我这: the contact card (连心卡) of one's grid, in any group or in private (domain.md H8)."""

from dataclasses import asdict

from bot.turn import Handler, Turn
from domain.contact import card
from domain.visits import day_of


async def contact(turn: Turn) -> None:
    """Show the card of the estate that was named, else of the chat's or the speaker's grid."""
    work, world = turn.work, turn.work.city.world
    named = world.grid_of_estate(turn.inbound.text)
    area = named.id if named is not None else turn.area
    away = frozenset(work.city.leaves.away(day_of(work.now)))
    found = card(world, area, work.city.book.at(work.now).contact, away)
    if found is None or not found.lines:
        work.reply("replies/contact_where")
        return
    work.reply("replies/contact", {"card": asdict(found)})


HANDLER = Handler(intents=("contact",), run=contact)
