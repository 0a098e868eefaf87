"""What the bot asked somebody and still waits for: one question a person and conversation."""

from datetime import timedelta

import pytest

from store import cases, questions, timers
from store.directory import Directory
from store.engine import Store
from store.work import Work
from tests import factories as make

HERE, ELSEWHERE = make.GROUP.key, "simulator|p|r.wang"


async def open_now(store: Store, *conversations: str) -> dict[tuple[str, str], str]:
    async with store.read() as conn:
        found = await questions.open_in(conn, conversations)
    return {key: one.kind for key, one in found.items()}


async def ask(store: Store, where: str, who: str, kind: str, **data: object) -> questions.Question:
    async with store.write() as conn:
        return await questions.ask(conn, where, who, kind, data, make.NOW)


async def test_a_question_comes_back_as_it_was_asked(store: Store) -> None:
    data = {"report": make.report(letters=(1, 2)).to_json(), "options": ["a", "b"], "n": 1}
    asked = await ask(store, HERE, "r.wang", "place", **data)
    async with store.read() as conn:
        found = await questions.get(conn, asked.id)
        assert await questions.get(conn, asked.id + 1) is None
    assert found is not None
    assert (found.conversation, found.person, found.kind) == (HERE, "r.wang", "place")
    assert found.asked_at == make.NOW
    assert type(make.report()).from_json(found.data["report"]) == make.report(letters=(1, 2))


async def test_one_a_person_and_conversation_the_last_one_counts(store: Store) -> None:
    await ask(store, HERE, "r.wang", "place")
    await ask(store, HERE, "r.wang", "which")
    await ask(store, HERE, "r.chen", "place")
    await ask(store, ELSEWHERE, "r.wang", "estate")
    assert await open_now(store, HERE) == {(HERE, "r.wang"): "which", (HERE, "r.chen"): "place"}
    assert await open_now(store, ELSEWHERE) == {(ELSEWHERE, "r.wang"): "estate"}
    assert await open_now(store) == {}


async def test_closed_it_is_gone_with_its_timer(store: Store, city, directory: Directory) -> None:
    async with store.write() as conn:
        work = Work(store, conn, city, directory, make.NOW)
        await work.ask(HERE, "r.wang", "place", {}, timedelta(minutes=10))
        await work.ask(HERE, "r.chen", "place", {}, timedelta(minutes=5))
        assert await timers.next_due(conn) == make.after(minutes=5)
        await questions.close(conn, HERE, "r.chen")
        assert await timers.next_due(conn) == make.after(minutes=10)
        await work.settle_question(work.questions[HERE, "r.wang"])
        assert await timers.next_due(conn) is None
        assert work.questions.keys() == {(HERE, "r.chen")}
    assert await open_now(store, HERE) == {}


async def test_asked_again_the_first_timer_is_gone(store: Store, city, directory) -> None:
    async with store.write() as conn:
        work = Work(store, conn, city, directory, make.NOW)
        await work.ask(HERE, "r.wang", "place", {}, timedelta(minutes=5))
        await work.ask(HERE, "r.wang", "place", {}, timedelta(minutes=10))
        assert await timers.next_due(conn) == make.after(minutes=10)


async def test_answered_when_its_time_has_just_run_out(store: Store, city, directory) -> None:
    """The job has filed the report already: the answer must be looked at anew, not filed again."""
    asked = await ask(store, HERE, "r.wang", "place")
    async with store.write() as conn:
        work = Work(store, conn, city, directory, make.NOW)
        work.questions = await questions.open_in(conn, [HERE])
        await questions.close(conn, HERE, "r.wang")
        with pytest.raises(cases.Conflict):
            await work.settle_question(asked)
        await work.settle_question(asked)  # once more in the same turn: nothing
