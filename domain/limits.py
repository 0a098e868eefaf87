"""How often a conversation may be spoken to: token buckets as plain values (wechat.md 5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    filled = tuple(_refill(bucket, now) for bucket in buckets)
    waits = [
        (1 - bucket.tokens) * bucket.seconds / bucket.size for bucket in filled if bucket.tokens < 1
    ]
    if waits:
        # Rounded up: a moment too early would find a token that is not quite there.
        return tuple(buckets), now + timedelta(microseconds=ceil(max(waits) * 1_000_000) + 1)
    return tuple(replace(bucket, tokens=bucket.tokens - 1) for bucket in filled), None


def _refill(bucket: Bucket, now: datetime) -> Bucket:
    gained = (now - bucket.at).total_seconds() * bucket.size / bucket.seconds
    tokens = min(float(bucket.size), bucket.tokens + max(gained, 0.0))
    return replace(bucket, tokens=tokens, at=max(now, bucket.at))
