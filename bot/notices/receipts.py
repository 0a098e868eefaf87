"""收到: whoever was sent a notice says that he has it; counted, and in a group not answered."""

from datetime import datetime, timedelta

from bot.turn import Turn
from bot.understanding.notices import got, got_for
from domain.case import Status
from domain.messages import Kind
from domain.people import Person
from store import cases, notice_answers
from store.notice_receipts import voice

_AWAITED = timedelta(days=3)


async def noted(turn: Turn) -> bool:
    """Count it, once for each household; True where nothing else can be meant.

    A worker who has a case to accept that is newer than the notice accepts that.
    """
    work, inbound = turn.work, turn.inbound
    if inbound.kind is not Kind.SAID or turn.number:
        return False
    for_whom = _other(turn)
    if for_whom is None and not got(inbound.text):
        return False
    span = work.now - _AWAITED, work.now
    area = "" if turn.speaker.staff else turn.area
    found = await notice_answers.to_answer(work.conn, inbound.address, turn.speaker.id, span, area)
    if found is None or await _accepts(turn, found[1]):
        return False
    whose = for_whom.id if for_whom is not None else turn.speaker.id
    home = voice(work, for_whom or turn.speaker.person, whose)
    await notice_answers.answer(work.store, work.conn, found[0], home, whose, work.now)
    if inbound.private:
        work.reply("replies/notice_got")
    return True


def _other(turn: Turn) -> Person | None:
    """The neighbour for whom somebody says 收到, where the roster knows one of that name here."""
    name = got_for(turn.inbound.text)
    if not name or turn.speaker.staff:
        return None
    known = turn.work.city.world.people.values()
    here = [one for one in known if one.name == name and one.area == turn.area]
    return here[0] if len(here) == 1 and not here[0].role.staff else None


async def _accepts(turn: Turn, said_at: datetime) -> bool:
    if not turn.speaker.staff:
        return False
    own = await cases.of_assignees(turn.work.conn, [turn.speaker.id])
    return any(one.status is Status.ASSIGNED and one.opened_at > said_at for one in own)
