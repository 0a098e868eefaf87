"""What people should not do and do: each gets a plain answer or none, and the program goes on."""

import asyncio
from datetime import datetime, timedelta

import pytest
import structlog

from bot.app import open_simulation
from domain.messages import Attachment
from domain.workdays import TZ

START = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
LAMP = "3号楼2单元楼道灯不亮了"
G1, STAFF1 = "g01.residents", "c1.staff"


class Talk:
    """The simulated chats, and what the bot said since the last look."""

    def __init__(self, app):
        self.app = app
        self._read = 0

    async def say(self, who, words, chat="", **more):
        """Somebody writes; returns what the bot then said, anywhere."""
        await self.app.simulator.say(who, chat, words, **more)
        return await self.answers()

    async def click(self, who, key, task_id=""):
        await self.app.simulator.click(who, key, task_id)
        return await self.answers()

    async def answers(self):
        await self.app.settle()
        new = self.app.simulator.transcript[self._read :]
        self._read = len(self.app.simulator.transcript)
        return "\n".join(entry.text for entry in new if not entry.speaker)

    async def case(self, number=0):
        return (await self.app.cases())[number]

    async def opened(self):
        """A case for 李强; returns its number."""
        await self.say("r.wang", LAMP, G1)
        return (await self.case())["number"]

    def card(self, who):
        """The task id of the newest card sent to somebody in private."""
        cards = [
            entry.card
            for entry in self.app.simulator.transcript
            if entry.card and entry.address.chat == who
        ]
        return cards[-1].task_id


@pytest.fixture
async def talk(deployment, monkeypatch):
    monkeypatch.setattr("bot.app.load", lambda *_, **__: deployment)  # read once for all
    with structlog.testing.capture_logs() as logs:
        async with open_simulation(None, START) as app:
            yield Talk(app)
    bad = [line for line in logs if line["log_level"] in ("error", "critical")]
    assert not bad, bad


STRANGE = [
    pytest.param("报" * 1_000_000, id="a megabyte"),
    pytest.param("\0", id="NUL"),
    pytest.param("3号\0楼", id="NUL within"),
    pytest.param("\ud83d 灯坏了 \udca1", id="halves of surrogate pairs"),
    pytest.param("😀" * 200, id="200 emoji"),
    pytest.param("👨‍👩‍👧‍👦" * 200, id="200 families"),
    pytest.param("\u202e\u200f\u2066\ufeff", id="marks nobody sees"),
    pytest.param("Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢" * 100, id="letters piled up"),
    pytest.param("{{ 7 * 7 }}{% for x in y %}{{ x.__class__ }}", id="a template"),
    pytest.param("'; DROP TABLE cases; --", id="SQL"),
    pytest.param("%s %n %(x)s {0} {x!r} \\", id="formats"),
    pytest.param("**[点我](http://x)** `a` <b>|~#", id="markup"),
    pytest.param("\n\n\n\t \r\n", id="blank lines"),
    pytest.param("@网格小助手", id="only the name"),
    pytest.param("@网格小助手 " * 500, id="the name 500 times"),
    pytest.param("办结", id="a bare command"),
    pytest.param("接单 G", id="half a number"),
    pytest.param("接单 G0", id="number nought"),
    pytest.param("接单 G-1001", id="a negative number"),
    pytest.param("接单 Ｇ１００１", id="a wide number"),
    pytest.param("接单 G١٠٠١", id="foreign digits"),
    pytest.param("办结 G99999999999999999999", id="a number beyond a database's"),
    pytest.param("延期 99999999999999天", id="an extension beyond time"),
    pytest.param("延期 -3天 没空", id="an extension backwards"),
    pytest.param("转派", id="a transfer to nobody"),
    pytest.param("转派给 " + "某" * 5000, id="a transfer to a novel"),
    pytest.param("绑定", id="binding nothing"),
    pytest.param("绑定 00000000", id="binding an unknown code"),
    pytest.param("绑定网格", id="binding to nothing"),
    pytest.param("绑定网格 火星", id="binding to Mars"),
    pytest.param("满意", id="satisfied with nothing"),
    pytest.param("不满意", id="dissatisfied with nothing"),
    pytest.param("不用了", id="withdrawing nothing"),
    pytest.param("99999999999999号楼88888888单元坏了", id="a building beyond the sky"),
]


@pytest.mark.parametrize("words", STRANGE)
async def test_strange_words_change_nothing_and_the_next_ones_are_heard(talk, words):
    for who in ("r.chen", "w.li", "u.stranger"):
        for chat in ("", G1, STAFF1):
            await talk.app.simulator.say(who, chat, words)
    await talk.answers()
    before = len(await talk.app.cases())
    assert "已受理" in await talk.say("r.wang", LAMP, G1)
    cases = await talk.app.cases()
    assert len(cases) == before + 1
    assert cases[-1]["status"] == "assigned"
    assert (await talk.app.health())["dead"] == 0


@pytest.mark.parametrize(
    "attachment",
    [
        pytest.param(Attachment("image"), id="a picture without anything"),
        pytest.param(Attachment("image", "x" * 5000, "a" * 64), id="a very long name"),
        pytest.param(Attachment("image", "../../etc/passwd", "../../x"), id="a path"),
        pytest.param(Attachment("hologram", "a"), id="an unknown kind"),
        pytest.param(Attachment("location", ""), id="a place without a name"),
    ],
)
async def test_strange_attachments_stop_nothing(talk, attachment):
    await talk.app.simulator.say("r.wang", G1, "", (attachment,) * 30)
    await talk.app.simulator.say("w.li", "", "办结", (attachment,))
    assert "已受理" in await talk.say("r.chen", LAMP, G1)


