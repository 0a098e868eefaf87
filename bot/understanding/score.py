"""How well messages were understood: labels beside answers, and the figures that are asked for.

Pure: rows in, figures out. The definitions are those of the label guideline's own scorer: "lenient"
also accepts alt_intents and alt_categories; numbers of an address are compared without 号楼 and the
like; a place counts when one name contains the other; an abstaining answer is no answer.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.understanding.kinds import KINDS
from bot.understanding.score_pairs import CASE, Figure, Pair, Row, f1, rate, share
from bot.understanding.score_slots import moments, personal, places

NOISE = ("chat", "ad", "other")
IDLE = ("chat", "ad")  # what must not become a case
NOTHING = "-"  # stands for the answer that was not given


def paired(gold: Iterable[Row], pred: Mapping[str, Row]) -> list[Pair]:
    """Each labelled message with its answer."""
    return [Pair(row, pred.get(str(row["id"]), {})) for row in gold]


def figures(pairs: Sequence[Pair]) -> dict[str, Figure]:
    """All figures of the table in docs/understanding.md, by name."""
    return {
        **_intents(pairs),
        **_categories(pairs),
        **_urgent(pairs),
        **_cases(pairs),
        **places(pairs),
        **moments(pairs),
        **personal(pairs),
    }


def confusion(pairs: Sequence[Pair], name: str) -> dict[str, Counter[str]]:
    """What each label of "intent" or "category" was taken for, strictly."""
    found: dict[str, Counter[str]] = {}
    for gold, pred in _labels(pairs, name):
        found.setdefault(gold, Counter())[pred] += 1
    order = {label: place for place, label in enumerate(KINDS)}
    return dict(sorted(found.items(), key=lambda item: (order.get(item[0], 0), item[0])))


def _labels(pairs: Sequence[Pair], name: str) -> list[tuple[str, str]]:
    if name == "intent":
        return [(one.gold["intent"], one.intent or NOTHING) for one in pairs]
    return [
        (one.gold["category"], one.pred.get("category") or NOTHING) for one in _with_matter(pairs)
    ]


def _with_matter(pairs: Sequence[Pair]) -> list[Pair]:
    """Those that should become cases and have a category."""
    return [one for one in pairs if one.gold["intent"] in CASE and one.gold.get("category")]


def _intents(pairs: Sequence[Pair]) -> dict[str, Figure]:
    lenient = share(pairs, lambda one: one.intent in one.intents)
    labels = _labels(pairs, "intent")
    right = Counter(gold for gold, pred in labels if gold == pred)
    there, said = Counter(gold for gold, _ in labels), Counter(pred for _, pred in labels)
    each = [
        f1(right[kind], said[kind] - right[kind], there[kind] - right[kind]) or 0.0
        for kind in there
    ]
    macro = sum(each) / len(each) if each else None
    strict = share(pairs, lambda one: one.intent == one.gold["intent"])
    return {
        "intent_lenient": lenient,
        "intent_macro_f1": Figure(macro, len(pairs)),
        "intent_strict": strict,
    }


def _categories(pairs: Sequence[Pair]) -> dict[str, Figure]:
    placed = [one for one in pairs if one.gold.get("category")]
    return {
        "category_lenient": share(
            _with_matter(pairs), lambda one: one.pred.get("category") in one.categories
        ),
        "category_first_three": share(
            placed, lambda one: bool(one.categories.intersection(one.first_three))
        ),
    }


def _urgent(pairs: Sequence[Pair]) -> dict[str, Figure]:
    real = [one for one in pairs if one.gold.get("urgent")]
    told = [one for one in pairs if one.pred.get("urgent")]
    return {
        "urgent_recall": share(real, lambda one: bool(one.pred.get("urgent"))),
        "urgent_precision": share(told, lambda one: bool(one.gold.get("urgent"))),
    }


def _cases(pairs: Sequence[Pair]) -> dict[str, Figure]:
    idle = [one for one in pairs if one.gold["intent"] in IDLE]
    reports = [
        one
        for one in pairs
        if one.gold["intent"] == "report" and not one.intents.intersection(NOISE)
    ]
    return {
        "noise_opened": rate(idle, lambda one: one.action == "open"),
        "reports_missed": rate(reports, lambda one: one.action not in ("open", "ask")),
    }
