"""The smart robot by callback against the double of its platform, over HTTP, both ways."""

import asyncio
import json
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from aiohttp import web
from sqlalchemy import update

from bot.app import App
from bot.channels import wecom_robot
from bot.channels._envelope import Envelope
from bot.channels._wecom_media import decode_key
from bot.channels._wecom_robot_callback import WecomRobotCallback
from bot.channels._wecom_robot_handover import Waits
from bot.channels.base import Called, FetchError, SendError
from bot.channels.wecom_robot import Settings, WecomRobot
from bot.media import MediaStore
from domain.messages import Address, Attachment, Button, Card, Kind, Outbound
from scheduler.clock import SystemClock
from store import inbox, outbox, tables_channels
from store import tables as t
from tests import factories
from tests.channels.parts import AES_KEY, TOKEN, Caller, Ears, called, made
from tests.channels.test_wecom_media import seal
from tests.channels.wecom_tools import eventually, lines, running
from tests.doubles.platform import Fault, Platform
from tests.doubles.platform import running as platform_running
from tests.doubles.platform_robot import RESPONSE, Robot, opened

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
NOW = int(AT.timestamp())
GROUP, ZHANG = Address("bot", "wrAbCdEf0001", group=True), Address("bot", "zhangsan")
CARD = Card(
    "G1_1", "G1 电梯故障", "停在5楼", (("时限", "4小时"),), (Button("case:accept", "接单"),)
)
PATIENT = Waits(message=30.0, event=30.0, pickup=30.0)
HASTY = replace(PATIENT, message=0.02, event=0.02)
SAID = {
    "msgid": "MSG-1",
    "aibotid": "AIBOT-01",
    "chattype": "single",
    "from": {"userid": "zhangsan"},
    "msgtype": "text",
    "text": {"content": "3栋2单元电梯坏了"},
}
IN_GROUP = {**SAID, "chatid": GROUP.chat, "chattype": "group"}
ENTERED = {
    "msgid": "EVT-1",
    "create_time": NOW - 5,
    "aibotid": "AIBOT-01",
    "chattype": "single",
    "from": {"userid": "zhangsan"},
    "msgtype": "event",
    "event": {"eventtype": "enter_chat"},
}
CLICK = {"event_key": "case:accept", "task_id": "G1_1"}
CLICKED = {
    **ENTERED,
    "event": {
        "eventtype": "template_card_event",
        "template_card_event": {"card_type": "button_interaction", **CLICK},
    },
}
CLICKED_FLAT = {**ENTERED, "event": {"eventtype": "template_card_event", **CLICK}}
ENVELOPE = Envelope(TOKEN, AES_KEY)
ENVELOPE_KEY = decode_key(AES_KEY)


@dataclass
class Desk:
    """The running channel, the platform, and a clock that is moved by hand."""

    platform: Platform
    robot: Robot
    ears: Ears
    channel: WecomRobotCallback = None
    caller: Caller = None
    parts: object = None
    at: datetime = AT

    @property
    def store(self):
        return self.parts.vault.streams._store

    async def call(self, body, envelope=ENVELOPE, caller=None):
        """The platform calls; returns what it is told, {} for an empty answer."""
        sealed = envelope.seal(json.dumps(body))
        caller = caller or self.caller
        query = caller.query(envelope, sealed)
        status, text = await caller.raw(json.dumps({"encrypt": sealed}).encode(), query)
        assert status == 200
        return opened(text, f"nonce{caller._nonces}") if text else {}

    async def asks(self, begun):
        """The platform comes back for a stream."""
        stream = {"id": begun["stream"]["id"]}
        return await self.call({**SAID, "msgid": "x", "msgtype": "stream", "stream": stream})

    async def heard(self, count=1):
        await eventually(lambda: len(self.ears.heard) >= count)
        return self.ears.heard[count - 1]

    async def talk(self, body, **answer):
        """Call, and answer what was heard; returns the call's answer and what `send` returned."""
        count = len(self.ears.heard) + 1
        call = asyncio.create_task(self.call(body))
        heard = await self.heard(count)
        async with asyncio.timeout(10):  # less than a call is held here
            sent = await self.channel.send(answering(heard, **answer))
            return await call, sent

    async def begun(self, **changes):
        """A stream the platform was told to come back for, and how its message was heard."""
        count = len(self.ears.heard) + 1
        answer = await self.call({**SAID, "response_url": self.robot.url(), **changes})
        assert answer["stream"] == {"id": answer["stream"]["id"], "finish": False, "content": ""}
        return answer, await self.heard(count)

    async def refused(self, outbound):
        with pytest.raises(SendError) as caught:
            await self.channel.send(outbound)
        return caught.value

    async def dealt_with(self, heard, *, saying=False):
        """The program handles a message; `saying`: its answer waits in the outbox."""
        async with self.store.write() as conn:
            await inbox.add(self.store, conn, [inbox.row_of(heard)])
            done = update(t.inbox).where(t.inbox.c.dedupe == heard.external_id)
            await conn.execute(done.values(handled_at=self.at))
            if saying:
                answer = factories.saying(address=heard.address, handle=heard.handle)
                await outbox.add(self.store, conn, [outbox.row_of(answer, self.at)])


