"""Short words about what was just shown, agreed or asked: 发吧, 我晚到20分钟, 咋还没来, 我家赞成.

Each kind has one function that looks whether there is such a thing and says so. Where there is
none, the words are heard as they always are.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from bot.deliberation import meant
from bot.helping import appointments as appts
from bot.helping import calling_off, volunteers
from bot.turn import Turn, again
from bot.understanding import errands
from bot.understanding.asides import Aside, asides
from bot.understanding.notices import instead
from domain.appointments import Appointment
from domain.case import Status as CaseStatus
from domain.deliberation import Stage
from domain.errors import NotAllowed
from domain.messages import Kind
from domain.notices import Notice, Status, may_approve, withdraws
from domain.visits import day_of
from store import appointments, cases, deliberation, notices, visits, welfare
from store import volunteers as stored_volunteers

_SHOWN = timedelta(hours=2)  # so long a bare word is about the notice that was shown
_JUST_NOW = timedelta(minutes=30)  # so long 发错了 is about it
_AFTER = timedelta(hours=4)  # so long somebody may still come after the time agreed on
_ABSENT = "absent"


async def noted(turn: Turn) -> bool:
    """Do what short words mean beside something at hand; False where they mean nothing more."""
    if turn.inbound.kind is not Kind.SAID or turn.number or turn.inbound.attachments:
        return False
    offered = turn.question is not None and turn.question.kind == appts.SLOTS
    if turn.question is not None and turn.question.kind != "digest" and not offered:
        return False
    if turn.heard.intent.startswith("notice_"):  # said in so many words
        return False
    staff, alone = turn.speaker.staff, turn.addressed
    for one in asides(turn.inbound.text, staff=staff, alone=alone):
        if not _may_be(turn, one, offered=offered):
            continue
        try:
            if await _KINDS[one.kind](turn, one):
                return True
        except NotAllowed as why:
            turn.work.reply("replies/refused", {"reason": why.reason})
            return True
    return False


def _may_be(turn: Turn, one: Aside, *, offered: bool) -> bool:
    """Whether a kind can be meant: a danger goes first, and what was asked has its answers."""
    if one.kind == "excuse":  # the model's doubt about 我刚下楼 is none about a danger
        return offered and (not turn.heard.urgent or turn.heard.hazard == "other")
    return not turn.heard.urgent and not offered


# Notices


async def _last(turn: Turn, *statuses: Status) -> Notice | None:
    """The notice the speaker may speak of in few words: the newest he wrote or has to confirm."""
    if not turn.addressed or turn.speaker.person is None:
        return None
    found = await notices.of_person(turn.work.conn, turn.speaker.id, statuses)
    return next((one for one in found if not withdraws(one) and not one.parent), None)


async def _waiting(turn: Turn, within: timedelta = _SHOWN) -> Notice | None:
    """The draft that was shown him lately and that he may confirm."""
    person = turn.speaker.person
    one = await _last(turn, Status.WAITING)
    if one is None or person is None or one.created_at + within < turn.work.now:
        return None
    return one if may_approve(turn.work.city.world, person, one) else None


async def _send(turn: Turn, _: Aside) -> bool:
    if await _waiting(turn) is None:
        return False
    await turn.handle(again(turn, "notice_yes", words=""))
    return True


async def _nod(turn: Turn, _: Aside) -> bool:
    """A nod sends nothing to six hundred homes: he is told which word does."""
    one = await _waiting(turn)
    if one is None:
        return False
    own = await cases.of_assignees(turn.work.conn, [turn.speaker.id])
    fresh = (it for it in own if it.status is CaseStatus.ASSIGNED)
    if any(it.opened_at >= one.created_at for it in fresh):
        return False
    turn.work.reply("replies/notice_waits", {"number": one.id})
    return True


async def _refuse(turn: Turn, said: Aside) -> bool:
    one = await _waiting(turn)
    if one is None:
        return False
    await turn.handle(again(turn, "notice_cancel", words=f"{one.id} {said.words}"))
    return True


async def _drop(turn: Turn, _: Aside) -> bool:
    one = await _last(turn, Status.WAITING)
    if one is None or one.created_at + _JUST_NOW < turn.work.now:
        return False
    await turn.handle(again(turn, "notice_cancel", words=str(one.id)))
    return True


async def _slip(turn: Turn, _: Aside) -> bool:
    """发错了: which words take a notice back, and which mend it."""
    one = await _last(turn, Status.WAITING, Status.STANDING, Status.SENT)
    if one is None or (one.approved_at or one.created_at) + _JUST_NOW < turn.work.now:
        return False
    if await visits.made_by(turn.work.conn, turn.speaker.id, one.created_at):
        return False
    turn.work.reply("replies/notice_slip", {"number": one.id, "words": ""})
    return True


async def _instead(turn: Turn, said: Aside) -> bool:
    """不对，是下周四: the time of the notice just shown is put right; else he is told how to."""
    if turn.heard.intent == "activity_amend" or (
        turn.heard.intent.startswith("appointment")
        and await appointments.open_with(turn.work.conn, turn.speaker.id)
    ):
        return False
    one = await _last(turn, Status.WAITING, Status.SENT)
    if one is None or (one.approved_at or one.created_at) + _JUST_NOW < turn.work.now:
        return False
    words = "" if one.ready else instead(one.words, said.words)
    if words:
        await turn.handle(again(turn, "notice_correct", words=f"{one.id} {words}"))
    else:
        turn.work.reply("replies/notice_slip", {"number": one.id, "words": one.words})
    return True


# Appointments


async def _late(turn: Turn, said: Aside) -> bool:
    """我晚到20分钟: whoever waits for the worker hears it."""
    work, text = turn.work, turn.inbound.text
    near = [
        one
        for one in await appointments.open_with(work.conn, turn.speaker.id)
        if one.start - work.now > -_AFTER and day_of(one.start) == day_of(work.now)
    ]
    named = [it for it in near if (who := work.city.world.person(it.resident)) and who.name in text]
    near = named or near[:1]
    if not near or not turn.addressed:
        return False
    values = {"words": said.words}
    appts.tell_resident(
        work, near[0], "replies/appointment_late", values, turn.letter, turn.speaker.id
    )
    work.reply("replies/appointment_late_told", {"appointment": appts.view(work, near[0])})
    return True


async def _coming(turn: Turn, _: Aside) -> bool:
    """马上到: whoever asked where the worker stays hears it."""
    work = turn.work
    own = await cases.of_assignees(work.conn, [turn.speaker.id])
    near = [
        one
        for one in await appointments.open_with(work.conn, turn.speaker.id)
        if -_AFTER < one.start - work.now < timedelta(hours=1)
    ]
    if not near or any(case.working for case in own) or not turn.addressed:
        return False
    values = {"words": turn.inbound.text}
    template = "replies/appointment_coming"
    appts.tell_resident(work, near[0], template, values, turn.letter, turn.speaker.id)
    work.reply("replies/appointment_late_told", {"appointment": appts.view(work, near[0])})
    return True


async def _mine(turn: Turn) -> Appointment | None:
    """The speaker's next appointment, where he asked for it or where nobody else reads."""
    found = await appointments.open_of(turn.work.conn, turn.speaker.ids)
    here = [one for one in found if turn.addressed or one.where.key == turn.conversation]
    return here[0] if here else None


