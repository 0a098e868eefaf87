"""OneBot 11 and 12 against a double of a gateway, over a real WebSocket."""

import base64
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
import structlog
from aiohttp import web

from bot.channels._onebot_read import cq_segments
from bot.channels.base import Blob, FetchError, SendError
from bot.channels.onebot import OneBot, Settings
from domain.messages import Address, Attachment, Kind, Outbound
from tests.channels.parts import Caller, Ears, called, made
from tests.channels.wecom_tools import eventually, running
from tests.doubles.onebot_gateway import SELF, TOKEN, connected, headers

AT = 1795305600
NOW = datetime.fromtimestamp(AT + 2, UTC)
GROUP, PRIVATE = Address("ob", "20002000", group=True), Address("ob", "30003000")
CHATROOM = Address("ob", "123@chatroom", group=True)
PNG = b"\x89PNG\r\n\x1a\nbytes"


@dataclass
class Desk:
    """The running channel, what it hears, who calls it, and a clock that is moved by hand."""

    channel: OneBot
    ears: Ears
    caller: Caller
    at: datetime = NOW
    ends: int = 0

    async def heard(self, gateway, event):
        """What becomes of one event: all that is heard until a message after it."""
        before = len(self.ears.heard)
        await gateway.tell(event)
        self.ends += 1
        await gateway.tell(v11(message_id=f"end{self.ends}", user_id=1, group_id=9, message="end"))
        await eventually(lambda: any(one.text == "end" for one in self.ears.heard[before:]))
        return [one for one in self.ears.heard[before:] if one.text != "end"]

    async def refused(self, outbound):
        with pytest.raises(SendError) as caught:
            await self.channel.send(outbound)
        return caught.value


@asynccontextmanager
async def desk(folder, patience=5.0, **changes):
    it = Desk(None, Ears(), None)
    async with made(folder, "ob", lambda: it.at) as parts:
        given = {"access_token": TOKEN, "names": ["网格助手"], **changes}
        it.channel = OneBot(Settings(**given), parts, patience)
        async with called(it.channel) as it.caller, running(it.channel, it.ears):
            await eventually(lambda: it.channel._lanes is not None)
            yield it


@asynccontextmanager
async def wired(folder, version=11, **changes):
    """A desk with one gateway, which the channel knows."""
    async with desk(folder, **changes) as it, connected(it.caller, version) as gateway:
        await eventually(lambda: it.channel.connected)
        yield it, gateway


def v11(**changes):
    """A group message as wechat.md 1i shows it."""
    event = {
        "time": AT, "self_id": 10001000, "post_type": "message", "message_type": "group",
        "sub_type": "normal", "message_id": -12345, "group_id": 20002000, "user_id": 30003000,
        "anonymous": None, "message": [{"type": "text", "data": {"text": "楼道灯坏了"}}],
        "raw_message": "", "font": 0, "sender": {"nickname": "居民A", "card": "3-201"},
    } | changes  # fmt: skip
    return {key: value for key, value in event.items() if value != "-"}


def v12(**changes):
    """A group message of version 12."""
    event = {
        "id": "b6e65187-1", "self": {"platform": "wechat", "user_id": "wxid_bot"},
        "time": AT + 0.25, "type": "message", "detail_type": "group", "sub_type": "",
        "message_id": "m-1", "message": [{"type": "text", "data": {"text": "楼道灯坏了"}}],
        "alt_message": "", "group_id": "123@chatroom", "user_id": "wxid_resident",
    } | changes  # fmt: skip
    return {key: value for key, value in event.items() if value != "-"}


def part(kind, **data):
    return {"type": kind, "data": data}


def private(**changes):
    return v11(message_type="private", sub_type="friend", group_id="-", **changes)


# In