def answering(heard, text="已受理 **G1001**", **more):
    given = {"once": f"i:{heard.external_id}", "address": heard.address, "handle": heard.handle}
    return Outbound(**{**given, "text": text, **more})


@asynccontextmanager
async def desk(folder, waits=PATIENT, **settings):
    robot = Robot()
    async with platform_running(robot.calls) as platform:
        it = Desk(platform, robot, Ears())
        async with made(folder, "bot", lambda: it.at) as it.parts:
            it.channel = made_channel(it, waits, **settings)
            async with called(it.channel) as it.caller, running(it.channel, it.ears):
                await eventually(lambda: it.channel.connected)
                yield it


def made_channel(it, waits, **settings):
    """The channel of a section, waiting as the test wants it."""
    given = {"mode": "callback", "token": TOKEN, "aes_key": AES_KEY, "names": ["网格助手"]}
    section = Settings(**{**given, "api_base": it.platform.base, **settings})
    channel = wecom_robot.make(section, it.parts)
    return WecomRobotCallback(channel._account, it.parts, waits)


# What is heard

PICTURE = Attachment("image", ref={"url": "https://e.example/IMG", "aeskey": ""})
MESSAGES = {
    "words in a group": (
        {**IN_GROUP, "text": {"content": "@网格助手 上报 3栋电梯坏了"}},
        {"address": GROUP, "text": "上报 3栋电梯坏了", "named": True, "kind": Kind.SAID},
    ),
    "words in private": (SAID, {"address": ZHANG, "text": "3栋2单元电梯坏了", "named": False}),
    "words that close a CDATA": (
        {**SAID, "text": {"content": "灯]]>坏<xml>"}},
        {"text": "灯]]>坏<xml>"},
    ),
    "a picture": (
        {**SAID, "msgtype": "image", "image": {"url": "https://e.example/IMG"}},
        {"text": "", "attachments": (PICTURE,)},
    ),
    "a file": (
        {**SAID, "msgtype": "file", "file": {"url": "https://e.example/IMG"}},
        {"attachments": (replace(PICTURE, kind="file"),)},
    ),
    "a video": (
        {**SAID, "msgtype": "video", "video": {"url": "https://e.example/IMG"}},
        {"attachments": (replace(PICTURE, kind="video"),)},
    ),
    "a voice, as words": (
        {**SAID, "msgtype": "voice", "voice": {"content": "三号楼路灯不亮"}},
        {"text": "三号楼路灯不亮"},
    ),
    "words and a picture": (
        {
            **IN_GROUP,
            "msgtype": "mixed",
            "mixed": {
                "msg_item": [
                    {"msgtype": "text", "text": {"content": "@网格助手 办结 G1001"}},
                    {"msgtype": "image", "image": {"url": "https://e.example/IMG"}},
                ]
            },
        },
        {"text": "办结 G1001", "attachments": (PICTURE,)},
    ),
    "a quote": (
        {**IN_GROUP, "quote": {"msgtype": "text", "text": {"content": "G1001 电梯坏了"}}},
        {"quote": "G1001 电梯坏了"},
    ),
    "somebody coming in": (
        ENTERED,
        {"kind": Kind.ENTERED, "address": ZHANG, "received_at": AT - timedelta(seconds=5)},
    ),
    "a click": (
        CLICKED,
        {"kind": Kind.CLICKED, "button": "case:accept", "card": "G1_1"},
    ),
    "a click in the other shape": (
        CLICKED_FLAT,
        {"kind": Kind.CLICKED, "button": "case:accept", "card": "G1_1"},
    ),
    "an event with a time that cannot be": (
        {**ENTERED, "create_time": NOW + 99},
        {"received_at": AT},
    ),
    "an event with a time far too great": (
        {**ENTERED, "create_time": 10**400},
        {"received_at": AT},
    ),
    "an event of long ago": ({**ENTERED, "create_time": 1}, {"received_at": AT}),
}


