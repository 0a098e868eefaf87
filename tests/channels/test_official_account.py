"""服务号 against the double of its platform, over HTTP: its three modes, what is heard, what is said."""

import asyncio
import json
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import structlog
import wechatpy
from pydantic import SecretStr
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from bot.channels import official_account
from bot.channels._account_api import OWN, OWN_NOTICE
from bot.channels._account_door import FRESH
from bot.channels._account_passive import WAITS
from bot.channels._codes import CODES
from bot.channels._envelope import Envelope
from bot.channels._envelope import signature as sign
from bot.channels._xml import fields
from bot.channels.base import Failure, FetchError, SendError, Window
from bot.channels.official_account import OfficialAccount, Settings
from domain.messages import Address, Attachment, Button, Card, Kind, Outbound
from domain.workdays import TZ
from tests.channels.parts import AES_KEY, TOKEN, Caller, Ears, called, made
from tests.channels.wecom_tools import eventually, lines, running
from tests.doubles.platform import Fault, Platform
from tests.doubles.platform import running as platform_running
from tests.doubles.platform_account import APP, APP_SECRET, OPENID, Account

AT = datetime.fromtimestamp(int(time.time()), UTC)
WANG = Address("account", OPENID)
SEND, TOKEN_CALL = "/cgi-bin/message/custom/send", "/cgi-bin/stable_token"
NOTICE, SUBSCRIBED = "/cgi-bin/message/template/send", "/cgi-bin/message/subscribe/bizsend"
CARD = Card(
    "G1001_7",
    "G1001 请您评价",
    "",
    (),
    (Button("satisfied", "满意"), Button("dissatisfied", "不满意")),
)
FIELDS = {"character_string1": "number", "thing2": "text", "time3": "time"}
TEMPLATES = {"default": {"id": "TPL-1", "fields": FIELDS}}


@dataclass
class Desk:
    """The running channel, the platform it talks to, and a clock that is moved by hand."""

    platform: Platform
    account: Account
    channel: OfficialAccount
    ears: Ears
    caller: Caller
    parts: object
    mode: str
    at: datetime = AT
    calls: int = 0

    def now(self):
        return self.at

    def query(self, **more):
        """The query of a call, signed as in all modes."""
        self.calls += 1
        stamp, nonce = str(int(self.at.timestamp())), f"n{self.calls}"
        signature = sign(TOKEN, stamp, nonce)
        return {"signature": signature, "timestamp": stamp, "nonce": nonce} | more

    async def says(self, plain, *, envelope=None, **more):
        """The platform calls in the account's mode; returns (status, text)."""
        if self.mode == "plain":
            return await self.caller.raw(plain.encode(), urlencode(self.query(**more)))
        envelope = envelope or Envelope(TOKEN, AES_KEY, APP)
        sealed = envelope.seal(plain)
        query = self.query(openid=OPENID, encrypt_type="aes")
        query["msg_signature"] = envelope.sign(query["timestamp"], query["nonce"], sealed)
        inner = plain.removeprefix("<xml>").removesuffix("</xml>")
        beside = inner if self.mode == "compatible" else "<ToUserName>gh_1</ToUserName>"
        body = f"<xml>{beside}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return await self.caller.raw(body.encode(), urlencode(query | more))


@asynccontextmanager
async def desk(folder, mode="safe", *, run=True, waits=WAITS, **settings):
    """A desk in one of the three modes."""
    account = Account()
    async with platform_running(account.calls) as platform:
        it = Desk(platform, account, None, Ears(), None, None, mode)
        async with made(folder, "account", it.now) as parts:
            given = {
                "app_id": APP,
                "secret": APP_SECRET,
                "token": TOKEN,
                "aes_key": "" if mode == "plain" else AES_KEY,
                "mode": mode,
                "api_base": platform.base,
                "names": ["网格助手"],
            }
            it.parts = parts
            it.channel = OfficialAccount(Settings(**given | settings), parts, waits)
            async with called(it.channel) as it.caller:
                if not run:
                    yield it
                    return
                async with running(it.channel, it.ears):
                    await eventually(lambda: it.channel.connected)
                    yield it


def xml(kind="text", *, msgid="23400000000000001", at=AT, sender=OPENID, **fields):
    """What the platform says, as XML with CDATA."""
    inner = "".join(
        f"<{key}><![CDATA[{str(value).replace(']]>', ']]]]><![CDATA[>')}]]></{key}>"
        for key, value in fields.items()
    )
    number = f"<MsgId>{msgid}</MsgId>" if msgid else ""
    return (
        "<xml><ToUserName><![CDATA[gh_fake00000001]]></ToUserName>"
        f"<FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{int(at.timestamp())}</CreateTime>"
        f"<MsgType><![CDATA[{kind}]]></MsgType>{inner}{number}</xml>"
    )


def event(name, key="", **more):
    return xml("event", msgid="", Event=name, EventKey=key, **more)


def opened(told, mode):
    """What the platform reads of an answer."""
    if mode == "plain":
        return fields(told)
    sealed = fields(told)
    signed = (sealed["MsgSignature"], sealed["TimeStamp"], sealed["Nonce"])
    return fields(Envelope(TOKEN, AES_KEY, APP).open(sealed["Encrypt"], *signed))


