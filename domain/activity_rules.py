"""What activities a city asks for: quotas and a campaign calendar (domain.md H5, H12, I2, J1)."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from domain.people import Level
from domain.visit_rules import Rhythm


class Kind(StrEnum):
    """What an entry of the activity log is about; `OTHER` is any activity with no kind of its own.

    The three meetings of I2 are COUNCIL (议事会), MEDIATION (协调会) and HEARING (听证会); MEETING
    is the weekly one of J1. SURVEY and QUIZ write themselves down when they are counted (H9, J3).
    """

    PUBLICITY = "publicity"
    TRAINING = "training"
    DRILL = "drill"
    ACCIDENT = "accident"
    MEETING = "meeting"
    COUNCIL = "council"
    MEDIATION = "mediation"
    HEARING = "hearing"
    SURVEY = "survey"
    QUIZ = "quiz"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Plan:
    """So many activities of a kind in each community: in every period, or between two days.

    With a `rhythm` it comes again and again; else `times` between `start` and `end`, both
    included. `most` tells how many are enough, 0 where nothing does (每年 4-6 次). Only
    what holds one of its `words` counts, () is everything of the kind. `areas` narrows it to
    communities in them.
    """

    name: str
    kind: Kind
    times: int = 1
    rhythm: Rhythm | None = None
    start: date = date.min
    end: date = date.max
    most: int = 0
    words: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActivityRules:
    """The plans, and when a leader is reminded of what is behind; None never reminds.

    He is reminded once the share `remind_share` of a period has gone by. What a meeting handed out
    is supervised by `supervised_by` once `supervise_after` later ones have found it undone (D4).
    Minutes may be added to a meeting for `minutes_for`.
    """

    plans: tuple[Plan, ...] = ()
    remind_at: time | None = None
    remind_share: float = 0.75
    supervise_after: int = 2
    supervised_by: Level = Level.STREET
    minutes_for: timedelta = timedelta(days=3)
