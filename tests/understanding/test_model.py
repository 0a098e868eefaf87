"""The packed model answers what scikit-learn's does, and the program runs without scikit-learn."""

import hashlib
import subprocess
import sys
import zlib
from array import array
from collections import Counter

import orjson
import pytest

from bot.training.__main__ import CARD, TARGET
from bot.training.check import disagreements
from bot.training.fit import fit, pack
from bot.training.lines import own
from bot.understanding.kinds import KINDS, WITH_CATEGORY
from bot.understanding.model import RAISED, Model, model
from domain.rules import CODES


@pytest.fixture(scope="module")
def lines():
    """All of them; read by the worker that needs them, and not by each that collects tests."""
    return own()


@pytest.fixture(scope="module")
def dev(lines):
    return [line for line in lines if line.hand == "dev"]


@pytest.fixture(scope="module")
def ours(lines):
    return [line for line in lines if line.hand != "dev"]


@pytest.fixture(scope="module")
def some(ours):
    return ours[::40]  # make train proves it on all


@pytest.fixture(scope="module")
def fitted(some):
    return fit(some)


def test_every_development_message_is_answered_as_by_the_fitted_model(fitted, dev):
    assert len(dev) == 411
    assert disagreements(fitted, Model.read(pack(fitted, {})), dev) == []


def test_the_same_lines_give_the_same_bytes(fitted, some):
    assert pack(fit(some), {}) == pack(fitted, {})


def test_the_card_is_of_this_model(lines):
    card = orjson.loads(CARD.read_bytes())
    packed = TARGET.read_bytes()
    assert (card["sha256"], card["bytes"]) == (hashlib.sha256(packed).hexdigest(), len(packed))
    assert card["lines"] == len(lines)
    assert model().header["lines"] == len(lines)


def test_listening_loads_nothing_of_what_trains():
    code = (
        "import sys; from bot.understanding import Heard, Listener;"
        "Listener().understand(Heard(text='x'));"
        "print([name for name in sys.modules if name.split('.')[0] in ('sklearn', 'numpy', 'scipy')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "packed", [b"", b"nonsense", TARGET.read_bytes()[:1000]], ids=["empty", "other", "cut"]
)
def test_what_is_no_model_is_refused(packed):
    with pytest.raises(ValueError, match="make train"):
        Model.read(packed)


@pytest.mark.parametrize("labels", [1, 2, 3, 40], ids=lambda count: f"{count} labels")
def test_all_labels_are_added_at_once_and_each_by_itself(labels):
    names, squares = ["staff", "cue:no", "坏", "了", "坏了"], [0.0, 0.0, 0.25, 0.125, 0.00390625]
    top = 32_767
    weights = [
        [(-top, top, at * 7 - 50)[(at + row) % 3] for at in range(labels)] for row in range(5)
    ]
    part = {"name": "x", "labels": [f"{at}" for at in range(labels)], "first": 0}
    part |= {"scales": [1.0] * labels, "bias": [0.0] * labels, "warmth": 1.0}
    head = orjson.dumps({"parts": [part], "names": len("\n".join(names).encode())}) + b"\n"
    raised = array("I", [weight + RAISED for row in weights for weight in row])
    body = "\n".join(names).encode() + array("f", squares).tobytes() + raised.tobytes()
    read = Model.read(zlib.compress(head + body))
    signs, grams = {"staff": 300, "cue:no": 1, "unknown": 9}, {"坏", "了", "坏了", "灯"}
    norm = sum(squares) ** 0.5
    assert read.sums(signs, grams) == pytest.approx(
        [weights[0][at] * 300 + weights[1][at] + sum(row[at] for row in weights[2:]) / norm
         for at in range(labels)]
    )  # fmt: skip
    assert read.sums({}, set()) == [0.0] * labels


def test_shares_are_shares():
    sums = model().sums({"staff": 1}, {"坏", "了"})
    for part in model().parts.values():
        shares = part.shares(sums)
        assert set(shares) == set(part.labels)
        assert sum(shares.values()) == pytest.approx(1.0)
    assert "report" not in model().parts["intent"].shares(sums, without=("report",))


# The lines themselves


def test_there_are_enough_lines_of_every_kind(ours):
    intents = Counter(line.intent for line in ours)
    categories = Counter(line.category for line in ours if line.category)
    assert len(ours) >= 4_000
    assert min(intents[kind] for kind in KINDS) >= 120
    assert min(categories[code] for code in CODES if code != "other") >= 150
    assert intents["chat"] + intents["ad"] >= 800


def test_every_line_is_labelled_with_known_labels(lines):
    for line in lines:
        assert {line.intent, *line.alt_intents} <= set(KINDS), line
        assert {line.category, *line.alt_categories} <= {None, *CODES}, line
        assert line.staff or not line.intent.startswith("worker_"), line
        assert line.category is None or line.intent in WITH_CATEGORY | {"worker_visit"}, line
        assert all(value in line.text for _, value in line.pii), line


def test_no_line_of_ours_is_a_message_of_the_development_set(dev, ours):
    kept = {bare(line.text) for line in dev}
    assert [line.text for line in ours if bare(line.text) in kept] == []


def bare(text):
    found = "".join(char for char in text if char.isalnum())
    return found if len(found) > 6 else object()
