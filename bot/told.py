"""为什么又停水, 体检几点啊: who asks about a notice is told its words once more; no case opens."""

from datetime import datetime, timedelta

from bot.turn import EXPLICIT, Turn
from bot.understanding.told import Asked, asked, over
from domain.notices import Notice
from scheduler.caring import worker_of
from store import appointments
from store.notice_told import told_here

_LATELY = timedelta(days=2)  # so long people ask about a notice
_JUST_NOW = timedelta(hours=2)  # so long 停到几点 needs no word of what


async def noted(turn: Turn) -> bool:
    """Answer with the notice's own words; False where no notice can be meant.

    Whoever names a building, or tells that something is wrong, reports it.
    """
    heard, work = turn.heard, turn.work
    if turn.speaker.staff or heard.urgent or heard.location.numbered or heard.sure >= EXPLICIT:
        return False
    question = asked(turn.inbound.text)
    if question is None:
        return False
    found = await told_here(
        work.conn, turn.inbound.address, turn.speaker.id, turn.area, work.now - _LATELY
    )
    plain = [(one, at) for one, at in found if not one.ready and not over(one.words, at, work.now)]
    meant = await _meant(turn, question, plain)
    if meant is None:
        return False
    notice, at = meant
    worker = worker_of(work, turn.area)
    values = {
        "words": notice.words,
        "told_at": at.isoformat(),
        "person": worker.name if worker is not None else "",
        "phone": worker.phone if worker is not None else "",
    }
    work.reply("replies/notice_told", values)
    return True


async def _meant(
    turn: Turn, question: Asked, told: list[tuple[Notice, datetime]]
) -> tuple[Notice, datetime] | None:
    """The newest notice of the thing; without a thing the newest of all, if it was just told."""
    if question.about:
        return next((one for one in told if question.of(one[0].words)), None)
    if not told or turn.work.now - told[0][1] > _JUST_NOW:
        return None
    waits = any(case.working for case in turn.mine())  # 几点来 is about what he waits for
    if waits or await appointments.open_of(turn.work.conn, turn.speaker.ids):
        return None
    return told[0]
