"""The labelled development set: figures may rise, not fall.

A second, unseen set decides; here each sentence counts alone, except that the answers to
"was it fixed?" are heard with that question open, as they are in life.
"""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from bot.understanding import Heard, Listener

LISTENER = Listener()
ROWS = [
    json.loads(line)
    for line in Path(__file__).with_name("dev_messages.jsonl").read_text("utf-8").splitlines()
]