A11 = part("at", qq="10001000")
HEARD = {
    "words in a group": (v11(), {"text": "楼道灯坏了"}),
    "in private": (private(), {"text": "楼道灯坏了", "address": PRIVATE}),
    "ids as strings": (
        v11(group_id="123@chatroom", user_id="wxid_a", message_id="x-1"),
        {"address": CHATROOM, "sender": "wxid_a", "external_id": "x-1"},
    ),
    "the bot is called": (
        v11(message=[A11, part("text", text=" 上报 3栋电梯坏了")]),
        {"text": "上报 3栋电梯坏了", "named": True},
    ),
    "its id as a number": (v11(message=[part("at", qq=10001000)]), {"text": "", "named": True}),
    "its name is typed": (
        v11(message=[part("text", text="@网格助手 进度")]),
        {"text": "进度", "named": True},
    ),
    "somebody else is called": (
        v11(message=[part("at", qq="7", name="老王"), part("text", text="来看")]),
        {"text": "@老王 来看", "named": False},
    ),
    "everybody is called": (
        v11(message=[part("at", qq="all"), part("text", text="停水了")]),
        {"text": "停水了", "named": False},
    ),
    "a string with codes": (
        v11(message="[CQ:at,qq=10001000] 3栋&#91;北&#93;电梯坏了 a&amp;#44;b"),
        {"text": "3栋[北]电梯坏了 a&#44;b", "named": True},
    ),
    "a string with a picture": (
        v11(message="看[CQ:image,file=a.jpg,url=https://e.example/a?x=1&#44;2]"),
        {"text": "看", "attachments": (Attachment("image", ref={"url": "https://e.example/a?x=1,2"}),)},
    ),
    "a single part that is no list": (v11(message=part("text", text="灯坏了")), {"text": "灯坏了"}),
    "a picture without words": (
        v11(message=[part("image", file="a.jpg", url="https://e.example/a.jpg")]),
        {"text": "", "attachments": (Attachment("image", ref={"url": "https://e.example/a.jpg"}),)},
    ),
    "a picture on the gateway's disk": (
        v11(message=[part("image", file="a.jpg")]),
        {"attachments": (Attachment("image"),)},
    ),
    "a voice": (
        v11(message=[part("record", file="https://e.example/a.amr")]),
        {"attachments": (Attachment("voice", ref={"url": "https://e.example/a.amr"}),)},
    ),
    "a video": (
        v11(message=[part("video", url="http://e.example/a.mp4")]),
        {"attachments": (Attachment("video", ref={"url": "http://e.example/a.mp4"}),)},
    ),
    "a file": (
        v11(message=[part("file", name="名单.xlsx", url="https://e.example/f")]),
        {"attachments": (Attachment("file", "名单.xlsx", ref={"url": "https://e.example/f"}),)},
    ),
    "a spot on the map": (
        v11(message=[part("location", lat="39.9", lon="116.3", title="琼花苑", content="3号楼")]),
        {"text": "琼花苑3号楼", "attachments": (Attachment("location", "39.9,116.3"),)},
    ),
    "a link": (
        v11(message=[part("share", title="通知", url="https://e.example/")]),
        {"text": "通知\nhttps://e.example/"},
    ),
    "a clock that runs ahead": (v11(time=AT + 3600), {"received_at": NOW}),
    "no time": (v11(time="-"), {"received_at": NOW}),
    "a message taken back": (
        {"time": AT, "self_id": 10001000, "post_type": "notice", "notice_type": "group_recall",
         "group_id": 20002000, "user_id": 30003000, "operator_id": 5, "message_id": -12345},
        {"kind": Kind.RECALLED, "card": "-12345", "external_id": "recall:-12345", "text": ""},
    ),
    "taken back in private": (
        {"time": AT, "self_id": 10001000, "post_type": "notice", "notice_type": "friend_recall",
         "user_id": 30003000, "message_id": 7},
        {"kind": Kind.RECALLED, "card": "7", "external_id": "recall:7", "text": "", "address": PRIVATE},
    ),
}  # fmt: skip
BASE = {
    "address": GROUP,
    "sender": "30003000",
    "external_id": "-12345",
    "received_at": datetime.fromtimestamp(AT, UTC),
    "kind": Kind.SAID,
}


