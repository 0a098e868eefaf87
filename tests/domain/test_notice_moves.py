"""A recurring notice moved this once, or from now on: what comes when, and what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.moving import Refused
from domain.notice_moves import comes_again, from_now_on, in_rhythm, this_once
from domain.notice_times import next_after, rhythm_of
from domain.notices import Audience, Notice, Status
from domain.workdays import TZ, Calendar
from tests.rows import each_row

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=TZ)  # a Wednesday
CALENDAR = Calendar()


def notice(rhythm: str, **changes) -> Notice:
    """A standing notice at its next time after NOW."""
    found = rhythm_of(rhythm)
    assert found is not None
    due = next_after(found, NOW, CALENDAR)
    assert due is not None
    plain = Notice(
        id=7,
        key="i7",
        author="l.c1",
        audience=Audience("residents", ("c1",)),
        words="关好门窗",
        status=Status.STANDING,
        created_at=NOW - timedelta(days=30),
        due_at=due,
        valid=timedelta(hours=6),
        rhythm=rhythm,
        approver="l.c1",
        approved_by="l.c1",
    )
    return replace(plain, **changes)


def moments(one: Notice, count: int = 3) -> list[str]:
    """When a notice comes, from its next time on."""
    rhythm, found, due = rhythm_of(one.rhythm), [], one.due_at
    while rhythm is not None and due is not None and len(found) < count:
        found.append(f"{due.astimezone(TZ):%m-%d %H:%M}")
        due = next_after(rhythm, due, CALENDAR)
    return found


@pytest.mark.parametrize(
    ("rhythm", "day", "alone", "rest"),
    [
        pytest.param("week 1 08:00", (12, 2), "12-02 08:00", ["12-07 08:00"], id="some days later"),
        pytest.param("week 1 08:00", (11, 27), "11-27 08:00", ["12-07 08:00"], id="before its day"),
        pytest.param("week 1 08:00", (12, 9), "12-09 08:00", ["12-07 08:00"], id="behind the next"),
        pytest.param("week 1,4 08:00", (11, 27), "11-27 08:00", ["11-30 08:00"], id="two a week"),
        pytest.param("month -1 08:00", (12, 1), "12-01 08:00", ["12-31 08:00"], id="a month's end"),
        pytest.param(
            "day 08:00 every 3 from 2026-11-26",
            (11, 27),
            "11-27 08:00",
            ["11-29 08:00"],
            id="each third day",
        ),
        pytest.param("workday 17:00", (11, 28), "11-28 17:00", ["11-26 17:00"], id="to a Saturday"),
        pytest.param("year 12-01 09:00", (12, 2), "12-02 09:00", ["12-01 09:00"], id="a year's"),
    ],
)
def test_this_once(rhythm: str, day: tuple[int, int], alone: str, rest: list[str]) -> None:
    before = notice(rhythm)
    kept, once = this_once(before, date(2026, *day), NOW, CALENDAR)
    assert moments(once) == [alone]
    assert moments(kept, 1) == rest
    assert (kept.rhythm, kept.id, kept.status) == (rhythm, 7, Status.STANDING)
    assert (once.id, once.approved_by, once.words) == (0, "l.c1", "关好门窗")
    assert comes_again(kept)
    assert not comes_again(once)
    # Whoever is second to move the same time makes no second notice of it.
    assert this_once(before, date(2026, 12, 6), NOW, CALENDAR)[1].key == once.key


def test_this_once_at_another_hour_of_its_day() -> None:
    kept, once = this_once(notice("day 08:00"), date(2026, 11, 26), NOW, CALENDAR, time(10, 30))
    assert moments(once) == ["11-26 10:30"]
    assert moments(kept, 1) == ["11-27 08:00"]


def test_the_rules_own_notice_is_moved_once_under_a_name_of_its_own() -> None:
    _, once = this_once(
        notice("week 1 08:00", author="", key="plan:x"), date(2026, 12, 1), NOW, CALENDAR
    )
    assert not once.key.startswith("plan:")


@each_row(
    ("rhythm", "day", "code", "comes"),
    [
        pytest.param("week 1 08:00", (12, 2), "week 3 08:00", ["12-02", "12-09"], id="later"),
        pytest.param("week 1 08:00", (11, 27), "week 5 08:00", ["11-27", "12-04"], id="earlier"),
        pytest.param("week 1,4 08:00", (12, 2), "week 1,3 08:00", ["11-30", "12-02"],
                     id="the other day of the week keeps its turn"),
        pytest.param("week 1,4 08:00", (11, 30), "week 1 08:00", ["11-30", "12-07"],
                     id="onto the other day: one a week is left"),
        pytest.param("month 1 08:00", (12, 3), "month 3 08:00", ["12-03", "01-03"], id="a month"),
        pytest.param("month 1,15 08:00", (12, 31), "month 15,-1 08:00", ["12-15", "12-31"],
                     id="the 31st is the last day"),
        pytest.param("month -1 08:00", (12, 1), "month 1 08:00", ["12-01", "01-01"], id="last day"),
        pytest.param("day 08:00 every 2 from 2026-11-26", (11, 27),
                     "day 08:00 every 2 from 2026-11-27", ["11-27", "11-29"], id="each second day"),
        pytest.param("day 08:00 every 2 from 2026-11-26", (12, 1),
                     "day 08:00 every 2 from 2026-12-01", ["12-01", "12-03"], id="later begun"),
        pytest.param("week 1 08:00 every 2 from 2026-11-30", (12, 2),
                     "week 3 08:00 every 2 from 2026-12-02", ["12-02", "12-16"], id="two weeks"),
        pytest.param("week 1 08:00 every 2 from 2026-11-30", (12, 7),
                     "week 1 08:00 every 2 from 2026-12-07", ["12-07", "12-21"], id="other week"),
        pytest.param("month -1 08:00 every 3 from 2026-03-01", (12, 30),
                     "month 30 08:00 every 3 from 2026-12-30", ["12-30", "03-30"], id="quarters"),
        pytest.param("nth 1,1 08:00", (12, 9), "nth 2,3 08:00", ["12-09", "01-13"], id="the nth"),
        pytest.param("nth -1,1 08:00", (11, 27), "nth -1,5 08:00", ["11-27", "12-25"],
                     id="the last"),
        pytest.param("year 12-01 09:00", (12, 3), "year 12-03 09:00", ["12-03", "12-03"], id="year"),
    ],
)  # fmt: skip
def test_from_now_on(rhythm: str, day: tuple[int, int], code: str, comes: list[str]) -> None:
    moved = from_now_on(notice(rhythm), date(2026, *day), NOW, CALENDAR)
    assert moved.rhythm == code
    assert [one[:5] for one in moments(moved, 2)] == comes
    assert (moved.id, moved.status, moved.approved_by) == (7, Status.STANDING, "l.c1")


def test_from_now_on_at_another_hour() -> None:
    moved = from_now_on(notice("day 08:00"), date(2026, 11, 26), NOW, CALENDAR, time(7))
    assert (moved.rhythm, moments(moved, 1)) == ("day 07:00", ["11-26 07:00"])


def test_a_rhythm_that_is_told() -> None:
    rhythm = rhythm_of("month 1,15 09:00")
    assert rhythm is not None
    moved = in_rhythm(notice("week 1 08:00"), rhythm, NOW, CALENDAR)
    assert moments(moved, 2) == ["12-01 09:00", "12-15 09:00"]


@pytest.mark.parametrize(
    ("rhythm", "changes", "day", "once", "always"),
    [
        pytest.param("week 1 08:00", {"status": Status.WAITING}, (12, 1), "notice_waits",
                     "notice_waits", id="not approved"),
        pytest.param("week 1 08:00", {"status": Status.CANCELLED}, (12, 1), "notice_over",
                     "notice_over", id="cancelled"),
        pytest.param("week 1 08:00", {}, (11, 24), "notice_in_the_past", "notice_in_the_past",
                     id="yesterday"),
        pytest.param("week 1 08:00", {}, (11, 30), "notice_there_already", "notice_there_already",
                     id="where it is"),
        pytest.param("week 1 08:00", {}, (12, 7), "notice_comes_anyway", "notice_on_its_days",
                     id="where it comes anyway"),
        pytest.param("day 08:00", {}, (11, 30), "notice_comes_anyway", "notice_on_its_days",
                     id="daily"),
        pytest.param("day 08:00 every 2 from 2026-11-26", {}, (11, 28), "notice_comes_anyway",
                     "notice_on_its_days", id="each second day, on one of them"),
        pytest.param("nth -1,0 08:00", {}, (12, 1), None, "notice_on_its_days",
                     id="the last working day"),
        pytest.param("workday 08:00", {}, (11, 28), None, "notice_on_its_days", id="working days"),
        pytest.param("week 1 08:00 season 11-01..11-30", {}, (12, 2), None, "notice_comes_never",
                     id="out of its season"),
        pytest.param("week 1 08:00", {"author": ""}, (12, 2), None, "notice_of_rules",
                     id="of the rules"),
    ],
)  # fmt: skip
def test_what_is_refused(
    rhythm: str, changes: dict, day: tuple[int, int], once: str | None, always: str
) -> None:
    one, to = notice(rhythm, **changes), date(2026, *day)
    if once is None:
        assert this_once(one, to, NOW, CALENDAR)[1].due_at > NOW
    else:
        with pytest.raises(Refused, match=once):
            this_once(one, to, NOW, CALENDAR)
    with pytest.raises(Refused, match=always):
        from_now_on(one, to, NOW, CALENDAR)


def test_a_time_gone_by_names_the_nearest_day() -> None:
    with pytest.raises(Refused) as caught:
        this_once(notice("week 1 08:00"), date(2026, 11, 25), NOW, CALENDAR)
    assert caught.value.near == date(2026, 11, 26)
    assert caught.value.fill["when"] == datetime(2026, 11, 25, 8, tzinfo=TZ).astimezone(UTC)
