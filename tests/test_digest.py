"""The daily digest, played as dialogues: here every sentence with 听说 is one the bot suspects."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import open_simulation
from bot.simulate import play
from bot.understanding import Heard, Listener, Understanding
from domain.workdays import TZ, next_time
from scheduler import planning
from scheduler.clock import VirtualClock
from store import inbox, questions
from store import tables as t

FILES = sorted((Path(__file__).parent / "digest").glob("*.txt"))


@pytest.fixture
def suspicious(monkeypatch: pytest.MonkeyPatch) -> None:
    hear = Listener.understand

    def understand(self: Listener, heard: Heard) -> Understanding:
        if heard.text.startswith("听说"):
            return Understanding(intent="chat", sure=0.9, suspect=True)
        return hear(self, heard)

    monkeypatch.setattr(Listener, "understand", understand)


@pytest.fixture(autouse=True)
def nobody_walks(monkeypatch: pytest.MonkeyPatch) -> None:
    """No patrols, so that the digest is all a worker is told of his own accord."""
    monkeypatch.setattr(planning, "_patrols", lambda *_: iter(()))


@pytest.mark.usefixtures("suspicious")
@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
async def test_a_dialogue_with_a_digest_goes_as_written(path: Path) -> None:
    report = await play(path)
    assert not report.failures, "\n" + "\n".join(map(str, report.failures))


START = datetime(2026, 11, 23, 9, tzinfo=TZ)


@pytest.mark.usefixtures("suspicious")
async def test_the_lines_can_be_answered_by_their_number_until_the_next_day() -> None:
    async with open_simulation(None, START) as app:
        await app.simulator.say("r.chen", "g01.residents", "听说3号楼晚上有人喊")
        await app.simulator.say("r.liu", "g01.residents", "听说水管不对劲")
        await app.settle()
        await app.advance(START.replace(hour=18))
        async with app.store.read() as conn:
            asked = await questions.open_in(conn, ["simulator|p|w.li"])
            ids = list((await conn.execute(select(t.inbox.c.id).order_by(t.inbox.c.id))).scalars())
        assert asked["simulator|p|w.li", "w.li"].kind == "digest"
        assert asked["simulator|p|w.li", "w.li"].data == {"letters": ids}
        await app.advance(START + timedelta(days=2))
        async with app.store.read() as conn:
            assert await questions.open_in(conn, ["simulator|p|w.li"]) == {}


@pytest.mark.usefixtures("suspicious")
async def test_after_a_stop_over_days_it_is_told_once() -> None:
    clock = VirtualClock(START)
    async with open_simulation(None, START, clock) as app:
        await app.simulator.say("r.chen", "g01.residents", "听说3号楼晚上有人喊")
        await app.settle()
        clock.move_to(START + timedelta(days=3))  # nothing ran meanwhile
        await app.settle()
        await app.settle()
        said = [one.text for one in app.simulator.transcript if one.address.chat == "w.li"]
        assert len(said) == 1
        assert "有人喊" in said[0]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param(START, START.replace(hour=17, minute=30), id="today"),
        pytest.param(
            START.replace(hour=17, minute=30),
            START.replace(day=24, hour=17, minute=30),
            id="exactly then: tomorrow",
        ),
        pytest.param(
            START.replace(hour=23), START.replace(day=24, hour=17, minute=30), id="in the evening"
        ),
        pytest.param(
            datetime(2026, 11, 23, 17, tzinfo=UTC),  # 01:00 of the 24th here
            START.replace(day=24, hour=17, minute=30),
            id="the day is Shanghai's",
        ),
    ],
)
def test_the_next_half_past_five(now: datetime, due: datetime) -> None:
    assert next_time(now, time(17, 30)) == due


WHO = {
    "a resident in his group": ("r.chen", "g01.residents", "chat", True, 1),
    "in private": ("r.chen", "", "chat", True, 0),
    "in a staff group": ("w.he", "c1.staff", "chat", True, 0),
    "not suspected": ("r.chen", "g01.residents", "chat", False, 0),
    "answered after all": ("r.chen", "g01.residents", "help", True, 0),
}


@pytest.mark.parametrize(("who", "chat", "intent", "suspect", "kept"), WHO.values(), ids=list(WHO))
async def test_what_goes_into_the_digest(
    monkeypatch: pytest.MonkeyPatch, who: str, chat: str, intent: str, suspect: bool, kept: int
) -> None:
    heard = Understanding(intent=intent, sure=0.99, suspect=suspect)
    monkeypatch.setattr(Listener, "understand", lambda _self, _heard: heard)
    async with open_simulation(None, START) as app:
        await app.simulator.say(who, chat, "听说3号楼晚上有人喊")
        await app.settle()
        async with app.store.read() as conn:
            assert len(await inbox.suspects(conn, 0)) == kept
