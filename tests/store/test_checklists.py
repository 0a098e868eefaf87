"""Inspection rounds in the log: what stands, what was taken back, which case came of it (F17)."""

from datetime import timedelta

from domain.checklist import Mark, State
from domain.forms import settled
from domain.visits import VisitKind
from store import checklists, visit_log, visits
from store.engine import Store
from tests import factories as make
from tests.store.test_visits import DAY, visit

FINE, BROKEN = Mark(State.FINE), Mark(State.BROKEN, "4层坏了1盏")
FIRST, SECOND = {("", "6"): FINE, ("", "4"): BROKEN}, {("", "4"): FINE}


async def test_a_round_is_read_from_the_log(store: Store) -> None:
    async with store.write() as conn:
        planned = visit("a", kind=VisitKind.CAMPAIGN, reason={"part": "楼道灯"})
        other = visit("b", kind=VisitKind.CAMPAIGN, reason={"campaign": "no part"})
        one, _ = await visits.add_one(conn, planned), await visits.add_one(conn, other)
        for letter, marks in enumerate((FIRST, SECOND), start=7):
            data = {
                "words": "x",
                "finding": "4层坏了1盏" if marks is FIRST else "",
                "items": checklists.data_of(marks),
                "letter": letter,
                "letters": [letter],
            }
            one = await visits.save(conn, one, checklists.CHECKED, "w.qian", make.NOW, **data)
        (first, second) = (await checklists.of_visits(conn, [one.id]))[one.id]
        assert checklists.standing([first, second]) == {("", "6"): FINE, ("", "4"): FINE}
        filed = {"case": "G1001", "check": first.id}
        await visits.log(conn, [(one.id, "case", "w.qian", filed)], make.NOW)
        assert await checklists.last_of(conn, "w.qian", make.NOW) == [second]
        assert await checklists.last_of(conn, "w.he", make.NOW) == []
        assert await checklists.last_of(conn, "w.qian", make.after(hours=1)) == []
        await visits.save(conn, one, "taken_back", "w.qian", make.NOW)
        (left,) = (await checklists.of_visits(conn, [one.id]))[one.id]
        assert (left.marks, left.case, left.letters) == (FIRST, "G1001", (7,))
        assert await checklists.last_of(conn, "w.qian", make.NOW) == []
        assert [found.id for found in await checklists.rounds(conn, ["g03"], DAY)] == [one.id]
        log = await visit_log.entries(conn, make.NOW, make.NOW + timedelta(seconds=1))
    counted = [(found.id, found.finding, found.case) for found in settled(log)]
    assert counted == [(first.id, "4层坏了1盏", "G1001")]