@pytest.mark.parametrize(("event", "expected"), HEARD.values(), ids=HEARD)
async def test_what_is_heard(tmp_path, event, expected):
    async with wired(tmp_path) as (it, gateway):
        (heard,) = await it.heard(gateway, event)
    assert {key: getattr(heard, key) for key in BASE | expected} == BASE | expected
    assert heard.handle == {"self": SELF}


V12 = {
    "words": (v12(), {"text": "楼道灯坏了"}),
    "the bot is called": (
        v12(message=[part("mention", user_id="wxid_bot"), part("text", text=" 上报 3栋电梯坏了")]),
        {"text": "上报 3栋电梯坏了", "named": True},
    ),
    "everybody is called": (
        v12(message=[part("mention_all"), part("text", text="停水了")]),
        {"text": "停水了", "named": False},
    ),
    "in private": (
        v12(detail_type="private", group_id="-"),
        {"address": Address("ob", "wxid_resident")},
    ),
    "a picture": (
        v12(message=[part("image", file_id="f1")]),
        {"text": "", "attachments": (Attachment("image", ref={"file_id": "f1", "self": "wxid_bot"}),)},
    ),
    "a voice and a sound": (
        v12(message=[part("voice", file_id="f1"), part("audio", file_id="f2")]),
        {"attachments": tuple(
            Attachment("voice", ref={"file_id": one, "self": "wxid_bot"}) for one in ("f1", "f2")
        )},
    ),
    "a spot on the map": (
        v12(message=[part("location", latitude=39.9, longitude=116.3, title="琼花苑", content="")]),
        {"text": "琼花苑", "attachments": (Attachment("location", "39.9,116.3"),)},
    ),
    "a message taken back": (
        v12(id="n-2", type="notice", detail_type="group_message_delete", sub_type="recall", message="-"),
        {"kind": Kind.RECALLED, "card": "m-1", "external_id": "n-2"},
    ),
    "taken back in private": (
        v12(id="n-3", type="notice", detail_type="private_message_delete", group_id="-", message="-"),
        {"kind": Kind.RECALLED, "card": "m-1", "external_id": "n-3",
         "address": Address("ob", "wxid_resident")},
    ),
}  # fmt: skip
BASE12 = {
    "address": CHATROOM,
    "sender": "wxid_resident",
    "external_id": "m-1",
    "received_at": datetime.fromtimestamp(AT + 0.25, UTC),
    "kind": Kind.SAID,
}


@pytest.mark.parametrize(("event", "expected"), V12.values(), ids=V12)
async def test_what_is_heard_of_version_12(tmp_path, event, expected):
    async with wired(tmp_path, 12) as (it, gateway):
        (heard,) = await it.heard(gateway, event)
    assert {key: getattr(heard, key) for key in BASE12 | expected} == BASE12 | expected


UNHEARD = {
    "its own words": v11(user_id=10001000),
    "its own words, sent elsewhere": v11(post_type="message_sent"),
    "the platform's own words": v11(sub_type="notice"),
    "history": v11(time=AT - 3600),
    "nothing": v11(message=[]),
    "a face": v11(message=[part("face", id="1")]),
    "no sender": v11(user_id="-"),
    "a heartbeat": {"time": AT, "self_id": 1, "post_type": "meta_event", "meta_event_type": "heartbeat"},
    "a request": {"time": AT, "self_id": 1, "post_type": "request", "request_type": "friend", "user_id": 2},
    "somebody came": {"time": AT, "post_type": "notice", "notice_type": "group_increase", "user_id": 2},
    "a recall of nothing": {"time": AT, "post_type": "notice", "notice_type": "friend_recall", "user_id": 2},
    "a channel of a guild": v12(detail_type="channel"),
    "its own words in version 12": v12(user_id="wxid_bot"),
    "odd shapes": v11(message={"type": 1}, user_id={}, group_id=[], time="soon"),
    "odd parts": v11(message=[1, None, {"type": "text"}, {"type": "at", "data": 3}]),
    "a list": "[1, 2]",
    "no JSON": "{",
    "a stranger's answer": {"status": "ok", "retcode": 0, "data": {}, "echo": "e9"},
}  # fmt: skip


