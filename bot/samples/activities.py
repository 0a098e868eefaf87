"""Examples of the values that templates about activities, meetings and the public board ask for."""

from collections.abc import Mapping
from typing import Any


def activity_samples(moment: str, case: Mapping[str, Any]) -> dict[str, Any]:
    """Every value of theirs that no other template has."""
    plan = {"what": "a", "kind": "drill", "last": moment, "complete": False}
    plan |= {"done": 1, "wanted": 2, "held": 3, "left": 1, "most": 2}
    amounts = [{"what": "a", "count": 32, "unit": "b"}]
    stages = [{"what": "a", "count": 1}]
    matter = {"case": dict(case), "count": 2, "late": True, "supervised": True}
    matter |= {"since": moment, "heard": [moment]}
    return {
        "activity": {
            "number": 7,
            "area": "a",
            "day": moment,
            "kind": "publicity",
            "times": 2,
            "amounts": amounts,
            "stages": ["a"],
            "who": ["a"],
            "missing": [{"name": "a", "leave": True}],
        },
        "plans": [plan],
        "sums": [{"kind": "drill", "times": 2, "amounts": amounts, "stages": stages}],
        "complete": 1,
        "carried": [matter],
        "overdue": [matter],
        "month": 11,
        "board": dict.fromkeys(
            "opened finished working answered satisfied proposals activities".split(), 1
        )
        | {"behind": dict.fromkeys("overdue supervised dissatisfied reopened".split(), 1)},
        "comments": [{"number": 1, "words": "a", "answer": "b"}],
        "answered": 1,
        "unanswered": 1,
        "remarks": 1,
        "said": "a",
        "number": 1,
        "side": "to",
        "outside": True,
        "following": 2,
        "photos": 1,
        "pieces": [{"number": 1, "words": "a", "photos": 1}],
        "older": 1,
        "newer": 2,
        "there": True,
        "changes": [{"before": "a", "after": "b"}],
        "supervised_now": ["G1001"],
    }
