"""What a leader's hand may move, and why not: a visit's day and worker, a notice's day."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.city import City
from domain.leave import Leave, Leaves, LeaveStatus
from domain.moving import Crew, Refused, put_off
from domain.notices import Audience, Notice, Status
from domain.visits import Visit, VisitKind, VisitStatus, end_of
from domain.workdays import TZ

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=TZ)  # a Wednesday
# 何梅 (w.he) stands in for 李强 (w.li) of g01 in the roster, and on Friday and Monday he is away.
AWAY = Leave(
    1, "w.li", date(2026, 11, 27), date(2026, 11, 30), "w.he", LeaveStatus.APPROVED, NOW, "l.c1"
)
VISIT = Visit(
    id=1,
    key="a",
    kind=VisitKind.VISIT,
    subject="a",
    name="a",
    area="g01",
    worker="w.li",
    rhythm="1/month",
    first=date(2026, 11, 1),
    last=date(2026, 12, 3),
    due_at=end_of(date(2026, 11, 26)),
)


@pytest.fixture
def crew(city: City) -> Crew:
    return Crew(city.world, city.calendar, Leaves([AWAY]))


def test_another_day_keeps_the_hour_and_the_worker(crew: Crew) -> None:
    fresh = crew.replanned(VISIT, date(2026, 12, 1), "", NOW)
    assert (fresh.due_at, fresh.worker) == (end_of(date(2026, 12, 1)), "w.li")


def test_who_stands_in_can_take_it_on_a_day_of_the_leave(crew: Crew) -> None:
    fresh = crew.replanned(VISIT, date(2026, 11, 27), "w.he", NOW)
    assert (fresh.due, fresh.worker) == (date(2026, 11, 27), "w.he")


@pytest.mark.parametrize(
    ("changes", "day", "worker", "reason", "near"),
    [
        pytest.param({}, "2026-11-24", "", "visit_in_the_past", "2026-11-25", id="yesterday"),
        pytest.param({}, "2026-11-28", "", "visit_on_a_day_off", "2026-11-25", id="saturday"),
        pytest.param({}, "2026-11-29", "w.he", "visit_on_a_day_off", "2026-11-30", id="sunday"),
        pytest.param({}, "2026-11-30", "", "visit_worker_away", "2026-12-01", id="on-leave"),
        pytest.param(
            {}, "2026-12-04", "", "visit_outside_its_period", "2026-12-03", id="after-its-period"
        ),
        pytest.param({}, "2027-12-04", "", "visit_outside_its_period", "2026-12-03", id="a-year"),
        pytest.param(
            {"first": date(2026, 11, 28), "last": date(2026, 11, 29)},
            "2026-11-28",
            "",
            "visit_on_a_day_off",
            None,
            id="no-day-left",
        ),
        pytest.param(
            {"last": date(2026, 11, 20)},
            "2026-11-26",
            "",
            "visit_outside_its_period",
            None,
            id="over",
        ),
        pytest.param({}, "2026-12-01", "w.gu", "visit_not_his", None, id="another-community"),
        pytest.param({}, "2026-12-01", "nobody", "visit_not_his", None, id="nobody"),
        pytest.param(
            {"kind": VisitKind.PATROL}, "2026-12-01", "", "visit_is_a_window", None, id="patrol"
        ),
        pytest.param({"status": VisitStatus.DONE}, "2026-12-01", "", "visit_over", None, id="done"),
    ],
)
def test_what_is_not_moved_and_the_nearest_right_day(
    crew: Crew, changes: dict, day: str, worker: str, reason: str, near: str | None
) -> None:
    visit = replace(VISIT, **changes)
    with pytest.raises(Refused) as caught:
        crew.replanned(visit, date.fromisoformat(day), worker, NOW)
    assert caught.value.reason == reason
    if reason in ("visit_is_a_window", "visit_over", "visit_not_his"):
        return  # no day would be right
    assert caught.value.near == (near and date.fromisoformat(near))
    if near:  # what is proposed is possible
        assert crew.replanned(visit, date.fromisoformat(near), worker, NOW)


def test_who_is_away_is_named_with_who_stands_in(crew: Crew) -> None:
    with pytest.raises(Refused) as caught:
        crew.replanned(VISIT, date(2026, 11, 27), "", NOW)
    assert caught.value.fill == {"day": date(2026, 11, 27), "person": "李强", "other": "何梅"}


def test_the_days_that_are_offered(crew: Crew) -> None:
    found = crew.days(VISIT, date(2026, 11, 25), date(2026, 12, 9))
    assert [f"{one:%m-%d}" for one in found] == ["11-25", "12-01", "12-02", "12-03"]


# Notices

NOTICE = Notice(
    id=1,
    key="i1",
    author="w.li",
    audience=Audience("residents", ("g01",)),
    words="停水",
    status=Status.STANDING,
    created_at=NOW,
    due_at=datetime(2026, 11, 27, 8, 0, tzinfo=TZ),
    valid=timedelta(hours=6),
    rhythm="once 2026-11-27 08:00",
    approver="l.c1",
    approved_by="l.c1",
)


def test_a_notice_comes_on_another_day_at_its_hour() -> None:
    fresh = put_off(NOTICE, date(2026, 11, 30), NOW)
    assert fresh.due_at == datetime(2026, 11, 30, 8, 0, tzinfo=TZ)
    assert fresh.rhythm == "once 2026-11-30 08:00"
    assert fresh.ends_at - fresh.due_at == timedelta(hours=6)


@pytest.mark.parametrize(
    ("changes", "day", "reason"),
    [
        pytest.param({"status": Status.WAITING}, "2026-11-30", "notice_waits", id="not-approved"),
        pytest.param({"status": Status.SENT}, "2026-11-30", "notice_over", id="sent"),
        pytest.param({"status": Status.CANCELLED}, "2026-11-30", "notice_over", id="cancelled"),
        pytest.param({"status": Status.EXPIRED}, "2026-11-30", "notice_pointless", id="expired"),
        pytest.param(
            {"due_at": NOW - timedelta(hours=7)}, "2026-11-30", "notice_pointless", id="missed"
        ),
        pytest.param(
            {"rhythm": "week 1 08:00"}, "2026-11-30", "notice_comes_again", id="every-monday"
        ),
        pytest.param({"rhythm": ""}, "2026-11-30", "notice_over", id="at-once"),
        pytest.param({}, "2026-11-25", "notice_in_the_past", id="an-hour-ago"),
        pytest.param({}, "2020-01-01", "notice_in_the_past", id="long-ago"),
    ],
)
def test_which_notices_stay_where_they_are(changes: dict, day: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        put_off(replace(NOTICE, **changes), date.fromisoformat(day), NOW)
    assert caught.value.reason == reason
    if reason == "notice_in_the_past":  # 08:00 is over today
        assert caught.value.near == date(2026, 11, 26)