@pytest.mark.parametrize("event", UNHEARD.values(), ids=UNHEARD)
async def test_what_is_not_heard(tmp_path, event):
    async with wired(tmp_path) as (it, gateway):
        assert await it.heard(gateway, event) == []


async def test_only_the_groups_that_are_listed_are_heard(tmp_path):
    async with wired(tmp_path, groups=["20002000", "9"]) as (it, gateway):
        assert len(await it.heard(gateway, v11())) == 1
        assert await it.heard(gateway, v11(group_id=20002001, message_id=2)) == []
        assert len(await it.heard(gateway, private(message_id=3))) == 1


async def test_an_answer_brings_the_words_it_answers_until_they_are_taken_back(tmp_path):
    reply = [part("reply", id="-12345"), part("text", text="我家也是")]
    async with wired(tmp_path) as (it, gateway):
        await it.heard(gateway, v11())
        (heard,) = await it.heard(gateway, v11(message_id=2, message=reply))
        assert (heard.text, heard.quote) == ("我家也是", "楼道灯坏了")
        await it.heard(gateway, HEARD["a message taken back"][0])
        (heard,) = await it.heard(gateway, v11(message_id=3, message=reply))
        assert heard.quote == ""


async def test_the_bot_s_own_words_can_be_answered(tmp_path):
    async with wired(tmp_path) as (it, gateway):
        number = await it.channel.send(Outbound("o", GROUP, "G1001 办好了吗？"))
        reply = [part("reply", id=number), part("text", text="好了")]
        (heard,) = await it.heard(gateway, v11(message=reply))
        assert heard.quote == "G1001 办好了吗？"


async def test_the_same_event_twice_is_stored_once(tmp_path):
    async with wired(tmp_path) as (it, gateway):
        await gateway.tell(v11())
        assert len(await it.heard(gateway, v11())) == 1


async def test_what_the_store_refuses_is_offered_again(tmp_path):
    async with wired(tmp_path) as (it, gateway):
        it.ears.refusing = True
        await gateway.tell(v11())
        await eventually(lambda: it.channel._lanes._tasks)
        it.ears.refusing = False
        await eventually(lambda: it.ears.heard)


SPLIT = {
    "": [],
    "灯坏了": [("text", {"text": "灯坏了"})],
    "[CQ:face,id=1]a[CQ:shake]": [("face", {"id": "1"}), ("text", {"text": "a"}), ("shake", {})],
    "[CQ:at": [("text", {"text": "[CQ:at"})],
    "a&#44;b": [("text", {"text": "a,b"})],
    "[CQ:x,a=b=c&amp;&#91;]": [("x", {"a": "b=c&["})],
    "&amp;#91;": [("text", {"text": "&#91;"})],
}


@pytest.mark.parametrize(("text", "found"), SPLIT.items(), ids=SPLIT)
def test_strings_with_codes(text, found):
    assert cq_segments(text) == found


# Who may come in

REFUSED = {
    "no token": (headers(token=""), "", 401),
    "a wrong token": (headers(token="wrong"), "", 403),
    "a wrong token in the address": (headers(token=""), "?access_token=wrong", 403),
    "signs of every kind": (headers(token=""), "?access_token=%E7%BD%91%00", 403),
}


@pytest.mark.parametrize(("said", "query", "status"), REFUSED.values(), ids=REFUSED)
async def test_who_may_not_come_in(tmp_path, said, query, status):
    async with desk(tmp_path) as it:
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await it.caller.client.ws_connect(it.caller.path + query, headers=said)
        assert caught.value.status == status
        assert not it.channel.connected


async def test_a_token_in_the_address_will_do(tmp_path):
    async with desk(tmp_path) as it:
        path = f"{it.caller.path}?access_token={TOKEN}"
        async with it.caller.client.ws_connect(path, headers=headers(token="")):
            await eventually(lambda: it.channel.connected)


async def test_what_is_no_websocket_hears_nothing(tmp_path):
    async with desk(tmp_path) as it:
        async with it.caller.client.get(it.caller.path, headers=headers()) as answer:
            assert answer.status == 426
        async with it.caller.client.post(it.caller.path, json=v11()) as answer:
            assert answer.status == 401
    assert it.ears.heard == []


