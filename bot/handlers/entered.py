"""Somebody opened the private chat: a short welcome, with who looks after his grid."""

from bot.turn import Handler, Turn


async def entered(turn: Turn) -> None:
    """Say hello and what can be said here.

    A link or code made for a grid brings the grid along (`handle["grid"]`). Who joined a group is
    only told of: there nobody waits for an answer.
    """
    work = turn.work
    if turn.inbound.address.group:
        return
    if turn.speaker.staff:
        work.reply("replies/welcome_staff")
        return
    world = work.city.world
    area = world.area(turn.inbound.handle.get("grid", ""))
    worker = world.worker_of(area.id) if area is not None else None
    values = {
        "area": area.name if area is not None else "",
        "person": worker.name if worker is not None else "",
        "phone": worker.phone if worker is not None else "",
    }
    work.reply("replies/welcome_resident", values)


HANDLER = Handler(intents=("entered",), run=entered)