# The handshake and the three modes

MODES = ["plain", "compatible", "safe"]


@pytest.mark.parametrize("mode", MODES)
async def test_the_address_is_verified_by_the_bare_echo(tmp_path, mode):
    async with desk(tmp_path, mode) as it:
        query = it.query(echostr="5837397551320395873")
        assert await it.caller.get(urlencode(query)) == (200, "5837397551320395873")
        wrong = query | {"signature": "0" * 40}
        assert await it.caller.get(urlencode(wrong)) == (403, "")
        assert await it.caller.get("echostr=1") == (403, "")
    check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])  # the vendor's


async def test_a_plus_in_the_echo_is_kept(tmp_path):
    async with desk(tmp_path) as it:
        assert await it.caller.get(f"{urlencode(it.query())}&echostr=a+b") == (200, "a+b")


@pytest.mark.parametrize("mode", MODES)
async def test_words_are_heard_and_answered_with_nothing(tmp_path, mode):
    async with desk(tmp_path, mode) as it:
        assert await it.says(xml(Content="3号楼2单元路灯坏了")) == (200, "")
        (heard,) = it.ears.heard
    assert (heard.address, heard.sender) == (WANG, OPENID)
    assert (heard.external_id, heard.received_at) == ("23400000000000001", AT)
    assert (heard.kind, heard.text) == (Kind.SAID, "3号楼2单元路灯坏了")


async def test_of_two_bodies_the_encrypted_one_is_believed(tmp_path):
    async with desk(tmp_path, "compatible") as it:
        envelope = Envelope(TOKEN, AES_KEY, APP)
        sealed = envelope.seal(xml(Content="路灯坏了"))
        query = it.query(encrypt_type="aes")
        query["msg_signature"] = envelope.sign(query["timestamp"], query["nonce"], sealed)
        forged = xml(Content="<Encrypt>YQ==</Encrypt>", sender="oSomebodyElse")
        body = forged.replace("</xml>", f"<Encrypt>{sealed}</Encrypt></xml>")
        assert await it.caller.raw(body.encode(), urlencode(query)) == (200, "")
        (heard,) = it.ears.heard
    assert (heard.sender, heard.text) == (OPENID, "路灯坏了")


@pytest.mark.parametrize("mode", ["compatible", "safe"])
async def test_a_plain_body_opens_nothing_where_bodies_are_encrypted(tmp_path, mode):
    async with desk(tmp_path, mode) as it:
        body = xml(Content="路灯坏了").encode()
        assert await it.caller.raw(body, urlencode(it.query())) == (403, "")
        signed = it.query() | {"msg_signature": it.query()["signature"]}
        assert await it.caller.raw(body, urlencode(signed)) == (403, "")
        assert it.ears.heard == []


async def test_an_encrypted_call_is_refused_where_there_is_no_key_for_it(tmp_path):
    with structlog.testing.capture_logs() as logs:
        async with desk(tmp_path, "plain") as it:
            sealed = Envelope(TOKEN, AES_KEY, APP).seal(xml(Content="灯坏了"))
            assert await it.says(f"<xml><Encrypt>{sealed}</Encrypt></xml>") == (403, "")
            # What somebody writes is not an envelope.
            assert await it.says(xml(Content="<Encrypt>灯坏了</Encrypt>")) == (200, "")
            assert [one.text for one in it.ears.heard] == ["<Encrypt>灯坏了</Encrypt>"]
    (line,) = lines(logs, "callback.refused")
    assert "aes_key" in line["reason"]


async def test_the_signature_of_the_query_does_not_open_a_body(tmp_path):
    async with desk(tmp_path) as it:
        query = it.query()
        # Passed by mistake for the message's own in more than one library (wechat.md 1g).
        said = await it.says(xml(Content="x"), msg_signature=query["signature"])
        assert said == (403, "")
        assert it.ears.heard == []


async def test_what_the_vendor_s_library_seals_opens_here(tmp_path):
    async with desk(tmp_path) as it:
        query = it.query(encrypt_type="aes")
        crypto = WeChatCrypto(TOKEN, AES_KEY, APP)
        body = crypto.encrypt_message(xml(Content="路灯坏了"), query["nonce"], query["timestamp"])
        signature = body.partition("<MsgSignature><![CDATA[")[2][:40]
        query["msg_signature"] = signature
        assert await it.caller.raw(body.encode(), urlencode(query)) == (200, "")
        assert it.ears.heard[0].text == "路灯坏了"


async def test_a_plain_call_opens_once_and_not_for_long(tmp_path):
    async with desk(tmp_path, "plain") as it:
        query = urlencode(it.query())
        for words in ("路灯坏了", "改过的话"):
            body = xml(Content=words, msgid=str(len(words))).encode()
            assert await it.caller.raw(body, query) == (200, "")
        old = urlencode(it.query())
        it.at += FRESH + timedelta(seconds=1)
        assert await it.caller.raw(xml(Content="旧的", msgid="9").encode(), old) == (403, "")
        assert [one.text for one in it.ears.heard] == ["路灯坏了"]