async def test_nobody_comes_in_while_it_does_not_run(tmp_path):
    async with desk(tmp_path) as it:
        channel = it.channel
    async with called(channel) as caller:
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await caller.client.ws_connect(caller.path, headers=headers())
        assert caught.value.status == 503


async def test_version_12_is_answered_in_its_protocol(tmp_path):
    async with wired(tmp_path, 12) as (_, gateway):
        assert gateway.ws.protocol == "12.fake"


async def test_a_frame_that_is_too_long_ends_the_connection(tmp_path):
    async with wired(tmp_path) as (it, gateway):
        with suppress(ConnectionError):
            await gateway.tell(v11(message="x" * (17 * 1024 * 1024)))
        await eventually(lambda: not it.channel.connected)
    assert it.ears.heard == []


# Out


async def test_version_11_is_asked_in_its_words(tmp_path):
    async with wired(tmp_path) as (it, gateway):
        assert await it.channel.send(Outbound("o", GROUP, "已受理[CQ:at,qq=all]")) == "77"
        await it.channel.send(Outbound("o", replace(PRIVATE, chat="wxid_a"), "您好"))
        group, alone = gateway.calls
    words = [part("text", text="已受理[CQ:at,qq=all]")]
    assert group == {"action": "send_group_msg", "params": {"group_id": 20002000, "message": words}}
    assert alone["action"] == "send_private_msg"
    assert alone["params"]["user_id"] == "wxid_a"


async def test_version_12_is_asked_in_its_words(tmp_path):
    async with wired(tmp_path, 12) as (it, gateway):
        await it.heard(gateway, v12())
        gateway.answers.append({"message_id": "m-2", "time": 1.0})
        assert await it.channel.send(Outbound("o", CHATROOM, "已受理")) == "m-2"
        await it.channel.send(Outbound("o", replace(PRIVATE, chat="wxid_a"), "您好"))
        group, alone = gateway.calls
    assert group == {
        "action": "send_message",
        "params": {
            "detail_type": "group",
            "group_id": "123@chatroom",
            "message": [part("text", text="已受理")],
        },
        "self": {"platform": "wechat", "user_id": "wxid_bot"},
    }
    assert alone["params"]["user_id"] == "wxid_a"


@pytest.mark.parametrize(
    ("version", "called_by"), [(11, part("at", qq="w.li")), (12, part("mention", user_id="w.li"))]
)
async def test_people_are_called_by_name_in_a_group_only(tmp_path, version, called_by):
    async with wired(tmp_path, version) as (it, gateway):
        await it.channel.send(Outbound("o", GROUP, "请接单", to=("w.li", "")))
        await it.channel.send(Outbound("o", PRIVATE, "请接单", to=("w.li",)))
        group, alone = (one["params"]["message"] for one in gateway.calls)
    assert group == [called_by, part("text", text=" 请接单")]
    assert alone == [part("text", text="请接单")]


@pytest.mark.parametrize("sign", ["灯", "😀", "a"])
async def test_too_long_words_are_cut_between_signs(tmp_path, sign):
    async with wired(tmp_path) as (it, gateway):
        await it.channel.send(Outbound("o", GROUP, sign * 5000))
        (words,) = (one["data"]["text"] for one in gateway.calls[0]["params"]["message"])
    assert words == sign * (len(words) - 1) + "…"
    assert it.channel.limits.max_bytes - 20 < len(words.encode()) <= it.channel.limits.max_bytes


async def test_a_picture_is_sent(tmp_path):
    encoded = base64.b64encode(PNG).decode()
    async with wired(tmp_path) as (it, gateway):
        await it.channel.send_image(GROUP, Blob(PNG))
        (call,) = gateway.calls
    assert call["params"]["message"] == [part("image", file=f"base64://{encoded}")]
    async with wired(tmp_path, 12) as (it, gateway):
        gateway.answers.extend([{"file_id": "f9"}, {"message_id": "m-9"}])
        assert await it.channel.send_image(CHATROOM, Blob(PNG, "a.png")) == "m-9"
        upload, call = gateway.calls
    assert upload["params"] == {"type": "data", "name": "a.png", "data": encoded}
    assert call["params"]["message"] == [part("image", file_id="f9")]


