"""微信客服 against the double of its platform, over HTTP: what is pulled, and what is sent."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from bot.channels import wecom_kf
from bot.channels._codes import CODES
from bot.channels._envelope import Envelope
from bot.channels._kf_reader import Rests
from bot.channels.base import Failure, FetchError, SendError, Window
from bot.channels.wecom_kf import OWN, WecomKf
from domain.messages import Address, Attachment, Button, Card, Kind, Outbound
from tests.channels.parts import AES_KEY, TOKEN, Caller, Ears, called, made
from tests.channels.wecom_tools import eventually, lines, running
from tests.doubles.platform import CORP, SECRET, Fault, Platform
from tests.doubles.platform import running as platform_running
from tests.doubles.platform_kf import ACCOUNT, Kf

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
NOW = int(AT.timestamp())
WANG = Address("kf", "wmFake01")
CARD = Card("G1001_7", "请您评价", "楼道灯修好了吗？", (), (Button("satisfied", "满意"),))
QUICK = Rests(every=3600.0, retry=0.01)
SEND, WELCOME, SYNC = (
    f"/cgi-bin/kf/{one}" for one in ("send_msg", "send_msg_on_event", "sync_msg")
)


@dataclass
class Desk:
    """The running channel, the platform it talks to, and a clock that is moved by hand."""

    platform: Platform
    kf: Kf
    channel: WecomKf
    ears: Ears
    caller: Caller
    parts: object
    at: datetime = AT

    def now(self):
        return self.at

    async def call(self, account=ACCOUNT, ticket="KFTOKEN", envelope=None):
        """The platform calls: something is there."""
        plain = (
            f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><CreateTime>{NOW}</CreateTime>"
            "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event>"
            f"<Token><![CDATA[{ticket}]]></Token><OpenKfId><![CDATA[{account}]]></OpenKfId></xml>"
        )
        return await self.caller.xml(envelope or Envelope(TOKEN, AES_KEY, CORP), plain)

    async def heard(self, count=1):
        """The first things that were heard."""
        await eventually(lambda: len(self.ears.heard) >= count)
        return self.ears.heard[:count]

    async def read(self, times=1):
        """Wait until the account was read to its end that many times."""
        await eventually(lambda: len(self.platform.asked(SYNC)) >= times)
        await self.idle()

    async def idle(self):
        """Wait until nobody reads: the lease is given back after the last page is stored."""
        lease = as_another(self.parts.lease(f"kf kf {ACCOUNT}"))
        async with asyncio.timeout(10):
            while not await lease.hold():  # noqa: ASYNC110 - there is no event to wait for
                await asyncio.sleep(0)
        await lease.release()


def as_another(lease):
    """The lease as another process sees it."""
    lease._holder = "another process"
    return lease


@asynccontextmanager
async def desk(folder, *, accounts=(ACCOUNT,), rests=QUICK, fill=None, run=True, secret=SECRET):
    """A desk; `fill` writes history before the channel starts."""
    kf = Kf(accounts=accounts)
    if fill:
        fill(kf)
    async with platform_running(kf.calls) as platform:
        it = Desk(platform, kf, None, Ears(), None, None)
        async with made(folder, "kf", it.now) as parts:
            settings = wecom_kf.Settings(
                corp_id=CORP,
                secret=secret,
                token=TOKEN,
                aes_key=AES_KEY,
                open_kfid=list(accounts),
                api_base=platform.base,
                names=["网格助手"],
            )
            it.parts, it.channel = parts, WecomKf(settings, parts, rests)
            async with called(it.channel) as it.caller:
                if not run:
                    yield it
                    return
                async with running(it.channel, it.ears):
                    await eventually(lambda: it.channel.connected)
                    yield it


# What is heard

MEDIA = {"media_id": "MEDIA-1"}
ENTRIES = {
    "words": (
        {"msgtype": "text", "text": {"content": "3号楼2单元路灯坏了", "menu_id": ""}},
        {"kind": Kind.SAID, "text": "3号楼2单元路灯坏了", "button": ""},
    ),
    "words that close a CDATA": (
        {"msgtype": "text", "text": {"content": "灯]]>坏<xml>"}},
        {"kind": Kind.SAID, "text": "灯]]>坏<xml>"},
    ),
    "the bot named": (
        {"msgtype": "text", "text": {"content": "@网格助手 灯坏了"}},
        {"text": "灯坏了", "named": True},
    ),
    "a menu entry of ours": (
        {"msgtype": "text", "text": {"content": "满意", "menu_id": "satisfied|G1001_7"}},
        {"kind": Kind.CLICKED, "button": "satisfied", "card": "G1001_7", "text": ""},
    ),
    "a menu entry of the console": (
        {"msgtype": "text", "text": {"content": "我要报修", "menu_id": "101"}},
        {"kind": Kind.SAID, "text": "我要报修"},
    ),
    "a picture": (
        {"msgtype": "image", "image": MEDIA},
        {"text": "", "attachments": (Attachment("image", ref=MEDIA),)},
    ),
    "a voice": (
        {"msgtype": "voice", "voice": MEDIA},
        {"attachments": (Attachment("voice", ref=MEDIA),)},
    ),
    "a video": (
        {"msgtype": "video", "video": MEDIA},
        {"attachments": (Attachment("video", ref=MEDIA),)},
    ),
    "a file": (
        {"msgtype": "file", "file": MEDIA},
        {"attachments": (Attachment("file", ref=MEDIA),)},
    ),
    "a location": (
        {
            "msgtype": "location",
            "location": {
                "latitude": 32.4,
                "longitude": 119.4,
                "name": "琼花苑东门",
                "address": "文昌路1号",
            },
        },
        {"text": "琼花苑东门 文昌路1号", "attachments": (Attachment("location", "32.4,119.4"),)},
    ),
    "a link": (
        {"msgtype": "link", "link": {"title": "停水公告", "url": "https://example.invalid/1"}},
        {"text": "停水公告 https://example.invalid/1"},
    ),
}


@pytest.mark.parametrize(("entry", "expected"), ENTRIES.values(), ids=ENTRIES)
async def test_what_a_customer_sends_is_heard(tmp_path, entry, expected):
    async with desk(tmp_path) as it:
        it.kf.say("kf-1", NOW - 5, **entry)
        assert await it.call() == (200, "")
        (heard,) = await it.heard()
    assert (heard.address, heard.sender, heard.external_id) == (WANG, "wmFake01", "kf-1")
    assert heard.received_at == AT - timedelta(seconds=5)
    assert heard.handle["kf"] == ACCOUNT
    assert {key: getattr(heard, key) for key in expected} == expected


UNHEARD = {
    "a servicer's words": {"origin": 5, "msgtype": "text", "text": {"content": "您好"}},
    "a card of business": {"msgtype": "business_card", "business_card": {"userid": "x"}},
    "a kind nobody knows": {"msgtype": "hologram", "hologram": {"content": "13900000000"}},
    "a text without words": {"msgtype": "text", "text": {"content": 7}},
    "a picture without an id": {"msgtype": "image", "image": {}},
    "a kind that is none": {"msgtype": ["text"]},
    "somebody without an id": {
        "msgtype": "text",
        "text": {"content": "x"},
        "external_userid": "a\nb",
    },
}


@pytest.mark.parametrize("entry", UNHEARD.values(), ids=UNHEARD)
async def test_what_nobody_said_is_passed_over_and_the_next_is_heard(tmp_path, entry):
    with structlog.testing.capture_logs() as logs:
        async with desk(tmp_path) as it:
            it.kf.say("kf-1", NOW, **entry)
            it.kf.say("kf-2", NOW, msgtype="text", text={"content": "灯坏了"})
            await it.call()
            (heard,) = await it.heard()
    assert heard.external_id == "kf-2"
    assert lines(logs, "kf.noted")
    assert "13900000000" not in str(logs)


async def test_who_comes_in_by_a_grid_s_link_is_greeted_with_the_grid_known(tmp_path):
    async with desk(tmp_path) as it:
        more = {"scene": "g01", "scene_param": "3-201", "welcome_code": "WELCOME"}
        it.kf.event("kf-1", NOW, "enter_session", **more)
        await it.call()
        (heard,) = await it.heard()
        assert (heard.kind, heard.address, heard.text) == (Kind.ENTERED, WANG, "g01 3-201")
        assert (heard.handle["grid"], heard.handle["scene_param"]) == ("g01", "3-201")
        await it.channel.send(Outbound("once", heard.address, "您好", handle=heard.handle))
    (welcome,) = it.kf.welcomed
    assert (welcome["code"], welcome["text"]) == ("WELCOME", {"content": "您好"})
    assert it.kf.sent == []


@pytest.mark.parametrize(
    ("at", "code"), [(NOW - 21, "WELCOME"), (NOW, "")], ids=["too late", "in the middle of a talk"]
)
async def test_no_greeting_where_it_would_cost_a_message(tmp_path, at, code):
    async with desk(tmp_path) as it:
        it.kf.event("kf-1", at, "enter_session", scene="g01", welcome_code=code)
        it.kf.say("kf-2", NOW, msgtype="text", text={"content": "灯坏了"})
        await it.call()
        (heard,) = await it.heard()
    assert heard.kind is Kind.SAID


async def test_a_recall_names_what_is_taken_back(tmp_path):
    async with desk(tmp_path) as it:
        it.kf.say("kf-1", NOW - 9, msgtype="text", text={"content": "灯坏了"})
        it.kf.event("kf-2", NOW, "user_recall_msg", recall_msgid="kf-1")
        await it.call()
        said, recalled = await it.heard(2)
    assert (recalled.kind, recalled.card, recalled.address) == (Kind.RECALLED, "kf-1", said.address)


@pytest.mark.parametrize(
    "kind", ["session_status_change", "servicer_status_change", "servicer_recall_msg", "new_thing"]
)
async def test_other_events_are_noted_only(tmp_path, kind):
    async with desk(tmp_path) as it:
        it.kf.event("kf-1", NOW, kind, change_type=1)
        it.kf.say("kf-2", NOW, msgtype="text", text={"content": "灯坏了"})
        await it.call()
        (heard,) = await it.heard()
    assert heard.external_id == "kf-2"


async def test_what_arrived_nowhere_after_all_is_shown_to_the_operator(tmp_path):
    with structlog.testing.capture_logs() as logs:
        async with desk(tmp_path) as it:
            for number, reason in enumerate((4, 6)):
                it.kf.event(f"kf-{number}", NOW, "msg_send_fail", fail_msgid="m1", fail_type=reason)
            it.kf.say("kf-9", NOW, msgtype="text", text={"content": "在"})
            await it.call()
            await it.heard()
            found = {one.key: one for one in await it.channel.examine()}
            assert not found["kf_undelivered"].good
            assert found["kf_undelivered"].fill == {
                "count": "2",
                "fail_type": "6",
                "at": AT.isoformat(),
            }
            it.at += timedelta(days=2)
            assert "kf_undelivered" not in {one.key for one in await it.channel.examine()}
    assert [line["fail_type"] for line in lines(logs, "kf.undelivered")] == ["4", "6"]


async def test_what_arrived_nowhere_is_told_on_and_told_again_where_nobody_could_take_it(tmp_path):
    told, away = [], [OSError("the store is away")]

    async def failed(failure):
        if away:
            raise away.pop()
        told.append(failure)

    async with desk(tmp_path, run=False) as it:
        it.channel.report_to(failed)
        for number, reason in enumerate((4, 6, 10, 0)):
            it.kf.event(
                f"e{number}", NOW, "msg_send_fail", fail_msgid=f"m{number}", fail_type=reason
            )
        it.kf.say("kf-9", NOW, msgtype="text", text={"content": "在"})
        async with running(it.channel, it.ears):
            await it.heard()
    reasons = (("4", True), ("6", True), ("10", True), ("0", False))
    assert told == [Failure(f"m{n}", why, over=over) for n, (why, over) in enumerate(reasons)]


# Pulling


async def test_a_long_history_with_empty_pages_is_read_to_its_end_in_order(tmp_path):
    def fill(kf):
        kf.page = 2
        for number in range(7):
            kf.say(f"kf-{number}", NOW + number - 30, msgtype="text", text={"content": "x"})
            for _ in range(2 if number == 3 else 0):
                kf.hide()

    async with desk(tmp_path, fill=fill, rests=Rests(every=3600.0, retry=3600.0)) as it:
        heard = await it.heard(7)
        await it.idle()
        assert await it.parts.vault.cursor(f"kf {ACCOUNT}") == "CURSOR-9"
    assert [one.external_id for one in heard] == [f"kf-{number}" for number in range(7)]


async def test_entries_of_a_page_are_heard_in_the_order_of_their_time(tmp_path):
    def fill(kf):
        kf.say("late", NOW, msgtype="text", text={"content": "x"})
        kf.say("early", NOW - 9, msgtype="text", text={"content": "x"})

    async with desk(tmp_path, fill=fill) as it:
        assert [one.external_id for one in await it.heard(2)] == ["early", "late"]


async def test_an_account_never_read_before_is_not_read_days_back(tmp_path):
    def fill(kf):
        kf.say("old", NOW - 7200, msgtype="text", text={"content": "x"})
        kf.say("new", NOW - 60, msgtype="text", text={"content": "x"})

    async with desk(tmp_path, fill=fill) as it:
        assert [one.external_id for one in await it.heard(1)] == ["new"]
        await it.idle()
        it.kf.say("after a stop", NOW - 7200, msgtype="text", text={"content": "x"})
        await it.call()
        assert (await it.heard(2))[1].external_id == "after a stop"


async def test_after_a_start_reading_goes_on_where_it_stood(tmp_path):
    async with desk(tmp_path) as it:
        it.kf.say("kf-1", NOW, msgtype="text", text={"content": "x"})
        await it.call()
        await it.heard()
        await it.idle()
        kept = it.kf
    kept.say("kf-2", NOW, msgtype="text", text={"content": "y"})

    def fill(kf):
        kf.histories = kept.histories

    async with desk(tmp_path, fill=fill) as it:
        assert [one.external_id for one in await it.heard()] == ["kf-2"]


async def test_a_lost_callback_is_made_up_for(tmp_path):
    async with desk(tmp_path, rests=Rests(every=0.01, retry=0.01)) as it:
        await it.read()
        it.kf.say("kf-1", NOW, msgtype="text", text={"content": "x"})
        assert len(await it.heard()) == 1


async def test_the_same_entry_twice_is_one_message(tmp_path):
    async with desk(tmp_path) as it:
        for _ in range(2):
            it.kf.say("kf-1", NOW, msgtype="text", text={"content": "x"})
        it.kf.say("kf-2", NOW, msgtype="text", text={"content": "y"})
        await it.call()
        await it.heard(2)
    assert [one.external_id for one in it.ears.heard] == ["kf-1", "kf-2"]


async def test_what_the_store_refuses_is_read_again(tmp_path):
    async with desk(tmp_path) as it:
        await it.read()
        it.ears.refusing = True
        it.kf.say("kf-1", NOW, msgtype="text", text={"content": "x"})
        await it.call()
        await it.read(3)
        assert await it.parts.vault.cursor(f"kf {ACCOUNT}") == "CURSOR-0"
        it.ears.refusing = False
        assert len(await it.heard()) == 1


FAULTS = {
    "busy": Fault(code=-1),
    "down": Fault(status=502),
    "half an answer": Fault(half=True),
    "too many at once": Fault(code=45033),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_reading_survives_a_fault(tmp_path, fault):
    async with desk(tmp_path) as it:
        await it.read()
        it.platform.fault(SYNC, fault)
        it.kf.say("kf-1", NOW, msgtype="text", text={"content": "x"})
        await it.call()
        await eventually(lambda: len(it.platform.asked(SYNC)) >= 2)
        it.at += timedelta(minutes=2)
        assert len(await it.heard()) == 1


async def test_a_token_of_the_callback_that_is_too_old_is_left_out(tmp_path):
    async with desk(tmp_path) as it:
        await it.read()
        it.kf.say("kf-1", NOW, msgtype="text", text={"content": "x"})
        await it.call(ticket="STALE")
        assert len(await it.heard()) == 1
    tokens = [body.get("token") for body in it.platform.bodies(SYNC)]
    assert tokens[-2:] == ["STALE", None]


async def test_one_process_at_a_time_reads_an_account(tmp_path):
    async with desk(tmp_path, run=False) as it:
        other = as_another(it.parts.lease(f"kf kf {ACCOUNT}"))
        assert await other.hold()
        it.kf.say("kf-1", NOW, msgtype="text", text={"content": "x"})
        asked = []

        class Watched:
            """The lease of this process; notes what it is told."""

            def __init__(self, name):
                self._lease = it.parts.lease(name)
                self.release = self._lease.release

            async def hold(self):
                asked.append(await self._lease.hold())
                return asked[-1]

        settings = it.channel._settings
        channel = WecomKf(settings, replace(it.parts, lease=Watched), QUICK)
        async with running(channel, it.ears):
            await eventually(lambda: len(asked) >= 3)
            assert not any(asked)
            assert it.platform.asked(SYNC) == []
            await other.release()
            assert len(await it.heard()) == 1


# The callback's door


async def test_a_call_for_another_account_starts_nothing(tmp_path):
    async with desk(tmp_path) as it:
        await it.read()
        it.kf.say("kf-1", NOW, msgtype="text", text={"content": "x"})
        assert (await it.call(ACCOUNT + "x"))[0] == 200
        await it.idle()
    assert len(it.platform.asked(SYNC)) == 1
    assert it.ears.heard == []


# Out


def said(text="已受理 G1001", **changes):
    return replace(Outbound("i7:received", WANG, text, handle={"kf": ACCOUNT}), **changes)


async def test_words_are_sent_under_a_key_of_their_own(tmp_path):
    async with desk(tmp_path) as it:
        assert it.channel.limits.window == Window(timedelta(hours=48), 5)
        first = await it.channel.send(said())
        second = await it.channel.send(said(once="i8:received"))
    one, two = it.kf.sent
    assert one == {
        "touser": "wmFake01",
        "open_kfid": ACCOUNT,
        "msgid": first,
        "msgtype": "text",
        "text": {"content": "已受理 G1001"},
    }
    assert two["msgid"] == second != first


async def test_buttons_become_a_menu_and_come_back_as_clicks(tmp_path):
    async with desk(tmp_path) as it:
        await it.channel.send(said("楼道灯修好了吗？", card=CARD))
        (menu,) = it.kf.sent
        (entry,) = menu["msgmenu"]["list"]
        assert entry["click"]["content"] == "满意"
        text = {"content": "满意", "menu_id": entry["click"]["id"]}
        it.kf.say("kf-1", NOW, msgtype="text", text=text)
        await it.call()
        (heard,) = await it.heard()
    assert (heard.kind, heard.button, heard.card) == (Kind.CLICKED, "satisfied", "G1001_7")


LONG = "楼道灯不亮" * 400
CUTS = {
    "words": (said(LONG), 2048),
    "words of four bytes a sign": (said("😀" * 1000), 2048),
    "a menu's words": (said(LONG, card=CARD), 1024),
}


@pytest.mark.parametrize(("outbound", "limit"), CUTS.values(), ids=CUTS)
async def test_too_long_words_are_cut_between_signs(tmp_path, outbound, limit):
    async with desk(tmp_path) as it:
        await it.channel.send(outbound)
        (sent,) = it.kf.sent
    words = sent["msgmenu"]["head_content"] if outbound.card else sent["text"]["content"]
    assert limit - 6 <= len(words.encode()) <= limit
    assert outbound.text.startswith(words[:-1])
    assert words.endswith("…")


async def test_more_and_longer_buttons_than_a_menu_takes_are_left_out(tmp_path):
    buttons = (Button("k" * 90, "太长"), *(Button(f"b{n}", "按" * 60) for n in range(12)))
    async with desk(tmp_path) as it:
        await it.channel.send(said(card=replace(CARD, buttons=buttons)))
        await it.channel.send(said(once="x", card=replace(CARD, buttons=buttons[:1])))
        menu, words = it.kf.sent
    assert [one["click"]["id"] for one in menu["msgmenu"]["list"]] == [
        f"b{n}|G1001_7" for n in range(10)
    ]
    assert words["msgtype"] == "text"


async def test_control_signs_and_halves_of_signs_do_not_stop_a_message(tmp_path):
    async with desk(tmp_path) as it:
        await it.channel.send(said("灯\x00坏\ud800了"))
    assert it.kf.sent[0]["text"]["content"] == "灯坏了"


async def test_a_push_goes_where_the_person_last_spoke(tmp_path):
    both = (ACCOUNT, "wkFake02")
    async with desk(tmp_path, accounts=both) as it:
        it.kf.say("kf-1", NOW, account="wkFake02", msgtype="text", text={"content": "x"})
        await it.call("wkFake02")
        await it.heard()
        await it.channel.send(said(handle={}))
    assert [one["open_kfid"] for one in it.kf.sent] == ["wkFake02"]


async def test_a_push_tries_each_account_while_nobody_knows_where_he_spoke(tmp_path):
    async with desk(tmp_path, accounts=(ACCOUNT, "wkFake02")) as it:
        it.platform.fault(SEND, Fault(code=95002))
        await it.channel.send(said(handle={}))
        assert [one["open_kfid"] for one in it.kf.sent] == ["wkFake02"]
        it.platform.fault(SEND, Fault(code=95002), Fault(code=95001))
        with pytest.raises(SendError) as caught:
            await it.channel.send(said(once="y", handle={}))
    assert (caught.value.unreachable, caught.value.code) == (True, 95001)


async def test_a_late_welcome_is_an_ordinary_message(tmp_path):
    handle = {"kf": ACCOUNT, "welcome": "WELCOME", "at": AT.isoformat()}
    async with desk(tmp_path) as it:
        it.at += timedelta(seconds=20)
        await it.channel.send(said(handle=handle))
    assert (len(it.kf.welcomed), len(it.kf.sent)) == (0, 1)


async def test_a_second_message_to_one_coming_is_an_ordinary_one(tmp_path):
    handle = {"kf": ACCOUNT, "welcome": "WELCOME", "at": AT.isoformat()}
    async with desk(tmp_path) as it:
        await it.channel.send(said(handle=handle))
        it.platform.fault(WELCOME, Fault(code=95007))
        await it.channel.send(said(once="x", handle=handle))
    assert (len(it.kf.welcomed), len(it.kf.sent)) == (1, 1)


@pytest.mark.parametrize("lost", [Fault(status=502, after=True), Fault(half=True, after=True)])
async def test_a_lost_acknowledgement_does_not_say_it_twice(tmp_path, lost):
    async with desk(tmp_path) as it:
        it.platform.fault(SEND, lost)
        with pytest.raises(SendError) as caught:
            await it.channel.send(said())
        assert caught.value.retryable
        assert await it.channel.send(said()) == it.kf.sent[0]["msgid"]
    assert len(it.kf.sent) == 1


# code: retryable, unreachable, the channel rests
CODES_OUT = {
    -1: (True, False, False),
    40001: (True, False, True),
    40058: (False, False, False),
    40096: (False, True, False),
    45002: (False, False, False),
    45009: (True, False, False),
    45033: (True, False, False),
    48002: (True, False, True),
    60020: (True, False, True),
    95000: (False, True, False),
    95001: (False, True, False),
    95002: (False, True, False),
    95004: (False, True, False),
    95007: (False, True, False),
    95011: (True, False, True),
    95012: (True, False, True),
    95013: (False, True, False),
    95016: (False, True, False),
    95017: (True, False, True),
    95018: (False, True, False),
}


@pytest.mark.parametrize("code", CODES_OUT)
async def test_a_refusal_says_what_is_next(tmp_path, code):
    async with desk(tmp_path) as it:
        it.platform.fault(SEND, *[Fault(code=code, message="from ip: 1.2.3.4")] * 2)
        with pytest.raises(SendError) as caught:
            await it.channel.send(said())
        error = caught.value
        assert (error.retryable, error.unreachable) == CODES_OUT[code][:2]
        assert error.code == code
        assert it.channel.trouble == (f"code_{code}" if CODES_OUT[code][2] else "")
        if CODES_OUT[code][2]:
            assert not it.channel.connected


def test_every_code_of_customer_service_is_in_the_table():
    assert {code for code in {*CODES, *OWN} if 95000 <= code < 96000} <= set(CODES_OUT)


@pytest.mark.parametrize("code", [40014, 42001])
async def test_a_token_that_ended_is_renewed_once(tmp_path, code):
    async with desk(tmp_path) as it:
        await it.read()
        it.platform.fault(SEND, Fault(code=code))
        it.platform.expire()
        await it.channel.send(said())
    assert len(it.platform.asked("/cgi-bin/gettoken")) == 2


async def test_a_picture_is_fetched(tmp_path):
    async with desk(tmp_path) as it:
        it.kf.files["MEDIA-1"] = ("灯.jpg", b"\xff\xd8picture")
        blob = await it.channel.fetch(MEDIA)
        assert (blob.data, blob.mime) == (b"\xff\xd8picture", "image/jpeg")
        with pytest.raises(FetchError):
            await it.channel.fetch({"media_id": "MEDIA-2"})


PEOPLE = "/cgi-bin/kf/customer/batchget"


async def test_who_somebody_is_elsewhere_is_asked_once(tmp_path):
    async with desk(tmp_path) as it:
        it.kf.unions["wmFake01"] = "oUnion"
        for number in range(2):
            it.kf.say(f"kf-{number}", NOW, msgtype="text", text={"content": "x"})
            await it.call()
            await it.heard(number + 1)
        it.kf.say("kf-9", NOW, msgtype="text", text={"content": "x"}, external_userid="wmNew")
        await it.call()
        await it.heard(3)
    assert [one.union for one in it.ears.heard] == ["oUnion", "oUnion", ""]
    asked = [body["external_userid_list"] for body in it.platform.bodies(PEOPLE)]
    assert asked == [["wmFake01"], ["wmNew"]]


@pytest.mark.parametrize(
    "fault",
    [Fault(code=48002), Fault(code=95013), Fault(status=502), Fault(half=True)],
    ids=["not allowed", "refused", "down", "half an answer"],
)
async def test_he_is_heard_also_where_nobody_says_who_he_is(tmp_path, fault):
    async with desk(tmp_path) as it:
        it.platform.fault(PEOPLE, fault)
        it.kf.say("kf-1", NOW, msgtype="text", text={"content": "x"})
        await it.call()
        assert (await it.heard())[0].union == ""
        assert it.channel.connected


# Looking after itself


async def test_examining_an_account_in_order(tmp_path):
    async with desk(tmp_path) as it:
        found = await it.channel.examine()
    assert [(one.key, one.good) for one in found] == [
        ("callback_address", True),
        ("token_good", True),
        ("kf_account_good", True),
    ]
    assert found[0].fill["url"] == "https://grid.example/callback/kf"


async def test_examining_names_what_is_wrong(tmp_path):
    async with desk(tmp_path, secret="wrong", run=False) as it:
        found = await it.channel.examine()
        assert [(one.key, one.good) for one in found][1:] == [("code_40001", False)]
    async with desk(tmp_path, run=False) as it:
        it.kf.accounts = ()
        found = await it.channel.examine()
        assert ("kf_account_bad", False) in [(one.key, one.good) for one in found]
    async with desk(tmp_path, run=False) as it:
        it.platform.fault(SYNC, Fault(code=60020, message="not allow, from ip: 10.1.2.3"))
        (fault,) = [one for one in await it.channel.examine() if one.key == "code_60020"]
        assert fault.fill["address"] == "10.1.2.3"


def test_the_keys_without_which_it_cannot_work():
    assert wecom_kf.Settings(open_kfid="wk1, wk2").open_kfid == ["wk1", "wk2"]
    assert wecom_kf.Settings().missing() == ("corp_id", "secret", "token", "aes_key", "open_kfid")


async def test_no_secret_in_a_log_nor_in_an_answer(tmp_path):
    with structlog.testing.capture_logs() as logs:
        async with desk(tmp_path, rests=Rests(every=0.01, retry=0.01)) as it:
            it.platform.fault(SYNC, Fault(status=502), Fault(half=True), Fault(code=60020))
            it.platform.fault(SEND, Fault(status=502))
            with pytest.raises(SendError) as caught:
                await it.channel.send(said("电话13900000000"))
            answer = await it.call(envelope=Envelope(TOKEN, AES_KEY, "other"))
            await eventually(lambda: len(it.platform.asked(SYNC)) >= 2)
            hidden = (*it.channel.secrets(), it.platform.token, "13900000000")
    told = json.dumps([logs, answer, str(caught.value)], default=str)
    assert logs
    assert set(it.channel.secrets()) == {SECRET, TOKEN, AES_KEY}
    assert [one for one in hidden if one and one in told] == []
