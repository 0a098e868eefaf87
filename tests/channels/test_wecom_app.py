"""The WeCom application over its real protocol: callbacks in, calls of the API out (wechat.md 1c)."""

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from bot.channels import _rests
from bot.channels._envelope import Envelope
from bot.channels._said_xml import Place
from bot.channels._wecom_app_xml import read
from bot.channels.base import Blob, FetchError, Finding, SendError
from bot.channels.wecom_app import Settings, make
from domain.messages import Address, Attachment, Button, Card, Kind, Outbound
from tests.channels.parts import AES_KEY, TOKEN, Caller, Ears, called, made
from tests.doubles.platform import CORP, SECRET, Fault, Platform, running
from tests.doubles.platform_app import AGENT, GROUP, PICTURE, App

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
THEN = int((NOW - timedelta(seconds=30)).timestamp())
ME = Address("wecom_app", "zhangsan")
SEND, UPDATE = "/cgi-bin/message/send", "/cgi-bin/message/update_template_card"
TOKENS = "/cgi-bin/gettoken"
SEALED = Envelope(TOKEN, AES_KEY, CORP)


class World(NamedTuple):
    """A running channel between its platform and what listens to it."""

    channel: object
    ears: Ears
    caller: Caller
    platform: Platform
    app: App


@asynccontextmanager
async def world(folder, now=lambda: NOW, **settings):
    app = App()
    async with running(app.calls) as platform, made(folder, "wecom_app", now) as parts:
        section = {
            "corp_id": CORP, "agent_id": AGENT, "secret": SECRET, "token": TOKEN,
            "aes_key": AES_KEY, "api_base": platform.base, "names": ["网格助手"],
        }  # fmt: skip
        channel, ears = make(Settings(**section | settings), parts), Ears()
        task = asyncio.create_task(channel.run(ears))
        try:
            async with called(channel) as caller:
                yield World(channel, ears, caller, platform, app)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
async def here(tmp_path):
    async with world(tmp_path) as one:
        yield one


def xml(kind, more="", *, sender="zhangsan", at=THEN, id_="7100000000000000001", agent=AGENT):
    """What the platform says, as wechat.md 1c.1 shows it."""
    number = f"<MsgId>{id_}</MsgId>" if id_ else ""
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName>"
        f"<FromUserName><![CDATA[{sender}]]></FromUserName><CreateTime>{at}</CreateTime>"
        f"<MsgType><![CDATA[{kind}]]></MsgType>{more}{number}<AgentID>{agent}</AgentID></xml>"
    )


def text(words, **more):
    return xml("text", f"<Content><![CDATA[{words}]]></Content>", **more)


def event(name, **fields):
    inner = "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in fields.items())
    return xml("event", f"<Event><![CDATA[{name}]]></Event>{inner}", id_="")


CLICK = event(
    "template_card_event",
    EventKey="accept",
    TaskId="G1001_7",
    CardType="button_interaction",
    ResponseCode="RESP-C",
)


# In


@pytest.mark.parametrize(
    ("said", "words", "attachments"),
    [
        (text("办结 G1001 已换门机"), "办结 G1001 已换门机", ()),
        (text("@网格助手\u2005 接单 G1001"), "接单 G1001", ()),
        (text("门坏了\n在2单元"), "门坏了\n在2单元", ()),
        (text("[CDATA[ ]] &lt; <b>x</b>"), "[CDATA[ ]] &lt; <b>x</b>", ()),
        (text("a]]]]><![CDATA[>b"), "a]]>b", ()),
        (text("   "), "", ()),
        (xml("text"), "", ()),
        (
            xml("image", "<PicUrl>https://x.invalid/1</PicUrl><MediaId>M1</MediaId>"),
            "",
            (Attachment("image", ref={"media_id": "M1"}),),
        ),
        (
            xml("voice", "<MediaId>M2</MediaId><Format>amr</Format>"),
            "",
            (Attachment("voice", ref={"media_id": "M2"}),),
        ),
        (
            xml("video", "<MediaId>M3</MediaId><ThumbMediaId>T</ThumbMediaId>"),
            "",
            (Attachment("video", ref={"media_id": "M3"}),),
        ),
        (
            xml("location", "<Location_X>32.1</Location_X><Location_Y>119.4</Location_Y><Label>琼花路8号</Label>"),
            "琼花路8号",
            (Attachment("location", name="32.1,119.4"),),
        ),
        (
            xml("location", "<Label>琼花路8号</Label>"),
            "琼花路8号",
            (Attachment("location"),),
        ),
        (
            xml("link", "<Title>停水通知</Title><Description>今晚</Description><Url>https://x.invalid/a</Url>"),
            "停水通知\n今晚\nhttps://x.invalid/a",
            (),
        ),
    ],
    ids="command mention lines markup end-of-cdata blank no-content image voice video location no-spot link".split(),
)  # fmt: skip
async def test_what_members_write_arrives_as_it_was_meant(here, said, words, attachments):
    assert await here.caller.xml(SEALED, said) == (200, "")
    (heard,) = here.ears.heard
    assert (heard.text, heard.attachments, heard.kind) == (words, attachments, Kind.SAID)
    assert (heard.address, heard.sender) == (ME, "zhangsan")
    assert heard.external_id == "7100000000000000001"
    assert heard.received_at == datetime.fromtimestamp(THEN, UTC)


