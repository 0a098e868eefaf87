"""绑定 + one-time code: somebody without a platform id in the roster says who he is."""

from bot.turn import Handler, Turn
from store.directory import redeem_code


async def bind(turn: Turn) -> None:
    """Bind the speaker to the person the code was made for."""
    work = turn.work
    if not turn.inbound.private:
        work.reply("replies/bind_in_private")
        return
    person_id = await redeem_code(
        work.store,
        work.conn,
        turn.heard.name or "",
        turn.inbound.address,
        turn.inbound.sender,
        work.now,
    )
    person = work.city.world.person(person_id) if person_id else None
    if person is None:
        work.reply("replies/refused", {"reason": "bad_code"})
        return
    work.rebound = True
    work.reply("replies/bound_me", {"person": person.name, "staff": person.role.staff})


HANDLER = Handler(intents=("bind_me",), run=bind)