# code: retryable, unreachable
CODES = {
    -1: (True, False), 1: (False, False), 100: (False, False), 103: (True, False),
    1400: (False, False), 1404: (False, False), 1200: (True, False), 10003: (False, False),
    10102: (True, False), 20002: (True, False), 31001: (True, False), 33001: (True, False),
    34001: (True, False), 35001: (False, True), 36000: (True, False), 77777: (True, False),
}  # fmt: skip


@pytest.mark.parametrize("code", CODES)
async def test_a_refusal_says_what_is_next(tmp_path, code):
    async with wired(tmp_path) as (it, gateway):
        gateway.answers.append(code)
        error = await it.refused(Outbound("o", GROUP, "已受理"))
    assert (error.retryable, error.unreachable, error.code) == (*CODES[code], code)


@pytest.mark.parametrize("planned", ["silent", "gone"])
async def test_a_lost_answer_is_worth_another_try(tmp_path, planned):
    async with wired(tmp_path, patience=0.05 if planned == "silent" else 5.0) as (it, gateway):
        gateway.answers.append(planned)
        assert (await it.refused(Outbound("o", GROUP, "已受理"))).retryable


async def test_without_a_gateway_it_waits(tmp_path):
    async with desk(tmp_path) as it:
        assert not it.channel.connected
        assert (await it.refused(Outbound("o", GROUP, "已受理"))).retryable


# Several connections


async def test_of_one_account_the_newest_connection_wins(tmp_path):
    async with wired(tmp_path) as (it, old), connected(it.caller) as new:
        await old.closed.wait()
        await it.channel.send(Outbound("o", GROUP, "已受理"))
        assert (len(old.calls), len(new.calls)) == (0, 1)
        assert len(await it.heard(new, v11())) == 1


async def test_of_version_12_too_once_it_says_who_it_is(tmp_path):
    async with wired(tmp_path, 12) as (it, old):
        await it.heard(old, v12())
        async with connected(it.caller, 12) as new:
            await it.heard(new, v12(message_id="m-2"))
            await old.closed.wait()


async def test_each_account_answers_where_it_was_spoken_to(tmp_path):
    async with wired(tmp_path) as (it, first), connected(it.caller, self_id="222") as second:
        await eventually(lambda: len(it.channel._links) == 2)
        await it.heard(first, v11())
        await it.channel.send(Outbound("o", GROUP, "已受理"))
        await it.channel.send(Outbound("o", PRIVATE, "您好", handle={"self": "222"}))
        assert (len(first.calls), len(second.calls)) == (1, 1)


async def test_events_and_calls_by_two_connections(tmp_path):
    roles = [{"X-Client-Role": "API"}, {"X-Client-Role": "Event"}]
    async with desk(tmp_path) as it, AsyncExitStack() as stack:
        calls, events = [
            await stack.enter_async_context(connected(it.caller, **role)) for role in roles
        ]
        await eventually(lambda: len(it.channel._links) == 2)
        assert len(await it.heard(events, v11())) == 1
        await it.channel.send(Outbound("o", GROUP, "已受理"))
        assert (len(calls.calls), len(events.calls)) == (1, 0)


async def test_a_gateway_that_goes_and_comes_back(tmp_path):
    async with desk(tmp_path) as it:
        async with connected(it.caller):
            await eventually(lambda: it.channel.connected)
        await eventually(lambda: not it.channel.connected)
        assert it.channel.trouble == ""
        it.at += timedelta(minutes=3)
        assert it.channel.trouble == "onebot_away"
        async with connected(it.caller):
            await eventually(lambda: it.channel.connected)
            assert it.channel.trouble == ""


# Files