@pytest.mark.parametrize(("body", "expected"), MESSAGES.values(), ids=MESSAGES)
async def test_what_is_said_is_heard(tmp_path, body, expected):
    async with desk(tmp_path, HASTY) as it:
        await it.call(body)
        (heard,) = it.ears.heard
    assert (heard.sender, heard.external_id) == ("zhangsan", body["msgid"])
    assert {"received_at": AT, **{key: getattr(heard, key) for key in expected}} == {
        "received_at": AT,
        **expected,
    }


UNHEARD = {
    "feedback": {**ENTERED, "event": {"eventtype": "feedback_event", "content": "13900000000"}},
    "a connection that ends": {**ENTERED, "event": {"eventtype": "disconnected_event"}},
    "a kind nobody knows": {**SAID, "msgtype": "hologram", "hologram": {"content": "13900000000"}},
    "nobody": {**SAID, "from": {}},
    "a kind that is none": {**SAID, "msgtype": ["text"]},
    "a stream nobody began": {**SAID, "msgtype": "stream", "stream": {"id": "STREAM-0001"}},
    "a stream without an id": {**SAID, "msgtype": "stream"},
}


@pytest.mark.parametrize("body", UNHEARD.values(), ids=UNHEARD)
async def test_what_nobody_said_gets_an_empty_answer(tmp_path, body):
    with structlog.testing.capture_logs() as logs:
        async with desk(tmp_path) as it:
            assert await it.call(body) == {}
    assert it.ears.heard == []
    assert "13900000000" not in str(logs)


# The call's own answer


async def test_an_answer_that_is_quick_is_the_call_s_own(tmp_path):
    async with desk(tmp_path) as it:
        answer, sent = await it.talk(SAID)
    assert answer == {
        "msgtype": "stream",
        "stream": {"id": sent, "finish": True, "content": "已受理 **G1001**"},
    }
    assert it.robot.said == []


async def test_a_card_is_the_answer_to_a_message(tmp_path):
    async with desk(tmp_path) as it:
        answer, _ = await it.talk(IN_GROUP, card=CARD)
    assert answer["msgtype"] == "template_card"
    assert answer["template_card"]["card_type"] == "button_interaction"
    assert answer["template_card"]["task_id"] == "G1_1"


async def test_who_comes_in_is_welcomed(tmp_path):
    async with desk(tmp_path) as it:
        words, _ = await it.talk(ENTERED, text="您好")
        card, _ = await it.talk({**ENTERED, "msgid": "EVT-2"}, text="您好", card=CARD)
    assert words == {"msgtype": "text", "text": {"content": "您好"}}
    assert card["msgtype"] == "template_card"


async def test_a_clicked_card_is_changed(tmp_path):
    async with desk(tmp_path) as it:
        answer, _ = await it.talk(CLICKED, card=replace(CARD, task_id="G1_9", title="已接单"))
    assert answer["response_type"] == "update_template_card"
    assert answer["template_card"]["task_id"] == "G1_1"
    assert answer["template_card"]["main_title"] == {"title": "已接单"}


async def test_words_to_a_click_are_said_by_its_url_for_a_card_can_only_be_changed(tmp_path):
    async with desk(tmp_path) as it:
        answer, _ = await it.talk({**CLICKED, "response_url": it.robot.url()}, text="这件已办结")
    assert answer == {}
    assert it.robot.said == [{"msgtype": "markdown", "markdown": {"content": "这件已办结"}}]


@pytest.mark.parametrize("body", [SAID, ENTERED, CLICKED], ids=["a message", "coming", "a click"])
async def test_what_is_dealt_with_in_silence_gets_an_empty_answer_at_once(tmp_path, body):
    async with desk(tmp_path) as it:
        call = asyncio.create_task(it.call(body))
        await it.dealt_with(await it.heard())
        assert await call == {}


async def test_what_is_dealt_with_and_will_be_answered_is_waited_for(tmp_path):
    async with desk(tmp_path, replace(PATIENT, message=0.2)) as it:
        call = asyncio.create_task(it.call(SAID))
        await it.dealt_with(await it.heard(), saying=True)
        assert (await call)["stream"]["finish"] is False