# -- buttons -------------------------------------------------------------------------------------


async def test_a_button_pressed_twice_moves_the_case_once(talk):
    await talk.opened()
    task_id = talk.card("w.li")
    assert "已接单" in await talk.click("w.li", "accept", task_id)
    assert "已经接过单了" in await talk.click("w.li", "accept", task_id)
    assert (await talk.case())["status"] == "accepted"


async def test_two_presses_at_once_move_the_case_once(talk):
    await talk.opened()
    task_id = talk.card("w.li")
    simulator = talk.app.simulator
    await asyncio.gather(*(simulator.click("w.li", "accept", task_id) for _ in range(5)))
    said = await talk.answers()
    assert said.count("已经接过单了") == 4
    assert (await talk.case())["status"] == "accepted"


async def test_a_button_on_a_closed_case_gets_words_and_moves_nothing(talk):
    number = await talk.opened()
    task_id = talk.card("w.li")
    await talk.say("w.li", f"办结 {number} 换好了")
    await talk.say("r.wang", "满意", G1)
    before = await talk.case()
    assert before["status"] == "closed"
    for button in _shown(talk, task_id).buttons:
        assert await talk.click("w.li", button.key, task_id), button
        assert await talk.case() == before


def _shown(talk, task_id):
    transcript = talk.app.simulator.transcript
    return next(one.card for one in transcript if one.card and one.card.task_id == task_id)


@pytest.mark.parametrize("who", ["w.tang", "r.chen", "u.stranger", "p.lift"])
async def test_somebody_elses_button_moves_nothing(talk, who):
    await talk.opened()
    assert "没有改动" in await talk.click(who, "accept", talk.card("w.li"))
    case = await talk.case()
    assert (case["status"], case["assignee"]) == ("assigned", "w.li")


async def test_a_resident_cannot_answer_for_another_one(talk):
    number = await talk.opened()
    await talk.say("w.li", f"办结 {number} 换好了")
    verify = [one.card for one in talk.app.simulator.transcript if one.card][-1].task_id
    await talk.click("r.chen", "satisfied", verify)
    await talk.say("r.chen", f"满意 {number}", G1)
    await talk.say("r.chen", "满意", G1)
    await talk.say("r.chen", f"不用了 {number}")
    assert (await talk.case())["status"] == "finished"
    await talk.click("r.wang", "satisfied", verify)
    assert (await talk.case())["status"] == "closed"


# -- commands ------------------------------------------------------------------------------------

COMMANDS = ["接单", "到场", "办结", "转派", "退回", "延期", "上报"]


async def test_a_command_for_a_case_of_somebody_else_moves_nothing(talk):
    number = await talk.opened()
    before = await talk.case()
    for command in COMMANDS:
        assert "不归您" in await talk.say("w.tang", f"{command} {number} 顺手"), command
        await talk.say("r.chen", f"{command} {number} 顺手", G1)
        await talk.say("u.stranger", f"{command} {number} 顺手")
        assert await talk.case() == before


@pytest.mark.parametrize("number", ["G9999", "G1", "G99999999999999999999", "G" + "9" * 40])
async def test_a_command_for_a_case_that_is_not_there_gets_words(talk, number):
    await talk.opened()
    before = await talk.case()
    for command in COMMANDS:
        assert await talk.say("w.li", f"{command} {number}"), command
        assert await talk.case() == before


async def test_a_command_on_an_ended_case_gets_words(talk):
    number = await talk.opened()
    await talk.say("r.wang", "不用了，已经好了", G1)
    before = await talk.case()
    assert before["status"] == "withdrawn"
    for command in COMMANDS:
        assert await talk.say("w.li", f"{command} {number} 再来"), command
        assert await talk.case() == before


# -- at once -------------------------------------------------------------------------------------


async def test_many_people_at_once_each_get_one_case_and_one_answer(talk):
    simulator = talk.app.simulator
    said = [(f"u{n}", f"{n + 1}号楼1单元楼道灯坏了") for n in range(40)]
    await asyncio.gather(*(simulator.say(who, G1, words) for who, words in said))
    answers = await talk.answers()
    cases = await talk.app.cases()
    assert sorted(int(case["building"]) for case in cases) == list(range(1, 41))
    assert all(answers.count(f"已受理 {case['number']}：") == 1 for case in cases)


async def test_the_same_words_by_two_neighbours_are_two_messages(talk):
    simulator = talk.app.simulator
    await asyncio.gather(*(simulator.say(who, G1, LAMP) for who in ("r.wang", "r.chen", "r.liu")))
    said = await talk.answers()
    assert said.count("已受理") + said.count("已补充") >= 3


async def test_a_worker_and_a_resident_who_cross_each_other(talk):
    number = await talk.opened()
    simulator = talk.app.simulator
    await asyncio.gather(
        simulator.say("w.li", "", f"办结 {number} 换好了"),
        simulator.say("r.wang", G1, "不用了，已经好了"),
    )
    await talk.answers()
    assert (await talk.case())["status"] in ("withdrawn", "closed")
    await talk.app.advance(talk.app.clock.now() + timedelta(days=10))
    assert (await talk.case())["status"] in ("withdrawn", "closed")
