"""Asking for the reason a step needs."""

from bot.turn import Turn
from domain.case import Case


async def ask_reason(turn: Turn, case: Case) -> None:
    """Ask the speaker why, and remember what he wanted to do, and for how long."""
    wait = turn.work.city.rules_of(case).question_wait
    span = turn.heard.duration
    hours = span.total_seconds() if span else None
    data = {"intent": turn.heard.intent, "number": case.number, "hours": hours}
    await turn.work.ask(turn.conversation, turn.speaker.id, "reason", data, wait)
    turn.work.reply("replies/ask_reason", {"intent": turn.heard.intent}, case=case)