LONG = "楼道灯不亮" * 3000


async def test_too_long_words_are_cut_between_signs(tmp_path):
    async with desk(tmp_path) as it:
        answer, _ = await it.talk(SAID, text=LONG)
    words = answer["stream"]["content"]
    assert 20470 <= len(words.encode()) <= 20480
    assert LONG.startswith(words[:-1])


async def test_a_call_that_comes_again_is_told_the_same(tmp_path):
    async with desk(tmp_path) as it:
        first, _ = await it.talk(SAID)
        assert await it.call(SAID) == first
    assert len(it.ears.heard) == 1


async def test_the_same_call_replayed_tells_nothing(tmp_path):
    async with desk(tmp_path) as it:
        await it.talk(SAID)
        sealed = ENVELOPE.seal(json.dumps({**SAID, "msgid": "MSG-2"}))
        query, body = it.caller.query(ENVELOPE, sealed), json.dumps({"encrypt": sealed}).encode()
        call = asyncio.create_task(it.caller.raw(body, query))
        await it.channel.send(answering(await it.heard(2)))
        assert (await call)[1] != ""
        assert await it.caller.raw(body, query) == (200, "")


# Streams


async def test_a_slow_answer_is_fetched_by_the_platform(tmp_path):
    async with desk(tmp_path, HASTY) as it:
        begun, heard = await it.begun()
        assert (await it.asks(begun))["stream"]["finish"] is False
        sending = asyncio.create_task(it.channel.send(answering(heard)))
        await eventually_ready(it, begun)
        stream = {"id": begun["stream"]["id"], "finish": True, "content": "已受理 **G1001**"}
        assert await it.asks(begun) == {"msgtype": "stream", "stream": stream}
        assert await sending == begun["stream"]["id"]
        assert (await it.asks(begun))["stream"] == stream  # whoever asks again
    assert it.robot.said == []


async def eventually_ready(it, begun):
    name = begun["stream"]["id"]
    while (await it.parts.vault.streams.get("bot", name)).state != "ready":  # noqa: ASYNC110
        await asyncio.sleep(0)


async def test_a_slow_card_ends_the_stream(tmp_path):
    async with desk(tmp_path, HASTY) as it:
        begun, heard = await it.begun()
        sending = asyncio.create_task(it.channel.send(answering(heard, card=CARD)))
        await eventually_ready(it, begun)
        answer = await it.asks(begun)
        await sending
    assert answer["msgtype"] == "stream_with_template_card"
    assert (answer["stream"]["finish"], answer["stream"]["content"]) == (True, "G1 电梯故障")
    assert answer["template_card"]["button_list"][0]["key"] == "case:accept"


async def test_another_process_may_get_the_call(tmp_path):
    async with desk(tmp_path, HASTY) as it:
        begun, heard = await it.begun()
        other = made_channel(it, HASTY)
        async with called(other) as caller, running(other, Ears()):
            sending = asyncio.create_task(it.channel.send(answering(heard)))
            await eventually_ready(it, begun)
            stream = {**SAID, "msgtype": "stream", "stream": {"id": begun["stream"]["id"]}}
            answer = await it.call(stream, caller=caller)
            assert answer["stream"]["content"] == "已受理 **G1001**"
            await sending
    assert it.robot.said == []


async def test_what_a_dead_process_had_handed_over_is_not_said_again(tmp_path):
    async with desk(tmp_path) as it:
        await it.talk(SAID)
        assert await it.channel.send(answering(it.ears.heard[0]))
    assert it.robot.said == []


async def test_an_answer_nobody_comes_for_is_said_by_its_url_and_the_stream_ends(tmp_path):
    async with desk(tmp_path, replace(HASTY, pickup=0.05)) as it:
        begun, heard = await it.begun()
        await it.channel.send(answering(heard))
        assert (await it.asks(begun))["stream"] == {
            "id": begun["stream"]["id"],
            "finish": True,
            "content": "…",
        }
    assert it.robot.said == [{"msgtype": "markdown", "markdown": {"content": "已受理 **G1001**"}}]


