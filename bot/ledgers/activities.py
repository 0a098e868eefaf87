"""The activity log as tables: each entry, and the sums that are made of them (domain.md H4)."""

from collections.abc import Callable, Sequence

from bot.masking import masked
from domain import activities
from domain.activities import Activity, Amount

Cell = str | int
Row = tuple[Cell, ...]
Name = Callable[[str], str]


def ledger(log: Sequence[Activity], area: Name, person: Name, words: dict[str, str]) -> list[Row]:
    """One line for each entry that counts, and under them how many activities and of what."""
    rows: list[Row] = [
        (
            one.id,
            one.day.isoformat(),
            area(one.area),
            words[one.kind.value],
            one.times,
            _amounts(one.amounts, words),
            _listed(one.stages, words),
            _listed([person(who) for who in one.people], words),
            _listed([person(who) for who in one.absent], words),
            person(one.by),
            masked(one.words),
        )
        for one in log
    ]
    whole = _amounts([amount for one in activities.sums(log) for amount in one.amounts], words)
    times = sum(one.times for one in log)
    return [*rows, (words["total"], "", "", "", times, whole, "", "", "", "", "")]


def sums(log: Sequence[Activity], words: dict[str, str]) -> list[Row]:
    """How many of each kind, and of what: a number for a cell; the last line is all of them."""
    rows: list[Row] = []
    for one in activities.sums(log):
        kind = words[one.kind.value]
        amounts: list[Row] = [(it.what, it.count, it.unit) for it in one.amounts]
        for at, cells in enumerate(amounts or [("", "", "")]):
            rows.append((kind, "" if at else one.times, *cells))
    return [*rows, (words["total"], sum(one.times for one in log), "", "", "")]


def _amounts(some: Sequence[Amount], words: dict[str, str]) -> str:
    """How many of what, each thing once."""
    added: dict[tuple[str, str], int] = {}
    for one in some:
        added[one.what, one.unit] = added.get((one.what, one.unit), 0) + one.count
    return _listed(
        [f"{what} {count} {unit}".strip() for (what, unit), count in added.items()], words
    )


def _listed(some: Sequence[str], words: dict[str, str]) -> str:
    return words["comma"].join(filter(None, some))
