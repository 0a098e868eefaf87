"""完成 and 没见到人: what came of an appointment, by the worker who went there."""

from dataclasses import replace

from bot.helping import appointments, which
from bot.turn import STAFF, Handler, Turn, again
from domain.appointments import Appointment, State, check_end
from domain.workdays import TZ
from store import appointments as stored

_STATES = {"appointment_done": State.DONE, "appointment_absent": State.ABSENT}
# The same words with no appointment at hand are about a case, or a visit.
_ELSE = {"appointment_done": "worker_done", "appointment_absent": "worker_visit"}


async def done(turn: Turn) -> None:
    """Record it; who was not at home is asked once for another time."""
    work = turn.work
    intent = turn.heard.intent
    candidates = await which.meant(turn) if turn.number[:1] != "G" else []
    if not which.named(turn):
        today = work.now.astimezone(TZ).date()
        candidates = [one for one in candidates if one.start.astimezone(TZ).date() <= today]
        candidates = [one for one in candidates if one.start <= work.now] or candidates
    if not candidates:
        await turn.handle(again(turn, _ELSE[intent], words=turn.inbound.text.strip()))
        return
    one = await which.only(turn, candidates)
    if one is None:
        return
    state = _STATES[intent]
    missed = [kind for kind, _ in await stored.history(work.conn, one.id) if kind == State.ABSENT]
    check_end(one, state, work.now, missed=len(missed))
    first = state is State.ABSENT and not one.asked
    ended = replace(one, state=state, asked=one.asked or first)
    await stored.end(work.conn, ended, turn.speaker.id, work.now)
    work.reply("replies/appointment_noted", {"appointment": appointments.view(work, ended)})
    if state is State.DONE:
        template = "replies/appointment_finished"
        appointments.tell_resident(work, ended, template, {}, turn.letter, turn.speaker.id)
    elif first:
        await _ask_again(turn, ended)


async def _ask_again(turn: Turn, one: Appointment) -> None:
    """Offer the resident new times, where he asked for the appointment."""
    work = turn.work
    free = await appointments.free_times(work, one.area, one)
    slots = free.offers(work.now)
    wanted = appointments.wanted_for(one)
    await appointments.ask_slots(work, one.where.key, one.resident, wanted, slots)
    values = appointments.offered(slots, "absent")
    template = "replies/appointment_offer"
    appointments.tell_resident(work, one, template, values, turn.letter, turn.speaker.id)


HANDLER = Handler(intents=("appointment_done", "appointment_absent"), run=done, roles=STAFF)
