"""The project's own training lines: messages as people write them, each with its labels.

One JSON object a line, as docs/understanding.md describes: voice, text, and what differs from the
default of role (resident), category, urgent, location, when, pii, alt_intents, alt_categories;
matters where it tells of several at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson

from bot.understanding import features
from bot.understanding.normalise import clean

FOLDER = "bot.training"


@dataclass(frozen=True, slots=True)
class Line:
    """A message with its labels; `hand` is the file it stands in, one author each."""

    hand: str
    text: str
    intent: str
    staff: bool = False
    category: str | None = None
    urgent: bool = False
    location: Mapping[str, str] = field(default_factory=dict)
    when: str | None = None
    pii: tuple[tuple[str, str], ...] = ()
    alt_intents: tuple[str, ...] = ()
    alt_categories: tuple[str, ...] = ()
    matters: int = 1

    @property
    def labels(self) -> dict[str, Any]:
        """The line as a record of a labelled file, every key there."""
        return {
            "text": self.text,
            "role": "worker" if self.staff else "resident",
            "intent": self.intent,
            "category": self.category,
            "urgent": self.urgent,
            "location": dict(self.location) or None,
            "when": self.when,
            "pii": [{"type": kind, "value": value} for kind, value in self.pii],
            "alt_intents": list(self.alt_intents),
            "alt_categories": list(self.alt_categories),
        }

    @property
    def plain(self) -> str:
        """What the model sees of the text."""
        return _plain(self.text)


@cache  # every line is looked at for every part and every hand
def _plain(text: str) -> str:
    return features.gist(clean(text).plain)


def line_of(hand: str, row: Mapping[str, Any]) -> Line:
    """A line from its JSON."""
    return Line(
        hand,
        row["text"],
        row["intent"],
        row.get("role") == "worker",
        row.get("category"),
        bool(row.get("urgent")),
        {slot: value for slot, value in (row.get("location") or {}).items() if value},
        row.get("when"),
        tuple((one["type"], one["value"]) for one in row.get("pii") or ()),
        tuple(row.get("alt_intents") or ()),
        tuple(row.get("alt_categories") or ()),
        row.get("matters") or 1,
    )


def read(path: Path) -> Iterator[Line]:
    """The lines of a file. Raises ValueError naming the line that cannot be read."""
    for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            if raw.strip():
                yield line_of(path.stem, orjson.loads(raw))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path.name}:{number} is not a training line: {error}") from error


def own() -> list[Line]:
    """All of the project's own lines, in a fixed order."""
    folder = Path(str(files(FOLDER))) / "lines"
    return [line for path in sorted(folder.glob("*.jsonl")) for line in read(path)]
