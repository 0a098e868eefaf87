"""The pure half of the WeCom robot: what frames mean, and which frames say an Outbound."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels._wecom_frames import Ack, Dropped, Kicked, read, strip_names
from bot.channels._wecom_replies import (
    VERDICTS,
    cut_bytes,
    cut_chars,
    plan,
    refusal,
    stream_id,
    template_card,
)
from bot.channels.base import SendError
from domain.messages import Address, Button, Card, Inbound, Kind, Outbound
from tests.doubles import wecom_rules as rules

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
NAMES = ("网格助手", "网格助手2号")
GROUP = Address("robot", "wrAbCdEf0001", group=True)
PRIVATE = Address("robot", "zhangsan")


def hear(frame):
    raw = frame if isinstance(frame, str | bytes) else json.dumps(frame)
    return read(raw, channel="robot", names=NAMES, now=NOW)


def message(msgtype="text", content=None, *, chat="wrAbCdEf0001", cmd="aibot_msg_callback", **more):
    place = {"chatid": chat, "chattype": "group"} if chat else {"chattype": "single"}
    body = {"msgid": "M1", "aibotid": "B", "from": {"userid": "zhangsan"}, "msgtype": msgtype}
    body |= place | ({msgtype: content} if content is not None else {}) | more
    return {"cmd": cmd, "headers": {"req_id": "R1"}, "body": body}


def event(**content):
    return message("event", content, cmd="aibot_event_callback")


def said(words, **more):
    return message("text", {"content": words}, **more)


HANDLE = {"req_id": "R1", "kind": "msg", "at": NOW.isoformat()}
PICTURE = {"url": "https://example.invalid/enc/1", "aeskey": "a2V5"}


def test_a_group_message_comes_whole():
    heard = hear(said("@网格助手 上报 3栋2单元电梯坏了"))
    assert heard == Inbound(
        address=GROUP,
        sender="zhangsan",
        external_id="M1",
        received_at=NOW,
        text="上报 3栋2单元电梯坏了",
        named=True,
        handle=HANDLE,
    )


def test_a_private_message_is_addressed_by_the_person():
    heard = hear(said("你好", chat=""))
    assert (heard.address, heard.named, heard.private) == (PRIVATE, False, True)


def test_a_group_message_is_for_the_bot_even_when_its_name_is_not_known():
    heard = hear(said("@小助手 接单"))
    assert (heard.text, heard.named) == ("@小助手 接单", True)


MENTIONS = [
    pytest.param("@网格助手\u2005上报 3栋", "上报 3栋", True, id="four-per-em space"),
    pytest.param("＠网格助手 接单", "接单", True, id="full-width at sign"),
    pytest.param("@网格助手2号 接单", "接单", True, id="longest name first"),
    pytest.param("@网格助手3号 接单", "@网格助手3号 接单", False, id="a longer name nobody knows"),
    pytest.param("接单 G1 @网格助手", "接单 G1", True, id="at the end"),
    pytest.param(
        "@张三 @网格助手\u2005 接单 G1\n第二行", "@张三 接单 G1\n第二行", True, id="middle"
    ),
    pytest.param("@网格助手，电梯坏了", "，电梯坏了", True, id="comma after the name"),
    pytest.param("@网格助手@网格助手2号 hi", "hi", True, id="two names in a row"),
    pytest.param("@网格助手", "", True, id="nothing but the name"),
    pytest.param("请找网格助手", "请找网格助手", False, id="name without the sign"),
    pytest.param("好\u3000\u2003的", "好 的", False, id="wide spaces become one"),
    pytest.param(
        "👨\u200d👩\u200d👧 好", "👨\u200d👩\u200d👧 好", False, id="joined emoji survive"
    ),
]


@pytest.mark.parametrize(("text", "rest", "found"), MENTIONS)
def test_names_are_stripped(text, rest, found):
    assert strip_names(text, NAMES) == (rest, found)


def test_without_names_nothing_is_stripped():
    assert strip_names("@网格助手 hi", ("", " ")) == ("@网格助手 hi", False)


CONTENTS = [
    pytest.param("voice", {"content": "路灯不亮"}, "路灯不亮", [], id="voice is its transcript"),
    pytest.param("image", PICTURE, "", ["image"], id="image"),
    pytest.param("file", PICTURE, "", ["file"], id="file"),
    pytest.param(
        "video", {"url": "https://e.invalid/1"}, "", ["video"], id="no key is kept as none"
    ),
    pytest.param(
        "mixed",
        {
            "msg_item": [
                {"msgtype": "text", "text": {"content": "@网格助手 办结"}},
                {"msgtype": "image", "image": PICTURE},
                {"msgtype": "text", "text": {"content": "G1"}},
                {"msgtype": "image", "image": {"url": 5}},
                {"msgtype": "mixed", "mixed": {"msg_item": []}},
                "rubbish",
            ]
        },
        "办结\nG1",
        ["image"],
        id="mixed, what is readable of it",
    ),
]


@pytest.mark.parametrize(("msgtype", "content", "text", "kinds"), CONTENTS)
def test_every_message_type_is_read(msgtype, content, text, kinds):
    heard = hear(message(msgtype, content))
    assert heard.text == text
    assert [one.kind for one in heard.attachments] == kinds


def test_an_attachment_carries_what_fetching_needs():
    (picture,) = hear(message("image", PICTURE, chat="")).attachments
    assert picture.ref == PICTURE


QUOTES = [
    pytest.param({"msgtype": "text", "text": {"content": " G1 电梯 "}}, "G1 电梯", 0, id="text"),
    pytest.param({"msgtype": "voice", "voice": {"content": "路灯"}}, "路灯", 0, id="voice"),
    pytest.param({"msgtype": "image", "image": PICTURE}, "", 1, id="image comes along"),
    pytest.param({"msgtype": "file", "file": PICTURE}, "", 1, id="file comes along"),
    pytest.param(
        {
            "msgtype": "mixed",
            "mixed": {
                "msg_item": [
                    {"msgtype": "text", "text": {"content": "坏了"}},
                    {"msgtype": "image", "image": PICTURE},
                ]
            },
        },
        "坏了",
        1,
        id="mixed",
    ),
    pytest.param({"msgtype": "markdown", "markdown": {"content": "x"}}, "", 0, id="unknown type"),
    pytest.param("rubbish", "", 0, id="no object"),
    pytest.param(None, "", 0, id="null"),
]


@pytest.mark.parametrize(("quote", "words", "media"), QUOTES)
def test_a_quote_brings_its_words_and_media(quote, words, media):
    heard = hear(said("@网格助手 接单", quote=quote))
    assert (heard.text, heard.quote, len(heard.attachments)) == ("接单", words, media)


CLICKS = [
    pytest.param({"template_card_event": {"event_key": "k", "task_id": "T"}}, id="nested"),
    pytest.param({"event_key": "k", "task_id": "T"}, id="flat"),
    pytest.param({"templateCardEvent": {"eventKey": "k", "taskId": "T"}}, id="nested camel case"),
    pytest.param({"eventKey": "k", "taskId": "T"}, id="flat camel case"),
    pytest.param({"template_card_event": {"event_key": "k"}, "task_id": "T"}, id="half and half"),
]


@pytest.mark.parametrize("shape", CLICKS)
def test_a_click_is_read_in_every_shape(shape):
    heard = hear(event(eventtype="template_card_event", **shape))
    assert (heard.kind, heard.button, heard.card) == (Kind.CLICKED, "k", "T")
    assert heard.handle == {**HANDLE, "kind": "card", "task_id": "T"}


def test_entering_the_chat_asks_for_a_welcome():
    frame = message("event", {"eventtype": "enter_chat"}, chat="", cmd="aibot_event_callback")
    heard = hear(frame)
    assert (heard.kind, heard.address) == (Kind.ENTERED, PRIVATE)
    assert heard.handle["kind"] == "enter"


def test_another_subscriber_is_told_without_a_sender():
    body = {"from": {"userid": ""}, "event": {"eventtype": "disconnected_event"}}
    assert hear({"cmd": "aibot_event_callback", "headers": {}, "body": body}) == Kicked()


ACKS = [
    pytest.param({"errcode": 0, "errmsg": "ok"}, Ack("R1", 0, "ok"), id="taken"),
    pytest.param({"errcode": 6000, "errmsg": 7}, Ack("R1", 6000), id="message of a wrong type"),
    pytest.param({"errcode": 0, "body": {"msgid": "X"}}, Ack("R1", 0, msgid="X"), id="with an id"),
    pytest.param({"errcode": 0, "cmd": "ping"}, Ack("R1", 0), id="cmd echoed"),
    pytest.param({"errcode": True}, Dropped("unknown cmd", "?"), id="code of a wrong type"),
    pytest.param({"cmd": "new_cmd"}, Dropped("unknown cmd", "new_cmd"), id="unknown cmd"),
]


@pytest.mark.parametrize(("frame", "meaning"), ACKS)
def test_acks(frame, meaning):
    assert hear({"headers": {"req_id": "R1"}, **frame}) == meaning


DROPPED = [
    pytest.param("{", "not a JSON object", id="malformed JSON"),
    pytest.param("[1]", "not a JSON object", id="an array"),
    pytest.param("null", "not a JSON object", id="null"),
    pytest.param(b"\xff\xfe\xff", "not a JSON object", id="no UTF-8"),
    pytest.param("[" * 100_000, "not a JSON object", id="nested too deep"),
    pytest.param("{}", "unknown cmd", id="empty object"),
    pytest.param('{"cmd": ["x"], "headers": 3, "body": "x"}', "unknown cmd", id="wrong types"),
    pytest.param(said("x", **{"from": {"userid": ""}}), "no sender", id="empty sender"),
    pytest.param(said("x", **{"from": {}}), "no sender", id="no sender"),
    pytest.param(said("x", **{"from": "zhangsan"}), "no sender", id="sender of a wrong type"),
    pytest.param(said("x", chatid=None), "group message without a chat id", id="no chat id"),
    pytest.param(said("x", chatid="a\0b"), "group message without a chat id", id="NUL in the id"),
    pytest.param(
        said("x", chatid="a\nb"), "group message without a chat id", id="a new line in the id"
    ),
    pytest.param(said("x", chatid="a" * 300), "group message without a chat id", id="endless id"),
    pytest.param(message("hologram", {}), "unknown or unreadable message type", id="unknown type"),
    pytest.param(
        message("text", {"content": 5}), "unknown or unreadable message type", id="number"
    ),
    pytest.param(
        message("image", {}), "unknown or unreadable message type", id="image without URL"
    ),
    pytest.param(
        message("mixed", {"msg_item": {}}), "unknown or unreadable message type", id="mixed"
    ),
    pytest.param(message("stream", {"id": "S"}), "stream refresh", id="stream refresh"),
    pytest.param(event(eventtype="feedback_event"), "event of no interest", id="feedback"),
    pytest.param(event(eventtype=["x"]), "event of no interest", id="event of a wrong type"),
    pytest.param(event(eventtype="template_card_event"), "click without a key", id="no key"),
]


@pytest.mark.parametrize(("frame", "reason"), DROPPED)
def test_what_cannot_be_handled_is_dropped_with_a_reason(frame, reason):
    heard = hear(frame)
    assert isinstance(heard, Dropped)
    assert heard.reason == reason


def test_a_reason_never_repeats_a_persons_words():
    assert hear(message("电话 13900000000", {})).detail == "?"


def test_a_message_without_ids_is_heard_and_answered_by_push():
    frame = said("电梯坏了")
    del frame["body"]["msgid"], frame["headers"]
    heard = hear(frame)
    assert (heard.text, heard.external_id, heard.handle) == ("电梯坏了", "", {})


def test_dirty_text_is_cleaned():
    raw = json.dumps(said("a\0b\ud800c\r\nd\u001be😀")).replace("\\u001b", "\u001b")
    assert hear(raw).text == "abc\nde😀"


def test_a_megabyte_of_text_is_cut():
    assert len(hear(said("报" * 1_000_000)).text) == 20_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["cmd", "headers", "req_id", "body", "msgid", "chatid", "chattype", "from", "userid", "msgtype", "text", "content", "mixed", "msg_item", "image", "url", "aeskey", "voice", "quote", "event", "eventtype", "event_key", "template_card_event", "errcode"]
)  # fmt: skip
VALUES = st.sampled_from(
    ["aibot_msg_callback", "aibot_event_callback", "group", "single", "text", "mixed", "image", "voice", "quote", "event", "template_card_event", "enter_chat", "disconnected_event", "�", "\x00"]
)  # fmt: skip
FRAMES = st.dictionaries(
    KEYS,
    st.recursive(
        VALUES | JSON,
        lambda inner: st.dictionaries(KEYS, inner, max_size=8) | st.lists(inner, max_size=3),
        max_leaves=25,
    ),
    max_size=6,
)


@given(JSON | FRAMES | st.builds(lambda body: said("x") | {"body": body}, FRAMES))
def test_no_json_whatsoever_makes_the_parser_raise(frame):
    assert isinstance(hear(frame), Inbound | Ack | Kicked | Dropped)


@given(st.text() | st.binary())
def test_no_bytes_whatsoever_make_the_parser_raise(raw):
    assert isinstance(hear(raw), Inbound | Ack | Kicked | Dropped)


# -- outwards ----------------------------------------------------------------------------------

CARD = Card(
    "G2026-0001_1",
    "G2026-0001 电梯故障",
    "居民反映电梯停在5楼",
    (("时限", "4小时内到场"),),
    (Button("case:accept", "接单"), Button("case:transfer", "转派")),
)
BARE = Card("T", "已接单")


def outbound(handle=None, *, card=None, text="已受理", address=GROUP):
    return Outbound("once-1", address, text, card, handle or {})


def handle(kind, age=0.0, **more):
    at = (NOW - timedelta(seconds=age)).isoformat()
    return {"req_id": "R1", "kind": kind, "at": at, **more}


PLANS = [
    pytest.param(outbound(), ["aibot_send_msg markdown"], id="no handle is a push"),
    pytest.param(outbound(card=CARD), ["aibot_send_msg template_card"], id="a pushed card"),
    pytest.param(outbound(card=BARE), ["aibot_send_msg markdown"], id="a card without buttons"),
    pytest.param(
        outbound(handle("msg")),
        ["aibot_respond_msg stream", "aibot_send_msg markdown"],
        id="a reply, and a push behind it",
    ),
    pytest.param(
        outbound(handle("msg"), card=CARD),
        ["aibot_respond_msg template_card", "aibot_send_msg template_card"],
        id="a card as a reply",
    ),
    pytest.param(
        outbound(handle("msg", 86400)), ["aibot_send_msg markdown"], id="a reply after 24 hours"
    ),
    pytest.param(
        outbound({"req_id": "R1", "kind": "msg", "at": "yesterday"}),
        ["aibot_respond_msg stream", "aibot_send_msg markdown"],
        id="a reply to a message of unknown age is tried",
    ),
    pytest.param(
        outbound({"kind": "msg", "at": NOW.isoformat()}), ["aibot_send_msg markdown"], id="no req_id"
    ),
    pytest.param(outbound({"kind": "x", "req_id": "R"}), ["aibot_send_msg markdown"], id="odd kind"),
    pytest.param(
        outbound(handle("card", 4.9, task_id="T9"), card=CARD),
        ["aibot_respond_update_msg update_template_card", "aibot_send_msg markdown"],
        id="a click in time changes the card",
    ),
    pytest.param(
        outbound(handle("card", 5.1, task_id="T9"), card=CARD),
        ["aibot_send_msg markdown"],
        id="a click too late gets words",
    ),
    pytest.param(
        outbound(handle("card", task_id="T9")), ["aibot_send_msg markdown"], id="no card, words"
    ),
    pytest.param(
        outbound(handle("card", task_id="T9"), card=BARE),
        ["aibot_send_msg markdown"],
        id="a card without buttons and without a link cannot be an update",
    ),
    pytest.param(
        outbound({"req_id": "R1", "kind": "card", "task_id": "T9", "at": "2026-11-22"}, card=CARD),
        ["aibot_send_msg markdown"],
        id="a click of unknown age gets words",
    ),
    pytest.param(
        outbound(handle("enter", 1), address=PRIVATE), ["aibot_respond_welcome_msg text"], id="welcome"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("out", "frames"), PLANS)
def test_how_it_is_said(out, frames):
    requests = plan(out, NOW)
    assert [
        f"{one.cmd} {one.body.get('msgtype') or one.body['response_type']}" for one in requests
    ] == frames
    for one in requests:
        assert rules.fault(one.cmd, one.body) is None
        assert bool(one.req_id) == (one.cmd != "aibot_send_msg")


def test_an_update_keeps_the_task_id_that_was_clicked():
    first, _ = plan(outbound(handle("card", task_id="T9"), card=CARD), NOW)
    assert first.body["template_card"]["task_id"] == "T9"


def test_with_a_link_a_card_without_buttons_is_a_notice():
    first, _ = plan(outbound(handle("card", task_id="T9"), card=BARE), NOW, "https://e.invalid/")
    card = first.body["template_card"]
    assert (card["card_type"], card["card_action"]["url"]) == ("text_notice", "https://e.invalid/")
    assert rules.fault(first.cmd, first.body) is None


@pytest.mark.parametrize(
    "out", [outbound(handle("enter", 6)), outbound(handle("enter") | {"at": ""})]
)
def test_a_welcome_that_is_late_is_not_said(out):
    with pytest.raises(SendError) as caught:
        plan(out, NOW)
    assert not caught.value.retryable


def test_a_push_tells_groups_from_people():
    types = [plan(outbound(address=to), NOW)[0].body["chat_type"] for to in (PRIVATE, GROUP)]
    assert types == [1, 2]


def test_an_overlong_card_is_cut_to_the_limits():
    card = Card(
        "T",
        "题" * 40,
        "正" * 200,
        tuple((f"名字很长的第{n}个", "值" * 40) for n in range(9)),
        (*(Button(f"k{n}", "按钮上的字太多了吧是的") for n in range(9)), Button("k0", "again"),
         Button("键" * 400, "key too long")),
    )  # fmt: skip
    body = template_card(card)
    assert rules.card_fault(body) is None
    assert len(body["button_list"]) == 6
    assert len(body["horizontal_content_list"]) == 6
    assert body["main_title"]["title"].endswith("…")


def test_a_repeat_has_the_same_stream_id():
    assert stream_id("a") == stream_id("a") != stream_id("b")


CUTS = [
    pytest.param("好的", 6, "好的", id="fits exactly"),
    pytest.param("好的呀", 8, "好…", id="between characters"),
    pytest.param("a😀b", 5, "a…", id="not inside an emoji"),
    pytest.param("见 [公告](https://e.invalid/1) 完", 26, "见 …", id="not inside a link"),
    pytest.param("见 [公告文字很长很长很长]", 20, "见 …", id="not inside a link's words"),
    pytest.param("a\0b\ud800", 10, "ab", id="cleaned"),
]


@pytest.mark.parametrize(("text", "limit", "cut"), CUTS)
def test_text_is_cut_by_bytes(text, limit, cut):
    assert cut_bytes(text, limit) == cut


@given(st.text(), st.integers(4, 60))
def test_a_cut_never_exceeds_its_limit(text, limit):
    assert len(cut_bytes(text, limit).encode()) <= limit
    assert len(cut_chars(text, limit)) <= limit


def test_a_very_long_text_keeps_within_the_platforms_limit():
    (one,) = plan(outbound(text="[报" * 20_000), NOW)
    assert rules.fault(one.cmd, one.body) is None
    assert len(one.body["markdown"]["content"].encode()) > 19_000


REFUSALS = [
    pytest.param(6000, True, False, 0.5, id="6000 conflict: soon again"),
    pytest.param(45009, True, False, 60.0, id="45009 too often: wait a minute"),
    pytest.param(45033, True, False, 5.0, id="45033 too many at once: wait"),
    pytest.param(93006, False, True, None, id="93006 invalid chat: unreachable"),
    pytest.param(40058, False, False, None, id="40058 bad parameter: final"),
    pytest.param(846605, False, False, None, id="846605 invalid req_id, as a push: final"),
    pytest.param(777777, True, False, 30.0, id="an unpublished code: again"),
]


@pytest.mark.parametrize(("code", "retryable", "unreachable", "after"), REFUSALS)
def test_error_codes(code, retryable, unreachable, after):
    error = refusal(code)
    facts = (error.retryable, error.unreachable, error.retry_after, error.code)
    assert facts == (retryable, unreachable, after, code)


def test_only_a_spent_reply_becomes_a_push():
    assert {code for code, verdict in VERDICTS.items() if verdict.push} == {846605, 846608}