BOMB = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><xml><MsgType>&b;</MsgType></xml>'


# What is heard

MEDIA = {"media_id": "MEDIA-1"}
HEARD = {
    "words that close a CDATA": (xml(Content="灯]]>坏<xml>"), {"text": "灯]]>坏<xml>"}),
    "a report of two lines": (xml(Content="灯坏了\n3号楼"), {"text": "灯坏了\n3号楼"}),
    "the bot named": (xml(Content="@网格助手 灯坏了"), {"text": "灯坏了", "named": True}),
    "blank words": (xml(Content="  "), {"kind": Kind.SAID, "text": ""}),
    "an entry of our menu": (
        xml(Content="满意", bizmsgmenuid="satisfied.G1001_7"),
        {"kind": Kind.CLICKED, "button": "satisfied", "card": "G1001_7", "text": ""},
    ),
    "an entry of another menu": (
        xml(Content="我要报修", bizmsgmenuid="101"),
        {"kind": Kind.SAID, "text": "我要报修", "button": ""},
    ),
    "a picture": (
        xml("image", PicUrl="http://mmbiz.example/1", MediaId="MEDIA-1"),
        {"text": "", "attachments": (Attachment("image", ref=MEDIA),)},
    ),
    "a voice that was understood": (
        xml("voice", MediaId="MEDIA-1", Format="amr", Recognition="三号楼路灯不亮"),
        {"text": "三号楼路灯不亮", "attachments": (Attachment("voice", ref=MEDIA),)},
    ),
    "a voice that was not": (
        xml("voice", MediaId="MEDIA-1", Format="amr", MediaId16K="MEDIA-2"),
        {"text": "", "attachments": (Attachment("voice", ref=MEDIA),)},
    ),
    "a video": (
        xml("video", MediaId="MEDIA-1", ThumbMediaId="T"),
        {"attachments": (Attachment("video", ref=MEDIA),)},
    ),
    "a short video": (
        xml("shortvideo", MediaId="MEDIA-1"),
        {"attachments": (Attachment("video", ref=MEDIA),)},
    ),
    "a location": (
        xml("location", Location_X="30.6912", Location_Y="111.2865", Scale=16, Label="某小区3栋"),
        {"text": "某小区3栋", "attachments": (Attachment("location", "30.6912,111.2865"),)},
    ),
    "a link": (
        xml("link", Title="停水公告", Description="", Url="https://example.invalid/1"),
        {"text": "停水公告\nhttps://example.invalid/1"},
    ),
    "somebody follows": (event("subscribe"), {"kind": Kind.ENTERED, "text": ""}),
    "somebody follows by a grid's code": (
        event("subscribe", "qrscene_c1.g01", Ticket="T"),
        {"kind": Kind.ENTERED, "text": "c1.g01"},
    ),
    "a follower scans a grid's code": (
        event("SCAN", "c1.g01", Ticket="T"),
        {"kind": Kind.ENTERED, "text": "c1.g01"},
    ),
    "a tap on the account's menu": (
        event("CLICK", "withdraw"),
        {"kind": Kind.CLICKED, "button": "withdraw", "card": ""},
    ),
    "a tap that says words": (event("CLICK", "进度"), {"kind": Kind.SAID, "text": "进度"}),
}


@pytest.mark.parametrize(("plain", "expected"), HEARD.values(), ids=HEARD)
async def test_what_a_person_does_is_heard(tmp_path, plain, expected):
    async with desk(tmp_path, "plain") as it:
        assert await it.says(plain) == (200, "")
        (heard,) = it.ears.heard
    assert (heard.address, heard.received_at) == (WANG, AT)
    assert {key: getattr(heard, key) for key in expected} == expected


@pytest.mark.parametrize(("name", "key"), [("subscribe", "qrscene_g01"), ("SCAN", "g01")])
async def test_a_grid_s_code_brings_the_grid(tmp_path, name, key):
    async with desk(tmp_path) as it:
        await it.says(event(name, key))
        assert it.ears.heard[0].handle["grid"] == "g01"


UNHEARD = {
    "a kind nobody knows": xml("hologram", Content="13900000000"),
    "a kind that is words": xml("电话13900000000"),
    "no kind": xml("", Content="13900000000"),
    "nobody": xml(Content="x", sender=""),
    "a picture without an id": xml("image"),
    "an event nobody knows": event("电话13900000000"),
    "a tap without a key": event("CLICK"),
    "where somebody is": event("LOCATION", Latitude="30.1", Longitude="111.2"),
    "a page opened": event("VIEW", "https://example.invalid"),
    "a notice that arrived": event("TEMPLATESENDJOBFINISH", MsgID="1", Status="success"),
}


@pytest.mark.parametrize("plain", UNHEARD.values(), ids=UNHEARD)
async def test_what_nobody_said_is_dropped_and_noted(tmp_path, plain):
    with structlog.testing.capture_logs() as logs:
        async with desk(tmp_path) as it:
            assert await it.says(plain) == (200, "")
            assert it.ears.heard == []
    assert len(lines(logs, "account.dropped")) == 1
    assert "13900000000" not in str(logs)