@pytest.mark.parametrize(
    "passed", [timedelta(seconds=31), timedelta(minutes=7), timedelta(minutes=59)]
)
async def test_when_the_platform_asks_no_more_the_url_is_left(tmp_path, passed):
    async with desk(tmp_path, HASTY) as it:
        _, heard = await it.begun()
        it.at += passed
        await it.channel.send(answering(heard))
    assert len(it.robot.said) == 1


async def test_a_stream_that_goes_on_asking_gets_its_answer_late(tmp_path):
    async with desk(tmp_path, HASTY) as it:
        begun, heard = await it.begun()
        for _ in range(14):
            it.at += timedelta(seconds=25)
            await it.asks(begun)
        sending = asyncio.create_task(it.channel.send(answering(heard)))
        await eventually_ready(it, begun)
        assert (await it.asks(begun))["stream"]["finish"] is True
        await sending
    assert it.robot.said == []


async def test_a_stream_whose_message_gets_no_answer_ends(tmp_path):
    async with desk(tmp_path, HASTY) as it:
        begun, heard = await it.begun()
        await it.dealt_with(heard)
        for _ in range(2):
            assert (await it.asks(begun))["stream"]["finish"] is True


async def test_three_unfinished_are_all_a_person_may_have(tmp_path):
    async with desk(tmp_path, HASTY) as it:
        begun = [(await it.begun(msgid=f"MSG-{number}"))[0] for number in range(3)]
        assert await it.call({**SAID, "msgid": "MSG-9", "response_url": it.robot.url()}) == {}
        await it.begun(msgid="MSG-10", **{"from": {"userid": "lisi"}})
        assert (await it.call({**SAID, "msgid": "MSG-0"}))["stream"] == begun[0]["stream"]
        fourth = next(one for one in it.ears.heard if one.external_id == "MSG-9")
        await it.channel.send(answering(fourth))
        assert len(it.robot.said) == 1
        it.at += timedelta(minutes=6)
        await it.begun(msgid="MSG-11")


# The one thing more


async def test_one_use_of_a_url(tmp_path):
    async with desk(tmp_path) as it:
        await it.talk({**SAID, "response_url": it.robot.url()})
        (heard,) = it.ears.heard
        await it.channel.send(answering(heard, "还有一件", once="second", handle={}))
        error = await it.refused(answering(heard, "第三件", once="third", handle={}))
    assert (error.retryable, error.unreachable) == (False, True)
    assert [one["markdown"]["content"] for one in it.robot.said] == ["还有一件"]
    assert len(it.platform.asked(RESPONSE)) == 1


async def test_a_second_answer_to_a_message_is_not_taken_for_the_first(tmp_path):
    async with desk(tmp_path) as it:
        await it.talk({**SAID, "response_url": it.robot.url()})
        await it.channel.send(answering(it.ears.heard[0], "还有一件", once="second"))
    assert [one["markdown"]["content"] for one in it.robot.said] == ["还有一件"]


async def test_in_a_group_only_who_is_spoken_to_lends_his_url(tmp_path):
    async with desk(tmp_path) as it:
        await it.talk({**IN_GROUP, "response_url": it.robot.url(single=False)})
        (heard,) = it.ears.heard
        for people in ((), ("lisi",)):
            push = answering(heard, once="push", handle={}, to=people)
            assert (await it.refused(push)).unreachable
        await it.channel.send(answering(heard, once="push", handle={}, to=("lisi", "zhangsan")))
    assert len(it.robot.said) == 1


async def test_a_pending_answer_s_url_is_not_spent_on_something_else(tmp_path):
    async with desk(tmp_path, HASTY) as it:
        _, heard = await it.begun()
        assert (await it.refused(answering(heard, once="push", handle={}))).unreachable
    assert it.robot.said == []


async def test_after_an_hour_nothing_can_be_said(tmp_path):
    async with desk(tmp_path, HASTY) as it:
        _, heard = await it.begun()
        it.at += timedelta(hours=1)
        error = await it.refused(answering(heard))
    assert (error.retryable, error.unreachable) == (False, True)
    assert it.platform.calls == []


async def test_nobody_wants_a_late_welcome(tmp_path):
    async with desk(tmp_path, HASTY) as it:
        assert await it.call({**ENTERED, "response_url": it.robot.url()}) == {}
        error = await it.refused(answering(it.ears.heard[0], "您好"))
    assert (error.retryable, error.unreachable) == (False, False)
    assert it.platform.calls == []


