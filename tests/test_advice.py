"""A second opinion, from the message to the answer, with a real endpoint on this machine.

The listener here understands a handful of words and abstains from all others, so that these tests
do not hang on what the real one happens to understand.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
import structlog
from pydantic import SecretStr
from sqlalchemy import select

from bot.advice.call import BIGGEST, open_endpoint
from bot.advice.settings import AdviceSettings
from bot.app import App
from bot.channels.simulator import Simulator
from bot.hearing import Hearing
from bot.understanding import Heard, Listener, Location, Understanding
from bot.understanding.kinds import RESIDENT_KINDS
from domain.rules import CODES
from domain.workdays import TZ
from scheduler.clock import SystemClock, VirtualClock
from store import tables as t
from store import tables_advice as a
from tests.doubles.advice_endpoint import KEY, AdviceEndpoint, completion

START = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
VAGUE = "3号楼2单元那边又那样了"
G1 = "g01.residents"
LOCAL = "没太听明白"


PLACE = Location(building="3", unit="2")
KNOWN = {
    "着火": Understanding("report", 0.9, "fire_safety", urgent=True, hazard="fire", action="open"),
    "灯不亮": Understanding("report", 0.9, "facility", action="open"),
    "进度": Understanding("progress", 0.95, action="answer"),
    "你好": Understanding("chat", 0.9, action="ask"),  # a greeting in private, for instance
}


class Unsure(Listener):
    """Abstains wherever it may."""

    def understand(self, heard: Heard) -> Understanding:
        found = [meant for words, meant in KNOWN.items() if words in heard.text]
        meant = found[0] if found else Understanding("chat", 0.4, action="ask")
        where = PLACE if "3号楼2单元" in heard.text else Location()
        return replace(meant, location=where, words=heard.text)


@dataclass
class Town:
    """The program with an endpoint, and what the bot said since the last look."""

    app: App
    endpoint: AdviceEndpoint
    read: int = 0

    async def hear(self, who: str, words: str, chat: str = "") -> None:
        """Somebody writes, and the dispatcher looks at it; nobody is asked yet."""
        await self.app.simulator.say(who, chat, words)
        while await self.app.dispatcher.run_once():
            pass

    async def say(self, who: str, words: str, chat: str = "") -> str:
        """Somebody writes; returns what the bot says in the end."""
        await self.app.simulator.say(who, chat, words)
        return await self.answers()

    async def answers(self) -> str:
        await self.app.settle()
        new = self.app.simulator.transcript[self.read :]
        self.read = len(self.app.simulator.transcript)
        return "\n".join(entry.text for entry in new if not entry.speaker)

    def later(self, **span: float) -> None:
        self.app.clock.move_to(self.app.clock.now() + timedelta(**span))

    def count(self, outcome: str) -> float:
        value = self.app.registry.get_sample_value("gridbot_advice_total", {"outcome": outcome})
        return value or 0.0

    def month(self, what: str) -> float | None:
        return self.app.registry.get_sample_value("gridbot_advice_month", {"what": what})

    async def rows(self) -> int:
        async with self.app.store.read() as conn:
            return len((await conn.execute(select(a.advice))).all())


@pytest.fixture
def database() -> str:
    """The store's own tests run on both."""
    return "sqlite"


@pytest.fixture
async def endpoint() -> AsyncIterator[AdviceEndpoint]:
    async with AdviceEndpoint() as one:
        one.advise("report", "parking", usage={"total_tokens": 150})
        yield one