async def test_who_leaves_is_told_of_once_and_nobody_asks_who_he_is(tmp_path):
    async with desk(tmp_path) as it:
        for _ in range(2):
            assert await it.says(event("unsubscribe")) == (200, "")
        (heard,) = it.ears.heard
        assert (heard.kind, heard.text, heard.address.chat) == (Kind.LEFT, "", heard.sender)
        assert not heard.union
        assert it.platform.asked("/cgi-bin/user/info") == []


async def test_the_same_message_again_is_one_and_two_events_of_a_second_are_two(tmp_path):
    async with desk(tmp_path) as it:
        for plain in (
            xml(Content="灯坏了"),
            xml(Content="灯坏了"),
            event("CLICK", "withdraw"),
            event("CLICK", "进度"),
            event("CLICK", "进度"),
            event("subscribe"),
        ):
            assert (await it.says(plain))[0] == 200
        assert [one.kind for one in it.ears.heard] == [
            Kind.SAID,
            Kind.CLICKED,
            Kind.SAID,
            Kind.ENTERED,
        ]


@pytest.mark.parametrize(
    ("created", "expected"),
    [(AT - timedelta(seconds=9), AT - timedelta(seconds=9)), (AT + timedelta(hours=1), AT)],
    ids=["late", "from the future"],
)
async def test_the_platform_s_time_counts_but_never_the_future(tmp_path, created, expected):
    async with desk(tmp_path) as it:
        await it.says(xml(Content="x", at=created))
        assert it.ears.heard[0].received_at == expected


SAMPLES = ["a picture", "a voice that was understood", "a link", "a location", "the bot named"]


@pytest.mark.parametrize("sample", SAMPLES)
async def test_the_vendor_s_parser_reads_the_same(tmp_path, sample):
    theirs = wechatpy.parse_message(HEARD[sample][0])
    async with desk(tmp_path) as it:
        await it.says(HEARD[sample][0])
        (ours,) = it.ears.heard
    assert (ours.sender, ours.external_id) == (theirs.source, str(theirs.id))
    assert ours.received_at == theirs.create_time
    refs = [one.ref.get("media_id") for one in ours.attachments if one.ref]
    assert refs == [one for one in [getattr(theirs, "media_id", None)] if one]


# What is said


def said(text="G1001 已受理，李强会来看", **changes):
    return replace(Outbound("i7:received", WANG, text, handle={"at": AT.isoformat()}), **changes)


async def test_words_go_as_a_customer_message(tmp_path):
    async with desk(tmp_path) as it:
        await it.channel.send(said())
        assert it.channel.limits.window == Window(timedelta(hours=48), 5)
    assert it.account.sent == [
        {"touser": OPENID, "msgtype": "text", "text": {"content": "G1001 已受理，李强会来看"}}
    ]


async def test_buttons_become_a_menu_and_come_back_as_clicks(tmp_path):
    async with desk(tmp_path) as it:
        await it.channel.send(said("G1001 楼道灯修好了吗？", card=CARD))
        (sent,) = it.account.sent
        menu = sent["msgmenu"]
        assert menu["head_content"] == "G1001 楼道灯修好了吗？"
        assert [one["content"] for one in menu["list"]] == ["满意", "不满意"]
        await it.says(xml(Content="不满意", bizmsgmenuid=menu["list"][1]["id"]))
        (heard,) = it.ears.heard
    assert (heard.kind, heard.button, heard.card) == (Kind.CLICKED, "dissatisfied", "G1001_7")


async def test_an_account_that_may_not_send_menus_says_it_in_words(tmp_path):
    async with desk(tmp_path) as it:
        it.account.menus = False
        for _ in range(2):
            await it.channel.send(said("G1001 修好了吗？回复满意或不满意", card=CARD))
    assert [one["msgtype"] for one in it.account.sent] == ["text", "text"]
    assert len(it.platform.asked(SEND)) == 3  # the menu was tried once


async def test_a_menu_that_is_refused_for_itself_is_said_in_words_this_time(tmp_path):
    async with desk(tmp_path) as it:
        it.platform.fault(SEND, Fault(code=45002))
        for _ in range(2):
            await it.channel.send(said(card=CARD))
    assert [one["msgtype"] for one in it.account.sent] == ["text", "msgmenu"]


LONG = "楼道灯不亮" * 400
CUTS = {
    "words": said(LONG),
    "words of four bytes a sign": said("😀" * 1000),
    "a menu's words": said(LONG, card=CARD),
}


@pytest.mark.parametrize("outbound", CUTS.values(), ids=CUTS)
async def test_too_long_words_are_cut_between_signs(tmp_path, outbound):
    async with desk(tmp_path) as it:
        await it.channel.send(outbound)
    (sent,) = it.account.sent
    words = sent["msgmenu"]["head_content"] if outbound.card else sent["text"]["content"]
    room = 2048 - (len("满意不满意".encode()) if outbound.card else 0)
    assert room - 6 <= len(words.encode()) <= room
    assert outbound.text.startswith(words[:-1])
    assert words.endswith("…")


