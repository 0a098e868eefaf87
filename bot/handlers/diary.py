"""民情日志: the day's diary, drafted from what the worker said he did (domain.md F22)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from bot.ledgers.forms import sentence
from bot.turn import STAFF, Handler, Turn
from bot.visits.says import apart
from domain import forms
from domain.forms import Entry
from domain.visits import VisitKind
from domain.workdays import TZ
from store import visit_log, visits

_MOST = 20  # more lines are not read in a chat; the form of the month has them all


async def diary(turn: Turn) -> None:
    """Show the draft, each line with the entry it cites; or keep that he found it right."""
    work, who = turn.work, turn.speaker.id
    today = work.now.astimezone(TZ)
    start = today.replace(hour=0, minute=0, second=0, microsecond=0)
    log = await visit_log.entries(work.conn, start, work.now + timedelta(seconds=1))
    mine = forms.diary(forms.settled(log), who, today.date())
    if turn.heard.intent == "diary_right" and mine:
        cited = [one.id for one in mine]
        await visits.log(work.conn, [(None, "diary", who, {"entries": cited})], work.now)
    cared = await _cared_for(turn, mine, today.date())
    open_to_all = [one for one in mine if one.visit not in cared]
    apart(turn, "replies/diary", _values(turn, mine), _values(turn, open_to_all))


def _values(turn: Turn, entries: Sequence[Entry]) -> dict[str, Any]:
    lines = [{"words": sentence(one), "entry": one.id} for one in entries[:_MOST]]
    more = len(entries) - len(lines)
    return {"lines": lines, "more": more, "kept": turn.heard.intent != "diary"}


async def _cared_for(turn: Turn, entries: Sequence[Entry], day: date) -> set[int]:
    """The visits to people on care lists, planned or not: those stay out of groups (F21)."""
    areas = sorted({one.area for one in entries})
    names = {name for _, _, name in await visits.people(turn.work.conn, areas, day)}
    return {
        one.visit
        for one in entries
        if one.visit_kind == VisitKind.CARE.value or any(name in one.words for name in names)
    }


HANDLER = Handler(intents=("diary", "diary_right"), run=diary, roles=STAFF)
