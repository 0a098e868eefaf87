"""The forms of patrol work, each a view on the one log of visits (domain.md F7, F11, F22).

Nothing is typed in for a form: an entry is something somebody said he did, and every line names
the entries it stands on.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.visits import VisitKind
from domain.workdays import TZ

# What counts; the rest of the log explains. A round goes on by `checked` and ends by `done`.
ACTS = ("done", "extra", "checked", "absent", "missed")
_MADE = ("done", "extra")
_SAID = (*_MADE, "checked", "absent")  # what can be taken back; that nobody was home as well


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log with the visit it is about.

    `by` is who did it; for what was missed, who should have. `back` tells that it was taken back
    later and counts no more. `case` is the number of the case that came of its finding, or "".
    """

    id: int
    visit: int
    at: datetime
    by: str
    kind: str
    visit_kind: str
    name: str
    area: str
    words: str = ""
    finding: str = ""
    photos: int = 0
    case: str = ""
    back: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """One planned visit, for the plans: when, what, who, and why then."""

    due: date
    visit_kind: str
    name: str
    area: str
    worker: str
    rhythm: str
    status: str


def settled(log: Iterable[Entry]) -> list[Entry]:
    """The entries that count: acts, without those that were taken back afterwards.

    What was taken back never happened but for the log: neither that he was there, nor that he
    stood before a closed door. That somebody missed it is no word of his and stays.
    """
    kept: list[Entry] = []
    for one in log:
        if one.kind == "taken_back":
            at = next((n for n in reversed(range(len(kept))) if _undone(kept[n], one)), None)
            if at is not None:
                kept[at] = replace(kept[at], back=True)
        elif one.kind in ACTS:
            kept.append(one)
    return [one for one in kept if not one.back]


def _undone(made: Entry, back: Entry) -> bool:
    return made.visit == back.visit and made.kind in _SAID and not made.back


@dataclass(frozen=True, slots=True)
class Total:
    """What one worker did in a span: counts of entries by kind, and of findings and cases."""

    person: str
    counts: Mapping[str, int]
    findings: int
    cases: int

    @property
    def made(self) -> int:
        """Visits made, planned or not."""
        return sum(self.counts.get(kind, 0) for kind in _MADE)


def totals(entries: Sequence[Entry]) -> list[Total]:
    """The execution statistics: one line a worker, by id."""
    found: list[Total] = []
    for person in sorted({one.by for one in entries}):
        mine = [one for one in entries if one.by == person]
        counts = Counter(one.kind for one in mine)
        found.append(
            Total(
                person,
                {kind: counts[kind] for kind in ACTS},
                sum(bool(one.finding) for one in mine),
                sum(bool(one.case) for one in mine),
            )
        )
    return found


def hazards(entries: Iterable[Entry]) -> list[Entry]:
    """The hazard report: everything that was found."""
    return [one for one in entries if one.finding]


def diary(entries: Iterable[Entry], person: str, day: date) -> list[Entry]:
    """民情日志: what one worker did on a day, in order; each line cites its entry.

    A patrol that counts because of a visit does not tell once more what was found there.
    """
    mine = [
        one
        for one in entries
        if one.by == person and one.kind != "missed" and one.at.astimezone(TZ).date() == day
    ]
    patrol = VisitKind.PATROL.value
    told = {(one.at, one.words) for one in mine if one.visit_kind != patrol}
    return [
        replace(one, words="", finding="")
        if one.visit_kind == patrol and (one.at, one.words) in told
        else one
        for one in mine
    ]
