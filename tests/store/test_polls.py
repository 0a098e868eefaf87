"""Polls and their answers, and what is overdue, on both databases."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert

from domain.case import Event, Status
from domain.messages import Address
from domain.notices import Audience, Notice
from domain.notices import Status as Sent
from domain.poll_rules import Question
from domain.polls import Poll, PollKind
from store import cases, notices, overdue, polls
from store import tables as t
from store.engine import Connection, Store
from store.notices import Target
from tests import factories as make

QUESTION = Question("知道吗", ("知道", "不知道"), right=1, basis="规则 1", by="区")
PRIVATE = Address("simulator", "r.chen")
DAY = timedelta(days=1)


async def asked(
    store: Store, conn: Connection, *, kind: PollKind = PollKind.SURVEY, person: str = ""
) -> Poll:
    """A poll on its way to the group of g01, or to somebody alone."""
    to = Audience("worker" if person else "residents", ("c1",))
    fresh = Notice(
        0,
        f"k{kind}{person}",
        "l.c1",
        to,
        "words",
        Sent.SENT,
        make.NOW,
        make.NOW,
        DAY,
        ready=kind.value,
    )
    number = await notices.add(store, conn, notices.row_of(fresh)) or 0
    address = Address("simulator", person) if person else make.GROUP
    target = Target(f"n{number}", address, person, "g01", "a")
    await notices.aim(store, conn, number, [target], make.NOW)
    poll = Poll(number, kind, "c1", "三问", (QUESTION,))
    await polls.add(conn, poll)
    return poll


async def here(
    conn: Connection, address: Address, person: str, area: str, number: int = 0
) -> list[int]:
    return [one.notice for one, _ in await polls.asked_here(conn, address, person, area, number)]


async def test_a_poll_comes_back_as_it_went_in(store: Store) -> None:
    async with store.write() as conn:
        poll = await asked(store, conn)
        assert await polls.get(conn, poll.notice) == poll
        assert await polls.get(conn, poll.notice + 1) is None
        ((found, notice),) = await polls.of_areas(conn, PollKind.SURVEY, ["c1"])
        assert (found, notice.id) == (poll, poll.notice)
        assert await polls.of_areas(conn, PollKind.SURVEY, ["c2"]) == []


async def test_where_it_may_be_answered(store: Store) -> None:
    other = replace(make.GROUP, chat="g02.residents")
    async with store.write() as conn:
        survey = (await asked(store, conn)).notice
        quiz = (await asked(store, conn, kind=PollKind.QUIZ, person="w.li")).notice
        assert await here(conn, make.GROUP, "r.wang", "g01") == [survey]
        assert await here(conn, other, "r.wang", "g02") == []
        assert await here(conn, PRIVATE, "r.chen", "g01") == [survey]
        assert await here(conn, PRIVATE, "r.chen", "") == []
        assert await here(conn, Address("simulator", "x"), "w.li", "") == [quiz]
        assert await here(conn, make.GROUP, "r.wang", "g01", survey + 9) == []
        notice = await notices.get(conn, survey)
        assert notice is not None
        for changed in (replace(notice, status=Sent.CANCELLED), replace(notice, ready="")):
            await notices.save(conn, changed)
            assert await here(conn, make.GROUP, "r.wang", "g01") == []


async def test_the_last_answer_counts_until_it_is_closed_once(store: Store) -> None:
    async with store.write() as conn:
        number = (await asked(store, conn)).notice
        said = [
            await polls.answer(store, conn, number, voice, marks, "r.wang", make.NOW)
            for voice, marks in (("h:1", (1,)), ("h:2", (2,)), ("h:1", (2,)))
        ]
        assert said == [False, False, True]
        assert await polls.answers(conn, number) == {"h:1": (2,), "h:2": (2,)}
        assert [await polls.close(conn, number, make.NOW) for _ in range(2)] == [True, False]
        assert not await polls.close(conn, number + 9, make.NOW)
        assert await here(conn, make.GROUP, "r.wang", "g01") == []


async def test_what_one_household_answered_of_several_polls(store: Store) -> None:
    async with store.write() as conn:
        first, second = [(await asked(store, conn, person=one)).notice for one in ("", "r.wang")]
        for voice, marks in (("h:1", (1,)), ("h:2", (2,))):
            await polls.answer(store, conn, first, voice, marks, "r.wang", make.NOW)
        await polls.answer(store, conn, second, "h:2", (1, 2), "r.liu", make.NOW)
        assert await polls.answers_of(conn, "h:1", [first, second]) == {first: (1,)}
        assert await polls.answers_of(conn, "h:2", [first, second]) == {first: (2,), second: (1, 2)}
        assert await polls.answers_of(conn, "h:2", [second]) == {second: (1, 2)}
        assert await polls.answers_of(conn, "h:2", []) == {}


async def test_the_scores_of_a_span_of_days(store: Store) -> None:
    async with store.write() as conn:
        quiz = await asked(store, conn, kind=PollKind.QUIZ, person="w.li")
        assert await polls.drawn(conn, "c1") == 1
        assert await polls.drawn(conn, "c2") == 0
        await polls.answer(store, conn, quiz.notice, "w.li", (2,), "w.li", make.NOW)
        await polls.close(conn, quiz.notice, make.NOW)
        span = (make.NOW, make.NOW + DAY)
        assert await polls.closed_between(conn, PollKind.SURVEY, *span) == []
        assert await polls.closed_between(conn, PollKind.QUIZ, make.NOW - DAY, make.NOW) == []
        (found,) = await polls.closed_between(conn, PollKind.QUIZ, *span)
        assert found.closed_at == make.NOW
        (score,) = await polls.scores_of(conn, found, {})
        assert (score.person, score.right, score.total) == ("w.li", 0, 1)


async def test_what_missed_a_deadline_with_what_tells_of_it(store: Store) -> None:
    async with store.write() as conn:
        late = await cases.add(conn, make.case(overdue=True))
        await cases.add(conn, make.case())
        await cases.add(conn, make.case(overdue=True, status=Status.CLOSED))
        events = [
            Event(late.id, number, make.NOW, kind, "", {"deadline": "finish"})
            for number, kind in ((3, "extended"), (1, "accepted"), (2, "missed"))
        ]
        await conn.execute(insert(t.events), [cases.event_row(one) for one in events])
        ((found, history),) = await overdue.missed(conn)
        assert found == late
        assert [one.kind for one in history] == ["missed", "extended"]
        assert history[0].data == {"deadline": "finish"}
