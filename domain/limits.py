"""How often a conversation may be spoken to: token buckets as plain values (wechat.md 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil


@dataclass(frozen=True, slots=True)
class Bucket:
    """`tokens` left of `size` as of `at`; a full bucket's worth comes back each `seconds`."""

    size: int
    seconds: int
    tokens: float
    at: datetime


def full(rate: tuple[int, int], now: datetime) -> Bucket:
    """A bucket nobody has drawn from, for `rate` (messages, seconds) of the platform.

    A bucket lets its size through at once and as much again within the period, so it is made
    half as large as the rate: then no window of the period ever holds more than the rate.
    """
    messages, seconds = rate
    size = max(1, messages // 2)
    return Bucket(size, seconds, float(size), now)


def draw(buckets: Sequence[Bucket], now: datetime) -> tuple[tuple[Bucket, ...], datetime | None]:
    """Take one token from every bucket, or none at all.

    Returns the buckets as they are then, and None; or the buckets unchanged, and the moment from
    which it may be tried again.
    """
    drawn: list[Bucket] = []
    wait = 0.0
    for one in buckets:
        tokens = _tokens(one, now)
        if tokens < 1:
            wait = max(wait, (1 - tokens) * one.seconds / one.size)
        drawn.append(Bucket(one.size, one.seconds, tokens - 1, max(now, one.at)))
    if wait:
        # Rounded up: a moment too early would find a token that is not quite there.
        return tuple(buckets), now + timedelta(microseconds=ceil(wait * 1_000_000) + 1)
    return tuple(drawn), None


def _tokens(bucket: Bucket, now: datetime) -> float:
    """How many tokens a bucket has at a moment."""
    gained = (now - bucket.at).total_seconds() * bucket.size / bucket.seconds
    return min(float(bucket.size), bucket.tokens + max(gained, 0.0))
