"""有没有志愿者能帮我家搬柜子: a resident looks for a hand; staff recruit in so many words (H10)."""

from bot.helping import volunteers
from bot.turn import Handler, Turn, again


async def wanted(turn: Turn) -> None:
    """Look for help in the grid that was named, else in the chat's or the speaker's own."""
    work, world = turn.work, turn.work.city.world
    if turn.speaker.staff:
        await _of_staff(turn)
        return
    named = world.grid_of_estate(turn.inbound.text)
    area = named.id if named is not None else turn.area
    if world.area(area) is None:
        work.reply("replies/volunteer_need_where")
        return
    await volunteers.wanted(turn, area)


async def _of_staff(turn: Turn) -> None:
    """A worker who asks his residents recruits; what colleagues ask each other is left alone."""
    if turn.addressed or turn.work.directory.public(turn.inbound.address):
        await turn.handle(again(turn, "volunteer_need", words=turn.inbound.text.strip()))
    else:
        await turn.handle(again(turn, "other"))


HANDLER = Handler(intents=("volunteer_wanted",), run=wanted)