@asynccontextmanager
async def files():
    async def answer(request):
        if request.path == "/away":
            raise web.HTTPFound("http://127.0.0.1:1/")
        if request.path == "/none":
            return web.Response(status=404)
        return web.Response(body=PNG, content_type="image/png")

    app = web.Application()
    app.router.add_get("/{tail:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_file_is_fetched_from_a_host_that_is_allowed(tmp_path):
    async with files() as base, desk(tmp_path, media_hosts=["127.0.0.1"]) as it:
        blob = await it.channel.fetch({"url": f"{base}/a.png"})
    assert (blob.data, blob.mime) == (PNG, "image/png")


BAD_REFS = {
    "our own machine": ({"url": "{base}/a.png"}, [], False),
    "our own machine by name": ({"url": "http://localhost:1/a"}, [], False),
    "our own network": ({"url": "http://192.168.1.1/a"}, [], False),
    "sent on to where it may not": ({"url": "{base}/away"}, ["localhost"], False),
    "not the web": ({"url": "file:///etc/passwd"}, ["127.0.0.1"], False),
    "not there": ({"url": "{base}/none"}, ["127.0.0.1"], False),
    "nobody answers": ({"url": "http://127.0.0.1:1/"}, ["127.0.0.1"], True),
    "nothing to ask for": ({}, [], False),
    "no gateway": ({"file_id": "f1"}, [], True),
}


@pytest.mark.parametrize(("ref", "hosts", "retryable"), BAD_REFS.values(), ids=BAD_REFS)
async def test_what_cannot_be_fetched(tmp_path, ref, hosts, retryable):
    async with files() as base, desk(tmp_path, media_hosts=hosts) as it:
        ref = {key: value.replace("{base}", base) for key, value in ref.items()}
        with pytest.raises(FetchError) as caught:
            await it.channel.fetch(ref)
    assert caught.value.retryable == retryable


async def test_a_file_of_version_12_is_asked_for(tmp_path):
    async with wired(tmp_path, 12) as (it, gateway):
        gateway.answers.append({"name": "a.png", "data": base64.b64encode(PNG).decode()})
        blob = await it.channel.fetch({"file_id": "f1", "self": "wxid_bot"})
        assert (blob.data, blob.name) == (PNG, "a.png")
        assert gateway.calls[0]["params"] == {"file_id": "f1", "type": "data"}
        for broken in ({}, {"data": "&"}, 35001):
            gateway.answers.append(broken)
            with pytest.raises(FetchError):
                await it.channel.fetch({"file_id": "f1"})


# Looking after itself


def test_it_is_off_unless_somebody_turns_it_on_and_needs_a_token():
    assert not Settings().enabled
    assert Settings().missing() == ("access_token",)


async def test_it_says_why_it_should_not_be_used_and_no_secret_or_word_of_anybody(tmp_path):
    with structlog.testing.capture_logs() as lines:
        async with wired(tmp_path) as (it, gateway):
            await it.heard(gateway, v11())
            await gateway.tell(v11(message_id=3, sub_type="notice", message="机密"))
            async with it.caller.client.get(f"{it.caller.path}?access_token=wrong-one") as answer:
                assert answer.status == 403
            gateway.answers.append(35001)
            await it.refused(Outbound("o", GROUP, "已受理"))
            assert it.channel.secrets() == (TOKEN,)
    (warning,) = [one for one in lines if one["action"] == "onebot.unofficial"]
    assert warning["log_level"] == "warning"
    assert "terms" in warning["event"]
    for word in (TOKEN, "wrong-one", "楼道灯", "机密", "已受理", "30003000"):
        assert word not in str(lines)


async def test_examining_it(tmp_path):
    async with wired(tmp_path) as (it, gateway):
        found = await it.channel.examine()
        assert [(one.key, one.good) for one in found] == [
            ("onebot_address", True),
            ("onebot_here", True),
        ]
        assert found[0].fill["url"] == "wss://grid.example/callback/ob"
        gateway.answers.append(10102)
        assert [one.key for one in await it.channel.examine()] == ["onebot_address", "onebot_away"]
    assert [one.key for one in await it.channel.examine()] == ["onebot_address"]
