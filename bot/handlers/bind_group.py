"""绑定网格: a member of staff says which area a group belongs to (wechat.md 1a.4)."""

from bot.turn import STAFF, Handler, Turn
from domain.people import Area, Level
from domain.routing import oversees
from store.directory import bind_group


async def bind(turn: Turn) -> None:
    """Bind this group to the named area, if the speaker works there or stands above it."""
    work, address = turn.work, turn.inbound.address
    person = turn.speaker.person
    if not address.group or person is None:
        work.reply("replies/bind_in_group")
        return
    area = _named(turn, turn.heard.name or "")
    if area is None:
        work.reply("replies/bind_unknown", {"wanted": turn.heard.name or ""})
        return
    if person.area != area.id and not oversees(work.city.world, area.id, person):
        work.reply("replies/refused", {"reason": "not_your_area"})
        return
    kind = "residents" if area.level is Level.GRID else "staff"
    await bind_group(work.store, work.conn, address, kind, area.id, person.id, work.now)
    work.rebound = True
    work.reply("replies/bound_group", {"area": area.name, "staff": kind == "staff"})


def _named(turn: Turn, name: str) -> Area | None:
    """The area with this id or name; a part of the name will do if only one area has it."""
    world = turn.work.city.world
    if name in world.areas:
        return world.areas[name]
    exact = [area for area in world.areas.values() if area.name == name]
    partly = [area for area in world.areas.values() if name and name in area.name]
    found = exact or partly
    return found[0] if len(found) == 1 else None


HANDLER = Handler(intents=("bind_grid",), run=bind, roles=STAFF)