async def test_more_and_longer_buttons_than_a_menu_takes_are_left_out(tmp_path):
    buttons = (Button("k" * 90, "太长"), *(Button(f"b{n}", "按" * 60) for n in range(12)))
    async with desk(tmp_path) as it:
        await it.channel.send(said(card=replace(CARD, buttons=buttons)))
        await it.channel.send(said(card=replace(CARD, buttons=buttons[:1])))
    menu, words = it.account.sent
    assert [one["id"] for one in menu["msgmenu"]["list"]] == [f"b{n}.G1001_7" for n in range(10)]
    assert words["msgtype"] == "text"


LIVE = '<a href="weixin://bizmsgmenu?msgmenucontent=满意&msgmenuid=1">点</a> 3<5 < A href=x>'


@pytest.mark.parametrize("card", [None, CARD], ids=["words", "menu"])
async def test_somebody_s_words_do_not_become_a_link(tmp_path, card):
    async with desk(tmp_path) as it:
        await it.channel.send(said(LIVE, card=card))
    (sent,) = it.account.sent
    words = sent["text"]["content"] if card is None else sent["msgmenu"]["head_content"]
    assert "<a" not in words.lower().replace(" ", "")
    assert "</a" not in words
    assert "3<5" in words


async def test_it_has_no_groups(tmp_path):
    async with desk(tmp_path) as it:
        with pytest.raises(SendError) as caught:
            await it.channel.send(said(address=Address("account", "g01", group=True)))
    assert caught.value.unreachable
    assert it.platform.calls == []


# Once the window is over

OWN_TEMPLATE = {
    "cards/verify": {"id": "TPL-2", "fields": {"phrase1": "status", "thing2": "number"}}
}
BY_CONSENT = {"default": {"id": "TPL-3", "way": "subscribe", "fields": {"thing1": "number"}}}


@asynccontextmanager
async def over(folder, templates=None, code=45015):
    """A desk where somebody cannot be written to any more, but for notices."""
    async with desk(folder, templates=TEMPLATES if templates is None else templates) as it:
        it.account.templates = {"TPL-1": set(FIELDS), "TPL-2": {"phrase1", "thing2"}}
        it.account.subscribed = {"TPL-3": {"thing1"}}
        it.account.closed[OPENID] = code
        yield it


@pytest.mark.parametrize("code", [45015, 45047], ids=["48 hours are over", "five were sent"])
async def test_then_a_notice_with_the_number_goes_by_template(tmp_path, code):
    async with over(tmp_path, code=code) as it:
        assert it.channel.limits.window is None
        await it.channel.send(said("G1001 已办结：楼道灯已经换好了，请放心\n请您评价"))
    (notice,) = it.account.notices
    assert 0 < len(notice.pop("client_msg_id")) <= 32
    assert notice == {
        "touser": OPENID,
        "template_id": "TPL-1",
        "data": {
            "character_string1": {"value": "G1001"},
            "thing2": {"value": "G1001 已办结：楼道灯已经换好了，…"},
            "time3": {"value": AT.astimezone(TZ).strftime("%Y-%m-%d %H:%M")},
        },
    }


async def test_a_notice_has_the_message_s_own_template_and_values(tmp_path):
    values = {"number": "G7777", "status": "等待您的评价"}
    outbound = said("修好了吗？", card=CARD, template="cards/verify", values=values)
    async with over(tmp_path, TEMPLATES | OWN_TEMPLATE) as it:
        await it.channel.send(outbound)
    (notice,) = it.account.notices
    assert notice["template_id"] == "TPL-2"
    assert notice["data"] == {"phrase1": {"value": "等待您的评"}, "thing2": {"value": "G7777"}}


async def test_a_card_s_number_and_title_stand_in_its_notice(tmp_path):
    async with over(tmp_path) as it:
        await it.channel.send(said("修好了吗？", card=CARD))
    data = it.account.notices[0]["data"]
    assert data["character_string1"] == {"value": "G1001"}
    assert data["thing2"] == {"value": "G1001 请您评价"}


async def test_a_notice_goes_by_consent_and_each_consent_once(tmp_path):
    async with over(tmp_path, BY_CONSENT) as it:
        it.account.consents = {(OPENID, "TPL-3")}
        await it.channel.send(said())
        with pytest.raises(SendError) as caught:
            await it.channel.send(said(once="i8:received"))
    assert (caught.value.unreachable, caught.value.code) == (True, 43101)
    assert it.account.notices == [
        {"touser": OPENID, "template_id": "TPL-3", "data": {"thing1": {"value": "G1001"}}}
    ]


NO_NOTICE = {
    "no template": (said(), {}),
    "no case": (said("好的，谢谢您"), TEMPLATES),
    "a value nobody knows": (said(), OWN_TEMPLATE | {"default": OWN_TEMPLATE["cards/verify"]}),
    "a number in a longer word": (said("编号XG1001Y"), TEMPLATES),
}


@pytest.mark.parametrize(("outbound", "templates"), NO_NOTICE.values(), ids=NO_NOTICE)
async def test_where_there_is_no_notice_he_cannot_be_reached(tmp_path, outbound, templates):
    async with over(tmp_path, templates) as it:
        with pytest.raises(SendError) as caught:
            await it.channel.send(outbound)
    assert (caught.value.unreachable, caught.value.code) == (True, 45015)
    assert it.account.notices == []
    assert it.platform.asked(NOTICE) == []


