"""What is too late to be said: facts never are, what was true of a moment is."""

from datetime import datetime, timedelta

import pytest

from domain.freshness import made_at, stale
from domain.workdays import TZ
from tests.rows import each_row

MADE = datetime(2026, 11, 24, 9, 0, tzinfo=TZ)
SOON = {
    "deadline": "respond",
    "case": {"status": "assigned", "respond_due": "2026-11-24T11:00:00+08:00"},
}
VISIT = {"appointment": {"start": "2026-11-24T10:00:00+08:00"}}
URGED = {"case": {"status": "assigned"}}


@each_row(
    ("template", "values", "late", "status", "void"),
    [
        # Reminders of a deadline: until it has passed, and while nobody has moved on.
        pytest.param("cards/case_soon", SOON, {"minutes": 9}, "accepted", False, id="not late"),
        pytest.param("cards/case_soon", SOON, {"minutes": 10}, "assigned", False, id="an hour left"),
        pytest.param("cards/case_soon", SOON, {"minutes": 10}, "accepted", True, id="accepted since"),
        pytest.param("cards/case_soon", SOON, {"hours": 2}, "assigned", True, id="deadline passed"),
        pytest.param("cards/case_soon", SOON, {"minutes": 30}, "", False, id="nothing known of it"),
        # An emergency is told again every ten minutes: the last time is enough.
        pytest.param("cards/case_urged", URGED, {"minutes": 14}, "open", True, id="taken back up"),
        pytest.param("cards/case_urged", URGED, {"minutes": 14}, "assigned", False, id="the last"),
        pytest.param("cards/case_urged", URGED, {"minutes": 15}, "assigned", True, id="one before"),
        # Appointments.
        pytest.param("replies/appointment_soon", VISIT, {"minutes": 59}, "", False, id="to come"),
        pytest.param("replies/appointment_soon", VISIT, {"hours": 1}, "", True, id="begun"),
        pytest.param("cards/appointment_soon", VISIT, {"days": 3}, "", True, id="days ago"),
        # How things stood on a day.
        pytest.param("replies/visits_today", {}, {"hours": 14}, "", False, id="still that day"),
        pytest.param("replies/visits_today", {}, {"hours": 15}, "", True, id="the next day"),
        pytest.param("replies/overdue_list", {}, {"days": 3}, "", True, id="a list of last week"),
        pytest.param("replies/progress", {}, {"days": 1}, "", True, id="asked yesterday"),
        # Manners and codes.
        pytest.param("replies/thanks", {}, {"minutes": 59}, "", False, id="thanked just now"),
        pytest.param("replies/thanks", {}, {"hours": 1}, "", True, id="thanked long ago"),
        pytest.param("replies/my_code", {}, {"minutes": 30}, "", True, id="the code is dead"),
        # Facts and questions are told however late.
        *(
            pytest.param(name, URGED, {"days": 3}, "closed", False, id=f"{name} stays")
            for name in (
                "replies/received", "cards/case_new", "cards/case_emergency", "cards/case_missed",
                "cards/verify", "replies/notice", "replies/refused", "replies/digest",
                "replies/case_closed", "cards/copy_ready", "replies/ask_place", "replies/safety",
            )
        ),
    ],
)  # fmt: skip
def test_what_is_left_unsaid(template, values, late, status, void) -> None:
    assert stale(template, values, MADE, MADE + timedelta(**late), status) is void


def test_the_day_is_that_of_the_people() -> None:
    evening = datetime(2026, 11, 24, 23, 40, tzinfo=TZ)  # 15:40 of the same day in UTC
    after = evening + timedelta(minutes=30)
    assert stale("replies/visits_today", {}, evening, after)


@pytest.mark.parametrize(
    ("values", "made"),
    [
        pytest.param({"now": "2026-11-24T09:00:00+08:00"}, MADE, id="as the words say"),
        pytest.param({}, MADE + timedelta(days=1), id="else as the row was written"),
    ],
)
def test_when_words_were_made(values, made) -> None:
    """On another way they stand in a younger row."""
    assert made_at(values, MADE + timedelta(days=1)) == made
