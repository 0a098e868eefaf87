"""Short words beside an appointment: 咋还没来, 我晚到20分钟, 我明天不在家, 早点来行不行.

Each function looks whether there is an appointment they can be about and says so; False where
there is none, and the words are heard as they always are.
"""

from datetime import timedelta

from bot.helping import another_time, calling_off, volunteers, which
from bot.helping import appointments as appts
from bot.turn import Turn, again
from bot.understanding import errands
from bot.understanding.asides import Aside
from domain.appointments import Appointment, State
from domain.visits import day_of
from store import appointments, cases
from store import volunteers as stored_volunteers

_AFTER = timedelta(hours=4)  # so long somebody may still come after the time agreed on
_LONG = timedelta(hours=2)  # so long a door nobody opens is that of who was to be visited
SOON = timedelta(days=1)  # a word without a day is about what is so near
_IN_TALK = timedelta(minutes=30)  # so long a group still hears a booking talked about


# The worker's


async def late(turn: Turn, said: Aside) -> bool:
    """我晚到20分钟: whoever waits for the worker hears it."""
    work = turn.work
    near = [
        one
        for one in await appointments.open_with(work.conn, turn.speaker.id)
        if one.start - work.now > -_AFTER and day_of(one.start) == day_of(work.now)
    ]
    near = which.by_name(turn, near) or near[:1]
    if not near or not turn.addressed:
        return False
    values = {"words": said.words}
    appts.tell_resident(
        work, near[0], "replies/appointment_late", values, turn.letter, turn.speaker.id
    )
    work.reply("replies/appointment_late_told", {"appointment": appts.view(work, near[0])})
    return True


async def coming(turn: Turn, _: Aside) -> bool:
    """马上到: whoever asked where the worker stays hears it."""
    work = turn.work
    own = await cases.of_assignees(work.conn, [turn.speaker.id])
    near = [
        one
        for one in await appointments.open_with(work.conn, turn.speaker.id)
        if -_AFTER < one.start - work.now < timedelta(hours=1)
    ]
    near = near or await _not_met(turn)
    if not near or any(case.working for case in own) or not turn.addressed:
        return False
    values = {"words": turn.inbound.text}
    template = "replies/appointment_coming"
    appts.tell_resident(work, near[0], template, values, turn.letter, turn.speaker.id)
    work.reply("replies/appointment_late_told", {"appointment": appts.view(work, near[0])})
    return True


async def _not_met(turn: Turn) -> list[Appointment]:
    """Who was not at home a moment ago: the worker may be on his way back."""
    since = turn.work.now - _LONG
    return [
        one
        for one in await appointments.with_since(turn.work.conn, turn.speaker.id, since)
        if one.state is State.ABSENT
    ]


async def absent(turn: Turn, _: Aside) -> bool:
    """敲了半天门没人应, at an appointment that has just begun: nobody was met."""
    now = turn.work.now
    begun = [
        one
        for one in await appointments.open_with(turn.work.conn, turn.speaker.id)
        if timedelta() <= now - one.start <= _LONG
    ]
    if len(begun) != 1 or not turn.addressed:
        return False
    await turn.handle(again(turn, "appointment_absent", case_number=begun[0].number))
    return True


async def unfit(turn: Turn, _: Aside) -> bool:
    """后天我有事去不了: the worker is offered other times for who waits for him that day."""
    days = errands.days_named(turn.inbound.text, turn.work.now)
    found = [
        one
        for one in await appointments.open_with(turn.work.conn, turn.speaker.id)
        if one.start > turn.work.now and (day_of(one.start) in days or not days)
    ]
    if not found or not turn.addressed:
        return False
    if len(found) > 1:
        shown = [appts.view(turn.work, one) for one in found]
        turn.work.reply("replies/appointment_unfit_days", {"appointments": shown})
        return True
    await another_time.instead(turn, found[0])
    return True


# The resident's


async def expected(turn: Turn, _: Aside) -> bool:
    """咋还没来: who comes and when; once the time has come he is told that somebody waits."""
    work = turn.work
    mine = await mine_here(turn)
    one = mine[0] if mine else None
    if one is None or not -_AFTER < one.start - work.now < timedelta(days=1):
        return False
    due = one.start <= work.now
    if not due and any(case.working for case in turn.mine()):
        return False
    seen = appts.view(work, one)
    work.reply("replies/appointment_expected", {"appointment": seen, "due": due})
    if due:
        appts.pass_on(turn, one, "replies/appointment_waits", f"{one.start:%d%H%M}:waits")
    return True


