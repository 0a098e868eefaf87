"""绑定: somebody who is known on one channel says on another one who he is, by a one-time code."""

from bot import identity
from bot.turn import Handler, Turn


async def bind(turn: Turn) -> None:
    """With a code: bind the speaker to whoever got it. Without: give him one to type elsewhere."""
    work = turn.work
    if not turn.inbound.private:
        work.reply("replies/bind_in_private")
        return
    code = turn.heard.name or ""
    if not code:
        work.reply("replies/my_code", {"code": await identity.issue(work, turn.speaker.id)})
        return
    try:
        owner = await identity.bind(work, turn.speaker, turn.inbound, code)
    except identity.Refused as refusal:
        work.reply("replies/refused", {"reason": str(refusal)})
        return
    person = work.city.world.person(owner)
    values = {"person": person.name if person else "", "staff": bool(person and person.role.staff)}
    work.reply("replies/bound_me", values)


HANDLER = Handler(intents=("bind_me",), run=bind)
