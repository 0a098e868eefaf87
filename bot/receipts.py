"""收到: whoever was sent a notice says that he has it; counted, and in a group not answered."""

from datetime import datetime, timedelta

from bot.turn import Turn
from bot.understanding.notices import got
from domain.case import Status
from domain.messages import Kind
from store import cases, notice_answers
from store.notice_receipts import voice

_AWAITED = timedelta(days=3)


async def noted(turn: Turn) -> bool:
    """Count it, once for each household; True where nothing else can be meant.

    A worker who has a case to accept that is newer than the notice accepts that.
    """
    work, inbound = turn.work, turn.inbound
    if inbound.kind is not Kind.SAID or turn.number or not got(inbound.text):
        return False
    since = work.now - _AWAITED
    found = await notice_answers.to_answer(
        work.conn, inbound.address, turn.speaker.id, since, "" if turn.speaker.staff else turn.area
    )
    if found is None or await _accepts(turn, found[1]):
        return False
    home = voice(work, turn.speaker.person, turn.speaker.id)
    await notice_answers.answer(work.store, work.conn, found[0], home, turn.speaker.id, work.now)
    if inbound.private:
        work.reply("replies/notice_got")
    return True


async def _accepts(turn: Turn, said_at: datetime) -> bool:
    if not turn.speaker.staff:
        return False
    own = await cases.of_assignees(turn.work.conn, [turn.speaker.id])
    return any(one.status is Status.ASSIGNED and one.opened_at > said_at for one in own)
