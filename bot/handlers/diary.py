"""民情日志: the day's diary, drafted from what the worker said he did (domain.md F22)."""

from datetime import timedelta

from bot.forms import sentence
from bot.turn import STAFF, Handler, Turn
from domain import forms
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
    lines = [{"words": sentence(one), "entry": one.id} for one in mine[:_MOST]]
    values = {"lines": lines, "more": len(mine) - len(lines), "kept": turn.heard.intent != "diary"}
    work.reply("replies/diary", values)


HANDLER = Handler(intents=("diary", "diary_right"), run=diary, roles=STAFF)
