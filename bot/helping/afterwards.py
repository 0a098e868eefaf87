"""What a resident asks before an appointment, and says after it; and a helper after his help."""

from dataclasses import replace
from datetime import datetime

from bot.helping import appointments as appts
from bot.helping import volunteers
from bot.helping.beside import SOON, mine_here, talked_of
from bot.turn import Turn
from bot.understanding.asides import Aside
from domain.appointments import Appointment, State
from store import appointments
from store import volunteers as stored_volunteers


async def materials(turn: Turn, _: Aside) -> bool:
    """要带什么材料: a question about what was agreed on goes to who comes."""
    mine = await mine_here(turn)
    return bool(mine) and (turn.addressed or talked_of(turn, mine[0])) and _to_worker(turn, mine[0])


async def followed_up(turn: Turn) -> bool:
    """还差个照片没拍咋办: what nobody understands goes to who comes to him, or was there today."""
    if not turn.inbound.private or turn.speaker.staff or not turn.inbound.text.strip():
        return False
    known = await appointments.of_since(turn.work.conn, turn.speaker.ids, turn.work.now - SOON)
    live = [one for one in known if one.open or one.state is State.DONE]
    return bool(live) and _to_worker(turn, live[0])


def _to_worker(turn: Turn, one: Appointment) -> bool:
    """Let the worker of an appointment answer; False where nobody knows him."""
    if not appts.pass_on(turn, one, "replies/appointment_asks", f"{turn.letter}:asks"):
        return False
    turn.work.reply("replies/appointment_asked", {"appointment": appts.view(turn.work, one)})
    return True


async def seen(turn: Turn, _: Aside) -> bool:
    """办好了 谢谢小李: who was visited says so, and the worker need not."""
    work = turn.work
    if any(not case.ended for case in turn.mine()) or not turn.addressed:
        return False
    today = await appointments.of_since(work.conn, turn.speaker.ids, work.now - SOON)
    begun = [one for one in today if one.state is State.DONE or _begun(one, work.now)]
    if not begun:
        return False
    one = await appointments.get(work.conn, begun[-1].id)
    if one is not None and one.open:
        ended = replace(one, state=State.DONE)
        await appointments.end(work.conn, ended, turn.speaker.id, work.now)
        template, occasion = "replies/appointment_noted", f"{turn.letter}:seen"
        appts.pass_on(turn, ended, template, occasion, by_resident=True)
    if turn.question is not None:  # the times that were offered when nobody was met
        await work.settle_question(turn.question)
    work.reply("replies/appointment_glad")
    return True


def _begun(one: Appointment, now: datetime) -> bool:
    return one.start <= now and one.state is not State.CANCELLED


async def helped(turn: Turn, _: Aside) -> bool:
    """陪王大爷回来了: who had promised to help tells that it is done; who asked him hears it."""
    need = await stored_volunteers.taken_by(turn.work.conn, turn.speaker.ids)
    if need is None or any(not case.ended for case in turn.mine()):
        return False
    if not turn.addressed and need.promised.key != turn.conversation:
        return False
    volunteers.told_done(turn, need)
    return True
