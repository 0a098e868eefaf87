"""Fits the model with scikit-learn and packs its weights for `bot/understanding/model.py`."""

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from bot.training.lines import Line
from bot.understanding import features, slots
from bot.understanding.model import RAISED
from bot.understanding.score_slots import same_place

if TYPE_CHECKING:  # scikit-learn and SciPy take a second or more: who only reads recipes need not
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

SEED = 20261122
# Lines a run of so many characters must stand in: those that stand in few are a third of the model,
# and hands that were left out are heard no better with them (docs/understanding.md).
LEAST = {1: 3, 2: 4, 3: 5}
_TOP = 32_767
# The characters' sum is divided by the norm of a message, about as much: divided beforehand, they
# and the rule features fill the sixteen bits alike, and rounding costs both little.
_NORM = 16.0
_CLAUSE = re.compile(r"[,。!?;~ \n]+")
_OFTEN = 5  # lines
_SHORTEST = 5  # characters of a clause that is worth a look

Asked = Callable[[Line], str | None]
# Hands that label a place as the guideline does: only where something is wrong.
_PLACED = frozenset(("dev", *(f"hand_{one}" for one in "hpqrstuvwxyz")))


def _placed(line: Line) -> str | None:
    """Whether the place heard in a line is where something is wrong; None where that is unknown."""
    heard = slots.place(line.plain) if line.hand in _PLACED else None
    if heard is None:
        return None
    return "yes" if same_place(line.location.get("place", ""), heard) else "no"


PARTS: Mapping[str, Asked] = {
    "intent": lambda line: line.intent,
    "category": lambda line: line.category,
    "urgent": lambda line: "yes" if line.urgent else "no",
    "place": _placed,
}


@dataclass(frozen=True)
class Recipe:
    """How a part is fitted; each number was chosen on hands left out (docs/understanding.md).

    `worth` says how much the rule features of a name weigh beside the characters, the first prefix
    that fits; those of no prefix are not seen. `threes` is what runs of three characters weigh
    beside shorter ones. `clauses` is what a clause of a line weighs that stands in for the whole,
    `second` what a line weighs once more under each label the guideline accepts as well.
    """

    strength: float  # inverse of the regularisation
    evenness: float  # 0 the labels as they come, 1 all alike
    worth: tuple[tuple[str, float], ...]
    clauses: float = 0.0
    threes: float = 1.0
    second: float = 0.0


RECIPES = {
    # The words by category were written with some of these lines at hand: weighed lightly, they
    # help on every hand; heavily, they are trusted too much. The same holds for danger, which is
    # worked out from the characters and what they are about alone.
    "intent": Recipe(0.4, 0.35, (("word:", 0.0), ("said:", 0.0), ("place:", 0.0), ("", 0.15))),
    "category": Recipe(
        0.5, 0.35, (("word:", 0.1), ("said:", 0.2)), clauses=0.6, threes=0.5, second=1.0
    ),
    "urgent": Recipe(
        0.4,
        0.5,
        (
            ("word:", 0.1),
            ("shape:danger", 0.0),
            ("shape:alarm", 0.0),
            ("shape:", 0.1),
            ("staff:", 0.0),
            ("staff", 0.4),
        ),
    ),
    "place": Recipe(0.3, 1.0, (("place:", 0.3),)),
}


@dataclass(frozen=True)
class Fitted:
    """A fitted model, still in floating point."""

    signs: "DictVectorizer"
    grams: "TfidfVectorizer"
    parts: Mapping[str, "LinearSVC"]
    warmth: Mapping[str, float]

    def worth(self, name: str) -> np.ndarray:
        """What each rule feature is worth to a part."""
        prefixes = RECIPES[name].worth
        return np.array([_worth(sign, prefixes) for sign in self.signs.feature_names_])

    def runs(self, name: str) -> np.ndarray:
        """What each run of characters is worth to a part."""
        threes, long = RECIPES[name].threes, features.GRAMS[-1]
        runs = self.grams.get_feature_names_out()
        return np.array([threes if len(run) == long else 1.0 for run in runs])

    def columns(self, name: str, lines: Sequence[Line]) -> "csr_matrix":
        """The features of lines as a part sees them."""
        from scipy.sparse import diags, hstack

        signs = self.signs.transform([signs_of(line) for line in lines])
        grams = self.grams.transform(lines)
        both = [signs @ diags(self.worth(name)), grams @ diags(self.runs(name))]
        return hstack(both).tocsr()

    def shares(self, name: str, lines: Sequence[Line]) -> np.ndarray:
        """How likely each label of a part is, a row for each line."""
        weights, bias = _both(self.parts[name])
        sums = (self.columns(name, lines) @ weights.T + bias) / self.warmth[name]
        raised = np.exp(sums - sums.max(axis=1, keepdims=True))
        shares: np.ndarray = raised / raised.sum(axis=1, keepdims=True)
        return shares


def _worth(sign: str, prefixes: Sequence[tuple[str, float]]) -> float:
    return next((worth for prefix, worth in prefixes if sign.startswith(prefix)), 0.0)


def signs_of(line: Line) -> Mapping[str, int]:
    """The rule features of a line."""
    return _signs(line.plain, staff=line.staff)


@cache
def _signs(plain: str, *, staff: bool) -> Mapping[str, int]:
    return features.signs(plain, staff=staff)


def _grams_of(line: Line) -> set[str]:
    return features.grams(line.plain)


