"""Leave: who does whose work on which day."""

from datetime import UTC, date, datetime

import pytest

from domain.leave import Leave, Leaves, LeaveStatus, present

ASKED = datetime(2026, 11, 20, tzinfo=UTC)


def leave(
    person: str, substitute: str, first: int, last: int, status: LeaveStatus = LeaveStatus.APPROVED
) -> Leave:
    return Leave(1, person, date(2026, 11, first), date(2026, 11, last), substitute, status, ASKED)


@pytest.mark.parametrize(
    ("away", "who"),
    [
        pytest.param({}, "a", id="he himself"),
        pytest.param({"a": "b"}, "b", id="his substitute"),
        pytest.param({"a": "b", "b": "c"}, "c", id="his substitute's substitute"),
        pytest.param({"a": "b", "b": "a"}, "a", id="each for the other: he himself"),
        pytest.param({"b": "c"}, "a", id="somebody else is away"),
    ],
)
def test_who_is_there(away: dict[str, str], who: str) -> None:
    assert present("a", away) == who


@pytest.mark.parametrize(
    ("moment", "who"),
    [
        pytest.param(datetime(2026, 11, 24, 15, 59, tzinfo=UTC), "a", id="the evening before"),
        pytest.param(datetime(2026, 11, 24, 16, 0, tzinfo=UTC), "b", id="midnight in Shanghai"),
        pytest.param(datetime(2026, 11, 27, 15, 59, tzinfo=UTC), "b", id="last minute"),
        pytest.param(datetime(2026, 11, 27, 16, 0, tzinfo=UTC), "a", id="back"),
    ],
)
def test_leave_is_whole_days_in_shanghai(moment: datetime, who: str) -> None:
    assert Leaves([leave("a", "b", 25, 27)]).present("a", moment) == who


@pytest.mark.parametrize("status", [LeaveStatus.ASKED, LeaveStatus.REFUSED, LeaveStatus.ENDED])
def test_only_leave_that_was_granted_counts(status: LeaveStatus) -> None:
    assert Leaves([leave("a", "b", 25, 27, status)]).away(date(2026, 11, 26)) == {}