async def excuse(turn: Turn, _: Aside) -> bool:
    """我在家啊: what somebody says whom the worker did not meet; the times stay on offer."""
    one = await _missed(turn)
    occasion = f"{turn.letter}:excuse"
    if one is None or not appts.pass_on(turn, one, "replies/appointment_waits", occasion):
        return False
    turn.work.reply("replies/appointment_excused", {"appointment": appts.view(turn.work, one)})
    return True


async def _missed(turn: Turn) -> Appointment | None:
    """The appointment at which nobody was met, or whose time has come by now."""
    question, now = turn.question, turn.work.now
    if question is None:
        mine = await mine_here(turn)
        if mine and timedelta() <= now - mine[0].start < _AFTER:
            return mine[0]
        return await _missed_lately(turn) if turn.addressed else None
    moving = question.data.get("moving")
    one = await appointments.get(turn.work.conn, moving) if moving else None
    return one if one is not None and one.state is State.ABSENT else None


async def _missed_lately(turn: Turn) -> Appointment | None:
    """Where he was asked in his group, and answers alone."""
    since = turn.work.now - SOON
    lately = await appointments.of_since(turn.work.conn, turn.speaker.ids, since)
    return next((one for one in reversed(lately) if one.state is State.ABSENT), None)


async def met(turn: Turn, _: Aside) -> bool:
    """见着了: who was not met was met after all, where it can be about nobody else."""
    since = turn.work.now - SOON
    lately = await appointments.with_since(turn.work.conn, turn.speaker.id, since)
    missed = [one for one in lately if one.state is State.ABSENT]
    if len(missed) != 1 or not turn.addressed:
        return False
    await turn.handle(again(turn, "appointment_done", case_number=missed[0].number))
    return True


async def stays(turn: Turn, _: Aside) -> bool:
    """还是不来了: the appointment is called off."""
    mine = await mine_here(turn)
    locked = await which.only(turn, mine[:1]) if mine else None
    if locked is None:
        return False
    await calling_off.cancel(turn, locked)
    return True


async def cannot(turn: Turn, said: Aside) -> bool:
    """去不了了: a helper steps back and somebody else is looked for; or another time is offered."""
    need = await stored_volunteers.taken_by(turn.work.conn, turn.speaker.ids)
    if need is not None:
        await volunteers.stepped_back(turn, need)
        return True
    return await away(turn, said)


async def away(turn: Turn, _: Aside) -> bool:
    """我明天不在家: another time is offered, and the worker hears that he need not come then."""
    text = turn.inbound.text
    if errands.another_day(text) or errands.troubled(text):
        return False
    found = [one for one in await mine_here(turn) if _of_that_day(turn, one)]
    one = found[0] if found else None
    if one is None or one.start <= turn.work.now:
        return False
    await another_time.instead(turn, one)
    appts.pass_on(turn, one, "replies/appointment_unfit", f"{turn.letter}:unfit")
    return True


async def another(turn: Turn, said: Aside) -> bool:
    """能不能晚一个小时, 早点来行不行, 能换到明天上午吗: another time for what was agreed on."""
    text = turn.inbound.text
    if errands.troubled(said.words):  # 水管爆了 能不能早点来
        return False
    found = [one for one in await mine_here(turn) if turn.addressed or talked_of(turn, one)]
    if not found or errands.another_day(text):
        return False
    one = await which.only(turn, found)
    if one is not None:
        await another_time.change(turn, one)
    return True


async def mine_here(turn: Turn) -> list[Appointment]:
    """The speaker's appointments, soonest first, where he made them or where nobody else reads."""
    found = await appointments.open_of(turn.work.conn, turn.speaker.ids)
    return [one for one in found if turn.addressed or one.where.key == turn.conversation]


def _of_that_day(turn: Turn, one: Appointment) -> bool:
    """Whether a day that is named is an appointment's; without one, whether it is near."""
    days = errands.days_named(turn.inbound.text, turn.work.now)
    if days:
        return day_of(one.start) in days
    return one.start - turn.work.now < SOON or (turn.addressed and talked_of(turn, one))


def talked_of(turn: Turn, one: Appointment) -> bool:
    """Whether a group may be thought to speak of an appointment: just made, or about to begin."""
    now = turn.work.now
    return now - one.created_at <= _IN_TALK or -_AFTER < one.start - now <= SOON
