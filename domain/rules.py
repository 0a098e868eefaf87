"""The rules of grid work as values: categories, hours, and which version was in force when.

The numbers stand in the deployment's rules folder (taxonomy.zh.md, rule 5: a default a city
confirms); here are only their shapes and how one is chosen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from types import MappingProxyType

from domain.activity_rules import ActivityRules
from domain.appointment_rules import AppointmentRules
from domain.contact import ContactRules
from domain.deliberation import DeliberationRules
from domain.notice_rules import NoticeRules
from domain.poll_rules import PollRules
from domain.visit_rules import VisitRules
from domain.volunteer_rules import VolunteerRules
from domain.welfare_rules import WelfareRules
from domain.workdays import TZ

CODES = (
    "property",
    "utility",
    "facility",
    "sanitation",
    "noise",
    "illegal_build",
    "parking",
    "fire_safety",
    "dispute",
    "welfare",
    "social_security",
    "education",
    "health",
    "public_security",
    "gov_service",
    "market",
    "other",
)
OTHER = "other"
# Matters of one person or household: never joined with somebody else's, where rules say nothing.
PRIVATE = (
    "property",
    "dispute",
    "welfare",
    "social_security",
    "education",
    "health",
    "public_security",
    "gov_service",
    "market",
)
_Parts = tuple[tuple[str, ...], ...]  # of each word its parts
INQUIRY = "inquiry"
SUGGESTION = "suggestion"


@dataclass(frozen=True, slots=True)
class Span:
    """How long one may take to respond, to arrive (urgent only) and to finish."""

    respond: timedelta
    finish: timedelta
    arrive: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """The times that hold for one case; `special` names the bracket of rule 0 that was chosen."""

    respond: timedelta
    arrive: timedelta | None
    finish: timedelta
    special: str | None = None


@dataclass(frozen=True, slots=True)
class Special:
    """A case within a category with its own hours or offices (taxonomy rule 0).

    It holds when a text has one of the `words` and none of `unless`. A word of several parts
    with spaces between them holds when every part is said, in any order. None keeps the
    category's own hours.
    """

    name: str
    words: tuple[str, ...]
    respond: timedelta | None = None
    finish: timedelta | None = None
    offices: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    _parts: _Parts = field(init=False, repr=False, compare=False)
    _parts_unless: _Parts = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_parts", _split(self.words))
        object.__setattr__(self, "_parts_unless", _split(self.unless))

    def holds(self, text: str) -> bool:
        """Whether a text tells of this case."""
        return _any_said(text, self._parts) and not _any_said(text, self._parts_unless)


@dataclass(frozen=True, slots=True)
class Category:
    """One of the categories of taxonomy.zh.md; `offices` are hints for `World.find_person`."""

    code: str
    name: str
    respond: timedelta
    finish: timedelta
    offices: tuple[str, ...] = ()
    specials: tuple[Special, ...] = ()

    def matching(self, text: str) -> tuple[Special, ...]:
        """Return the specials a text tells of, in the order of the rules."""
        return tuple(special for special in self.specials if special.holds(text))


@dataclass(frozen=True, slots=True)
class Rules:
    """One version of the rules; `version` is the ISO date from which it holds.

    An emergency nobody answers is told again each `urgent_again`, for `urgent_again_for` at most.
    At `overdue_at` leaders read each working day what is overdue (H6); None is never.
    """

    version: str
    categories: Mapping[str, Category]
    urgent: Span = Span(timedelta(minutes=10), timedelta(hours=2), timedelta(minutes=30))
    urgent_again: timedelta = timedelta(minutes=10)
    urgent_again_for: timedelta = timedelta(hours=24)
    inquiry: Span = Span(timedelta(hours=8), timedelta(hours=48))
    suggestion: Span = Span(timedelta(hours=24), timedelta(days=15))
    remind_at: float = 0.75
    night_start: time = time(22)
    night_end: time = time(7)
    resume: time = time(9)
    each_level_again: bool = True
    supervise_after: int = 2
    overdue_at: time | None = None
    grouping_window: timedelta = timedelta(minutes=10)
    question_wait: timedelta = timedelta(minutes=10)
    digest: time = time(17, 30)
    verify_days: int = 7
    extend: timedelta | None = None
    max_extend: timedelta = timedelta(days=15)
    households: tuple[int, int] = (250, 500)
    duplicate_window: timedelta = timedelta(hours=72)
    duplicates_never: tuple[str, ...] = PRIVATE
    contact: ContactRules = field(default_factory=ContactRules)
    deliberation: DeliberationRules = field(default_factory=DeliberationRules)
    appointments: AppointmentRules = field(default_factory=AppointmentRules)
    welfare: WelfareRules = field(default_factory=WelfareRules)
    volunteers: VolunteerRules = field(default_factory=VolunteerRules)
    visits: VisitRules = field(default_factory=VisitRules)
    notices: NoticeRules = field(default_factory=NoticeRules)
    activities: ActivityRules = field(default_factory=ActivityRules)
    polls: PollRules = field(default_factory=PollRules)

    def category(self, code: str) -> Category:
        """Return a category; one these rules do not know is handled as `other` (B17)."""
        found = self.categories.get(code) or self.categories.get(OTHER)
        if found is None:
            raise LookupError(f"rules {self.version} know neither {code!r} nor {OTHER!r}")
        return found

    def hours(self, category: str, intent: str = "", urgent: bool = False, text: str = "") -> Hours:
        """Choose the hours of a case: urgent (rule 1), then intent (2), then the table (0)."""
        if urgent:
            return Hours(self.urgent.respond, self.urgent.arrive, self.urgent.finish)
        if intent in {INQUIRY, SUGGESTION}:
            span = self.inquiry if intent == INQUIRY else self.suggestion
            return Hours(span.respond, None, span.finish)
        kind = self.category(category)
        timed = [s for s in kind.matching(text) if s.respond or s.finish]
        respond = next((s.respond for s in timed if s.respond), kind.respond)
        finish = next((s.finish for s in timed if s.finish), kind.finish)
        return Hours(respond, None, finish, timed[0].name if timed else None)

    def office_hints(self, category: str, text: str = "") -> tuple[str, ...]:
        """Return whom to look for, best first: what the text tells of, then the category's own."""
        kind = self.category(category)
        special = (office for found in kind.matching(text) for office in found.offices)
        return tuple(dict.fromkeys((*special, *kind.offices)))

    def extension(self, category: str, text: str = "", asked: timedelta | None = None) -> timedelta:
        """Return by how much 延期 moves the finish (rule 4): as asked, else the default; capped."""
        default = self.extend or self.hours(category, text=text).finish
        return min(asked or default, self.max_extend)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Every version of the rules; an old case keeps the version it was opened under."""

    versions: Mapping[str, Rules] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: Iterable[Rules]) -> "RuleBook":
        """Build a book from versions in any order."""
        ordered = sorted(rules, key=lambda one: one.version)
        return cls(MappingProxyType({one.version: one for one in ordered}))

    def at(self, now: datetime) -> Rules:
        """Return the rules in force at a moment, by the date in Shanghai."""
        today = now.astimezone(TZ).date().isoformat()
        version = max((key for key in self.versions if key <= today), default=None)
        if version is None:
            first = min(self.versions, default="never")
            raise LookupError(f"no rules in force on {today}; the first hold from {first}")
        return self.versions[version]

    def version(self, version: str) -> Rules:
        """Return one version by its date."""
        if version not in self.versions:
            known = ", ".join(self.versions) or "none"
            raise LookupError(f"no rules of version {version!r}; known: {known}")
        return self.versions[version]


def _split(words: Iterable[str]) -> _Parts:
    """The parts of each word, worked out once."""
    return tuple(tuple(parts) for word in words if (parts := word.split()))


def _any_said(text: str, words: _Parts) -> bool:
    """Tell whether every part of any of the words is said."""
    return any(all(map(text.__contains__, parts)) for parts in words)