@pytest.mark.parametrize(
    ("body", "single", "kind"),
    [(SAID, True, "template_card"), (IN_GROUP, False, "markdown"), (CLICKED, True, "markdown")],
    ids=["in private", "in a group", "to a click"],
)
async def test_by_url_a_card_is_shown_in_private_only(tmp_path, body, single, kind):
    async with desk(tmp_path, HASTY) as it:
        await it.call({**body, "response_url": it.robot.url(single=single)})
        it.at += timedelta(minutes=10)
        await it.channel.send(answering(it.ears.heard[0], card=CARD))
    assert [one["msgtype"] for one in it.robot.said] == [kind]


@pytest.mark.parametrize("code", [-1, 40058, 45009, 45033, 60020, 93006, 846608, 860001])
async def test_a_refused_url_is_never_tried_again(tmp_path, code):
    async with desk(tmp_path, HASTY) as it:
        _, heard = await it.begun()
        it.at += timedelta(minutes=10)
        it.platform.fault(RESPONSE, Fault(code=code, message="x"))
        errors = [await it.refused(answering(heard)) for _ in range(2)]
        assert [(one.retryable, one.unreachable) for one in errors] == [(False, True)] * 2
        assert errors[0].code == code
        assert len(it.platform.asked(RESPONSE)) == 1
        assert it.channel.connected


async def test_without_an_answer_the_url_is_tried_again(tmp_path):
    async with desk(tmp_path, HASTY) as it:
        _, heard = await it.begun()
        it.at += timedelta(minutes=10)
        it.platform.fault(RESPONSE, Fault(status=502), Fault(half=True))
        errors = [await it.refused(answering(heard)) for _ in range(2)]
        assert [(one.retryable, one.unreachable) for one in errors] == [(True, False)] * 2
        await it.channel.send(answering(heard))
    assert len(it.robot.said) == 1


ELSEWHERE = {
    "another host": "https://evil.example/cgi-bin/aibot/response?response_code=X",
    "another port": "http://127.0.0.1:1/cgi-bin/aibot/response?response_code=X",
    "somebody's name in it": "{user}/cgi-bin/aibot/response?response_code=X",
    "no URL": "http://[::1",
    "nothing": "",
    "no text": 7,
}


@pytest.mark.parametrize("url", ELSEWHERE.values(), ids=ELSEWHERE)
async def test_a_url_that_leads_elsewhere_is_not_used(tmp_path, url):
    async with desk(tmp_path, HASTY) as it:
        user = it.platform.base.replace("://", "://me@")
        given = url.format(user=user) if isinstance(url, str) else url
        await it.call({**SAID, "response_url": given})
        it.at += timedelta(minutes=10)
        assert (await it.refused(answering(it.ears.heard[0]))).unreachable
    assert it.platform.calls == []


# Media


async def test_a_picture_is_fetched_with_the_callback_s_key(tmp_path, aiohttp_server):
    data = b"\x89PNG" + b"x" * 100
    pad = 32 - len(data) % 32
    sealed = seal(data + bytes([pad]) * pad, ENVELOPE_KEY)

    async def picture(_request):
        return web.Response(body=sealed, content_type="image/png")

    app = web.Application()
    app.router.add_get("/IMG", picture)
    server = await aiohttp_server(app, host="127.0.0.1")
    async with desk(tmp_path, HASTY) as it:
        url = str(server.make_url("/IMG"))
        await it.call({**SAID, "msgtype": "image", "image": {"url": url}})
        (heard,) = it.ears.heard
        assert (await it.channel.fetch(heard.attachments[0].ref)).data == data
    assert AES_KEY not in str(heard)
    async with desk(tmp_path, HASTY, aes_key=AES_KEY[::-1]) as it:
        with pytest.raises(FetchError):
            await it.channel.fetch(heard.attachments[0].ref)
    async with desk(tmp_path, HASTY, media_hosts=["e.example"]) as it:
        with pytest.raises(FetchError, match="host"):
            await it.channel.fetch(heard.attachments[0].ref)


# The door


async def test_a_call_for_another_robot_is_refused(tmp_path):
    async with desk(tmp_path, HASTY, bot_id="AIBOT-02") as it:
        assert await it.caller.json(ENVELOPE, SAID) == (403, "")
        assert it.ears.heard == []
        await it.call({**SAID, "aibotid": "AIBOT-02"})
    assert len(it.ears.heard) == 1


