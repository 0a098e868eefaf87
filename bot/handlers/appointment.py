"""代办、陪办、上门、预约: a resident asks for a grid worker's time (domain.md B5)."""

from bot.cases.reporting import join_aloud
from bot.helping import appointments
from bot.helping.appointments import Wanted
from bot.turn import EXPLICIT, Handler, Turn, again
from bot.understanding import errands
from store import appointments as stored


async def appointment(turn: Turn) -> None:
    """Take the time that was named, or offer three; a time for a report's repair is left to it."""
    text = turn.inbound.text
    if _tells_of_trouble(turn):
        await turn.handle(again(turn, "report", action="open"))
        return
    if turn.speaker.staff or not _asked(turn):
        await _told_alone(turn)
        return
    named = turn.work.city.world.grid_of_estate(text)
    area = named.id if named is not None else turn.area
    if turn.work.city.world.area(area) is None:
        turn.work.reply("replies/appointment_where")
        return
    if turn.question is not None and turn.question.kind == appointments.SLOTS:
        await turn.work.settle_question(turn.question)  # of what was offered nothing counts now
    wanted = Wanted(area, turn.speaker.id, turn.inbound.address, text.strip())
    wish = errands.wish(text, turn.work.now)
    await appointments.settle(turn, wanted, wish.moment, rough=wish.rough)


async def _told_alone(turn: Turn) -> None:
    """后天我要去医院, to the bot alone: what is agreed on, or more of the only case that waits."""
    if not turn.inbound.private or turn.speaker.staff:
        await turn.handle(again(turn, "other"))
        return
    waiting = [case for case in turn.mine() if case.working]
    if len(waiting) == 1 and not await stored.open_of(turn.work.conn, turn.speaker.ids):
        await join_aloud(turn, waiting[0], None)
    else:
        await turn.handle(again(turn, "my_appointments"))


def _tells_of_trouble(turn: Turn) -> bool:
    """Whether it is a first report that names a time for the repair as well."""
    free = turn.heard.sure < EXPLICIT and not turn.speaker.staff and not turn.mine()
    return free and errands.troubled(turn.inbound.text)


def _asked(turn: Turn) -> bool:
    """Whether a worker's time is asked for, rather than talked about among neighbours."""
    text = turn.inbound.text
    if errands.plainly(text) or errands.favour(text):
        return True
    if turn.mine():  # "明天下午可以上门" goes on about what he reported
        return False
    sure = turn.heard.sure >= EXPLICIT
    return sure or (turn.addressed and errands.asks(text))


HANDLER = Handler(intents=("appointment",), run=appointment)
