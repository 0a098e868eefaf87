"""What staff correct is kept as labelled examples, and written as training lines."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.app import open_simulation
from bot.assembly import open_store
from bot.cases.corrections import category_named
from bot.cli.main import main
from bot.deployment.folder import load
from bot.examples import training_lines
from bot.training.lines import line_of
from domain.messages import Address
from domain.workdays import TZ
from store import corrections
from store.corrections import Correction
from store.work import Work
from tests import factories as make

START = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
GROUP = "g01.residents"
LAMP = "2号楼2单元楼道灯坏了，我电话13912345678"
RECORD = {"role": "resident", "urgent": False}


class Chat:
    """The simulated community, and what was learned in it."""

    def __init__(self, app) -> None:
        self.app = app

    async def say(self, who: str, words: str, chat: str = "", **more: str) -> str:
        """Somebody writes; what the bot then said, anywhere."""
        before = len(self.app.simulator.transcript)
        await self.app.simulator.say(who, chat, words, **more)
        await self.app.settle()
        new = self.app.simulator.transcript[before:]
        return "\n".join(entry.text for entry in new if not entry.speaker)

    async def learned(self) -> list[dict]:
        async with self.app.store.read() as conn:
            return training_lines(await corrections.every(conn))

    async def cases(self) -> list[dict]:
        return list(await self.app.cases())

    async def list_to(self, person: str, *letters: int) -> None:
        """Open the question under the daily list, as its job does."""
        app = self.app
        async with app.store.write() as conn:
            work = Work(app.store, conn, app.city, app.directory, app.clock.now())
            key = Address("simulator", person).key
            await work.ask(key, person, "digest", {"letters": list(letters)}, timedelta(days=1))
            await work.flush()


@pytest.fixture
async def chat(deployment, monkeypatch):
    monkeypatch.setattr("bot.app.load", lambda *_, **__: deployment)  # read once for all
    async with open_simulation(None, START) as app:
        yield Chat(app)


async def test_not_a_case_is_learned_as_chatter(chat: Chat) -> None:
    await chat.say("r.chen", LAMP, GROUP)
    await chat.say("w.li", "这不是诉求")
    assert await chat.learned() == [
        {
            "voice": "correction",
            "text": "2号楼2单元楼道灯坏了，我电话***********",
            "role": "resident",
            "intent": "chat",
            "category": None,
            "urgent": False,
        }
    ]


async def test_another_category_is_learned_as_it_was_said_last(chat: Chat) -> None:
    await chat.say("r.chen", LAMP, GROUP)
    await chat.say("w.li", "分类 停车")
    await chat.say("w.li", "分类 物业")
    (line,) = await chat.learned()
    assert (line["intent"], line["category"]) == ("report", "property")


async def test_a_wrong_category_teaches_nothing(chat: Chat) -> None:
    await chat.say("r.chen", LAMP, GROUP)
    await chat.say("w.li", "分类 火星")
    await chat.say("w.li", "分类 设施维修")  # it is that already
    assert await chat.learned() == []


async def test_a_case_after_all_is_learned_as_a_report(chat: Chat) -> None:
    await chat.say("r.liu", "晚上好", GROUP)
    await chat.say("w.li", "立案", GROUP, quote="晚上好")
    (line,) = await chat.learned()
    assert (line["text"], line["role"], line["intent"]) == ("晚上好", "resident", "report")


async def test_who_changes_his_mind_teaches_one_thing(chat: Chat) -> None:
    await chat.say("r.chen", LAMP, GROUP)
    await chat.say("w.li", "这不是诉求", GROUP)
    await chat.say("w.li", "立案", GROUP, quote="2号楼2单元")
    (line,) = await chat.learned()
    assert line["intent"] == "report"
    assert [case["status"] for case in await chat.cases()] == ["rejected", "assigned"]


async def test_what_is_recalled_is_not_learned(chat: Chat) -> None:
    await chat.say("r.chen", LAMP, GROUP)
    await chat.say("w.li", "分类 停车")
    await chat.app.simulator.recall("r.chen", GROUP)
    await chat.app.settle()
    assert await chat.learned() == []


async def test_lines_of_the_daily_list_become_cases(chat: Chat) -> None:
    for words in ("早上好", "晚上好", "吃了吗"):
        await chat.say("r.liu", words, GROUP)
    await chat.list_to("w.li", 1, 2, 3)
    assert "没有这一条" in await chat.say("w.li", "立案 4")
    assert "没有这一条" in await chat.say("w.li", "立案")
    assert await chat.cases() == []
    said = await chat.say("w.li", "立案 1、3")
    assert "刘奶奶" in said
    assert "已立案" in said
    assert [line["text"] for line in await chat.learned()] == ["早上好", "吃了吗"]
    assert "已经立案" in await chat.say("w.li", "立案 3")
    assert len(await chat.cases()) == 2


async def test_the_only_line_of_the_list_needs_no_number(chat: Chat) -> None:
    await chat.say("r.liu", "早上好", GROUP)
    await chat.list_to("w.li", 1)
    await chat.say("w.li", "立案")
    assert len(await chat.cases()) == 1


@pytest.mark.parametrize("words", ["这不是诉求", "分类 停车", "立案"])
async def test_residents_and_strangers_correct_nothing(chat: Chat, words: str) -> None:
    await chat.say("r.chen", LAMP, GROUP)
    for who in ("r.chen", "x.new"):
        await chat.say(who, words, GROUP, quote="2号楼2单元")
        await chat.say(who, words)
    assert await chat.learned() == []
    assert {(one["status"], one["category"]) for one in await chat.cases()} == {
        ("assigned", "facility")
    }


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param("停车交通", "parking", id="its name"),
        pytest.param("停车", "parking", id="a part of its name"),
        pytest.param("FACILITY", "facility", id="its code"),
        pytest.param("消防", "fire_safety", id="a part in the middle"),
        pytest.param("垃圾", "sanitation", id="a word of its matter"),
        pytest.param("其他", "other", id="none of them"),
        pytest.param("火星", None, id="nothing known"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_category_by_what_people_call_it(city, words: str, code: str | None) -> None:
    found = category_named(city.book.at(START), words)
    assert (found and found.code) == code


def correction(text: str, case: int, **label: object) -> Correction:
    return Correction(make.NOW, "w.li", text, RECORD | label, {}, case)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A deployment in which two cases were corrected, the first of them twice."""
    place = tmp_path / "city"
    assert CliRunner().invoke(main, ["init", str(place)]).exit_code == 0

    async def fill() -> None:
        async with open_store(load(place)) as store, store.write() as conn:
            for one in (
                correction("灯坏了", 1, intent="report", category="facility"),
                correction("车位被占 13912345678", 2, intent="report", category="parking"),
                correction("灯坏了", 1, intent="chat", category=None),
            ):
                await corrections.add(conn, one)

    asyncio.run(fill())
    return place


def test_they_are_written_in_the_training_format(folder: Path) -> None:
    first, again = (CliRunner().invoke(main, ["export-corrections", str(folder)]) for _ in range(2))
    assert first.exit_code == 0, first.output
    assert first.output == again.output
    rows = [json.loads(line) for line in first.output.splitlines()]
    assert [(row["text"], row["intent"]) for row in rows] == [
        ("车位被占 ***********", "report"),
        ("灯坏了", "chat"),
    ]
    assert {row["voice"] for row in rows} == {"correction"}
    lines = [line_of("corrections", row) for row in rows]
    assert [(one.intent, one.category, one.staff) for one in lines] == [
        ("report", "parking", False),
        ("chat", None, False),
    ]


def test_no_folder_no_lines(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["export-corrections", str(tmp_path / "no")])
    assert result.exit_code == 2
