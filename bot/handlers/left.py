"""Somebody left the account, or agrees no longer: his words are let go, the facts stay.

wechat.md 1g: on `unsubscribe` the user's data are deleted; 1e: without consent nothing is kept.
"""

from bot.deliberation import unsaid
from bot.letting_go import MOST, once_ended, part_from
from bot.turn import Handler, Turn
from domain.case import Case
from domain.identities import identity
from store import cases, forgetting, identities, reporters, windows
from store.forgetting import Said


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
    needed, gone = await part_from(work, mine, his, turn.speaker.ids)
    if turn.question is not None:
        await work.settle_question(turn.question)
    await work.flush()
    await _let_go(turn, gone, [case for case in mine if case.ended])
    for case in needed:
        await once_ended(work, case)
    if inbound.private:
        await forgetting.unheard(work.conn, address.channel, address.chat)
        await windows.shut(work.conn, address)
        if await identities.unbind(work.conn, own, by=own, now=work.now):
            work.rebound = True


async def _let_go(turn: Turn, gone: list[Said], ended: list[Case]) -> None:
    """Hide messages wherever their words stand, among what was thought of proposals too."""
    await forgetting.forget(turn.work.conn, gone, ended, turn.speaker.ids)
    for text in dict.fromkeys(one.inbound.text for one in gone if one.inbound.text):
        await unsaid(turn, text)


async def _cases(turn: Turn, his: list[Said]) -> list[Case]:
    """The cases that came of what he said here, his own and those he joined."""
    conn, ids = turn.work.conn, turn.speaker.ids
    found = {one.case_id for one in his if one.case_id is not None}
    found |= {case for one in his for case in one.shown}
    for id_ in ids:
        for case in await cases.of_reporter(conn, id_, MOST):
            if case.reported_in == turn.inbound.address:
                found.add(case.id)
    known = [await cases.get(conn, one) for one in sorted(found)]
    return [one for one in known if one is not None and await reporters.is_one(conn, one, *ids)]


HANDLER = Handler(intents=("left",), run=left)