# code: retryable, unreachable
NOTICE_CODES = {
    -1: (True, False),
    40003: (False, True),
    40037: (False, True),
    43004: (False, True),
    43101: (False, True),
    44001: (False, True),
    45009: (True, False),
    47003: (False, True),
    48001: (False, True),
}


@pytest.mark.parametrize("code", NOTICE_CODES)
async def test_a_notice_that_is_refused_does_not_stop_the_channel(tmp_path, code):
    async with over(tmp_path) as it:
        it.platform.fault(NOTICE, Fault(code=code))
        with pytest.raises(SendError) as caught:
            await it.channel.send(said())
        assert (caught.value.retryable, caught.value.unreachable) == NOTICE_CODES[code]
        assert caught.value.code == code
        assert it.channel.connected


async def test_a_notice_whose_answer_was_lost_is_not_shown_twice(tmp_path):
    async with over(tmp_path) as it:
        it.platform.fault(NOTICE, Fault(half=True, after=True))
        with pytest.raises(SendError) as caught:
            await it.channel.send(said())
        assert caught.value.retryable
        await it.channel.send(said())
    assert len(it.platform.asked(NOTICE)) == 2
    assert len(it.account.notices) == 1


# Refusals

# code: retryable, unreachable, the channel rests
CODES_OUT = {
    -1: (True, False, False),
    40001: (True, False, False),
    40003: (False, True, False),
    40013: (True, False, True),
    40125: (True, False, True),
    40164: (True, False, True),
    40200: (False, False, False),
    41001: (False, False, False),
    43004: (False, True, False),
    43019: (False, True, False),
    44001: (False, False, False),
    45002: (False, False, False),
    45009: (True, False, False),
    45015: (False, True, False),
    45047: (False, True, False),
    48001: (True, False, True),
    48002: (True, False, True),
    50001: (True, False, True),
    61004: (True, False, True),
    99999: (True, False, False),
}


@pytest.mark.parametrize("code", CODES_OUT)
async def test_a_refusal_says_what_is_next(tmp_path, code):
    async with desk(tmp_path) as it:
        it.platform.fault(SEND, *[Fault(code=code, message="no")] * 2)
        with pytest.raises(SendError) as caught:
            await it.channel.send(said())
        error, rests = caught.value, CODES_OUT[code][2]
        assert (error.retryable, error.unreachable) == CODES_OUT[code][:2]
        assert error.code == code
        assert it.channel.trouble == (f"code_{code}" if rests else "")
        if code != 45009:
            assert it.channel.connected is not rests


def test_the_codes_only_accounts_know_are_in_the_tables():
    assert {*OWN} <= set(CODES_OUT)
    assert {*OWN_NOTICE} - {*OWN} <= set(NOTICE_CODES)
    assert {40125, 40164, 61004, 45015, 45047, 43004} <= set(CODES) & {*CODES_OUT, *NOTICE_CODES}


BROKEN = {"down": Fault(status=502), "half an answer": Fault(half=True)}


@pytest.mark.parametrize("fault", BROKEN.values(), ids=BROKEN)
async def test_a_fault_of_the_platform_is_tried_again(tmp_path, fault):
    async with desk(tmp_path) as it:
        it.platform.fault(SEND, fault)
        with pytest.raises(SendError) as caught:
            await it.channel.send(said())
        assert (caught.value.retryable, caught.value.code) == (True, 0)
        await it.channel.send(said())
    assert len(it.account.sent) == 1


# The token


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_token_that_was_replaced_is_renewed_once(tmp_path, code):
    async with desk(tmp_path) as it:
        await it.channel.send(said())
        it.platform.fault(SEND, Fault(code=code))
        it.platform.expire()
        await it.channel.send(said(once="i8:received"))
    assert len(it.platform.asked(TOKEN_CALL)) == 2
    assert len(it.account.sent) == 2


async def test_a_token_refused_again_and_again_is_not_asked_for_in_a_loop(tmp_path):
    async with desk(tmp_path) as it:
        it.platform.fault(SEND, *[Fault(code=40001)] * 9)
        with pytest.raises(SendError) as caught:
            await it.channel.send(said())
        assert caught.value.retryable
    assert len(it.platform.asked(SEND)) == 2
    assert len(it.platform.asked(TOKEN_CALL)) == 2


async def test_messages_and_notices_share_one_token(tmp_path):
    async with over(tmp_path) as it:
        await asyncio.gather(*(it.channel.send(said(once=str(n))) for n in range(5)))
    assert len(it.platform.asked(TOKEN_CALL)) == 1


@pytest.mark.parametrize("code", [40001, 40125], ids=["invalid credential", "invalid appsecret"])
async def test_a_wrong_secret_stops_the_channel_and_asks_no_more(tmp_path, code):
    async with desk(tmp_path) as it:
        it.platform.fault(TOKEN_CALL, *[Fault(code=code)] * 9)
        for _ in range(5):
            with pytest.raises(SendError):
                await it.channel.send(said())
        assert it.channel.trouble == f"code_{code}"
        assert not it.channel.connected
    assert len(it.platform.asked(TOKEN_CALL)) == 1


