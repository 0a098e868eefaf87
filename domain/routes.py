"""Which of several ways a message takes to somebody, and why.

No platform both reads and posts in a group of ordinary WeChat users, and most can write to a person
for a while only (wechat.md 0.2), so one conversation runs over several channels. What a channel can
do is data (`Ability`); the choice is made from it and from how things stand now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.messages import Address


class Why(StrEnum):
    """The reason a way was taken, best first; it stands in the outbox row."""

    HERE = "wrote here"
    ANY_TIME = "any time"
    WINDOW = "window open"
    TAP = "after a tap"  # a human must confirm it first
    DOWN = "channel down"  # nothing else could say it: it waits until the channel is back
    PAID = "no way but sms"
    OVER = "window over"  # it waits until he writes again
    UNREACHABLE = "other way unreachable"
    COPY = "to be copied"
    NOWHERE = "no way"


@dataclass(frozen=True, slots=True)
class Ability:
    """What a channel can do, as far as a choice needs it (the fields of `Limits`).

    `window` is how long after a person's last message he may be written to, and `messages` how
    often in that time; None where there is no such limit.
    """

    says_group: bool = True
    says_private: bool = True
    proactive: bool = True
    window: timedelta | None = None
    messages: int = 0
    confirms: bool = False
    buttons: bool = True
    costs: bool = False
    max_bytes: int = 20480

    def speaks(self, address: Address) -> bool:
        """Whether the bot can say anything at such a place."""
        return self.says_group if address.group else self.says_private

    @property
    def ready(self) -> bool:
        """Whether it can speak first, at any time, with nobody's help, and for nothing."""
        return self.proactive and self.window is None and not self.confirms and not self.costs


@dataclass(frozen=True, slots=True)
class Way:
    """One place where somebody could be told, and how it stands there now.

    `heard_at` is when he last wrote there, `said` what he was sent since; kept only where the
    channel has a window. `up` is False while the channel cannot work until somebody repairs it.
    """

    address: Address
    can: Ability = Ability()
    heard_at: datetime | None = None
    said: int = 0
    up: bool = True

    def left(self, now: datetime) -> int | None:
        """How many messages may still be sent; None where nobody counts, 0 when it is over."""
        if self.can.window is None:
            return None
        fresh = self.heard_at is not None and now - self.heard_at < self.can.window
        return max(self.can.messages - self.said, 0) if fresh else 0


@dataclass(frozen=True, slots=True)
class Need:
    """What is to be said: when, on which channel he wrote, what is answered, whether with buttons.

    `answers` is the address of the message at hand: its answer needs no window and no push.
    """

    now: datetime
    here: str = ""
    answers: Address | None = None
    buttons: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The way that was taken and why; no way at all is NOWHERE."""

    way: Way | None
    why: Why

    @property
    def at_once(self) -> bool:
        """Whether it can be said now, for nothing and with nobody's help."""
        return self.why in (Why.HERE, Why.ANY_TIME, Why.WINDOW)


_ORDER = tuple(Why)


def choose(ways: Sequence[Way], need: Need) -> Choice:
    """The best way: where he wrote, then any time, in a window, after a tap, down, paid, over.

    Among equal ones those with buttons where they are wanted, then the order given.
    """
    found = [(why, way) for way in ways if (why := _why(way, need)) is not Why.NOWHERE]
    if not found:
        return Choice(None, Why.NOWHERE)
    why, way = min(
        found, key=lambda one: (_ORDER.index(one[0]), need.buttons and not one[1].can.buttons)
    )
    return Choice(way, why)


def _why(way: Way, need: Need) -> Why:
    """The reason that speaks for a way; NOWHERE where nothing can be said there."""
    can, answers = way.can, need.answers == way.address
    silent = not answers and not can.proactive and can.window is None
    open_ = Why.ANY_TIME if can.window is None else Why.WINDOW
    reasons = (
        (Why.NOWHERE, silent or not can.speaks(way.address)),
        (Why.OVER, not answers and way.left(need.now) == 0),
        (Why.DOWN, not way.up),
        (Why.PAID, can.costs),
        (Why.TAP, can.confirms),
        (Why.HERE, need.here == way.address.channel),
    )
    return next((why for why, so in reasons if so), open_)


# What nobody misses: not worth a worker's copying it into a group by hand.
MANNERS = frozenset(
    f"replies/{name}"
    for name in (
        "thanks refused help_resident help_staff welcome_resident welcome_staff not_understood "
        "not_understood_staff maybe_not picture_alone bind_in_private bind_in_group"
    ).split()
)
