"""The labelled development set: figures may rise, not fall.

A second, unseen set decides; here each sentence counts alone, except that the answers to
"was it fixed?" are heard with that question open, as they are in life.
"""

import json
from pathlib import Path

import pytest

from bot.understanding import Heard, Listener

LISTENER = Listener()
ROWS = [
    json.loads(line)
    for line in Path(__file__).with_name("dev_messages.jsonl").read_text("utf-8").splitlines()
]
CASES = {"report", "inquiry", "suggestion"}
NOISE = {"chat", "ad", "other"}
# Two points under what was measured on 2026-11-22; raise them when the figures rise.
FLOORS = {
    "intent": 0.88,
    "category": 0.83,
    "urgent": 0.98,
    "calm": 0.98,
    "opened": 0.87,
    "left_alone": 0.98,
    "personal": 0.98,
    "address": 0.98,
}


def share(hits):
    hits = list(hits)
    return sum(hits) / len(hits)


@pytest.fixture(scope="module")
def pairs():
    return [
        (row, LISTENER.understand(Heard(row["text"], row["role"], question=asked(row))))
        for row in ROWS
    ]


def asked(row):
    return "satisfied" if row["intent"].startswith("confirm") else ""


def intent_right(row, meant):
    return meant.intent in {row["intent"], *row["alt_intents"]}


def figures(pairs):
    residents = [(row, meant) for row, meant in pairs if row["role"] == "resident"]
    return {
        "intent": share(intent_right(*pair) for pair in pairs),
        "category": share(
            meant.category in {row["category"], *row["alt_categories"]}
            for row, meant in pairs
            if row["category"] and intent_right(row, meant)
        ),
        "urgent": share(meant.urgent for row, meant in pairs if row["urgent"]),
        "calm": share(not meant.urgent for row, meant in pairs if not row["urgent"]),
        "opened": share(
            meant.action == "open" for row, meant in residents if row["intent"] == "report"
        ),
        "left_alone": share(
            meant.action != "open" for row, meant in residents if row["intent"] in NOISE
        ),
        "personal": share(
            {(item["type"], item["value"]) for item in row["pii"]} <= set(meant.pii)
            for row, meant in pairs
        ),
        "address": share(
            all(
                getattr(meant.location, slot) == (row["location"] or {}).get(slot)
                for slot in ("building", "unit", "room")
            )
            for row, meant in pairs
            if row["intent"] in CASES
        ),
    }


@pytest.mark.parametrize("figure", FLOORS)
def test_figures_hold(pairs, figure):
    assert figures(pairs)[figure] >= FLOORS[figure]


def test_residents_stay_residents(pairs):
    assert not any(
        meant.intent.startswith("worker_") for row, meant in pairs if row["role"] == "resident"
    )