ADDRESSES = {
    40164: "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 5fa26c60",
    61004: "access clientip is not registered requestIP: 203.0.113.7 rid: 5fa26c60",
}


@pytest.mark.parametrize("code", ADDRESSES)
async def test_the_operator_is_told_which_address_to_allow(tmp_path, code):
    async with desk(tmp_path) as it:
        it.platform.fault(TOKEN_CALL, Fault(code=code, message=ADDRESSES[code]))
        found = (await it.channel.examine())[-1]
    assert (found.key, found.good) == (f"code_{code}", False)
    assert found.fill["address"] == "203.0.113.7"


# Attachments and people


async def test_a_picture_is_fetched(tmp_path):
    async with desk(tmp_path) as it:
        it.account.files["MEDIA-1"] = ("灯.jpg", b"\xff\xd8picture")
        blob = await it.channel.fetch(MEDIA)
        assert (blob.data, blob.mime) == (b"\xff\xd8picture", "image/jpeg")


async def test_a_video_is_fetched_from_where_it_lies(tmp_path):
    async with desk(tmp_path) as it:
        it.account.videos["MEDIA-1"] = b"video"
        blob = await it.channel.fetch(MEDIA)
        assert (blob.data, blob.mime) == (b"video", "video/mp4")


@pytest.mark.parametrize(
    "host", ["http://10.0.0.1", "https://192.168.1.1", "file://", "ftp://example.com"]
)
async def test_a_video_is_not_fetched_from_our_own_network(tmp_path, host):
    async with desk(tmp_path) as it:
        it.account.videos["MEDIA-1"] = b"video"
        it.account.video_host = host
        with pytest.raises(FetchError) as caught:
            await it.channel.fetch(MEDIA)
    assert not caught.value.retryable


@pytest.mark.parametrize("ref", [{}, {"media_id": ""}, {"media_id": "gone"}])
async def test_what_is_not_there_is_not_fetched(tmp_path, ref):
    async with desk(tmp_path) as it:
        with pytest.raises(FetchError):
            await it.channel.fetch(ref)


PERSON = "/cgi-bin/user/info"


async def test_who_somebody_is_elsewhere_is_asked_once(tmp_path):
    async with desk(tmp_path) as it:
        it.account.unions[OPENID] = "oUnion"
        for number, sender in enumerate((OPENID, OPENID, "oNobody", "oNobody")):
            await it.says(xml(Content="灯坏了", msgid=str(number), sender=sender))
        assert [one.union for one in it.ears.heard] == ["oUnion", "oUnion", "", ""]
        assert [one.query["openid"] for one in it.platform.asked(PERSON)] == [OPENID, "oNobody"]


UNTOLD = {
    "not allowed": Fault(code=48001),
    "not followed": Fault(code=40003),
    "too often": Fault(code=45009),
    "down": Fault(status=502),
    "half an answer": Fault(half=True),
    "silence": Fault(silent=True),
}


@pytest.mark.parametrize("fault", UNTOLD.values(), ids=UNTOLD)
async def test_he_is_heard_also_where_nobody_says_who_he_is_and_asked_about_later(
    tmp_path, monkeypatch, fault
):
    if fault.silent:
        monkeypatch.setattr(official_account, "PATIENCE", 0.2)
    async with desk(tmp_path) as it:
        it.account.unions[OPENID] = "oUnion"
        it.platform.fault(PERSON, fault)
        for number in range(2):
            assert await it.says(xml(Content="灯坏了", msgid=str(number))) == (200, "")
        assert [one.union for one in it.ears.heard] == ["", ""]
        assert len(it.platform.asked(PERSON)) <= 1  # the second did not wait for it
        assert it.channel.connected
        it.at += timedelta(minutes=1)
        await it.says(xml(Content="灯坏了", msgid="9"))
        assert it.ears.heard[-1].union == "oUnion"


@pytest.mark.parametrize("union", [None, 7, ["oUnion"]], ids=["none", "a number", "a list"])
async def test_a_unionid_that_is_none_is_nobody_s(tmp_path, union):
    async with desk(tmp_path) as it:
        it.account.unions[OPENID] = union
        assert await it.says(xml(Content="灯坏了")) == (200, "")
        assert it.ears.heard[0].union == ""


# Looking after itself


async def test_examining_an_account_in_order(tmp_path):
    async with desk(tmp_path, run=False, templates=TEMPLATES | BY_CONSENT) as it:
        it.account.subscribed = {"TPL-3": {"thing1"}}
        found = await it.channel.examine()
    assert [(one.key, one.good) for one in found] == [
        ("callback_address", True),
        ("token_good", True),
        ("template_good", True),
    ]
    assert found[0].fill["url"] == "https://grid.example/callback/account"


async def test_examining_names_the_templates_that_are_missing(tmp_path):
    async with desk(tmp_path, run=False, templates=TEMPLATES | OWN_TEMPLATE) as it:
        it.account.templates = {"TPL-2": set()}
        found = await it.channel.examine()
        assert [(one.key, one.fill) for one in found[2:]] == [
            ("template_missing", {"id": "TPL-1"}),
            ("template_good", {"id": "TPL-2"}),
        ]
        it.platform.fault("/cgi-bin/template/get_all_private_template", Fault(code=48001))
        assert (await it.channel.examine())[-1].key == "code_48001"


