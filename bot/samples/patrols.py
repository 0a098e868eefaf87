"""Examples of the values that templates about rounds, quotas, standards and the day ask for."""

from typing import Any


def patrol_samples() -> dict[str, Any]:
    """Every value of theirs that no other template has."""
    groups = [{"units": ["1", "2"], "floors": [["1", "3"], ["5", "5"]]}]
    counts = {"fine": 1, "broken": 1, "skipped": 1}
    texts = dict.fromkeys("how place part person finding window".split(), "words")
    one = {
        **texts,
        "how": "noted",
        "counts": counts,
        "left": 2,
        "photos": 1,
        "groups": groups,
        "reasons": ["a", "b"],
        "strange": ["9"],
        "choices": ["a", "b"],
    }
    standard = dict.fromkeys(
        "frequency scope content nature evidence report_to liability".split(), "words"
    )
    weather = {
        "area": "words",
        "sky": "clear",
        "cases": 1,
        "urgent": 1,
        "kinds": [["a", 1], ["b", 2]],
        "made": 1,
        "findings": 1,
        "coverage": [{"kind": "a", "done": 1, "total": 2}],
        "levels": [{"level": "grid", "out": 1, "staff": 2, "percent": 50}],
        "objects": [{"object": "hazard", "done": 1, "total": 2, "percent": 50}],
        "first": "2026-01-01T12:00:00+08:00",
        "last": "2026-01-31T12:00:00+08:00",
        "together": 2,
        "alone": 1,
        "opinions": 10,
        "share": 50,
        "wanted": 85,
    }
    shown = {"standard": {**standard, "categories": ["a", "b"]}, "kind": "words"}
    return {
        "weather": weather,
        **shown,
        "round": one,
        "rounds": [{**one, "total": 3}],
        "done": 1,
        "total": 3,
        "year": 2027,
        "instead": 1,
        "begun": True,
    }