async def test_what_the_store_does_not_take_is_called_again(tmp_path):
    async with desk(tmp_path) as it:
        it.ears.refusing = True
        assert await it.caller.json(ENVELOPE, SAID) == (503, "")
        it.ears.refusing = False
        answer, _ = await it.talk(SAID)
        assert answer["stream"]["finish"] is True


async def test_without_a_store_nothing_is_answered_and_nothing_lost(tmp_path):
    async with desk(tmp_path, HASTY) as it:
        _, heard = await it.begun()
        async with it.store.write() as conn:
            await conn.run_sync(tables_channels.streams.drop)
        assert await it.caller.json(ENVELOPE, {**SAID, "msgid": "MSG-2"}) == (503, "")
        assert (await it.refused(answering(heard))).retryable
    assert len(it.ears.heard) == 1


async def test_what_nothing_can_be_said_to_is_forgotten(tmp_path):
    async with desk(tmp_path, replace(HASTY, tidy=0.01)) as it:
        begun, _ = await it.begun()
        name = begun["stream"]["id"]
        assert await it.parts.vault.streams.get("bot", name) is not None
        it.at += timedelta(hours=2, seconds=1)
        async with asyncio.timeout(10):
            while await it.parts.vault.streams.get("bot", name):  # noqa: ASYNC110
                await asyncio.sleep(0)


# Settings


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ({}, ("bot_id", "secret")),
        ({"mode": "callback"}, ("token", "aes_key")),
        ({"mode": "callback", "token": "x", "aes_key": AES_KEY}, ()),
    ],
)
def test_what_each_mode_needs(settings, missing):
    assert Settings(**settings).missing() == missing


async def test_the_mode_chooses_the_channel(tmp_path):
    async with made(tmp_path, "bot") as parts:
        long = wecom_robot.make(Settings(bot_id="b", secret="s"), parts)
        short = wecom_robot.make(Settings(mode="callback", token=TOKEN, aes_key=AES_KEY), parts)
    assert isinstance(long, WecomRobot)
    assert not isinstance(long, Called)
    assert isinstance(short, Called)
    assert (long.limits.proactive, short.limits.proactive) == (True, False)
    assert (short.name, short.kind) == ("bot", "wecom_robot")


async def test_examining_tells_the_address_to_paste(tmp_path):
    async with desk(tmp_path) as it:
        (found,) = await it.channel.examine()
    assert (found.key, found.good) == ("callback_address", True)
    assert found.fill == {"url": "https://grid.example/callback/bot"}


async def test_no_secret_in_a_log_nor_in_an_answer(tmp_path):
    with structlog.testing.capture_logs() as logs:
        async with desk(tmp_path, HASTY) as it:
            url = it.robot.url()
            await it.call({**SAID, "response_url": url, "text": {"content": "电话13900000000"}})
            await it.call({**SAID, "msgid": "MSG-2", "response_url": f"https://evil.example/{url}"})
            it.at += timedelta(minutes=10)
            it.platform.fault(RESPONSE, Fault(status=502), Fault(code=40058))
            errors = [str(await it.refused(answering(it.ears.heard[0]))) for _ in range(2)]
            answer = await it.caller.json(Envelope(TOKEN, AES_KEY, "other"), SAID)
            assert it.channel.secrets() == (TOKEN, AES_KEY)
    told = json.dumps([logs, errors, answer], default=str)
    assert lines(logs, "callback.refused")
    assert [one for one in (TOKEN, AES_KEY, "RESP-CODE", "13900000000") if one in told] == []


# The whole program


async def test_a_message_is_answered_in_its_own_call_by_the_whole_program(tmp_path, deployment):
    folder = tmp_path / "program"
    folder.mkdir()
    async with desk(tmp_path) as it, made(folder, "bot") as parts:
        store = parts.vault.streams._store
        it.parts = parts
        channel = made_channel(it, Waits())
        app = App(deployment, store, SystemClock(), [channel])
        app.media = MediaStore(tmp_path / "media")
        stop = asyncio.Event()
        await app.open()
        working = asyncio.create_task(app.run(stop))
        try:
            async with called(channel) as caller:
                await eventually(lambda: channel.connected)
                began = time.monotonic()
                answer = await it.call({**SAID, "text": {"content": "帮助"}}, caller=caller)
        finally:
            stop.set()
            assert await working
    assert answer["stream"]["finish"] is True
    assert answer["stream"]["content"]
    assert time.monotonic() - began < 5
