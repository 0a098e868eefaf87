"""Whether and when to try again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.retry import MAX_TRIES, decide
from tests.factories import NOW
from tests.rows import each_row


@each_row(
    ("tries", "options", "seconds"),
    [
        pytest.param(1, {"retryable": True}, 1, id="after the first try a second"),
        pytest.param(2, {"retryable": True}, 2, id="then two"),
        pytest.param(3, {"retryable": True}, 4, id="then four"),
        pytest.param(7, {"retryable": True}, 64, id="the last wait"),
        pytest.param(8, {"retryable": True}, None, id="eight tries are enough"),
        pytest.param(1, {"retryable": False}, None, id="what cannot work is not tried again"),
        pytest.param(1, {"retryable": False, "after": 5}, None, id="even when a wait is named"),
        pytest.param(1, {"retryable": True, "after": 30}, 30, id="the platform's wait is kept"),
        pytest.param(7, {"retryable": True, "after": 30}, 64, id="but not shortened to it"),
        pytest.param(1, {"retryable": True, "after": 7200}, 7200, id="nor to our longest"),
        pytest.param(1, {"retryable": True, "after": -5}, 1, id="a wait in the past is none"),
        pytest.param(12, {"retryable": True, "limit": 20}, 600, id="at most ten minutes"),
        pytest.param(10**6, {"retryable": True, "limit": 10**7}, 600, id="however often"),
        pytest.param(0, {"retryable": True}, 1, id="before any try"),
        pytest.param(5, {"retryable": True, "limit": 5}, None, id="a limit of its own"),
    ],
)
def test_decide(tries: int, options: dict, seconds: int | None) -> None:
    due = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert decide(tries, NOW, **options).at == due


@given(st.integers(1, MAX_TRIES - 2), st.none() | st.floats(0, 10_000))
def test_waits_never_shrink_and_never_lie_in_the_past(tries: int, after: float | None) -> None:
    first = decide(tries, NOW, retryable=True, after=after).at
    second = decide(tries + 1, NOW, retryable=True, after=after).at
    assert first is not None
    assert second is not None
    assert NOW < first <= second