async def test_the_case_of_an_id_is_kept(here):
    await here.caller.xml(SEALED, text("门坏了", sender="ZhangSan"))
    assert here.ears.heard[0].address.chat == "ZhangSan"


@pytest.mark.parametrize(
    ("at", "received"),
    [
        (THEN, datetime.fromtimestamp(THEN, UTC)),
        (int(NOW.timestamp()) + 90, NOW),
        ("soon", NOW),
        ("99999999999999999999", NOW),
        ("", NOW),
    ],
    ids=["past", "future", "no-number", "huge", "missing"],
)
async def test_the_platform_s_time_counts_but_never_the_future(here, at, received):
    await here.caller.xml(SEALED, text("门坏了", at=at))
    assert here.ears.heard[0].received_at == received


async def test_a_click_brings_back_card_button_and_what_changes_it(here):
    assert await here.caller.xml(SEALED, CLICK) == (200, "")
    (heard,) = here.ears.heard
    assert (heard.kind, heard.button, heard.card) == (Kind.CLICKED, "accept", "G1001_7")
    assert heard.handle["response_code"] == "RESP-C"
    assert heard.external_id.startswith(f"{CORP}|{AGENT}|zhangsan|{THEN}|template_card_event|")


async def test_events_of_one_second_are_told_apart_and_a_second_delivery_is_not_heard_again(here):
    other = CLICK.replace("G1001_7", "G1002_9")
    for said in (CLICK, other, CLICK):
        assert await here.caller.xml(SEALED, said) == (200, "")
    assert [heard.card for heard in here.ears.heard] == ["G1001_7", "G1002_9"]


async def test_who_opens_the_chat_is_welcomed_once_a_day(here):
    enters = event("enter_agent")
    later = enters.replace(str(THEN), str(THEN - 3600))
    yesterday = enters.replace(str(THEN), str(THEN - 86400))
    for said in (enters, later, yesterday, enters):
        await here.caller.xml(SEALED, said)
    assert [heard.kind for heard in here.ears.heard] == [Kind.ENTERED] * 2


@pytest.mark.parametrize(
    "said",
    [
        event("subscribe"),
        event("LOCATION", Latitude="32.1"),
        event("template_card_event", TaskId="G1_1"),
        xml("hologram"),
        xml("image"),
        text("门坏了", sender=""),
        text("门坏了", agent="1000009"),
        "<xml><MsgType>text</MsgType></xml>",
        "<xml><FromUserName><a>1</a></FromUserName><MsgType>text</MsgType></xml>",
    ],
    ids="subscribe position click-without-key unknown no-media-id no-sender other-app nobody nested-sender".split(),
)
async def test_what_says_nothing_is_taken_and_dropped(here, said):
    assert await here.caller.xml(SEALED, said) == (200, "")
    assert here.ears.heard == []


@pytest.mark.parametrize("name", ["inactive_alert", "close_inactive_agent", "low_active"])
async def test_an_application_about_to_be_suspended_is_told_of_in_the_log(here, name):
    with capture_logs() as logs:
        await here.caller.xml(SEALED, event(name, EffectTime=str(THEN)))
    assert [one["action"] for one in logs if one["log_level"] == "warning"] == [
        "wecom_app.inactive"
    ]


