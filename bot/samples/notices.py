"""The values the templates of notices ask for, filled with something plausible."""

from typing import Any


def notice_samples() -> dict[str, Any]:
    """Every value of theirs that no other template has."""
    numbers = "count days most told taken sent total open dead merged taps late lately".split()
    one = {
        "number": 1,
        "words": "a b",
        "ready": "",
        "urgent": True,
        "receipts": True,
        "corrects": 0,
        "author": "a",
        "area": "b",
        "group": True,
        "status": "sent",
        "until": "2026-01-02T00:00:00+00:00",
    }
    detour = {"kind": "sms", "why": "no way but sms", "groups": 0, "people": 1}
    reach = dict.fromkeys("groups people households more silent lately closed".split(), 1)
    return {
        **dict.fromkeys(numbers, 1),
        "notice": one,
        "notices": [one],
        "reach": {**reach, "contact": ["a", "b"], "detours": [detour]},
        "when": "2026-01-02T00:00:00+00:00",
        "until": "2026-01-02T00:00:00+00:00",
        "forwarded": False,
        "bygone": "a",
        "said_at": "2026-01-02T00:00:00+00:00",
        "dated": True,
        "quiet_until": "2026-01-02T00:00:00+00:00",
        "group": True,
        "visit": True,
        "agreed": True,
        "others": [1, 2],
        "earlier": {"number": 1, "when": "2026-01-02T00:00:00+00:00", "count": 1},
        "scope": "once",
        "near": "2026-01-02T00:00:00+00:00",
        "rhythm": {
            "days": "week",
            "numbers": [1, 4],
            "at": "09:00",
            "season": [[12, 1], [2, 28]],
            "missed": "skip",
            "short": 31,
            "step": 2,
            "of_quarter": 1,
        },
        "ready": "",
        "kind": "sms",
        "held": True,
    }