async def _expected(turn: Turn, _: Aside) -> bool:
    """咋还没来: who comes and when; once the time has come he is told that somebody waits."""
    work = turn.work
    one = await _mine(turn)
    if one is None or not -_AFTER < one.start - work.now < timedelta(days=1):
        return False
    due = one.start <= work.now
    if not due and any(case.working for case in turn.mine()):
        return False
    seen = appts.view(work, one)
    work.reply("replies/appointment_expected", {"appointment": seen, "due": due})
    worker = work.city.world.person(one.worker)
    if due and worker is not None:
        key = f"a{one.id}:{one.start:%d%H%M}:waits"
        values = {"appointment": seen, "words": turn.inbound.text}
        template = "replies/appointment_waits"
        work.tell(worker, template, values, case=None, by=turn.speaker.id, key=key)
    return True


async def _excuse(turn: Turn, _: Aside) -> bool:
    """我在家啊: what somebody says whom the worker did not meet; the times stay on offer."""
    question, work = turn.question, turn.work
    if question is None or not question.data.get("moving"):
        return False
    one = await appointments.get(work.conn, question.data["moving"])
    worker = work.city.world.person(one.worker) if one is not None else None
    if one is None or worker is None or one.state != _ABSENT:
        return False
    seen = appts.view(work, one)
    values = {"appointment": seen, "words": turn.inbound.text}
    key = f"a{one.id}:{turn.letter}:excuse"
    template = "replies/appointment_waits"
    work.tell(worker, template, values, case=None, by=turn.speaker.id, key=key)
    work.reply("replies/appointment_excused", {"appointment": seen})
    return True


