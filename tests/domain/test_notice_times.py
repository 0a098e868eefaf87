"""When a notice comes: month ends, 29 February, 调休 weeks, seasons, and what never comes."""

from datetime import datetime

import pytest

from bot.deployment.rules import national_days
from domain.notice_times import next_after, rhythm_of
from domain.workdays import TZ, Calendar
from tests.rows import each_row


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TZ)


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar(national_days())


@each_row(
    ("code", "now", "due"),
    [
        pytest.param("day 08:00", "2026-11-23 07:59", "2026-11-23 08:00", id="later today"),
        pytest.param("day 08:00", "2026-11-23 08:00", "2026-11-24 08:00", id="not twice a day"),
        pytest.param("day 00:00", "2026-12-31 23:59", "2027-01-01 00:00", id="over midnight"),
        pytest.param("workday 08:00", "2026-11-27 09:00", "2026-11-30 08:00", id="weekend"),
        pytest.param("workday 08:00", "2025-09-30 09:00", "2025-10-09 08:00", id="a long holiday"),
        pytest.param("workday 08:00", "2025-10-10 09:00", "2025-10-11 08:00", id="调休 Saturday"),
        pytest.param("eve 16:00", "2025-09-01 00:00", "2025-09-30 16:00", id="before a holiday"),
        pytest.param("eve 16:00", "2025-11-03 00:00", "2025-12-31 16:00", id="no plain weekend"),
        pytest.param("after 09:00", "2025-09-01 00:00", "2025-10-09 09:00", id="after a holiday"),
        pytest.param("after 09:00", "2025-10-09 09:00", "2026-01-04 09:00", id="a 调休 Sunday"),
        pytest.param(
            "day 18:00 every 2 from 2026-11-23",
            "2026-11-23 18:00",
            "2026-11-25 18:00",
            id="each second day",
        ),
        pytest.param(
            "day 18:00 every 3 from 2026-12-30",
            "2026-11-23 18:00",
            "2026-12-30 18:00",
            id="not before it begins",
        ),
        pytest.param(
            "day 18:00 every 3 from 2026-12-30",
            "2026-12-31 00:00",
            "2027-01-02 18:00",
            id="counted over the new year",
        ),
        pytest.param(
            "week 1,4 09:00 every 2 from 2026-11-26",
            "2026-11-26 09:00",
            "2026-12-07 09:00",
            id="each second week, whichever day it began on",
        ),
        pytest.param(
            "month -1 09:00 every 3 from 2026-03-01",
            "2026-11-23 00:00",
            "2026-12-31 09:00",
            id="a quarter's end",
        ),
        pytest.param("nth 1,1 09:00", "2026-12-07 09:00", "2027-01-04 09:00", id="first Monday"),
        pytest.param("nth 5,5 09:00", "2026-11-23 00:00", "2027-01-29 09:00", id="a fifth Friday"),
        pytest.param("nth -1,5 09:00", "2026-11-23 00:00", "2026-11-27 09:00", id="last Friday"),
        pytest.param(
            "nth -1,0 16:00", "2026-01-31 16:00", "2026-02-28 16:00", id="last working day, 调休"
        ),
        pytest.param("nth 1,0 09:00", "2025-09-30 00:00", "2025-10-09 09:00", id="first worked"),
        pytest.param("week 1,4 09:00", "2026-11-23 10:00", "2026-11-26 09:00", id="twice a week"),
        pytest.param("month 31 09:00", "2026-04-01 00:00", "2026-05-31 09:00", id="no 31 April"),
        pytest.param("month -1 09:00", "2027-02-01 00:00", "2027-02-28 09:00", id="month's end"),
        pytest.param("month -1 09:00", "2028-02-01 00:00", "2028-02-29 09:00", id="in a leap year"),
        pytest.param("year 02-29 09:00", "2026-03-01 00:00", "2028-02-29 09:00", id="29 February"),
        pytest.param("year 02-29 09:00", "2096-03-01 00:00", "2104-02-29 09:00", id="8 years on"),
        pytest.param("year 02-30 09:00", "2026-01-01 00:00", None, id="30 February never comes"),
        pytest.param("once 2026-11-23 09:00", "2026-11-23 08:00", "2026-11-23 09:00", id="once"),
        pytest.param("once 2026-11-23 09:00", "2026-11-23 09:00", None, id="once and over"),
        pytest.param(
            "week 1 09:00 season 12-01..02-28",
            "2026-03-01 00:00",
            "2026-12-07 09:00",
            id="a season over the new year",
        ),
        pytest.param(
            "year 07-01 09:00 season 12-01..02-28", "2026-03-01 00:00", None, id="out of season"
        ),
    ],
)
def test_it_comes_next(code: str, now: str, due: str | None, calendar: Calendar) -> None:
    rhythm = rhythm_of(code)
    assert rhythm is not None
    assert rhythm.code == code
    assert next_after(rhythm, at(now), calendar) == (at(due) if due else None)


@pytest.mark.parametrize(
    "code",
    [
        *("", "week 09:00", "day 1 09:00", "day 25:00", "once 2026-02-30 09:00", "hour 1 09:00"),
        *("nth 09:00", "nth 1 09:00", "nth 6,1 09:00", "nth 1,8 09:00", "day 09:00 every 2"),
        *(
            "day 09:00 every 0 from 2026-11-23",
            "day 09:00 every 2 from 2026-02-30",
            "after 1 09:00",
        ),
    ],
)
def test_what_is_no_rhythm(code: str) -> None:
    assert rhythm_of(code) is None
