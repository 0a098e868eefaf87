"""日历: a link to the page of the week, for whoever asked and for nobody else."""

from bot import login
from bot.turn import STAFF, Handler, Turn
from domain.errors import NotAllowed
from domain.moving import READERS


async def calendar(turn: Turn) -> None:
    """Send the link where only the speaker reads it; in a group say that it came there."""
    work, here, person = turn.work, turn.inbound.address, turn.speaker.person
    if person is None or person.role not in READERS:
        raise NotAllowed("calendar_staff")
    if not work.city.pages:
        work.reply("replies/calendar_off")
        return
    if turn.inbound.private and work.directory.can(here.channel).says_private:
        work.reply("replies/calendar", {"link": await login.issue(work, turn.inbound)})
        return
    # Whatever else could carry it would be a group, where others would open it in his name.
    if work.directory.private(person.id, here.channel) is None:
        raise NotAllowed("calendar_private")
    if here.group:
        work.reply("replies/calendar_sent")
    values = {"link": await login.issue(work, turn.inbound)}
    work.whisper(person.id, "replies/calendar", values, key=f"i{turn.letter}:calendar")


HANDLER = Handler(intents=("calendar",), run=calendar, roles=STAFF)