def forged(*, token=TOKEN, key=AES_KEY, corp=CORP):
    return Envelope(token, key, corp)


async def test_an_attachment_is_downloaded_with_its_name(here):
    blob = await here.channel.fetch({"media_id": "MEDIA-1"})
    assert blob == Blob(PICTURE, "IMG.jpg", "image/jpeg")


@pytest.mark.parametrize(
    ("ref", "faults", "retryable"),
    [
        ({}, (), False),
        ({"media_id": "MEDIA-1"}, (Fault(status=502),), True),
        ({"media_id": "MEDIA-1"}, (Fault(code=45009),), True),
        ({"media_id": "MEDIA-1"}, (Fault(code=41001),), False),
    ],
    ids=["no-id", "502", "over-frequency", "mistake"],
)
async def test_what_cannot_be_downloaded_is_said_so(here, ref, faults, retryable):
    here.platform.fault("/cgi-bin/media/get", *faults)
    with pytest.raises(FetchError) as caught:
        await here.channel.fetch(ref)
    assert caught.value.retryable is retryable


# Out


def outbound(words="您有 2 件待办", once="o1", **more):
    return Outbound(once=once, address=more.pop("address", ME), text=words, **more)


CARD = Card(
    "G1001_7",
    "G1001 电梯故障",
    body="电梯停在5楼，门打不开",
    fields=(("地点", "3栋2单元"), ("时限", "4小时")),
    buttons=(Button("accept", "接单"), Button("return", "退回")),
)
CLICKED = {"response_code": "RESP-C", "task_id": "G1001_7", "at": (NOW - timedelta(hours=1)).isoformat()}  # fmt: skip


async def test_words_go_to_the_member(here):
    assert await here.channel.send(outbound()) == "MSG-1"
    (body,) = here.platform.bodies(SEND)
    assert body == {
        "touser": "zhangsan",
        "msgtype": "text",
        "agentid": 1000002,
        "text": {"content": "您有 2 件待办"},
    }


async def test_markdown_where_the_deployment_wants_it(tmp_path):
    async with world(tmp_path, markdown=True) as here:
        assert here.channel.limits.markup == "markdown"
        await here.channel.send(outbound("**G1001** 已受理"))
        assert here.platform.bodies(SEND)[0]["markdown"] == {"content": "**G1001** 已受理"}


@pytest.mark.parametrize("markdown", [False, True], ids=["text", "markdown"])
async def test_a_text_too_long_is_cut_between_characters_within_2048_bytes(tmp_path, markdown):
    async with world(tmp_path, markdown=markdown) as here:
        await here.channel.send(outbound("电" * 2000))
        said = here.platform.bodies(SEND)[0]["markdown" if markdown else "text"]["content"]
        assert len(said.encode()) <= 2048
        assert said == "电" * 681 + "…"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            '点 <a href="https://evil.invalid">领奖</a>',
            '点 ＜a href="https://evil.invalid">领奖＜/a>',
        ),
        ("<@all> 快来", "＜@all> 快来"),
        ("< A href=x>", "＜ A href=x>"),
        ("3<5 且 <abc>", "3<5 且 <abc>"),
    ],
    ids=["link", "mention", "spaced", "harmless"],
)
async def test_nobody_s_words_become_links_or_mentions(here, words, said):
    await here.channel.send(outbound(words))
    assert here.platform.bodies(SEND)[0]["text"]["content"] == said


async def test_a_card_keeps_to_its_limits(here):
    card = Card(
        "G1001_7",
        "很长的标题" * 10,
        body="很长的正文" * 50,
        fields=tuple((f"名称很长{n}", "值" * 40) for n in range(9)),
        buttons=tuple(Button(f"key{n}", "按钮上的字太多了点" * 2) for n in range(8)),
    )
    await here.channel.send(outbound(card=card))
    (body,) = here.platform.bodies(SEND)
    shown = body["template_card"]
    assert (body["msgtype"], shown["card_type"]) == ("template_card", "button_interaction")
    assert shown["task_id"] == "G1001_7"
    assert len(shown["main_title"]["title"]) <= 26
    assert len(shown["sub_title_text"]) <= 112
    assert len(shown["button_list"]) == 6
    assert len(shown["horizontal_content_list"]) == 6
    assert all(len(one["text"]) <= 10 for one in shown["button_list"])
    assert all(len(one["keyname"]) <= 5 and len(one["value"]) <= 26 for one in shown["horizontal_content_list"])  # fmt: skip
    # Its task id makes it the only one of its kind, so a second try is known to be one.
    assert (body["enable_duplicate_check"], body["duplicate_check_interval"]) == (1, 1800)