@asynccontextmanager
async def town(
    store, deployment, endpoint: AdviceEndpoint, *, clock=None, **changes
) -> AsyncIterator[Town]:
    given = {
        "enabled": True,
        "base_url": endpoint.url,
        "key": SecretStr(KEY),
        "model": "small",
        "time_limit": "5s",
        **changes,
    }
    advice = AdviceSettings(**given)
    deployment = replace(
        deployment, settings=deployment.settings.model_copy(update={"advice": advice})
    )
    clock = clock or VirtualClock(START)
    async with open_endpoint(advice) as asked:
        simulator = Simulator(clock.now)
        app = App(deployment, store, clock, [simulator], endpoint=asked)
        app.dispatcher._desk = replace(app.dispatcher._desk, hearing=Hearing(app.city, Unsure()))
        simulator.plug(app.ingest.accept)
        writer = asyncio.create_task(app.ingest.run())
        yield Town(app, endpoint)
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)


@pytest.fixture
async def here(store, deployment, endpoint) -> AsyncIterator[Town]:
    async with town(store, deployment, endpoint) as one:
        yield one


# What is asked, and what comes of it


async def test_a_good_answer_opens_the_case(here: Town) -> None:
    assert "G1001" in await here.say("r.wang", VAGUE)
    (case,) = await here.app.cases()
    assert (case["category"], case["building"], case["urgent"]) == ("parking", "3", "false")
    assert (here.count("good"), await here.rows()) == (1, 0)


