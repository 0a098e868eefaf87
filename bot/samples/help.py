"""Examples of the values that templates about appointments, volunteers and care ask for."""

from datetime import datetime
from typing import Any


def help_samples(now: datetime) -> dict[str, Any]:
    """Every such value, filled with something plausible."""
    appointment = {
        "number": "A1001",
        "start": now.isoformat(),
        "state": "done",
        **dict.fromkeys("worker phone who home words".split(), "words"),
    }
    care = {
        "at": "09:00",
        "days": "135",
        **dict.fromkeys("subject home what helper phone".split(), "words"),
    }
    return {
        "appointment": appointment,
        "appointments": [appointment],
        "slots": [now.isoformat()],
        "need": dict.fromkeys("number words state helper phone person".split(), "words"),
        "needs": [dict.fromkeys("number words state helper phone person".split(), "words")],
        "helpers": [{"who": "words", "words": "words"}],
        "left": True,
        "care": care,
        "cares": [care],
        "helper": True,
        "worker": "words",
        "aloud": True,
        "for_resident": True,
        "by_resident": False,
        "told_at": now.isoformat(),
        "known": True,
        "looked": True,
        "why": "absent",
        "moved": True,
        "due": True,
        "held_until": now.isoformat(),
    }
