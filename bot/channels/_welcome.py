"""Greets who comes in: a code opens the way for one message, for 20 seconds (wechat.md 1d, 1f)."""

from datetime import datetime, timedelta

from domain.messages import Outbound

LIFE = timedelta(seconds=20)


def code(outbound: Outbound, now: datetime) -> str:
    """The code of the coming that a message answers, while it has its time; "" without one."""
    given = outbound.handle.get("welcome", "")
    try:
        at = datetime.fromisoformat(outbound.handle.get("at", ""))
        return given if now - at < LIFE else ""
    except (TypeError, ValueError):
        return ""
