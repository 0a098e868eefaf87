"""What a city says about notices: how many, how long they count, who hears them, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from difflib import get_close_matches

from domain.notice_times import Rhythm
from domain.people import World


@dataclass(frozen=True, slots=True)
class Plan:
    """A notice that comes by itself: at a rhythm, or when `event` is reported.

    `to` and `where` say for whom, as in `domain.notices.Audience`. Without `approved_by` each one
    waits for the desk that answers for its areas. `visit`: who never answers is visited.
    """

    name: str
    to: str
    where: tuple[str, ...] = ()
    list: str = ""
    words: str = ""
    ready: str = ""
    rhythm: Rhythm | None = None
    event: str = ""
    valid: timedelta = timedelta(hours=24)
    approved_by: str = ""
    urgent: bool = False
    receipts: bool = False
    visit: bool = False


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """`per_day` notices a group gets one by one, the rest of a day in one list at `digest`.

    `per_minute` is how fast a notice goes out, `most_words` how long one may be (characters).
    `lists` names care lists by words in people's notes; `cap` is how seldom one of a personal
    reminder comes to the same person (H3). `remind_after` is the time given for 收到.
    """

    per_day: int = 3
    digest: time = time(18)
    per_minute: int = 600
    most_words: int = 300
    valid: timedelta = timedelta(hours=24)
    draft: timedelta = timedelta(hours=24)
    remind_after: timedelta = timedelta(hours=4)
    cap: timedelta = timedelta(days=7)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plans: tuple[Plan, ...] = ()

    def plan(self, name: str) -> Plan | None:
        """The plan of this name, if it is still in force."""
        return next((plan for plan in self.plans if plan.name == name), None)


class UnknownEvent(Exception):
    """An event no rule knows, or an area that is none: nothing was fired.

    `kind` is "event" or "areas", `unknown` are the names as they were sent, `known` those that
    were perhaps meant.
    """

    def __init__(self, kind: str, unknown: Sequence[str], known: Sequence[str]) -> None:
        super().__init__(kind)
        self.kind, self.unknown, self.known = kind, list(unknown), list(known)


def check_event(name: str, areas: Sequence[str], rules: NoticeRules, world: World) -> None:
    """See that an event can be heard by those it is for. Raises UnknownEvent."""
    events = sorted({plan.event for plan in rules.plans if plan.event})
    if name not in events:
        raise UnknownEvent("event", [name], get_close_matches(name, events) or events)
    if strange := [one for one in areas if one not in world.areas]:
        near = [like for one in strange for like in get_close_matches(one, list(world.areas), 1)]
        raise UnknownEvent("areas", strange, near)
