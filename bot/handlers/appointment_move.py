"""改期: the resident or the worker wants another time."""

from collections.abc import Sequence

from bot.helping import appointments, which
from bot.helping.another_time import change
from bot.turn import Handler, Turn, again
from bot.understanding.normalise import clean
from bot.understanding.spans import extension
from domain.appointments import Appointment
from domain.errors import NotAllowed
from store import cases


async def move(turn: Turn) -> None:
    """Move the appointment that is meant to the time that was named, or offer three."""
    text = turn.inbound.text
    if turn.question is not None and turn.question.kind == appointments.SLOTS:
        wanted = await appointments.wanted_again(turn)
        if wanted is not None and wanted.moving is not None and wanted.moving.open:
            await turn.work.settle_question(turn.question)
            await change(turn, wanted.moving)
            return
        await turn.handle(again(turn, "slot", words=text))
        return
    candidates = _named(turn, await which.meant(turn))
    if await _of_a_case(turn, candidates):
        span, words = extension(clean(text))
        await turn.handle(again(turn, "worker_extend", duration=span, words=words))
        return
    if not candidates:
        if turn.addressed:
            raise NotAllowed("no_appointment")
        await turn.handle(again(turn, "other"))
        return
    one = await which.only(turn, candidates)
    if one is None:
        return
    if not appointments.movable(one):
        raise NotAllowed("appointment_over")
    await change(turn, one)


def _named(turn: Turn, candidates: Sequence[Appointment]) -> Sequence[Appointment]:
    """Of several a worker has, those with a resident he names, if he names one."""
    return (which.by_name(turn, candidates) if turn.speaker.staff else ()) or candidates


async def _of_a_case(turn: Turn, candidates: Sequence[Appointment]) -> bool:
    """Whether a worker puts a case off, not an appointment: 推迟两天."""
    if turn.heard.intent != "appointment_shift" or not turn.speaker.staff:
        return False
    if which.named(turn) or which.by_name(turn, candidates):
        return False
    return not candidates or bool(await cases.of_assignees(turn.work.conn, [turn.speaker.id]))


HANDLER = Handler(intents=("appointment_move", "appointment_shift"), run=move)
