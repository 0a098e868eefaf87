"""What a month of visits comes to, as the database tells it (domain.md F3, F15, F19)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from domain.visits import Visit, VisitKind, VisitStatus, end_of, start_of
from domain.workdays import TZ
from store import daily, visits

FIRST, NEXT = date(2028, 2, 1), date(2028, 3, 1)
SPAN = start_of(FIRST), start_of(NEXT)
LEAP = date(2028, 2, 29)
PLAN = Visit(
    id=0,
    key="a",
    kind=VisitKind.VISIT,
    subject="shop",
    name="shop",
    area="g01",
    worker="w.li",
    rhythm="1/month",
    first=FIRST,
    last=LEAP,
    due_at=end_of(LEAP),
)


def made(key: str, at: datetime, **changes: object) -> Visit:
    plain = {"status": VisitStatus.DONE, "done_at": at, "done_by": "w.li", "words": "x"}
    return replace(PLAN, key=key, **(plain | changes))


async def test_a_february_of_a_leap_year(store) -> None:
    late = datetime(2028, 2, 29, 23, 50, tzinfo=TZ)
    after = late + timedelta(minutes=20)
    found = [
        PLAN,
        made("b", late, finding="y", reason={"with": "somebody"}, letter=None),
        made("c", late, kind=VisitKind.PATROL, subject="g01", name="g01", due_at=late),
        made("d", after, due_at=end_of(NEXT)),
        replace(PLAN, key="e", status=VisitStatus.CANCELLED),
        replace(PLAN, key="f", area="g02"),
        made("g", late, kind=VisitKind.EXTRA),
    ]
    async with store.write() as conn:
        for one in found:
            await visits.add_one(conn, one)
        assert sorted(await daily.objects(conn, ["g01"], *SPAN)) == [
            ("g01", "shop", False, 1),
            ("g01", "shop", True, 1),
        ]
        assert await daily.out(conn, ["g01"], *SPAN) == {(LEAP, "w.li")}
        assert [one.together for one in await daily.told(conn, ["g01"], *SPAN)] == [True, False]
        assert [one.found for one in await daily.told(conn, ["g01"], *SPAN)] == [True, False]
        assert await daily.began(conn, ["g01", "g02"]) == LEAP
        assert await daily.began(conn, ["g03"]) is None
