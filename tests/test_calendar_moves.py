"""日历 on a real store: what each sees of a week, what a leader moves, who hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.calendar import Calendar
from bot.notices.terms import terms
from bot.web.page_words import fill, load_words
from domain.city import City
from domain.errors import NotAllowed
from domain.leave import Leave, Leaves, LeaveStatus
from domain.moving import Refused
from domain.notice_moves import later_times
from domain.notice_times import rhythm_of
from domain.notices import Audience, Notice, Status
from domain.visits import Visit, VisitKind, VisitStatus, end_of
from domain.workdays import TZ
from scheduler.clock import VirtualClock
from store import notices, timers, visits
from store import tables as t
from store.directory import Directory
from store.engine import Store
from store.notice_plans import FIRE

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=TZ)  # a Wednesday
AWAY = Leave(
    1, "w.li", date(2026, 11, 27), date(2026, 11, 27), "w.he", LeaveStatus.APPROVED, NOW, "l.c1"
)
SHOP = Visit(
    id=0,
    key="shop",
    kind=VisitKind.VISIT,
    subject="小卖部",
    name="小卖部",
    area="g01",
    worker="w.li",
    rhythm="1/month",
    first=date(2026, 11, 1),
    last=date(2026, 12, 3),
    due_at=end_of(date(2026, 11, 26)),
)
PATROL = replace(
    SHOP,
    key="patrol",
    kind=VisitKind.PATROL,
    first=NOW.date(),
    last=NOW.date(),
    due_at=NOW,
    reason={"window": "上午"},
)
DONE = replace(SHOP, key="done", name="菜场", status=VisitStatus.DONE)
THERE = replace(SHOP, key="there", name="卫生站", area="g04", worker="w.tang")
CARED = replace(SHOP, key="cared", kind=VisitKind.CARE, subject="r.liu", name="刘奶奶")
WATER = Notice(
    id=0,
    key="i1",
    author="w.li",
    audience=Audience("residents", ("g01",)),
    words="停水，电话 13912345678",
    status=Status.STANDING,
    created_at=NOW,
    due_at=datetime(2026, 11, 27, 8, 0, tzinfo=TZ),
    valid=timedelta(hours=6),
    rhythm="once 2026-11-27 08:00",
    approver="l.c1",
    approved_by="l.c1",
    approved_at=NOW,
)
WAITS = replace(WATER, key="i2", status=Status.WAITING, approved_by="", words="等着")
LIST = replace(
    WATER, key="i3", audience=Audience("list", ("g01",), "独居"), words="名单", author=""
)
FAR = replace(
    WATER, key="i4", author="l.c2", audience=Audience("residents", ("g04",)), approver="l.c2"
)
WEEKLY = replace(
    WATER, key="i6", rhythm="week 1 08:00", due_at=datetime(2026, 11, 30, 8, 0, tzinfo=TZ)
)
READY = replace(WATER, key="i5", words="", ready="fire", audience=Audience("residents", ("c1",)))


@pytest.fixture
def database() -> str:
    return "sqlite"


@dataclass
class Desk:
    """The calendar, and the ids of what stands in it by key."""

    calendar: Calendar
    ids: dict[str, int]

    async def tried(
        self, person: str, key: str, day: str, worker: str = "", scope: str = ""
    ) -> str:
        """Move something; the key and the sentence of the refusal, "" when it was moved."""
        calendar, number = self.calendar, self.ids.get(key, 10**8)
        try:
            if key.startswith("i"):
                await calendar.move_notice(person, number, day, scope)
            else:
                await calendar.move(person, number, day, worker)
        except NotAllowed as error:
            values = fill(error) if isinstance(error, Refused) else {}
            return f"{error.reason}: {load_words()[error.reason].format(**values)}"
        return ""

    async def planned(self, visit: Visit) -> None:
        """Let one more visit stand in it."""
        async with self.calendar.store.write() as conn:
            self.ids[visit.key] = (await visits.add_one(conn, visit)).id

    async def told(self) -> list[tuple[str, str]]:
        """To whom something was said, and with which template."""
        async with self.calendar.store.read() as conn:
            found = await conn.execute(
                select(t.outbox.c.chat, t.outbox.c.template).order_by(t.outbox.c.id)
            )
        return [tuple(row) for row in found]


@pytest.fixture
async def desk(store: Store, city: City) -> Desk:
    here = replace(city, leaves=Leaves([AWAY]))
    directory = Directory(city.world, {"simulator": "simulator"})
    calendar = Calendar(store, here, VirtualClock(NOW), directory)
    ids = {}
    async with store.write() as conn:
        for visit in (SHOP, PATROL, DONE, THERE):
            ids[visit.key] = (await visits.add_one(conn, visit)).id
        for notice in (WATER, WAITS, LIST, FAR, READY):
            ids[notice.key] = await notices.add(store, conn, notices.row_of(notice)) or 0
        await timers.stand(store, conn, FIRE, ids["i1"], WATER.due_at)
    return Desk(calendar, ids)


# Seeing


def names(week: dict[str, Any]) -> list[str]:
    return [one["name"] for one in week["visits"]]


@pytest.mark.parametrize(
    ("who", "seen", "rounds", "words"),
    [
        pytest.param("w.li", ["小卖部", "菜场"], 1, 3, id="worker-his-grid"),
        pytest.param("w.he", [], 0, 1, id="the-next-grid"),
        pytest.param("l.c1", ["小卖部", "菜场"], 1, 4, id="leader-his-community"),
        pytest.param("l.c2", ["卫生站"], 0, 1, id="the-next-community"),
        pytest.param("s.s1", ["小卖部", "菜场", "卫生站"], 1, 5, id="street"),
    ],
)
async def test_each_sees_his_own_area(
    desk: Desk, who: str, seen: Sequence[str], rounds: int, words: int
) -> None:
    week = await desk.calendar.week(who, "")
    assert names(week) == seen
    assert sum(one["total"] for one in week["patrols"]) == rounds
    assert len(week["notices"]) == words


@pytest.mark.parametrize("who", ["r.wang", "p.property", "nobody", ""])
async def test_who_does_not_plan_sees_nothing(desk: Desk, who: str) -> None:
    with pytest.raises(NotAllowed, match="calendar_staff"):
        await desk.calendar.week(who, "")
    assert (await desk.tried(who, "shop", "2026-12-01")).startswith("calendar_staff")


@pytest.mark.parametrize("day", ["soon", "2026-13-01", "9999-12-31", "0001-01-01", "1999-12-31"])
async def test_a_day_that_is_none(desk: Desk, day: str) -> None:
    with pytest.raises(NotAllowed, match="bad_day"):
        await desk.calendar.week("l.c1", day)
    assert (await desk.tried("l.c1", "shop", day)).startswith("bad_day")
    assert (await desk.tried("l.c1", "i1", day)).startswith("bad_day")


async def test_a_week_as_the_leader_sees_it(desk: Desk) -> None:
    week = await desk.calendar.week("l.c1", "2026-11-29")
    assert (week["first"], week["today"], week["area"]) == ("2026-11-23", "2026-11-25", "琼花社区")
    shop, done = week["visits"]
    assert (shop["worker"], shop["movable"], done["movable"]) == ("李强", True, False)
    # Friday he is away, at the weekend nobody works, the period ends on the 3rd.
    days = [one[5:] for one in shop["open"]]
    assert days == ["11-25", "11-30", "12-01", "12-02", "12-03"]
    assert [one["name"] for one in shop["hands"]] == ["何梅"]
    notice = next(one for one in week["notices"] if one["id"] == desk.ids["i1"])
    assert (notice["day"], notice["time"], notice["by"]) == ("2026-11-27", "08:00", "李强")
    assert "13912345678" not in notice["words"]
    assert "2026-11-25" not in notice["open"]
    assert notice["open"][0] == "2026-11-26"
    ready = next(one for one in week["notices"] if one["id"] == desk.ids["i5"])
    assert ready["words"] == "防火"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        pytest.param(
            "i1",
            {"rhythm": None, "missed": "valid", "until": "2026-11-27T14:00", "approved": True},
            id="comes once, is made up for while it is valid",
        ),
        pytest.param(
            "i2", {"desk": "吴书记", "approved": False, "status": "waiting"}, id="waits for her"
        ),
        pytest.param("i3", {"by": "", "desk": "吴书记", "held": ""}, id="of nobody, but approved"),
    ],
)
async def test_what_a_leader_has_to_know_of_a_notice(
    desk: Desk, key: str, expected: dict[str, object]
) -> None:
    week = await desk.calendar.week("l.c1", "")
    one = next(one for one in week["notices"] if one["id"] == desk.ids[key])
    assert {name: one[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("rhythm", "days", "missed", "held"),
    [
        ("week 1 08:00 missed skip", "week", "skip", ""),
        ("day 23:30 missed late", "day", "late", "07:00"),
        ("once 2026-11-30 05:00", None, "valid", "07:00"),
        ("", None, "", ""),
    ],
)
def test_its_rhythm_and_what_is_missed(
    city: City, rhythm: str, days: str | None, missed: str, held: str
) -> None:
    told = rhythm_of(rhythm)
    at = told.at if told is not None else time(8)
    due = datetime.combine(date(2026, 11, 30), at, TZ)
    found = terms(
        replace(city, quiet=(time(22), time(7))), replace(WATER, rhythm=rhythm, due_at=due)
    )
    comes = found["rhythm"]["days"] if found["rhythm"] else None
    assert (comes, found["missed"], found["held"]) == (days, missed, held)


async def test_a_worker_looks_and_is_offered_nothing(desk: Desk) -> None:
    week = await desk.calendar.week("w.li", "")
    assert not any(one["movable"] or one["open"] or one["hands"] for one in week["visits"])
    assert not any(one["open"] for one in week["notices"])


# Moving


REFUSED = [
    pytest.param(
        "l.c1", "shop", "2026-11-24", "", "visit_in_the_past", "11月25日（周三）", id="past"
    ),
    pytest.param(
        "l.c1", "shop", "2026-11-28", "", "visit_on_a_day_off", "11月30日（周一）", id="off"
    ),
    pytest.param(
        "l.c1", "shop", "2026-11-27", "", "visit_worker_away", "由何梅代班", id="on-leave"
    ),
    pytest.param(
        "l.c1", "shop", "2026-12-04", "", "visit_outside_its_period", "12月3日", id="late"
    ),
    pytest.param("l.c1", "shop", "2026-12-01", "w.gu", "visit_not_his", "代班的人", id="not-his"),
    pytest.param("l.c1", "patrol", "2026-11-26", "", "visit_is_a_window", "每天固定", id="patrol"),
    pytest.param("l.c1", "done", "2026-11-30", "", "visit_over", "已经完成", id="done"),
    pytest.param("l.c1", "gone", "2026-11-30", "", "visit_over", "刷新", id="no-such-visit"),
    pytest.param("l.c2", "shop", "2026-11-30", "", "visit_not_yours", "网格长", id="not-his-area"),
    pytest.param("w.li", "shop", "2026-11-30", "", "visit_not_yours", "网格长", id="a-worker"),
    pytest.param(
        "l.c1", "i1", "2026-11-25", "", "notice_in_the_past", "11月26日（周四）", id="n-past"
    ),
    pytest.param("l.c1", "i2", "2026-11-30", "", "notice_waits", "先在私聊里回", id="n-waits"),
    pytest.param("l.c1", "i4", "2026-11-30", "", "notice_over", "刷新", id="n-unseen"),
    pytest.param("l.c1", "i9", "2026-11-30", "", "notice_over", "刷新", id="n-none"),
    pytest.param("w.li", "i1", "2026-11-30", "", "notice_not_yours", "批它的人", id="n-worker"),
]


@pytest.mark.parametrize(("who", "key", "day", "worker", "reason", "says"), REFUSED)
async def test_a_refusal_says_why_and_what_instead(
    desk: Desk, who: str, key: str, day: str, worker: str, reason: str, says: str
) -> None:
    sentence = await desk.tried(who, key, day, worker)
    assert sentence.startswith(f"{reason}: ")
    assert says in sentence
    assert "{" not in sentence
    assert await desk.told() == []


async def test_the_worker_hears_of_another_day(desk: Desk) -> None:
    assert await desk.tried("l.c1", "shop", "2026-11-30") == ""
    async with desk.calendar.store.read() as conn:
        found = await visits.find(conn, visits.t.visits.c.id == desk.ids["shop"])
        (event,) = await visits.events(conn, NOW, NOW + timedelta(hours=1))
    assert (found[0].due, found[0].worker) == (date(2026, 11, 30), "w.li")
    assert (event.kind, event.by) == ("moved", "l.c1")
    assert await desk.told() == [("w.li", "replies/visit_moved")]
    assert await desk.tried("l.c1", "shop", "2026-11-30") == ""  # a second press changes nothing
    assert len(await desk.told()) == 1


async def test_both_hear_of_another_worker(desk: Desk) -> None:
    assert await desk.tried("l.c1", "shop", "2026-11-27", "w.he") == ""
    assert sorted(await desk.told()) == [
        ("w.he", "replies/visit_moved"),
        ("w.li", "replies/visit_moved"),
    ]


@pytest.mark.parametrize(("visit", "chat"), [(SHOP, "c1.staff"), (CARED, "w.li")])
async def test_who_is_looked_after_stands_in_no_group(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, visit: Visit, chat: str
) -> None:
    await desk.planned(replace(visit, key="one more"))
    monkeypatch.setattr(Directory, "private", lambda *_: None)  # a worker with but a group
    assert await desk.tried("l.c1", "one more", "2026-11-30") == ""
    assert await desk.told() == [(chat, "replies/visit_moved")]


async def test_a_notice_comes_on_its_new_day_and_its_author_hears_of_it(desk: Desk) -> None:
    assert await desk.tried("l.c1", "i1", "2026-11-30") == ""
    due = datetime(2026, 11, 30, 8, 0, tzinfo=TZ)
    async with desk.calendar.store.write() as conn:
        assert await timers.take_due(conn, [FIRE], due - timedelta(seconds=1)) == []
        (timer,) = await timers.take_due(conn, [FIRE], due)
        found = await notices.get(conn, timer.subject)
    assert found is not None
    assert (found.due_at, found.rhythm, found.id) == (due, "once 2026-11-30 08:00", desk.ids["i1"])
    assert await desk.told() == [("w.li", "replies/notice_moved")]


# A notice that comes again and again


async def standing(desk: Desk) -> tuple[Desk, int]:
    """The desk with a notice of every Monday."""
    async with desk.calendar.store.write() as conn:
        number = await notices.add(desk.calendar.store, conn, notices.row_of(WEEKLY)) or 0
        await timers.stand(desk.calendar.store, conn, FIRE, number, WEEKLY.due_at)
    desk.ids["i6"] = number
    return desk, number


async def rung(desk: Desk) -> dict[int, datetime]:
    """When each notice comes next, by its timer."""
    async with desk.calendar.store.read() as conn:
        rows = await conn.execute(select(t.timers).where(t.timers.c.kind == FIRE))
        return {row.subject: row.due_at.astimezone(TZ) for row in rows}


async def test_the_week_offers_both_ways_to_move_it(desk: Desk) -> None:
    desk, number = await standing(desk)
    week = await desk.calendar.week("l.c1", "2026-11-30")
    one = next(one for one in week["notices"] if one["id"] == number)
    assert (one["again"], one["day"]) == (True, "2026-11-30")
    assert [day[5:] for day in one["open"]] == [
        *(f"12-0{n}" for n in range(1, 7)),
        *(f"12-{n:02}" for n in range(8, 14)),  # on the 7th it comes anyway
    ]
    assert one["always"] == one["open"]
    week = await desk.calendar.week("l.c1", "")
    water = next(one for one in week["notices"] if one["id"] == desk.ids["i1"])
    assert (water["again"], water["always"]) == (False, [])


async def test_a_later_week_shows_it_too_and_lets_nobody_move_it_there(desk: Desk) -> None:
    desk, number = await standing(desk)
    week = await desk.calendar.week("l.c1", "2026-12-16")
    shown = [one for one in week["notices"] if one["id"] == number]
    assert [(one["day"], one["time"], one["open"], one["always"]) for one in shown] == [
        ("2026-12-14", "08:00", [], [])
    ]
    assert (await desk.calendar.week("l.c2", "2026-12-16"))["notices"] == []


@pytest.mark.parametrize(
    ("rhythm", "days"),
    [
        pytest.param("workday 08:00", [1, 2, 3, 4], id="working days"),
        pytest.param("week 1,3 08:00", [2], id="twice a week"),
        pytest.param("once 2026-11-30 08:00", [], id="once"),
    ],
)
def test_the_times_behind_the_next_one(city: City, rhythm: str, days: list[int]) -> None:
    one = replace(WEEKLY, rhythm=rhythm)
    start = datetime(2026, 11, 30, tzinfo=TZ)
    found = later_times(one, start, start + timedelta(days=7), city.calendar)
    assert [later.due_at.astimezone(TZ).day for later in found] == days


async def test_this_once_leaves_the_rhythm(desk: Desk) -> None:
    desk, number = await standing(desk)
    assert await desk.tried("l.c1", "i6", "2026-12-02", scope="once") == ""
    due = await rung(desk)
    (alone,) = due.keys() - {number, desk.ids["i1"]}
    assert due[alone] == datetime(2026, 12, 2, 8, tzinfo=TZ)
    assert due[number] == datetime(2026, 12, 7, 8, tzinfo=TZ)
    assert await desk.told() == [("w.li", "replies/notice_moved")]


async def test_from_now_on_it_comes_on_the_other_day(desk: Desk) -> None:
    desk, number = await standing(desk)
    assert await desk.tried("l.c1", "i6", "2026-12-02", scope="rhythm") == ""
    due = await rung(desk)
    assert due.keys() == {number, desk.ids["i1"]}
    assert due[number] == datetime(2026, 12, 2, 8, tzinfo=TZ)
    async with desk.calendar.store.read() as conn:
        found = await notices.get(conn, number)
    assert found is not None
    assert found.rhythm == "week 3 08:00"


@pytest.mark.parametrize(
    ("who", "day", "scope", "reason", "says"),
    [
        pytest.param("l.c1", "2026-12-02", "", "notice_comes_again", "这次改到", id="unsaid"),
        pytest.param(
            "l.c1", "2026-12-07", "once", "notice_comes_anyway", "本来就会发", id="anyway"
        ),
        pytest.param("l.c1", "2026-11-24", "once", "notice_in_the_past", "11月26日", id="past"),
        pytest.param("w.li", "2026-12-02", "once", "notice_not_yours", "批它的人", id="a-worker"),
    ],
)
async def test_a_recurring_notice_stays_where_it_is(
    desk: Desk, who: str, day: str, scope: str, reason: str, says: str
) -> None:
    desk, number = await standing(desk)
    sentence = await desk.tried(who, "i6", day, scope=scope)
    assert sentence.startswith(f"{reason}: ")
    assert says in sentence
    assert (await rung(desk))[number] == WEEKLY.due_at
    assert await desk.told() == []