async def test_the_request(here: Town) -> None:
    await here.say("r.wang", VAGUE, G1)
    (got,) = here.endpoint.got
    assert got.headers["Authorization"] == f"Bearer {KEY}"
    body = got.body
    assert (body["model"], body["temperature"]) == ("small", 0)
    assert body["response_format"]["type"] == "json_schema"
    assert body["response_format"]["json_schema"]["strict"] is True
    schema = body["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["intent"]["enum"] == list(RESIDENT_KINDS)
    assert schema["properties"]["category"]["enum"] == list(CODES)
    assert set(schema["required"]) == set(schema["properties"]) == {"intent", "category", "urgent"}
    assert schema["additionalProperties"] is False
    assert [one["role"] for one in body["messages"]] == ["system", "user"]
    assert got.words == VAGUE


async def test_nothing_private_reaches_the_endpoint(here: Town, deployment) -> None:
    name = deployment.world.person("w.li").name
    words = (
        f"我叫张国强，电话13812345678，车是苏A12345，卡6222020200112230，住5栋1单元302，{name}知道"
    )
    await here.say("r.wang", f"{words} 身份证11010519491231002X", G1)
    (got,) = here.endpoint.got
    hidden = ["张国强", "13812345678", "5678", "苏A", "12345", "6222", "302", name, "1101", "002X"]
    about = ["r.wang", deployment.world.person("r.wang").name, G1, "simulator"]
    about += [deployment.world.area("g01").name, deployment.world.groups[G1].name]
    assert [one for one in [*hidden, *about] if one in got.words] == []
    assert [one for one in about if one in got.raw] == []
    assert "5栋1单元" in got.words
    assert len(got.words) <= 500


@pytest.mark.parametrize("intent", ["chat", "ad", "other"])
async def test_silence_in_a_group_goes_into_the_worker_s_digest(here: Town, intent: str) -> None:
    here.endpoint.advise(intent)
    assert await here.say("r.wang", VAGUE, G1) == ""
    async with here.app.store.read() as conn:
        assert (await conn.execute(select(t.inbox.c.outcome))).scalar() == "suspect"
        assert "digest" in (await conn.execute(select(t.timers.c.kind))).scalars().all()
    assert await here.app.cases() == []


async def test_whoever_writes_in_private_is_never_left_without_an_answer(here: Town) -> None:
    here.endpoint.advise("chat")
    assert LOCAL in await here.say("r.wang", VAGUE)


async def test_it_may_see_an_emergency(here: Town) -> None:
    here.endpoint.advise("report", "fire_safety", urgent=True)
    await here.say("r.wang", VAGUE)
    (case,) = await here.app.cases()
    assert (case["urgent"], case["mode"]) == ("true", "emergency")


@pytest.mark.parametrize("intent", ["cancel", "confirm_ok", "confirm_bad", "progress"])
async def test_it_moves_no_case(here: Town, intent: str) -> None:
    await here.say("r.wang", VAGUE)
    (before,) = await here.app.cases()
    here.later(hours=1)
    here.endpoint.advise(intent)
    # What is not understood goes along with his case, and the case stays where it is.
    assert "加进 G1001" in await here.say("r.wang", "那个先那样吧")
    (after,) = await here.app.cases()
    assert after == before | {"words": after["words"]}
    assert here.count("good") == 2


# Whom nobody asks about


@pytest.mark.parametrize(
    ("who", "words", "chat"),
    [
        pytest.param("r.wang", "3号楼2单元着火了，浓烟很大", G1, id="an emergency"),
        pytest.param("r.wang", "进度", "", id="a command"),
        pytest.param("w.li", VAGUE, "", id="staff"),
        pytest.param("r.wang", "3号楼2单元楼道灯不亮了", G1, id="what was understood"),
        pytest.param("r.wang", "你好", "", id="a greeting it knows"),
        pytest.param("r.wang", "", "", id="no words"),
    ],
)
async def test_nobody_is_asked(here: Town, who: str, words: str, chat: str) -> None:
    await here.say(who, words, chat)
    assert here.endpoint.got == []


async def test_answers_to_a_question_are_not_asked_about(here: Town) -> None:
    await here.say("r.wang", "那边又那样了")  # opened, and asked where
    assert len(here.endpoint.got) == 1
    await here.say("r.wang", "嗯那个")
    assert len(here.endpoint.got) == 1


# Faults: the local answer stands

OPEN = {"intent": "report", "category": "parking", "urgent": False}
FAULTS = [
    pytest.param({"hangs": True}, "slow", id="never answers"),
    pytest.param({"says": b"<html>"}, "broken", id="not JSON"),
    pytest.param({"says": b""}, "broken", id="nothing"),
    pytest.param({"says": b'{"choices": []}'}, "broken", id="no choice"),
    pytest.param({"says": completion("no idea")}, "broken", id="words instead of JSON"),
    pytest.param(
        {"says": completion(f"```json\n{completion(OPEN).decode()}```")}, "broken", id="fenced"
    ),
    pytest.param(
        {"says": b'{"choices":[{"message":{"content":null,"refusal":"no"}}]}'},
        "broken",
        id="a refusal",
    ),
    pytest.param({"says": completion(OPEN | {"intent": "fire"})}, "broken", id="wrong kind"),
    pytest.param({"says": completion(OPEN | {"category": "x"})}, "broken", id="wrong category"),
    pytest.param({"says": completion(OPEN | {"say": "hi"})}, "broken", id="one field too many"),
    pytest.param(
        {"says": completion(OPEN, usage={"total_tokens": -1})}, "broken", id="tokens below nought"
    ),
    pytest.param(
        {"says": completion(OPEN, filler="x" * BIGGEST)}, "huge", id="good, and far too long"
    ),
    pytest.param({"says": completion(OPEN), "status": 500}, "status", id="500"),
    pytest.param({"says": completion(OPEN), "status": 400}, "status", id="400"),
    pytest.param(
        {"says": completion(OPEN), "status": 307, "headers": {"Location": "/elsewhere"}},
        "status",
        id="sent elsewhere",
    ),
    pytest.param({"says": completion(OPEN), "status": 401}, "denied", id="401"),
    pytest.param({"says": completion(OPEN), "status": 429}, "limited", id="429"),
]


@pytest.mark.parametrize(("does", "outcome"), FAULTS)
async def test_the_local_answer_stands(store, deployment, endpoint, does, outcome) -> None:
    for name, value in does.items():
        setattr(endpoint, name, value)
    limit = "0.2s" if endpoint.hangs else "5s"
    with structlog.testing.capture_logs() as logs:
        async with town(store, deployment, endpoint, time_limit=limit) as here:
            assert LOCAL in await here.say("r.wang", VAGUE)
            assert here.count(outcome) == 1
            assert (await here.rows(), await here.app.cases()) == (0, [])
    assert len(endpoint.got) == 1
    (line,) = [one for one in logs if one.get("action") == "advice.failed"]
    assert line["outcome"] == outcome
    assert not any(bad in str(logs) for bad in (KEY, VAGUE, "127.0.0.1"))


async def test_nobody_there(store, deployment, endpoint) -> None:
    async with town(store, deployment, endpoint, base_url="http://127.0.0.1:1/v1") as here:
        assert LOCAL in await here.say("r.wang", VAGUE)
        assert here.count("away") == 1


async def test_a_bug_in_the_asking_is_one_more_fault(here: Town, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError(VAGUE)

    monkeypatch.setattr(here.app.advisor._endpoint, "ask", broken)
    with structlog.testing.capture_logs() as logs:
        assert LOCAL in await here.say("r.wang", VAGUE)
    assert here.count("bug") == 1
    assert VAGUE not in str(logs)


# No storms


async def ask_again(here: Town) -> int:
    """Somebody else writes; returns how many requests were made for it."""
    before = len(here.endpoint.got)
    await here.say(f"r.new{before}", "那边怎么又那样")
    return len(here.endpoint.got) - before


@pytest.mark.parametrize(
    ("status", "headers", "rest"),
    [
        pytest.param(429, {}, {"minutes": 1}, id="429"),
        pytest.param(429, {"Retry-After": "300"}, {"minutes": 5}, id="429 says how long"),
        pytest.param(429, {"Retry-After": "999999"}, {"hours": 1}, id="429 says far too long"),
        pytest.param(429, {"Retry-After": "soon"}, {"minutes": 1}, id="429 says nonsense"),
        pytest.param(401, {}, {"hours": 1}, id="401"),
        pytest.param(403, {}, {"hours": 1}, id="403"),
    ],
)
async def test_an_endpoint_that_refuses_is_left_alone(here: Town, status, headers, rest) -> None:
    here.endpoint.status, here.endpoint.headers = status, headers
    await here.say("r.wang", VAGUE)
    here.endpoint.status, here.endpoint.headers = 200, {}
    here.later(seconds=timedelta(**rest).total_seconds() - 1)
    assert await ask_again(here) == 0
    here.later(seconds=1)
    assert await ask_again(here) == 1


async def test_three_faults_in_a_row_are_enough(here: Town) -> None:
    here.endpoint.status = 500
    for number in range(5):
        assert LOCAL in await here.say(f"r.new{number}", VAGUE)
    assert len(here.endpoint.got) == 3
    here.later(minutes=1)
    here.endpoint.status = 200
    assert "G1001" in await here.say("r.wang", VAGUE)


async def test_faults_that_are_not_in_a_row_are_forgiven(here: Town) -> None:
    for number, status in enumerate([500, 500, 200, 500, 500, 200]):
        here.endpoint.status = status
        await here.say(f"r.new{number}", "那边怎么又那样")
    assert len(here.endpoint.got) == 6


async def test_only_a_few_are_asked_about_at_once(here: Town) -> None:
    here.endpoint.together = 4
    for number in range(8):
        await here.app.simulator.say(f"r.new{number}", "", "那边怎么又那样")
    await here.answers()
    assert (len(here.endpoint.got), here.endpoint.most) == (8, 4)


# What it costs


async def test_the_month_s_budget(store, deployment, endpoint) -> None:
    async with town(store, deployment, endpoint, monthly_budget=2) as here:
        assert [await ask_again(here) for _ in range(3)] == [1, 1, 0]
        assert here.count("spent") == 1
        assert [here.month(what) for what in ("requests", "tokens", "budget")] == [2, 300, 2]
        here.app.clock.move_to(datetime(2026, 12, 1, 0, 0, tzinfo=TZ))
        await here.say("r.third", "那边怎么又那样")
        assert len(endpoint.got) == 3
        assert (here.month("requests"), here.month("tokens")) == (1, 150)


async def test_a_budget_of_nothing(store, deployment, endpoint) -> None:
    async with town(store, deployment, endpoint, monthly_budget=0) as here:
        assert LOCAL in await here.say("r.wang", VAGUE)
    assert endpoint.got == []


async def test_what_is_off_costs_nothing(store, deployment, endpoint, monkeypatch) -> None:
    def touched(*_: object, **__: object) -> None:
        raise AssertionError("a table of advice was used")

    async with town(store, deployment, endpoint, enabled=False) as here:
        for name in ("want", "given", "overtake", "take", "waiting", "spent"):
            monkeypatch.setattr(f"store.advice.{name}", touched)
        assert here.app.advisor is None
        assert LOCAL in await here.say("r.wang", VAGUE)
    assert endpoint.got == []


# Waiting


async def test_a_chat_waits_for_the_answer_and_for_no_longer(here: Town) -> None:
    await here.hear("r.wang", VAGUE)
    here.later(seconds=5)
    await here.hear("r.chen", "进度")
    assert LOCAL not in "".join(entry.text for entry in here.app.simulator.transcript)
    assert await here.rows() == 1
    here.later(seconds=1)
    assert LOCAL in await here.answers()
    assert (await here.rows(), here.endpoint.got) == (0, [])


async def test_a_process_that_died_while_it_asked(store, deployment, endpoint) -> None:
    async with town(store, deployment, endpoint) as dead:
        await dead.hear("r.wang", VAGUE)
        async with store.write() as conn:
            await dead.app.advisor._endpoint.ask(VAGUE, timedelta(seconds=5))  # and nothing more
            await conn.execute(a.advice.update().values(taken=True))
    clock = VirtualClock(START + timedelta(seconds=5))
    async with town(store, deployment, endpoint, clock=clock) as here:
        assert await here.answers() == ""
        here.later(seconds=1)
        assert LOCAL in await here.answers()
        assert await here.rows() == 0
    assert len(endpoint.got) == 1


async def test_an_emergency_never_waits_behind_a_question(here: Town) -> None:
    await here.hear("r.wang", VAGUE, G1)
    assert await here.rows() == 1
    await here.hear("r.chen", "3号楼2单元着火了，浓烟很大", G1)
    (case,) = await here.app.cases()
    assert (case["urgent"], await here.rows()) == ("true", 0)
    await here.answers()
    assert here.endpoint.got == []


async def test_who_goes_on_at_once_is_not_asked_about(here: Town) -> None:
    for words in ("那个", "3号楼2单元着火了，浓烟很大"):
        await here.app.simulator.say("r.wang", G1, words)
    await here.answers()
    assert here.endpoint.got == []
    assert len(await here.app.cases()) == 1


async def test_messages_stay_in_order(here: Town) -> None:
    await here.hear("r.wang", "那边又那样了", G1)
    await here.hear("r.chen", "那边怎么又那样", G1)
    await here.answers()
    async with here.app.store.read() as conn:
        result = await conn.execute(select(t.inbox.c.id, t.inbox.c.handled_at).order_by("id"))
        moments = [row.handled_at for row in result]
    assert None not in moments
    assert moments == sorted(moments)


# The whole program


async def test_the_running_program_asks_by_itself(store, deployment, endpoint) -> None:
    async with town(store, deployment, endpoint, clock=SystemClock()) as here:
        said = here.app.simulator.listen()
        stop = asyncio.Event()
        running = asyncio.create_task(here.app.run(stop))
        await here.app.simulator.say("r.wang", "", VAGUE)
        async with asyncio.timeout(20):
            while "G1001" not in (await said.get()).text:
                pass
        stop.set()
        assert await running
    assert len(endpoint.got) == 1
