"""What holds for every labelled message, whatever the model makes of it.

The figures are measured by `make quality`, with a model that never saw the development set.
"""

import json
from pathlib import Path

import pytest

import bot.training
from bot.understanding import Heard, Listener

LISTENER = Listener()
LINES = Path(bot.training.__file__).parent / "lines/dev.jsonl"
ROWS = [json.loads(line) for line in LINES.read_text("utf-8").splitlines()]
QUESTIONS = ["", "satisfied", "place"]


@pytest.mark.parametrize("question", QUESTIONS, ids=["nothing asked", *QUESTIONS[1:]])
def test_residents_stay_residents(question):
    meant = [LISTENER.understand(Heard(row["text"], question=question)).intent for row in ROWS]
    assert not [intent for intent in meant if intent.startswith("worker_")]
