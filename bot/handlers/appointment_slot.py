"""An answer to "which of these times?"."""

from datetime import datetime

from bot import appointments
from bot.turn import Handler, Turn
from bot.understanding import errands
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
        await appointments.offer(turn, wanted, free, "other", after=max(slots, default=None))
        return
    await appointments.settle(turn, wanted, start)


def _chosen(turn: Turn, words: str, slots: list[datetime]) -> datetime | None:
    """The time that was meant; None for another. Raises NotAllowed for a line that is not there."""
    if words.isascii() and words.isdigit():
        if not 0 < int(words) <= len(slots):
            raise NotAllowed("no_such_slot")
        return slots[int(words) - 1]
    now = turn.work.now
    return errands.pick(words, now, slots) or errands.wish(words, now).moment


HANDLER = Handler(intents=("slot",), run=slot)
