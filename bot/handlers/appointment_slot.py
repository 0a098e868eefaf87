"""An answer to "which of these times?"."""

from datetime import datetime

from bot import appointments
from bot.turn import Handler, Turn
from bot.understanding import errands
from bot.understanding.notices import bygone
from domain.errors import NotAllowed


async def slot(turn: Turn) -> None:
    """Take the time that was chosen or named; offer later ones where none will do."""
    question = turn.question
    if question is None or question.kind != appointments.SLOTS:
        return
    slots = [datetime.fromisoformat(one) for one in question.data["slots"]]
    words = turn.heard.words
    start = _chosen(turn, words, slots)
    wanted = await appointments.wanted_again(turn)
    await turn.work.settle_question(question)
    if wanted is None:
        raise NotAllowed("appointment_over")
    if start is None:
        free = await appointments.free_times(turn.work, wanted.area, wanted.moving)
        text, now = turn.inbound.text, turn.work.now
        why = "gone" if bygone(text, now) else "other"
        after = errands.next_week(text, now) or max(slots, default=None)
        await appointments.offer(turn, wanted, free, why, after=after)
        return
    rough = start not in slots and errands.wish(words, turn.work.now).rough
    await appointments.settle(turn, wanted, start, rough=rough)


def _chosen(turn: Turn, words: str, slots: list[datetime]) -> datetime | None:
    """The time that was meant; None for another. Raises NotAllowed for a line that is not there."""
    if words.isascii() and words.isdigit():
        if not 0 < int(words) <= len(slots):
            raise NotAllowed("no_such_slot")
        return slots[int(words) - 1]
    now = turn.work.now
    named = errands.pick(words, now, slots) or errands.wish(words, now).moment
    return errands.in_that_week(words, named, min(slots)) if named and slots else named


HANDLER = Handler(intents=("slot",), run=slot)
