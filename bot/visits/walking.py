"""Short words of a worker between his visits: 要立案, 我再去一趟, 上午任务完成.

Each function looks whether there is such a thing and says so; False where there is none, and the
words are heard as they always are.
"""

from datetime import datetime

from bot.turn import Turn, again
from bot.understanding.asides import Aside
from bot.understanding.visits import acts
from bot.visits.absences import has_told, told_of
from bot.visits.findings import newest_found, open_found
from bot.visits.match import names, targets
from domain.notices import Status
from domain.visits import day_of
from store import appointments, cases, notices, welfare

_VISITS = ("visited", "worker_visit")
_STEPS = ("worker_accept", "worker_arrive", "worker_done", *_VISITS)


async def taken(turn: Turn, _: Aside) -> bool:
    """嗯, 要, 是: yes to the case that was offered for a finding, where nothing is newer."""
    done = turn.heard.intent == "worker_done"  # 好了, with a case in his hands
    return not done and await _offered(turn) and await open_found(turn)


async def noticed(turn: Turn, _: Aside) -> bool:
    """收到 behind that offer is neither yes nor no: he is told which word opens the case."""
    if not await _offered(turn):
        return False
    turn.work.reply("replies/finding_waits")
    return True


async def declined(turn: Turn, _: Aside) -> bool:
    """不用 behind that offer is said of nothing else: no case of his is taken back."""
    if not await _offered(turn):
        return False
    turn.work.reply("replies/finding_left")
    return True


async def _offered(turn: Turn) -> bool:
    """Whether the last thing he was told of is what he found, and that it may become a case."""
    at = await newest_found(turn) if turn.addressed else None
    return at is not None and not await _told_since(turn, at)


async def _told_since(turn: Turn, at: datetime) -> bool:
    """Whether he was shown a notice, or got an appointment, after that."""
    shown = await notices.of_person(turn.work.conn, turn.speaker.id, [Status.WAITING])
    booked = await appointments.open_with(turn.work.conn, turn.speaker.id)
    since = [one.created_at for one in shown] + [one.created_at for one in booked]
    return any(one > at for one in since)


async def going(turn: Turn, _: Aside) -> bool:
    """刘奶奶那边我再去一趟: still to come, so no visit; with a case in hand it may be of that."""
    if turn.heard.intent not in _STEPS:
        return False
    if turn.heard.intent not in _VISITS and (await _busy(turn) or await _sent(turn)):
        return False
    if turn.addressed:
        turn.work.reply("replies/going")
    return True


async def walked(turn: Turn, _: Aside) -> bool:
    """上午任务完成 is the patrol of that window, where no case can have been meant."""
    if not turn.addressed or await _busy(turn):
        return False
    await turn.handle(again(turn, "visited"))
    return True


async def unwalked(turn: Turn, _: Aside) -> bool:
    """上午有事没巡 is no patrol, and finishes no case."""
    if not turn.addressed:
        return False
    turn.work.reply("replies/unwalked")
    return True


async def looked(turn: Turn, _: Aside) -> bool:
    """去了，人挺好 is said of whom he was sent to look after, and of nobody else.

    What is a visit by its words is recorded as one anyway, and 办好了 may be of a case in hand.
    """
    if not turn.addressed or turn.heard.intent in (*_VISITS, "visit_not", "visit_back"):
        return False
    if not await _sent(turn):
        return False
    await turn.handle(again(turn, "visited"))
    return True


async def denied(turn: Turn, _: Aside) -> bool:
    """3号楼其实没去 takes back that visit; of a place he knows it records nothing, and no trouble.

    Of anything else it is heard as it always is.
    """
    person = turn.speaker.person
    if person is None or not turn.addressed or turn.heard.intent in ("visit_not", "visit_back"):
        return False
    (act, *more) = acts(turn.inbound.text, await names(turn, person))
    more = [one for one in more if one.name != act.name]
    there = () if more or not act.name else await targets(turn, person, act)
    subjects = {one.subject for one in there if one.known}
    if await told_of(turn, person, subjects):
        await turn.handle(again(turn, "visit_not", words=act.name))
        return True
    if not act.future or not (subjects or act.person):
        return False
    await turn.handle(again(turn, "visited"))
    return True


async def undone(turn: Turn, said: Aside) -> bool:
    """撤回吧，没去超市 takes back a visit and no case, where he told of visits today."""
    person = turn.speaker.person
    if person is None or not turn.addressed or turn.heard.intent in ("visit_not", "visit_back"):
        return False
    if not await has_told(turn, person):
        return False
    await turn.handle(again(turn, "visit_not", words=said.words))
    return True


async def kept_out(turn: Turn, _: Aside) -> bool:
    """烧烤店不让进: a visit that could not be made, where the place is one he may go to."""
    return await _of_a_known_place(turn, absent=True)


async def ahead(turn: Turn, _: Aside) -> bool:
    """5号楼明天去看 is no visit yet; with a case in hand it may be of that."""
    return not await _busy(turn) and await _of_a_known_place(turn, absent=False)


async def _of_a_known_place(turn: Turn, *, absent: bool) -> bool:
    """Hear it as told of a visit, where it names one known place and says just that of it."""
    person = turn.speaker.person
    if person is None or not turn.addressed or turn.heard.intent in _VISITS:
        return False
    (act, *more) = acts(turn.inbound.text, await names(turn, person))
    if more or not act.name or not (act.absent if absent else act.future):
        return False
    if not any(one.known for one in await targets(turn, person, act)):
        return False
    await turn.handle(again(turn, "visited"))
    return True


async def _sent(turn: Turn) -> bool:
    """Whether he was sent to look after somebody whom nobody has seen yet."""
    day = day_of(turn.work.now)
    return bool(await welfare.to_look_after(turn.work.conn, turn.speaker.id, day))


async def _busy(turn: Turn) -> bool:
    """Whether a case or an appointment may wait for him."""
    own = await cases.of_assignees(turn.work.conn, [turn.speaker.id])
    if any(case.working for case in own):
        return True
    return bool(await appointments.open_with(turn.work.conn, turn.speaker.id))
