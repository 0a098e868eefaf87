"""Recurring deliveries and calls, as a city's rules state them (domain.md F20)."""

from dataclasses import dataclass
from datetime import time, timedelta

EVERY_DAY, WORKING_DAYS = "1234567", "work"


@dataclass(frozen=True, slots=True)
class PlanRule:
    """`who` is looked after by `by`, both ids of the roster, until `at` of each of the `days`.

    `days` are weekdays as digits, Monday 1, or WORKING_DAYS. `name` tells the plans apart.
    """

    name: str
    who: str
    what: str
    by: str
    at: time
    days: str = EVERY_DAY


@dataclass(frozen=True, slots=True)
class WelfareRules:
    """Without a confirmation `grace` after its time somebody looks; `escalate` later the leader."""

    grace: timedelta = timedelta(hours=1)
    escalate: timedelta = timedelta(hours=1)
    plans: tuple[PlanRule, ...] = ()
