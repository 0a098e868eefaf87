"""Short words about what was just shown, agreed or asked: 发吧, 我晚到20分钟, 咋还没来, 我家赞成.

Each kind has one function that looks whether there is such a thing and says so. Where there is
none, the words are heard as they always are.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from bot import told
from bot.deliberation import meant
from bot.helping import afterwards, beside
from bot.helping.appointments import SLOTS
from bot.turn import Turn, again
from bot.understanding import errands
from bot.understanding.asides import Aside, asides
from bot.understanding.notice_days import instead
from bot.visits import walking
from domain.case import Status as CaseStatus
from domain.contact import card
from domain.deliberation import Stage
from domain.errors import NotAllowed
from domain.messages import Kind
from domain.notices import Notice, Status, may_approve, withdraws
from domain.visits import day_of
from store import appointments, cases, deliberation, notices, visits, welfare

_SHOWN = timedelta(hours=2)  # so long a bare word is about the notice that was shown
_JUST_NOW = timedelta(minutes=30)  # so long 发错了 is about it
_IN_TALK = timedelta(hours=1)  # so long neighbours talk about what one of them reported


async def noted(turn: Turn) -> bool:
    """Do what short words mean beside something at hand; False where they mean nothing more."""
    if turn.inbound.kind is not Kind.SAID or turn.number or turn.inbound.attachments:
        return False
    offered = turn.question is not None and turn.question.kind == SLOTS
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
    return not offered and await told.noted(turn)


def _may_be(turn: Turn, one: Aside, *, offered: bool) -> bool:
    """Whether a kind can be meant: a danger goes first, and what was asked has its answers."""
    if one.kind == "excuse":  # the model's doubt about 我刚下楼 is none about a danger
        free = offered or not errands.troubled(turn.inbound.text)
        return free and (not turn.heard.urgent or turn.heard.hazard == "other")
    if offered and one.kind == "seen":
        return not turn.heard.urgent
    if offered and one.kind in ("away", "cannot"):  # of the time agreed on, not of those offered
        return not turn.heard.urgent and bool(turn.question and turn.question.data.get("moving"))
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


async def _nod(turn: Turn, said: Aside) -> bool:
    """A nod sends nothing to six hundred homes: he is told which word does.

    It is yes to the case for what he has found, where that is newer.
    """
    if await walking.taken(turn, said):
        return True
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


async def _phone(turn: Turn, said: Aside) -> bool:
    """小李电话多少, 何梅的电话: the contact card of the grid has it."""
    work = turn.work
    found = card(work.city.world, turn.area, work.city.book.at(work.now).contact)
    lines = found.lines if found is not None else ()
    if said.words and said.words not in [one.name for one in lines]:
        return False
    await turn.handle(again(turn, "contact"))
    return True


# One's own case, and the neighbours'


async def _owed(turn: Turn, said: Aside) -> bool:
    """墙都泡了谁赔: no trouble of its own but a word to whoever has the case it came of."""
    mine = [case for case in turn.mine() if not case.ended]
    elsewhere = turn.heard.location.building not in (None, *(one.building for one in mine))
    if len(mine) != 1 or elsewhere:
        return False
    case, work = mine[0], turn.work
    worker = work.city.world.person(case.assignee)
    if worker is None:
        return False
    values = {"words": turn.inbound.text.strip()}
    key = f"i{turn.letter}:owed"
    work.tell(worker, "replies/owed_asked", values, case=case, by=turn.speaker.id, key=key)
    work.reply("replies/owed", case=case)
    return True


async def _talk(turn: Turn, _: Aside) -> bool:
    """快打119, A座有的: what neighbours call to each other about what one of them has reported."""
    if turn.addressed or any(case.working for case in turn.mine()):
        return False
    work, here = turn.work, turn.inbound.address
    known = await cases.reported_here(work.conn, turn.area, here, work.now - _IN_TALK)
    return any(case.reporter not in turn.speaker.ids for case in known)


_KINDS: Mapping[str, Callable[[Turn, Aside], Awaitable[bool]]] = {
    "send": _send,
    "taken": walking.taken,
    "noticed": walking.noticed,
    "declined": walking.declined,
    "going": walking.going,
    "walked": walking.walked,
    "unwalked": walking.unwalked,
    "looked": walking.looked,
    "denied": walking.denied,
    "undone": walking.undone,
    "kept_out": walking.kept_out,
    "ahead": walking.ahead,
    "nod": _nod,
    "refuse": _refuse,
    "drop": _drop,
    "slip": _slip,
    "instead": _instead,
    "late": beside.late,
    "coming": beside.coming,
    "waiting": beside.expected,
    "excuse": beside.excuse,
    "cannot": beside.cannot,
    "stays": beside.stays,
    "away": beside.away,
    "absent": beside.absent,
    "met": beside.met,
    "unfit": beside.unfit,
    "materials": afterwards.materials,
    "seen": afterwards.seen,
    "helped": afterwards.helped,
    "another": beside.another,
    "cared": _cared,
    "unreached": _cared,
    "vote_yes": _vote,
    "vote_no": _vote,
    "vote_abstain": _vote,
    "comment": _comment,
    "phone": _phone,
    "owed": _owed,
    "talk": _talk,
}
