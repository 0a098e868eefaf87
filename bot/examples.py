"""Corrections as training lines: what `gridbot export-corrections` writes."""

from collections.abc import Iterable
from typing import Any

from bot.understanding import anonymous
from store.corrections import Correction

VOICE = "correction"


def training_lines(corrections: Iterable[Correction]) -> list[dict[str, Any]]:
    """One line for each case, as it was corrected last, in the order of those corrections.

    Masked once more on the way out: what is found as private today may not have been then.
    """
    last: dict[int, Correction] = {}
    for one in corrections:
        last.pop(one.case, None)
        last[one.case] = one
    return [_line(one) for one in last.values()]


def _line(one: Correction) -> dict[str, Any]:
    label = one.label
    return {
        "voice": VOICE,
        "text": anonymous(one.text),
        "role": label["role"],
        "intent": label["intent"],
        "category": label["category"],
        "urgent": label["urgent"],
    }