async def test_a_clicked_card_is_changed_once_and_then_sent_anew(here):
    here.app.codes.add("RESP-C")
    await here.channel.send(outbound(card=CARD, handle=CLICKED))
    (body,) = here.platform.bodies(UPDATE)
    assert (body["userids"], body["agentid"], body["response_code"]) == (["zhangsan"], 1000002, "RESP-C")  # fmt: skip
    assert body["template_card"]["task_id"] == "G1001_7"
    assert here.platform.bodies(SEND) == []
    await here.channel.send(outbound(once="o2", card=CARD, handle=CLICKED))
    assert len(here.platform.asked(UPDATE)) == 1
    assert here.platform.bodies(SEND)[0]["msgtype"] == "template_card"


@pytest.mark.parametrize(
    ("handle", "card", "kind", "asked"),
    [
        (CLICKED, CARD, "template_card", 1),
        (CLICKED | {"at": (NOW - timedelta(hours=72)).isoformat()}, CARD, "template_card", 0),
        (CLICKED | {"at": "?"}, CARD, "template_card", 0),
        (CLICKED, None, "text", 0),
        ({}, CARD, "template_card", 0),
    ],
    ids=["spent", "after-72-hours", "no-time", "words-only", "no-click"],
)
async def test_where_the_clicked_card_cannot_be_changed_it_is_said_anew(here, handle, card, kind, asked):  # fmt: skip
    await here.channel.send(outbound(card=card, handle=handle))
    assert len(here.platform.asked(UPDATE)) == asked
    assert [body["msgtype"] for body in here.platform.bodies(SEND)] == [kind]


async def test_a_change_nobody_answered_is_tried_again_and_not_sent_beside(here):
    here.app.codes.add("RESP-C")
    here.platform.fault(UPDATE, Fault(half=True))
    with pytest.raises(SendError) as caught:
        await here.channel.send(outbound(card=CARD, handle=CLICKED))
    assert caught.value.retryable
    assert here.platform.bodies(SEND) == []
    await here.channel.send(outbound(card=CARD, handle=CLICKED))
    assert here.platform.bodies(SEND) == []


async def test_a_change_that_never_reaches_him_is_no_change(here):
    here.app.codes.add("RESP-C")
    here.app.gone.add("zhangsan")
    with pytest.raises(SendError) as caught:
        await here.channel.send(outbound(card=CARD, handle=CLICKED))
    assert caught.value.unreachable


async def test_a_text_nobody_acknowledged_is_sent_again_under_the_platform_s_own_check(here):
    here.platform.fault(SEND, Fault(half=True, after=True))
    with pytest.raises(SendError):
        await here.channel.send(outbound())
    await here.channel.send(outbound())
    await here.channel.send(outbound(once="o2"))
    checks = [body.get("enable_duplicate_check", 0) for body in here.platform.bodies(SEND)]
    assert checks == [0, 1, 0]


async def test_a_group_gets_words_and_who_is_called(here):
    group = Address("wecom_app", GROUP, group=True)
    await here.channel.send(outbound(address=group, card=CARD, to=("lisi", "@all")))
    (body,) = here.platform.bodies("/cgi-bin/appchat/send")
    assert body == {
        "chatid": GROUP,
        "msgtype": "text",
        "safe": 0,
        "text": {"content": "您有 2 件待办", "mentioned_list": ["lisi"]},
    }


@pytest.mark.parametrize(
    ("chat", "faults"),
    [("other", ()), (GROUP, (Fault(code=48002),))],
    ids=["unknown", "not-allowed"],
)
async def test_a_group_that_cannot_be_written_to_leaves_the_channel_up(here, chat, faults):
    here.platform.fault("/cgi-bin/appchat/send", *faults)
    with pytest.raises(SendError) as caught:
        await here.channel.send(outbound(address=Address("wecom_app", chat, group=True)))
    assert caught.value.unreachable
    assert here.channel.connected


