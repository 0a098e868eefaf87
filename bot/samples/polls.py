"""Examples of the values that templates about polls and the morning's overdue list ask for."""

from collections.abc import Mapping
from typing import Any


def poll_samples(moment: str, case: Mapping[str, Any]) -> dict[str, Any]:
    """Every value of theirs that no other template has."""
    late = {"case": dict(case), "area": "a", "since": moment, "missing": "finish", "open": True}
    counts = [{"option": "a", "count": 1, "percent": 50}]
    score = {"name": "a", "right": 1, "answered": True, "away": False}
    return {
        "cases_late": [late],
        "asked": True,
        "poll": {"number": 1, "kind": "quiz", "title": "a", "count": 3, "example": "121"},
        "also": [{"number": 2, "kind": "survey", "title": "a", "count": 1, "example": "1"}],
        "chosen": [{"number": 1, "mark": "A", "option": "a"}],
        "counted": [{"words": "a", "counts": counts}],
        "surveys": ["a"],
        "polls": [{"number": 1, "title": "a", "example": "1"}],
        "voices": 1,
        "homes": 300,
        "wrong": [{"number": 1, "words": "a", "mark": "A", "option": "b", "basis": "c"}],
        "scores": [score],
        "correct": 1,
    }