async def _stays(turn: Turn, _: Aside) -> bool:
    one = await _mine(turn)
    locked = await appts.only(turn, [one]) if one is not None else None
    if locked is None:
        return False
    await calling_off.cancel(turn, locked)
    return True


async def _cannot(turn: Turn, _: Aside) -> bool:
    """去不了了: a helper steps back and somebody else is looked for; or another time is offered."""
    need = await stored_volunteers.taken_by(turn.work.conn, turn.speaker.ids)
    if need is not None:
        await volunteers.stepped_back(turn, need)
        return True
    one = await _mine(turn)
    if one is None or errands.another_day(turn.inbound.text):
        return False
    await appts.settle(turn, appts.wanted_for(one), None)
    return True


# Care


async def _cared(turn: Turn, said: Aside) -> bool:
    """送了, and 打了没人接: a word of who has something to bring today, or somebody to call."""
    today = day_of(turn.work.now)
    if not await welfare.open_of(turn.work.conn, turn.speaker.ids, today):
        return False
    intent = "care_confirm" if said.kind == "cared" else "care_failed"
    await turn.handle(again(turn, intent))
    return True


# Deliberation


async def _vote(turn: Turn, said: Aside) -> bool:
    """我家赞成: a vote, where one is open here."""
    if any(case.status is CaseStatus.FINISHED for case in turn.mine()):
        return False
    bare = again(turn, said.kind, words="")
    try:
        await meant(bare, voting=True)
    except NotAllowed as why:
        if why.reason != "which_proposal":
            return False  # nothing is voted on here; of several, the handler asks which
    await turn.handle(bare)
    return True


async def _comment(turn: Turn, said: Aside) -> bool:
    """意见 太吵: of the only proposal that is talked about here."""
    world = turn.work.city.world
    areas = [one.id for one in (*world.chain(turn.area), *world.grids(turn.area))]
    open_ = await deliberation.of_areas(turn.work.conn, areas)
    if len(open_) != 1 or open_[0].stage is not Stage.TALKED:
        return False
    await turn.handle(again(turn, "comment", words=said.words))
    return True


async def _phone(turn: Turn, _: Aside) -> bool:
    """小李电话多少: the contact card of the grid has it."""
    await turn.handle(again(turn, "contact"))
    return True


_KINDS: Mapping[str, Callable[[Turn, Aside], Awaitable[bool]]] = {
    "send": _send,
    "nod": _nod,
    "refuse": _refuse,
    "drop": _drop,
    "slip": _slip,
    "instead": _instead,
    "late": _late,
    "coming": _coming,
    "waiting": _expected,
    "excuse": _excuse,
    "cannot": _cannot,
    "stays": _stays,
    "cared": _cared,
    "unreached": _cared,
    "vote_yes": _vote,
    "vote_no": _vote,
    "vote_abstain": _vote,
    "comment": _comment,
    "phone": _phone,
}
