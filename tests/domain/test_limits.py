"""No window of the platform's period ever holds more messages than the platform allows."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.limits import Bucket, draw, full
from tests.factories import NOW, after

RATES = st.lists(
    st.tuples(st.integers(1, 60), st.integers(1, 3600)),
    min_size=1,
    max_size=3,
    unique_by=lambda r: r[1],
)


def sent(rates: list[tuple[int, int]], asked: list[float]) -> list[float]:
    """When messages asked for at these seconds go out, each trying again when it is told to."""
    buckets = tuple(full(rate, NOW) for rate in rates)
    moments: list[float] = []
    now = NOW
    for second in sorted(asked):
        now = max(now, NOW + timedelta(seconds=second))
        buckets, wait = draw(buckets, now)
        tries = 0
        while wait is not None:
            assert wait > now
            now = wait
            buckets, wait = draw(buckets, now)
            tries += 1
            assert tries < 5, "a message told to come back later must get through soon"
        moments.append((now - NOW).total_seconds())
    return moments


@settings(max_examples=150, deadline=None)
@given(RATES, st.lists(st.floats(0, 7200), max_size=120))
def test_no_window_holds_more_than_the_rate(
    rates: list[tuple[int, int]], asked: list[float]
) -> None:
    moments = sent(rates, asked)
    for messages, seconds in rates:
        for start, moment in enumerate(moments):
            window = [one for one in moments[start:] if one < moment + seconds]
            assert len(window) <= messages


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 100), st.integers(1, 3600))
def test_a_busy_chat_gets_half_the_rate_on_and_on(messages: int, seconds: int) -> None:
    moments = sent([(messages, seconds)], [0.0] * (messages * 3))
    size = messages // 2
    assert moments[:size] == [0.0] * size
    gaps = [later - earlier for earlier, later in pairwise(moments[size - 1 :])]
    assert max(gaps) <= seconds / size + 0.001


@pytest.mark.parametrize(
    ("tokens", "seconds_later", "left", "wait"),
    [
        pytest.param(15, 0, 14, None, id="full: one is taken"),
        pytest.param(1, 0, 0, None, id="the last one"),
        pytest.param(0, 0, 0, 4.0, id="empty: one comes back every four seconds"),
        pytest.param(0, 1, 0, 3.0, id="empty a second ago"),
        pytest.param(0, 4, 0, None, id="one has come back"),
        pytest.param(3, 600, 14, None, id="never more than its size"),
        pytest.param(2, -60, 1, None, id="a clock that went back gives nothing"),
    ],
)
def test_draw(tokens: float, seconds_later: int, left: float, wait: float | None) -> None:
    now = after(seconds=seconds_later)
    (found,), until = draw([Bucket(15, 60, tokens, NOW)], now)
    assert found.tokens == pytest.approx(left)
    if wait is None:
        assert until is None
    else:
        assert until is not None
        assert (until - now).total_seconds() == pytest.approx(wait, abs=0.001)


def test_all_buckets_give_or_none_does() -> None:
    minute, hour = full((30, 60), NOW), Bucket(500, 3600, 0.5, NOW)
    found, until = draw([minute, hour], NOW)
    assert found == (minute, hour)
    assert until is not None
    assert (until - NOW).total_seconds() == pytest.approx(3.6, abs=0.001)
