"""An answer to "which of these times?"."""

from datetime import datetime

from bot.helping import appointments
from bot.turn import Handler, Turn
from bot.understanding import errands
from bot.understanding.notices import bygone
from domain.errors import NotAllowed
from domain.workdays import TZ


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
    named = errands.pick(words, now, slots) or _wished(turn, words)
    return errands.in_that_week(words, named, min(slots)) if named and slots else named


def _wished(turn: Turn, words: str) -> datetime | None:
    """The time that is named; an hour alone is one of the day that was spoken of: 那11点."""
    now = turn.work.now
    said = errands.wish(words, now)
    near = turn.question.data.get("near") if turn.question is not None else ""
    if said.hour and not said.day and near:
        morning = datetime.fromisoformat(near).astimezone(TZ).replace(hour=0, minute=1)
        there = errands.wish(words, max(morning, now)).moment
        return there or said.moment
    return said.moment


HANDLER = Handler(intents=("slot",), run=slot)
