"""Messages and what was understood of them as plain records: one JSON object each.

A record of a message has id, text and role, and may have quote, pending (the kind of the open
question), private, and now (ISO). A record of an answer has those of docs/understanding.md.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from bot.understanding import slots, talk
from bot.understanding.kinds import WITH_CATEGORY, WITH_LOCATION, kind_of
from bot.understanding.normalise import clean
from bot.understanding.shapes import Heard, Understanding
from bot.understanding.words import lexicon
from domain.people import Role
from domain.workdays import TZ

_ROLES = frozenset(Role)
_FIRST = 3  # how many categories are named
_ROUND = "worker_visit"
_WITH_PLACE = ("report", _ROUND)  # a round may have found what is wrong
_LIKELY: float = lexicon("zones")["report"]["placed"]
_PLACED: float = lexicon("zones")["report"]["spot"]


class BadRecordError(ValueError):
    """A record that says no message; the words name the field that is wrong."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A message of a file: what was heard, under which id, in which group ("" unknown)."""

    id: str | int
    heard: Heard
    group: str = ""


def asked(record: object, now: datetime) -> Asked:
    """The message in a record; `now` is the moment it is heard at where it names none itself.

    Raises BadRecordError. Use `id_of` for what can be said of a record that is none.
    """
    if not isinstance(record, Mapping):
        raise BadRecordError("not an object")
    id_ = id_of(record)
    if id_ is None:
        raise BadRecordError("id is missing")
    if not isinstance(record.get("text"), str):
        raise BadRecordError("text is missing")
    role = record.get("role", Role.RESIDENT.value)
    if not isinstance(role, str) or role not in _ROLES:
        raise BadRecordError("role is unknown")
    heard = Heard(
        text=record["text"],
        role=role,
        private=record.get("private") is True,
        question=_words(record, "pending"),
        quote=_words(record, "quote"),
        now=moment(_words(record, "now")) or now,
    )
    return Asked(id_, heard, _words(record, "group"))


def id_of(record: object) -> str | int | None:
    """The id of a record, None where it has none that can be said again."""
    found = record.get("id") if isinstance(record, Mapping) else None
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def moment(text: str) -> datetime | None:
    """A moment from ISO; without a zone it is Shanghai's. None for "". Raises BadRecordError."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=TZ)).astimezone(TZ)
    except (ValueError, OverflowError) as error:
        raise BadRecordError("now is no ISO moment") from error


def _words(record: Mapping[str, Any], name: str) -> str:
    """An optional text of a record; null is as good as none."""
    found = record.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise BadRecordError(f"{name} is no text")
    return found


def _location(said: Asked, meant: Understanding, kind: str) -> dict[str, str | None] | None:
    """The slots; a place only where something is wrong there: a spot, and not in a flat.

    What the bot would merely ask about, without a word for trouble and not likely, may be none.
    """
    if kind not in WITH_LOCATION:
        return None
    where = meant.location
    wrong = meant.sure >= _LIKELY or talk.problem(clean(said.heard.text).plain) > 0.0
    doubtful = meant.action == "ask" and not wrong
    spot = kind in _WITH_PLACE and not where.room and slots.is_spot(where.place or "")
    counts = spot and not doubtful and meant.placed >= _PLACED
    told = where if counts else replace(where, place=None)
    return {slot: value or None for slot, value in asdict(told).items()} if told else None


def answer(said: Asked, meant: Understanding, *, explain: bool = False) -> dict[str, Any]:
    """What was understood, as a record; `explain` adds what decided."""
    kind = kind_of(meant.intent, staff=said.heard.staff)
    best = meant.categories or ((meant.category,) if meant.category else ())
    # What may be a report after all has its category too, and so has what a round found.
    counts = kind in WITH_CATEGORY or meant.action == "ask" or meant.suspect or kind == _ROUND
    # A visit is noted, and what it found is asked about: 要立案回“立案”就行.
    found = kind == _ROUND and bool(best)
    record: dict[str, Any] = {
        "id": said.id,
        "intent": kind,
        "category": (meant.category or next(iter(best), None)) if counts else None,
        "categories": list(best[:_FIRST]),
        "urgent": meant.urgent,
        "location": _location(said, meant, kind),
        "when": meant.when.astimezone(TZ).isoformat() if meant.when else None,
        "pii": [{"type": kind_, "value": value} for kind_, value in meant.pii],
        "sure": round(meant.sure, 4),
        "category_sure": round(meant.category_sure, 4),
        "action": "ask" if found else meant.action,
    }
    return record | ({"why": list(meant.why)} if explain else {})