SECRETS = {
    "a wrong secret": ({"secret": "wrong"}, "code_40125"),
    "another account's id": ({"app_id": "wxother"}, "code_40013"),
}


@pytest.mark.parametrize(("settings", "key"), SECRETS.values(), ids=SECRETS)
async def test_examining_names_what_is_wrong(tmp_path, settings, key):
    async with desk(tmp_path, run=False, **settings) as it:
        found = await it.channel.examine()
    assert [(one.key, one.good) for one in found][1:] == [(key, False)]


async def test_examining_where_nobody_answers(tmp_path):
    async with desk(tmp_path, run=False, api_base="http://127.0.0.1:9") as it:
        found = await it.channel.examine()
    assert [(one.key, one.good) for one in found][1:] == [("no_answer", False)]


async def test_notices_that_did_not_arrive_are_shown_for_a_day(tmp_path):
    async with desk(tmp_path) as it:
        for number, status in enumerate(("failed:user block", "failed: system failed")):
            plain = event("TEMPLATESENDJOBFINISH", MsgID=str(number), Status=status)
            assert await it.says(plain) == (200, "")
        (found,) = [one for one in await it.channel.examine() if not one.good]
        assert found.key == "account_undelivered"
        assert found.fill == {
            "count": "2",
            "reason": "failed: system failed",
            "at": AT.isoformat(),
        }
        it.at += timedelta(days=2)
        assert [one for one in await it.channel.examine() if not one.good] == []


async def test_a_notice_that_did_not_arrive_is_told_on_by_the_id_it_was_sent_under(tmp_path):
    told, away = [], [OSError("the store is away")]

    async def failed(failure):
        if away:
            raise away.pop()
        told.append(failure)

    async with desk(tmp_path, templates=TEMPLATES) as it:
        it.channel.report_to(failed)
        it.account.templates["TPL-1"] = set(FIELDS)
        it.account.closed[OPENID] = 45015
        id_ = await it.channel.send(said("G1001 请您评价"))
        calls = [
            event("TEMPLATESENDJOBFINISH", MsgID=id_, Status=status)
            for status in ("failed:user block", "success")
        ]
        assert [(await it.says(one))[0] for one in (calls[0], *calls)] == [503, 200, 200]
    assert told == [Failure(id_, "failed:user block")]


MISSING = {
    "nothing given": ({}, ("app_id", "secret", "token")),
    "safe without its key": ({"mode": "safe"}, ("app_id", "secret", "token", "aes_key")),
    "plain": ({"mode": "plain", "app_id": "x", "secret": "x", "token": "x"}, ()),
}


@pytest.mark.parametrize(("given", "missing"), MISSING.values(), ids=MISSING)
def test_the_keys_without_which_it_cannot_work(given, missing):
    assert Settings(**given).missing() == missing


MODE = {
    "no key": ({}, False),
    "a key": ({"aes_key": AES_KEY}, True),
    "a key that is not used yet": ({"aes_key": AES_KEY, "mode": "plain"}, False),
}


@pytest.mark.parametrize(("given", "encrypted"), MODE.values(), ids=MODE)
def test_the_mode_follows_the_key_unless_it_is_said(given, encrypted):
    assert Settings(**given).encrypted is encrypted


async def test_a_mode_nobody_knows_and_a_key_that_is_none_are_refused(tmp_path):
    with pytest.raises(ValueError, match="mode"):
        Settings(mode="secret")
    async with desk(tmp_path) as it:
        given = it.channel._settings.model_copy(update={"aes_key": SecretStr("short")})
        with pytest.raises(ValueError, match="43 characters"):
            official_account.make(given, it.parts)


@pytest.mark.parametrize(("mode", "warned"), [("plain", True), ("safe", False)])
async def test_plain_mode_is_warned_of(tmp_path, mode, warned):
    with structlog.testing.capture_logs() as logs:
        async with desk(tmp_path, mode):
            pass
    assert bool(lines(logs, "account.plain")) is warned


async def test_no_secret_in_a_log_nor_in_an_answer(tmp_path):
    with structlog.testing.capture_logs() as logs:
        async with over(tmp_path) as it:
            answers = [
                await it.says(xml(Content="x"), envelope=Envelope(TOKEN, AES_KEY, "other")),
                await it.says(BOMB),
                await it.caller.get("signature=x"),
            ]
            it.platform.fault(SEND, Fault(status=502), Fault(half=True), Fault(code=48002))
            for _ in range(3):
                with pytest.raises(SendError) as caught:
                    await it.channel.send(said("电话13900000000"))
                answers.append(str(caught.value))
            hidden = (*it.channel.secrets(), it.platform.token, "13900000000")
    told = json.dumps([logs, answers], default=str)
    assert {APP_SECRET, TOKEN, AES_KEY} == set(it.channel.secrets())
    assert len(lines(logs, "callback.refused")) == 3
    assert [one for one in hidden if one and one in told] == []