def fit(lines: Sequence[Line], warmth: Mapping[str, float] | None = None) -> Fitted:
    """Fit all parts; the same lines give the same model, bit for bit."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.feature_extraction.text import TfidfVectorizer

    signs = DictVectorizer(sort=True).fit([dict.fromkeys(_known_signs(lines), 1)])
    grams = TfidfVectorizer(analyzer=_grams_of, vocabulary=_runs(lines), binary=True).fit(lines)
    unfitted = Fitted(signs, grams, {}, warmth or dict.fromkeys(PARTS, 1.0))
    parts = {name: _part(unfitted, name, lines) for name in PARTS}
    return Fitted(signs, grams, parts, unfitted.warmth)


def _known_signs(lines: Sequence[Line]) -> list[str]:
    """The rule features of these lines; of what stands around places those that are no accident."""
    counts = Counter(sign for line in lines for sign in signs_of(line))
    return [sign for sign, count in counts.items() if count >= _OFTEN or sign[:6] != "place:"]


def _runs(lines: Sequence[Line]) -> list[str]:
    """The runs of characters that stand in enough lines, in order."""
    counts = Counter(run for line in lines for run in _grams_of(line))
    return sorted(run for run, count in counts.items() if count >= LEAST[len(run)])


def _part(unfitted: Fitted, name: str, lines: Sequence[Line]) -> "LinearSVC":
    recipe, asked = RECIPES[name], PARTS[name]
    known = [line for line in lines if asked(line)]
    more = [clause for line in known for clause in _clauses(line)] if recipe.clauses else []
    again = list(_seconds(name, known)) if recipe.second else []
    counts = [1.0] * len(known) + [recipe.clauses] * len(more) + [recipe.second] * len(again)
    rows = [*known, *more, *again]
    labels = np.array([asked(line) for line in rows])
    model = _model(recipe, labels[: len(known)])
    return model.fit(unfitted.columns(name, rows), labels, sample_weight=np.array(counts))


def _model(recipe: Recipe, labels: np.ndarray) -> "LinearSVC":
    from sklearn.svm import LinearSVC

    names, counts = np.unique(labels, return_counts=True)
    even = (len(labels) / len(names) / counts) ** recipe.evenness
    weights = dict(zip(names, even, strict=True))
    return LinearSVC(
        C=recipe.strength, tol=1e-3, class_weight=weights, random_state=SEED, max_iter=5_000
    )


def _clauses(line: Line) -> list[Line]:
    """The clauses of a line of several, each as if it stood for the whole."""
    parts = [part for part in _CLAUSE.split(line.plain) if len(part) >= _SHORTEST]
    return [replace(line, text=part) for part in parts] if len(parts) > 1 else []


def _seconds(name: str, lines: Sequence[Line]) -> Iterator[Line]:
    """Each line with a second category once more for each, as if that were its first."""
    if name != "category":
        raise ValueError(f"{name} has no second labels to learn from")
    for line in lines:
        yield from (replace(line, category=other) for other in line.alt_categories)


def _both(part: "LinearSVC") -> tuple[np.ndarray, np.ndarray]:
    """Weights and bias with a row for each label, also where there are but two of them."""
    if len(part.classes_) > 2:  # noqa: PLR2004 - scikit-learn keeps one row for two labels
        return part.coef_, part.intercept_
    return np.vstack([-part.coef_, part.coef_]) / 2, np.hstack(
        [-part.intercept_, part.intercept_]
    ) / 2


def pack(fitted: Fitted, more: Mapping[str, Any]) -> bytes:
    """The model as `Model.read` wants it; `more` goes into the header."""
    sign_names = list(fitted.signs.feature_names_)
    gram_names = list(fitted.grams.get_feature_names_out())
    idf = fitted.grams.idf_
    names = "\n".join([*sign_names, *gram_names]).encode()
    parts: list[dict[str, Any]] = []
    blocks: list[np.ndarray] = []
    first = 0
    for name, part in fitted.parts.items():
        weights, bias = _both(part)
        # What does not depend on the message goes into the weights once and for all.
        weights = weights * np.concatenate([fitted.worth(name), idf * fitted.runs(name) / _NORM])
        scales = np.abs(weights).max(axis=1) / _TOP
        blocks.append(np.round(weights / scales[:, None]).astype(np.int32))
        parts.append({
            "name": name, "labels": [str(label) for label in part.classes_], "first": first,
            "scales": scales.tolist(), "bias": bias.tolist(),
            "warmth": fitted.warmth[name],
        })  # fmt: skip
        first += len(part.classes_)
    header = {**more, "parts": parts, "names": len(names)}
    squares = np.concatenate([np.zeros(len(sign_names)), (idf / _NORM) ** 2]).astype("<f4")
    weights_ = np.ascontiguousarray((np.vstack(blocks) + RAISED).T).astype("<u4")
    body = b"".join([orjson.dumps(header), b"\n", names, squares.tobytes(), weights_.tobytes()])
    return zlib.compress(body, 9)


def warmth_of(gold: Sequence[int], sums: np.ndarray) -> float:
    """The temperature that makes shares come true as often as they say (least log loss)."""

    def loss(warmth: float) -> float:
        scaled = sums / warmth
        top = scaled.max(axis=1)
        whole = top + np.log(np.exp(scaled - top[:, None]).sum(axis=1))
        return float((whole - scaled[np.arange(len(gold)), gold]).mean())

    tried: Iterable[float] = (round(0.1 + 0.05 * step, 2) for step in range(59))
    return min(tried, key=loss)
