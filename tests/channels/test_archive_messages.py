"""The records of the message archive as what people did: every kind, every field, nothing trusted."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels._archive_messages import (
    Changed,
    Heard,
    Noted,
    Place,
    View,
    doubtful,
    moment,
    read,
    unquoted,
)
from domain.messages import Address, Attachment, Kind

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
MS = int(AT.timestamp()) * 1000
VIEW = View("archive", ("网格助手",), frozenset(), False, AT)
ROOM = Address("archive", "wrFake0001", group=True)
BASE = {
    "msgid": "1234567890_1795305600_external",
    "action": "send",
    "from": "wmFakeExternal01",
    "tolist": ["zhangsan", "wmFakeExternal02"],
    "roomid": "wrFake0001",
    "msgtime": MS - 60_123,
}
FILE = {"md5sum": "0123ABCDEF", "filesize": 70961, "sdkfileid": "SDKFILEID"}
REF = {"sdkfileid": "SDKFILEID", "md5": "0123abcdef"}


def entry(kind, thing, **more):
    return BASE | {"msgtype": kind, kind: thing} | more


def item(kind, thing):
    return {"type": kind, "content": json.dumps(thing)}


SAID = {
    "words": (entry("text", {"content": "3栋2单元电梯坏了"}), "3栋2单元电梯坏了", ()),
    "words that look like markup": (
        entry("text", {"content": "灯]]>坏<xml>&amp;"}),
        "灯]]>坏<xml>&amp;",
        (),
    ),
    "control characters": (entry("text", {"content": "电梯\x00坏\r\n了"}), "电梯坏\n了", ()),
    "a picture": (entry("image", FILE), "", (Attachment("image", ref=REF),)),
    "a picture without a checksum": (
        entry("image", {"sdkfileid": "SDKFILEID", "md5sum": ""}),
        "",
        (Attachment("image", ref={"sdkfileid": "SDKFILEID"}),),
    ),
    "a voice": (
        entry("voice", FILE | {"voice_size": 2000, "play_length": 3}),
        "",
        (Attachment("voice", ref=REF),),
    ),
    "a video": (entry("video", FILE | {"play_length": 9}), "", (Attachment("video", ref=REF),)),
    "a file": (
        entry("file", FILE | {"filename": "报修单.pdf", "fileext": "pdf"}),
        "",
        (Attachment("file", name="报修单.pdf", ref=REF),),
    ),
    "a place on the map": (
        entry(
            "location",
            {
                "longitude": 116.5,
                "latitude": 39.9,
                "address": "琼花路8号",
                "title": "琼花园",
                "zoom": 15,
            },
        ),
        "琼花园 琼花路8号",
        (Attachment("location", name="39.9,116.5"),),
    ),
    "a link": (
        entry("link", {"title": "停水通知", "description": "x", "link_url": "https://a.example/1"}),
        "停水通知 https://a.example/1",
        (),
    ),
    "several things at once": (
        entry(
            "mixed",
            {
                "item": [
                    item("text", {"content": "灯坏了"}),
                    item("image", FILE),
                    {"type": "text", "content": "{"},
                ]
            },
        ),
        "灯坏了",
        (Attachment("image", ref=REF),),
    ),
    "a forwarded chat: its words": (
        entry(
            "chatrecord",
            {
                "title": "群聊",
                "item": [
                    item("ChatRecordText", {"content": "水管爆了"}),
                    item("ChatRecordImage", FILE),
                    item("ChatRecordMixed", {"item": [item("text", {"content": "在3号楼"})]}),
                ],
            },
        ),
        "水管爆了\n在3号楼",
        (),
    ),
}


@pytest.mark.parametrize(("raw", "text", "media"), SAID.values(), ids=SAID)
def test_what_people_say(raw, text, media):
    heard = read(raw, VIEW)
    assert isinstance(heard, Heard)
    said = heard.inbound
    assert (said.kind, said.text, said.attachments) == (Kind.SAID, text, media)
    assert (said.address, said.sender, said.external_id) == (
        ROOM,
        "wmFakeExternal01",
        BASE["msgid"],
    )
    assert said.received_at == AT - timedelta(milliseconds=60_123)
    assert heard.place == Place(room="wrFake0001")


def test_the_bot_named_and_ids_kept_letter_for_letter():
    raw = entry(
        "text", {"content": "@网格助手 灯坏了"}, roomid="wrAbCdEf0001", **{"from": "ZhangSan"}
    )
    said = read(raw, VIEW).inbound
    assert (said.text, said.named, said.address.chat, said.sender) == (
        "灯坏了",
        True,
        "wrAbCdEf0001",
        "ZhangSan",
    )


QUOTED = {
    "WeCom": (
        "这是一条引用/回复消息：\n“王芳：\n路灯坏了”\n------\n已经修好了",
        "路灯坏了",
        "已经修好了",
    ),
    "WeCom, straight quotation marks": (
        '这是一条引用/回复消息：\n"王芳:\n路灯\n坏了"\n------\n收到',
        "路灯\n坏了",
        "收到",
    ),
    "WeCom in English": (
        "This is a quote/reply:\n“Wang: \nno water”\n------\nfixed",
        "no water",
        "fixed",
    ),
    "WeChat": ("「王芳：路灯坏了」\n- - - - - - - - - - - - - - -\n修好了", "路灯坏了", "修好了"),
    "dashes alone": ("路灯坏了\n------\n谢谢", "", "路灯坏了\n------\n谢谢"),
    "plain words": ("“路灯”坏了", "", "“路灯”坏了"),
}


@pytest.mark.parametrize(("text", "quote", "words"), QUOTED.values(), ids=QUOTED)
def test_an_answer_and_what_it_answers(text, quote, words):
    assert unquoted(text) == (quote, words)
    said = read(entry("text", {"content": text}), VIEW).inbound
    assert (said.quote, said.text) == (quote, words)


def test_a_message_taken_back():
    raw = entry("revoke", {"pre_msgid": "M-1"}, action="recall", msgid="M-2")
    said = read(raw, VIEW).inbound
    assert (said.kind, said.card, said.external_id, said.text) == (Kind.RECALLED, "M-1", "M-2", "")


SECONDS = MS // 1000 - 600
CHANGES = {
    "agreed in a group": (
        entry("agree", {"userid": "wmFakeLi01", "agree_time": SECONDS}),
        Changed(Place(room="wrFake0001"), "wmFakeLi01", True, AT - timedelta(seconds=600)),
    ),
    "milliseconds": (
        entry("agree", {"userid": "wmFakeLi01", "agree_time": SECONDS * 1000}),
        Changed(Place(room="wrFake0001"), "wmFakeLi01", True, AT - timedelta(seconds=600)),
    ),
    "no longer, in a chat with a member": (
        entry("disagree", {"userid": "wmFakeLi01", "disagree_time": SECONDS}, roomid="", tolist=["zhangsan"], **{"from": "wmFakeLi01"}),
        Changed(Place(member="zhangsan"), "wmFakeLi01", False, AT - timedelta(seconds=600)),
    ),
    "without a moment": (
        entry("disagree", {}),
        Changed(Place(room="wrFake0001"), "wmFakeExternal01", False, AT - timedelta(milliseconds=60_123)),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "change"), CHANGES.values(), ids=CHANGES)
def test_somebody_agrees_or_no_longer(raw, change):
    assert read(raw, VIEW) == change


DROPPED = {
    "a member moved to another corp": ({"msgid": "M", "action": "switch", "time": 1, "user": "zhangsan"}, "switch"),
    "a robot": (entry("text", {"content": "x"}, **{"from": "wbFakeRobot1"}), "robot"),
    "a private chat": (entry("text", {"content": "x"}, roomid=""), "elsewhere"),
    "a kind nobody reads": (entry("redpacket", {"wish": "x"}), "redpacket"),
    "a sticker": (entry("emotion", FILE), "emotion"),
    "no id": (entry("text", {"content": "x"}, msgid=None), "no ids"),
    "an id of control characters": (entry("text", {"content": "x"}, msgid="a\nb"), "no ids"),
    "no words": (entry("text", {"content": ""}), "text"),
    "words that are none": (entry("text", {"content": 5}), "text"),
    "nothing where something should be": (entry("text", None), "text"),
    "a picture that cannot be fetched": (entry("image", {"md5sum": "x"}), "image"),
    "several things, none of them readable": (entry("mixed", {"item": [7, {"type": "x"}]}), "mixed"),
    "a name that is somebody's words": (entry("坏了 3号楼", {}), "?"),
    "a revocation of nothing": (entry("revoke", {}), "revoke"),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "what"), DROPPED.values(), ids=DROPPED)
def test_what_is_dropped_by_name(raw, what):
    assert read(raw, VIEW) == Noted(what)


def test_chats_forwarded_within_each_other_end_somewhere():
    thing = {"content": "水管爆了"}
    raw = item("ChatRecordText", thing)
    for _ in range(5):  # each wrapping doubles the backslashes
        raw = item("chatrecord", {"item": [raw]})
    assert read(entry("chatrecord", {"item": [raw]}), VIEW) == Noted("chatrecord")


def test_only_the_groups_that_are_listed():
    view = View("archive", (), frozenset({"wrOther"}), False, AT)
    assert read(entry("text", {"content": "x"}), view) == Noted("elsewhere")
    there = entry("text", {"content": "x"}, roomid="wrOther")
    assert isinstance(read(there, view), Heard)


PRIVATE = {
    "a person outside writes to a member": ("wmFakeLi01", ["zhangsan"], True),
    "the member answers": ("zhangsan", ["wmFakeLi01"], True),
    "two members": ("zhangsan", ["lisi"], False),
    "to nobody": ("wmFakeLi01", [], False),
}


@pytest.mark.parametrize(("sender", "to", "read_"), PRIVATE.values(), ids=PRIVATE)
def test_private_chats_where_they_are_wanted(sender, to, read_):
    view = View("archive", (), frozenset(), True, AT)
    heard = read(entry("text", {"content": "x"}, roomid="", tolist=to, **{"from": sender}), view)
    assert isinstance(heard, Heard) == read_
    if isinstance(heard, Heard):
        assert heard.inbound.address == Address("archive", "wmFakeLi01")
        assert (heard.inbound.sender, heard.place) == (sender, Place(member="zhangsan"))


# A userid is the corp's own choice: initials like these are common (wechat.md 1e has beginnings only).
WHOSE = {
    "a member by his pinyin": ("zhangsan", "member"),
    "a member who begins as people outside do": ("wm", "member"),
    "a member who begins as the other kind does": ("wo.lin", "member"),
    "a member who begins as robots do": ("wb01", "member"),
    "somebody outside": ("wmFakeLi01", "outside"),
    "somebody outside of the other kind": ("woFakeLi01", "outside"),
    "a robot": ("wbRobot01", "robot"),
    "somebody whose id only holds a member's": ("wm2", "outside"),
}
ARCHIVED = frozenset({"zhangsan", "wm", "wo.lin", "wb01"})


@pytest.mark.parametrize(("sender", "whose"), WHOSE.values(), ids=WHOSE)
def test_whose_id_it_is(sender, whose):
    view = View("archive", (), frozenset(), False, AT, ARCHIVED)
    found = read(entry("text", {"content": "x"}, **{"from": sender}), view)
    if whose == "robot":
        assert found == Noted("robot")
    else:
        assert (found.inbound.sender, found.member) == (sender, whose == "member")


def test_a_member_is_asked_for_no_consent_and_is_the_member_of_a_chat():
    view = View("archive", (), frozenset(), True, AT, ARCHIVED)
    agreed = entry("agree", {"userid": "wm", "agree_time": MS}, **{"from": "wm"})
    assert read(agreed, view) == Noted("a member's consent")
    said = entry("text", {"content": "x"}, roomid="", tolist=["wmFakeLi01"], **{"from": "wm"})
    heard = read(said, view)
    assert (heard.inbound.address, heard.place) == (
        Address("archive", "wmFakeLi01"),
        Place(member="wm"),
    )


DOUBTFUL = {
    "a member in a group of neighbours": ({}, False),
    "a neighbour": ({"from": "wmFakeLi01"}, True),
    "a robot": ({"from": "wbRobot01"}, True),
    "a member writes to somebody outside": ({"roomid": "", "tolist": ["wmFakeLi01"]}, True),
    "a member writes to a member": ({"roomid": "", "tolist": ["lisi"]}, False),
    "somebody agrees, told by another": (
        {"msgtype": "agree", "agree": {"userid": "wmFakeLi01"}},
        True,
    ),
    "nothing is as it should be": ({"from": 1, "tolist": 2, "msgtype": None}, False),
}


@pytest.mark.parametrize(("changes", "asked"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_the_members_are_asked_for_only_where_an_id_does_not_show_whose_it_is(changes, asked):
    around = {"from": "zhangsan", "tolist": ["lisi", "wmFakeLi01"], "roomid": "wrFake0001"}
    assert doubtful(entry("text", {"content": "x"}, **(around | changes))) is asked


MOMENTS = {
    "milliseconds": (MS - 1, AT - timedelta(milliseconds=1)),
    "seconds": (MS // 1000 - 1, AT - timedelta(seconds=1)),
    "ahead of our clock": (MS + 60_000, AT),
    "beyond every calendar": (10**25, AT),
    "none": (None, AT),
    "not a number": ("1795305600123", AT),
    "yes": (True, AT),
}


@pytest.mark.parametrize(("stamp", "at"), MOMENTS.values(), ids=MOMENTS)
def test_moments(stamp, at):
    assert moment(stamp, AT) == at
