"""服务号: an answer given in the platform's own call, for accounts without customer messages."""

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import wechatpy
from wechatpy.crypto import WeChatCrypto

from bot.app import App
from bot.channels._account_passive import WAITS, sealed
from bot.channels._envelope import Envelope
from bot.channels._wecom_robot_handover import Waits
from bot.channels._xml import fields
from bot.channels.base import Received, SendError
from bot.media import MediaStore
from domain.messages import Outbound
from scheduler.clock import SystemClock
from tests.channels.parts import AES_KEY, TOKEN, called, made
from tests.channels.test_official_account import (
    CARD,
    MODES,
    SEND,
    WANG,
    desk,
    event,
    opened,
    xml,
)
from tests.channels.wecom_tools import eventually
from tests.doubles.platform import Fault
from tests.doubles.platform_account import APP, OPENID

QUICK = Waits(message=0.01, event=0.01, pickup=0.5)
ANSWER = "已受理 G1001：琼花苑3号楼2单元"


class Dispatcher:
    """Hears and answers, as the program does from its outbox."""

    def __init__(self, desk, *answers):
        self.desk, self.answers = desk, [*answers]
        self.heard, self.sent = [], []

    async def __call__(self, inbound):
        self.heard.append(inbound)
        if self.answers:
            out = Outbound(f"o{len(self.heard)}", WANG, self.answers.pop(0), handle=inbound.handle)
            self.sent.append(asyncio.create_task(self.desk.channel.send(out)))
        return Received.NEW


@asynccontextmanager
async def answering(folder, mode="safe", *answers, waits=WAITS):
    async with desk(folder, mode, waits=waits, passive=True) as it:
        it.ears = it.channel._ear.accept = Dispatcher(it, *answers)
        yield it


@pytest.mark.parametrize("mode", MODES)
async def test_an_answer_in_time_is_the_call_s_own(tmp_path, mode):
    async with answering(tmp_path, mode, ANSWER) as it:
        status, told = await it.says(xml(Content="3号楼2单元路灯坏了"))
        assert await it.ears.sent[0] == ""
    said = opened(told, mode)
    assert status == 200
    assert (said["ToUserName"], said["FromUserName"]) == (OPENID, "gh_fake00000001")
    assert (said["MsgType"], said["Content"]) == ("text", ANSWER)
    assert it.account.sent == []  # none of the five is used up


def test_the_vendor_s_library_opens_what_is_sealed():
    said = xml(Content="路灯坏了")
    told = sealed(said, Envelope(TOKEN, AES_KEY, APP), "n1", 1795305600)
    signature, stamp = fields(told)["MsgSignature"], fields(told)["TimeStamp"]
    theirs = WeChatCrypto(TOKEN, AES_KEY, APP).decrypt_message(told, signature, stamp, "n1")
    assert wechatpy.parse_message(theirs).content == "路灯坏了"


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("灯]]></Content><MsgType>news</MsgType><Content>坏", id="the end of a CDATA"),
        pytest.param("]]>]]>]]]]>", id="many ends"),
        pytest.param("a < b & c > d", id="markup"),
    ],
)
async def test_no_words_become_markup(tmp_path, words):
    async with answering(tmp_path, "plain", words) as it:
        _, told = await it.says(xml(Content="x"))
    said = fields(told)
    assert (said["Content"], said["MsgType"]) == (words, "text")
    assert set(said) == {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"}


async def test_too_long_words_are_cut_between_signs(tmp_path):
    async with answering(tmp_path, "plain", "灯" * 2000) as it:
        _, told = await it.says(xml(Content="x"))
    words = fields(told)["Content"]
    assert 2040 < len(words.encode()) <= 2048
    assert words.rstrip("…") == "灯" * len(words.rstrip("…"))


async def test_a_card_is_said_in_words(tmp_path):
    async with answering(tmp_path, "plain") as it:

        async def answer(inbound):
            out = Outbound("o", WANG, "办好了吗？", CARD, handle=inbound.handle)
            it.sent = asyncio.create_task(it.channel.send(out))
            return Received.NEW

        it.channel._ear.accept = answer
        _, told = await it.says(event("CLICK", "进度"))
        await it.sent
    assert fields(told)["Content"] == "办好了吗？"


async def test_a_call_that_comes_again_is_told_the_same(tmp_path):
    async with answering(tmp_path, "plain", ANSWER) as it:
        said = xml(Content="路灯坏了")
        answers = [await it.says(said) for _ in range(3)]
    assert {fields(told)["Content"] for _, told in answers} == {ANSWER}


async def test_an_answer_too_late_goes_as_a_customer_message(tmp_path):
    async with answering(tmp_path, waits=QUICK) as it:
        assert await it.says(xml(Content="路灯坏了")) == (200, "")
        late = Outbound("o", WANG, ANSWER, handle=it.ears.heard[0].handle)
        await it.channel.send(late)
        assert [one["text"]["content"] for one in it.account.sent] == [ANSWER]


async def test_only_the_first_answer_is_the_call_s(tmp_path):
    async with answering(tmp_path, "plain", ANSWER) as it:
        _, told = await it.says(xml(Content="路灯坏了"))
        handle = it.ears.heard[0].handle
        await it.channel.send(Outbound("o2", WANG, "李强会来看", handle=handle))
        await it.channel.send(Outbound("o3", WANG, "明天上门"))
    assert fields(told)["Content"] == ANSWER
    assert [one["text"]["content"] for one in it.account.sent] == ["李强会来看", "明天上门"]


async def test_an_account_that_may_send_nothing_else_stays_up(tmp_path):
    async with answering(tmp_path, "plain", ANSWER, waits=replace(WAITS, pickup=3.0)) as it:
        it.platform.fault(SEND, Fault(code=48001))
        with pytest.raises(SendError) as caught:
            await it.channel.send(Outbound("o9", WANG, "明天上门"))
        assert (caught.value.unreachable, it.channel.trouble) == (True, "")
        assert it.channel.connected
        _, told = await it.says(xml(Content="路灯坏了"))
    assert fields(told)["Content"] == ANSWER


async def test_what_is_not_stored_is_not_answered(tmp_path):
    async with desk(tmp_path, waits=QUICK, passive=True) as it:
        it.ears.refusing = True
        assert await it.says(xml(Content="路灯坏了")) == (503, "")


async def test_the_whole_program_answers_in_the_call(tmp_path, deployment):
    folder = tmp_path / "program"
    folder.mkdir()
    async with desk(tmp_path, "plain", run=False, passive=True) as it, made(folder, "oa") as parts:
        channel = type(it.channel)(it.channel._settings, replace(parts, name="account"))
        app = App(deployment, parts.vault.streams._store, SystemClock(), [channel])
        app.media = MediaStore(tmp_path / "media")
        stop = asyncio.Event()
        await app.open()
        working = asyncio.create_task(app.run(stop))
        try:
            async with called(channel) as it.caller:
                await eventually(lambda: channel.connected)
                began = time.monotonic()
                status, told = await it.says(xml(Content="帮助"))
        finally:
            stop.set()
            assert await working
    assert (status, it.account.sent) == (200, [])
    assert fields(told)["Content"]
    assert time.monotonic() - began < 5