async def test_a_picture_is_uploaded_and_shown(here):
    blob = Blob(PICTURE, "door.jpg", "image/jpeg")
    await here.channel.send_image(ME, blob)
    (upload,) = here.platform.bodies("/cgi-bin/media/upload")
    assert upload["media"] == ("door.jpg", PICTURE, "image/jpeg")
    assert here.platform.bodies(SEND)[0]["image"] == {"media_id": "MEDIA-UP"}
    await here.channel.send_image(Address("wecom_app", GROUP, group=True), blob)
    assert here.platform.bodies("/cgi-bin/appchat/send")[0]["image"] == {"media_id": "MEDIA-UP"}


async def test_a_picture_goes_up_again_under_a_new_token(here):
    await here.channel.send(outbound())
    here.platform.expire()
    await here.channel.send_image(ME, Blob(PICTURE, "a.jpg", "image/jpeg"))
    assert len(here.platform.asked("/cgi-bin/media/upload")) == 2


@pytest.mark.parametrize("size", [5, 10 * 1024 * 1024 + 1])
async def test_a_picture_outside_the_limits_is_not_sent(here, size):
    with pytest.raises(SendError):
        await here.channel.send_image(ME, Blob(b"x" * size))
    assert here.platform.asked("/cgi-bin/media/upload") == []


@pytest.mark.parametrize("chat", ["@all", "@ALL", "a|b", "", "a b", "x" * 129])
async def test_one_message_never_goes_to_several_people(here, chat):
    with pytest.raises(SendError) as caught:
        await here.channel.send(outbound(address=Address("wecom_app", chat)))
    assert caught.value.unreachable
    assert here.platform.asked(SEND) == []


@pytest.mark.parametrize("set_", ["gone", "unlicensed"])
async def test_who_cannot_be_reached_here_is_reached_elsewhere(here, set_):
    getattr(here.app, set_).add("ZhangSan" if set_ == "gone" else "zhangsan")
    chat = "ZhangSan" if set_ == "gone" else "zhangsan"  # it comes back in lower case
    with pytest.raises(SendError) as caught:
        await here.channel.send(outbound(address=Address("wecom_app", chat)))
    assert (caught.value.unreachable, caught.value.retryable) == (True, False)


REFUSED = {  # code: retryable, unreachable, seconds to wait at least, whether the channel rests
    -1: (True, False, 2, False),
    40003: (False, True, 0, False),
    40013: (True, False, 60, True),
    40056: (False, False, 0, False),
    40058: (False, False, 0, False),
    41001: (False, False, 0, False),
    44001: (False, False, 0, False),
    45002: (False, False, 0, False),
    45009: (True, False, 60, True),
    45033: (True, False, 5, False),
    48002: (True, False, 60, True),
    50001: (True, False, 60, True),
    60011: (True, False, 60, True),
    60020: (True, False, 60, True),
    60111: (False, True, 0, False),
    81013: (False, True, 0, False),
    301002: (True, False, 60, True),
    999999: (True, False, 30, False),
}


@pytest.mark.parametrize(("code", "flags"), REFUSED.items(), ids=map(str, REFUSED))
async def test_each_refusal_has_its_flags(here, code, flags):
    here.platform.fault(SEND, Fault(code=code, message="refused, from ip: 203.0.113.9"))
    with pytest.raises(SendError) as caught:
        await here.channel.send(outbound())
    retryable, unreachable, after, rests = flags
    assert (caught.value.retryable, caught.value.unreachable) == (retryable, unreachable)
    assert (caught.value.retry_after or 0) >= after
    assert caught.value.code == code
    assert here.channel.connected is not rests
    assert here.channel.trouble == (f"code_{code}" if rests and code != 45009 else "")


async def test_a_wrong_secret_asks_for_a_token_once_and_then_rests(tmp_path):
    async with world(tmp_path, secret="wrong") as here:
        for _ in range(5):
            with pytest.raises(SendError) as caught:
                await here.channel.send(outbound())
            assert caught.value.code == 40001
            assert caught.value.retry_after >= 3000
        assert len(here.platform.asked(TOKENS)) == 1
        assert (here.channel.connected, here.channel.trouble) == (False, "code_40001")


