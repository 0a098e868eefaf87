"""Somebody left the account, or agrees no longer: his words are let go, the facts stay.

wechat.md 1g: on `unsubscribe` the user's data are deleted; 1e: without consent nothing is kept.
"""

from datetime import timedelta

from bot.turn import Handler, Turn
from domain.case import Case
from domain.identities import identity
from domain.steps import Facts, Step
from store import cases, forgetting, identities, reporters, timers, windows
from store.forgetting import LATER, Said

_LOOK = timedelta(days=1)
_MOST = 1000  # cases of one person


async def left(turn: Turn) -> None:
    """Hide what he said here; of a case he alone reported only once it has ended.

    Words of staff are part of what they did, and stay.
    """
    work, inbound = turn.work, turn.inbound
    if turn.speaker.staff:
        return
    address, own = inbound.address, identity(inbound.address.channel, inbound.sender)
    his = await forgetting.said(work.conn, address.key, inbound.sender)
    mine = await _cases(turn, his)
    needed = [case for case in mine if not case.ended and case.reporters <= 1]
    for case in mine:
        if not case.ended and case not in needed:
            await _part(turn, case, his)
    ended = [case for case in mine if case.ended]
    gone = [one for one in his if not any(forgetting.of(one, case) for case in needed)]
    if turn.question is not None:
        await work.settle_question(turn.question)
    await work.flush()
    await forgetting.forget(work.conn, gone, ended, turn.speaker.ids)
    for case in needed:
        await timers.stand(work.store, work.conn, LATER, case.id, work.now + _LOOK)
    if inbound.private:
        await forgetting.unheard(work.conn, address.channel, address.chat)
        await windows.shut(work.conn, address)
        if await identities.unbind(work.conn, own, by=own, now=work.now):
            work.rebound = True


async def _cases(turn: Turn, his: list[Said]) -> list[Case]:
    """The cases that came of what he said here, his own and those he joined."""
    conn, ids = turn.work.conn, turn.speaker.ids
    found = {one.case_id for one in his if one.case_id is not None}
    for id_ in ids:
        for case in await cases.of_reporter(conn, id_, _MOST):
            if case.reported_in == turn.inbound.address:
                found.add(case.id)
    known = [await cases.get(conn, one) for one in sorted(found)]
    return [one for one in known if one is not None and await reporters.is_one(conn, one, *ids)]


async def _part(turn: Turn, case: Case, his: list[Said]) -> None:
    """Take his words out of a case that neighbours reported too: theirs go on."""
    work = turn.work
    moved = case
    for text in await forgetting.words_of(work.conn, case, his, turn.speaker.ids):
        await work.hide(moved, text)
        if text in moved.words:
            moved = await work.move(moved, Step.RECALL, turn.speaker.id, Facts(words=text))


HANDLER = Handler(intents=("left",), run=left)
