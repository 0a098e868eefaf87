"""Several neighbours who reported the same matter: who they are, and what each of them answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.case import Satisfaction
from domain.intake import Report
from domain.messages import Address


@dataclass(frozen=True, slots=True)
class Reporter:
    """One of several reporters of a case: where and since when, and the answer to the last 办结.

    `report` is what a neighbour said before it joined somebody else's case, kept so that it can
    become a case of its own; None for the first, whose words are the case's.
    """

    person: str
    address: Address
    since: datetime
    answer: Satisfaction = Satisfaction.NONE
    report: Report | None = None


def others(everybody: Iterable[Reporter], *ids: str) -> list[Reporter]:
    """All of them but the one with these ids, in the order in which they reported."""
    return [one for one in everybody if one.person not in ids]


def all_satisfied(everybody: Iterable[Reporter]) -> bool:
    """Whether each of them has said that it was done; who is dissatisfied reopens at once."""
    return all(one.answer is not Satisfaction.NONE for one in everybody)