async def test_a_channel_that_was_refused_comes_back_by_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(_rests, "REST", timedelta(0))
    async with world(tmp_path) as here:
        here.platform.fault(SEND, Fault(code=60020, message="from ip: 203.0.113.9"))
        with pytest.raises(SendError):
            await here.channel.send(outbound())
        async with asyncio.timeout(5):
            while not here.channel.connected:  # noqa: ASYNC110 - a probe of its own ends it
                await asyncio.sleep(0)
        assert len(here.platform.asked("/cgi-bin/agent/get")) >= 1
        assert await here.channel.send(outbound()) == "MSG-1"


# Looking after itself


async def test_an_application_in_order_is_found_so(here):
    assert await here.channel.examine() == (
        Finding("callback_address", True, {"url": "https://grid.example/callback/wecom_app"}),
        Finding("token_good", True),
        Finding("agent_good", True, {"agent": "网格助手"}),
    )


@pytest.mark.parametrize(
    ("path", "fault", "found"),
    [
        ("/cgi-bin/agent/get", Fault(code=60020, message="not allow, from ip: 203.0.113.9, hint"), ("code_60020", "203.0.113.9")),
        ("/cgi-bin/agent/get", Fault(code=301002), ("code_301002", "")),
        ("/cgi-bin/agent/get", Fault(code=777), ("code_other", "")),
        (TOKENS, Fault(code=40001), ("code_40001", "")),
        (TOKENS, Fault(code=40013), ("code_40013", "")),
        (TOKENS, Fault(status=502), ("no_answer", "")),
    ],
    ids="ip agent unknown secret corp silent".split(),
)  # fmt: skip
async def test_what_is_wrong_is_found_and_named(here, path, fault, found):
    here.platform.fault(path, fault)
    *_, last = await here.channel.examine()
    assert (last.key, last.fill.get("address", ""), last.good) == (*found, False)


async def test_a_disabled_application_and_a_missing_address_are_found(tmp_path):
    async with world(tmp_path) as here:
        here.app.closed = 1
        assert (await here.channel.examine())[-1].key == "agent_closed"
    app = App()
    async with running(app.calls) as platform, made(tmp_path, "wecom_app") as parts:
        object.__setattr__(parts, "public_url", "")
        section = {"corp_id": CORP, "agent_id": AGENT, "secret": SECRET, "token": TOKEN, "aes_key": AES_KEY, "api_base": platform.base}  # fmt: skip
        assert (await make(Settings(**section), parts).examine())[0] == Finding("no_public_url", False, {"url": ""})  # fmt: skip


async def test_no_secret_reaches_a_log(here):
    with capture_logs() as logs:
        here.platform.fault(
            SEND, Fault(code=60020, message=f"{SECRET} from ip: 203.0.113.9"), Fault(half=True)
        )
        for _ in range(2):
            with pytest.raises(SendError) as caught:
                await here.channel.send(outbound("张三的话"))
            logs.append({"said": str(caught.value), "cause": repr(caught.value.__cause__)})
        await here.caller.xml(forged(token="other"), text("张三的话"))
        await here.caller.xml(SEALED, text("张三的话"))
    told = json.dumps(logs, default=str, ensure_ascii=False)
    for secret in (SECRET, TOKEN, AES_KEY, here.platform.token, "access_token", "张三的话"):
        assert secret not in told
    assert "203.0.113.9" in told
    assert set(here.channel.secrets()) == {SECRET, TOKEN, AES_KEY}


@pytest.mark.parametrize(
    "wrong", [{"aes_key": "short"}, {"aes_key": "!" * 43}, {"agent_id": "one"}], ids=str
)
def test_settings_that_cannot_work_are_refused_before_they_run(wrong):
    with pytest.raises(ValidationError) as caught:
        Settings(**wrong)
    assert str(*wrong.values()) not in str(caught.value)


def test_what_a_person_said_is_read_as_wechatpy_reads_it():
    """The library is the oracle where it is right: it strips words, which is why it does not read here."""
    from wechatpy.enterprise import parse_message  # noqa: PLC0415

    from bot.channels._xml import fields  # noqa: PLC0415

    said = text("办结 G1001 已换门机")
    theirs = parse_message(said)
    ours = read(fields(said), Place("c", (), NOW), AGENT)
    assert (ours.text, ours.sender, ours.external_id) == (theirs.content, theirs.source, str(theirs.id))  # fmt: skip
    assert ours.received_at == theirs.create_time
    assert theirs.agent == int(AGENT)
