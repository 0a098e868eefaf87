"""Fits the model with scikit-learn and packs its weights for `bot/understanding/model.py`."""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.training.lines import Line
from bot.understanding import features
from bot.understanding.model import RAISED

SEED = 20261122
LEAST = 2  # a run of characters must stand in that many lines
SIGN = 0.4  # how much a rule feature weighs beside the characters
_TOP = 32_767

# The share of danger is worked out from the characters and what they are about alone: the rules
# for dangers were written with these lines at hand, and would be trusted too much.
ONLY = {"urgent": ("about:", "staff")}

Asked = Callable[[Line], str | None]
PARTS: Mapping[str, Asked] = {
    "intent": lambda line: line.intent,
    "category": lambda line: line.category,
    "urgent": lambda line: "yes" if line.urgent else "no",
}
STRENGTH = {"intent": 6.0, "category": 6.0, "urgent": 10.0}  # inverse of the regularisation
EVENNESS = {"intent": 0.35, "category": 0.35, "urgent": 0.5}  # 0 as they come, 1 all labels alike


@dataclass(frozen=True)
class Fitted:
    """A fitted model, still in floating point."""

    signs: DictVectorizer
    grams: TfidfVectorizer
    parts: Mapping[str, LogisticRegression]
    warmth: Mapping[str, float]

    def columns(self, lines: Sequence[Line]) -> csr_matrix:
        """The features of lines as a matrix."""
        signs = self.signs.transform([signs_of(line) for line in lines]) * SIGN
        return hstack([signs, self.grams.transform(lines)]).tocsr()

    def shares(self, name: str, lines: Sequence[Line]) -> np.ndarray:
        """How likely each label of a part is, a row for each line."""
        weights, bias = _both(self.parts[name])
        sums = (self.columns(lines) @ weights.T + bias) / self.warmth[name]
        raised = np.exp(sums - sums.max(axis=1, keepdims=True))
        shares: np.ndarray = raised / raised.sum(axis=1, keepdims=True)
        return shares


def signs_of(line: Line) -> Mapping[str, int]:
    """The rule features of a line."""
    return features.signs(line.plain, staff=line.staff)


def _grams_of(line: Line) -> set[str]:
    return features.grams(line.plain)


def fit(lines: Sequence[Line], warmth: Mapping[str, float] | None = None) -> Fitted:
    """Fit both parts; the same lines give the same model, bit for bit."""
    signs = DictVectorizer(sort=True).fit([signs_of(line) for line in lines])
    grams = TfidfVectorizer(analyzer=_grams_of, min_df=LEAST, binary=True).fit(lines)
    unfitted = Fitted(signs, grams, {}, warmth or dict.fromkeys(PARTS, 1.0))
    matrix = unfitted.columns(lines)
    parts = {
        name: _part(name, asked, lines, _seen(matrix, signs.feature_names_, ONLY.get(name)))
        for name, asked in PARTS.items()
    }
    return Fitted(signs, grams, parts, unfitted.warmth)


def _seen(matrix: csr_matrix, signs: Sequence[str], only: tuple[str, ...] | None) -> csr_matrix:
    """The columns a part may look at, the others empty: all characters, and some rule features."""
    if only is None:
        return matrix
    kept = np.ones(matrix.shape[1])
    kept[: len(signs)] = [name.startswith(only) and ":cue" not in name for name in signs]
    return (matrix @ diags(kept)).tocsr()


def _part(name: str, asked: Asked, lines: Sequence[Line], matrix: csr_matrix) -> LogisticRegression:
    known = [(row, label) for row, line in enumerate(lines) if (label := asked(line))]
    labels = np.array([label for _, label in known])
    names, counts = np.unique(labels, return_counts=True)
    even = dict(zip(names, (len(labels) / len(names) / counts) ** EVENNESS[name], strict=True))
    model = LogisticRegression(
        C=STRENGTH[name], max_iter=400, tol=1e-4, class_weight=even, random_state=SEED
    )
    return model.fit(matrix[[row for row, _ in known]], labels)


def _both(part: LogisticRegression) -> tuple[np.ndarray, np.ndarray]:
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
    # What does not depend on the message goes into the weights once and for all.
    worth = np.concatenate([np.full(len(sign_names), SIGN), idf])
    parts: list[dict[str, Any]] = []
    blocks: list[np.ndarray] = []
    first = 0
    for name, part in fitted.parts.items():
        weights, bias = _both(part)
        weights = weights * worth
        scales = np.abs(weights).max(axis=1) / _TOP
        blocks.append(np.round(weights / scales[:, None]).astype(np.int32))
        parts.append({
            "name": name, "labels": [str(label) for label in part.classes_], "first": first,
            "scales": scales.tolist(), "bias": bias.tolist(),
            "warmth": fitted.warmth[name],
        })  # fmt: skip
        first += len(part.classes_)
    header = {**more, "parts": parts, "names": len(names)}
    squares = np.concatenate([np.zeros(len(sign_names)), idf**2]).astype("<f4")
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

    tried: Iterable[float] = (round(0.4 + 0.05 * step, 2) for step in range(53))
    return min(tried, key=loss)
