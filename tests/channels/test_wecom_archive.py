"""The message archive through a real C library: order, keys, crashes, consent, files, nothing lost."""

import asyncio
import hashlib
import os
import shutil
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from bot.channels import _archive_reader as reader
from bot.channels import _rests
from bot.channels._archive_keys import Keys as ArchiveKeys
from bot.channels._archive_keys import Unfit
from bot.channels.base import FetchError, Received, SendError
from bot.channels.wecom_archive import LIMITS, Settings, make
from domain.messages import Address, Kind, Outbound
from store import inbox
from tests.channels.archive_desk import (
    AT,
    LI,
    NOW,
    QUICK,
    ROOM,
    ROOM_AGREE,
    SINGLE_AGREE,
    WANG,
    ZHANG,
    Rests,
    Spans,
    desk,
    put_keys,
)
from tests.channels.wecom_tools import eventually, lines, running
from tests.doubles.finance import KILLER, LIBRARY, Archive, Keys, compiled
from tests.doubles.platform import CORP, SECRET, Fault

KEYS = Keys()


@pytest.fixture(scope="session")
def library(tmp_path_factory) -> Path:
    return compiled(tmp_path_factory.mktemp("finance"))


@pytest.fixture
def archive(tmp_path, library) -> Archive:
    """An empty archive in a deployment's folder, its key of version 3 at hand."""
    shutil.copyfile(library, tmp_path / LIBRARY)
    put_keys(tmp_path, KEYS, (3,))
    return Archive(tmp_path, KEYS)


class Inbox:
    """The real inbox as what accepts: what is stored can be looked at."""

    def __init__(self, it):
        self.store = it.parts.vault._store

    async def __call__(self, inbound):
        async with self.store.write() as conn:
            new = await inbox.add(self.store, conn, [inbox.row_of(inbound)])
        return Received.NEW if new else Received.SEEN


# Reading


async def test_pages_in_the_order_of_seq_and_the_cursor_behind_them(archive, monkeypatch):
    monkeypatch.setattr(reader, "LIMIT", 2)
    for number in range(5):
        archive.text(f"M-{number}", f"第{number}句", msgtime=(NOW - number) * 1000)
    async with desk(archive) as it:
        assert [one.text for one in await it.heard(5)] == [f"第{n}句" for n in range(5)]
        await eventually(lambda: "5 2" in archive.calls("GetChatData"))
        assert list(dict.fromkeys(archive.calls("GetChatData")))[:3] == ["0 2", "2 2", "4 2"]
        assert it.ears.heard[1].received_at == AT - timedelta(seconds=1)
        assert it.channel.connected
    assert not it.channel.connected


async def test_a_thousand_at_once_and_no_more_often_than_600_times_a_minute(archive, monkeypatch):
    async with desk(archive) as it:
        await it.looks()
    assert archive.calls("GetChatData")[0] == "0 1000"
    assert Rests().pace >= 60 / 600
    monkeypatch.setattr(reader, "LIMIT", 1)
    for number in range(4):
        archive.text(f"M-{number}", "x")
    began = asyncio.get_running_loop().time()
    async with desk(archive, rests=Rests(pace=0.05)) as it:
        await it.heard(4)
    assert asyncio.get_running_loop().time() - began >= 3 * 0.05


async def test_after_a_restart_reading_goes_on_where_it_stood(archive):
    archive.text("M-1", "一")
    async with desk(archive) as it:
        assert await it.passed("F-1") == ["一"]
        await eventually(lambda: "2 1000" in archive.calls("GetChatData"))
    archive.text("M-2", "二")
    async with desk(archive) as it:
        assert await it.passed("F-2") == ["二"]


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        pytest.param(
            f"900 {AT.isoformat()} wwOther", ["一"], id="another corp's: from the beginning"
        ),
        pytest.param("900 - wwOther", ["一"], id="another's, never read up"),
        pytest.param("1 - " + CORP, [], id="its own"),
        pytest.param(f"1 {AT.isoformat()}", [], id="its own, kept by an earlier version"),
    ],
)
async def test_another_corp_s_archive_counts_from_its_own_beginning(archive, kept, read):
    archive.text("M-1", "一")
    async with desk(archive, run=False) as it:
        await it.parts.vault.keep_cursor("archive archive", kept)
        async with running(it.channel, it.ears):
            assert await it.passed() == read


async def test_with_the_cursor_lost_nothing_is_stored_twice(archive):
    archive.text("M-1", "一", msgtime=(NOW - 10) * 1000)
    archive.text("M-2", "二", msgtime=(NOW - 5) * 1000)
    for _ in range(2):
        async with desk(archive, run=False) as it:
            accept = Inbox(it)
            await it.parts.vault.keep_cursor("archive archive", "")
            before = len(archive.calls("GetChatData"))
            task = asyncio.create_task(it.channel.run(accept))
            await eventually(lambda: archive.calls("GetChatData")[before:][1:])  # noqa: B023
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            async with accept.store.read() as conn:
                found = await inbox.claim(conn, AT)
    assert archive.calls("GetChatData").count("0 1000") == 2
    assert [one.inbound.text for letters in found.values() for one in letters] == ["一", "二"]


async def test_at_the_first_start_the_last_hour_only(archive):
    archive.text("M-1", "上周的事", msgtime=(NOW - 3601) * 1000)
    archive.text("M-2", "刚才的事", msgtime=(NOW - 3599) * 1000)
    async with desk(archive) as it:
        assert await it.passed() == ["刚才的事"]
        await it.looks(2)
        archive.text("M-3", "晚到的旧话", msgtime=(NOW - 7200) * 1000)
        assert await it.passed("F-2") == ["刚才的事", "fence", "晚到的旧话"]


async def test_what_cannot_be_stored_comes_again_in_order(archive):
    async with desk(archive) as it:
        it.ears.refusing = True
        archive.text("M-1", "一")
        archive.text("M-2", "二")
        await it.looks(3)
        it.ears.refusing = False
        assert await it.passed() == ["一", "二"]


async def test_one_process_reads_and_another_takes_over(archive):
    archive.text("M-1", "一")
    async with desk(archive, run=False) as it:
        other = it.parts.lease("archive archive")
        other._holder = "another process"
        assert await other.hold()
        task = asyncio.create_task(it.channel.run(it.ears))
        await eventually(lambda: it.channel.connected)
        for _ in range(200):
            await asyncio.sleep(0)
        assert archive.calls("GetChatData") == []
        await other.release()
        assert await it.heard()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await other.hold()  # given back at once


async def test_the_lease_lost_in_the_middle_of_a_page_ends_the_page(archive):
    for number in range(3):
        archive.text(f"M-{number}", f"第{number}句")
    async with desk(archive, run=False, rests=Rests(renew=0.0, standby=0.01)) as it:
        other = it.parts.lease("archive archive")
        other._holder = "another process"

        async def accept(inbound):
            await it.ears(inbound)
            await it.channel._reader._lease.release()
            assert await other.hold()
            return Received.NEW

        task = asyncio.create_task(it.channel.run(accept))
        await it.heard()
        await eventually(lambda: len(archive.calls("DecryptData")) == 3)
        for _ in range(200):
            await asyncio.sleep(0)
        assert it.texts == ["第0句"]
        assert await it.parts.vault.cursor("archive archive") == ""
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_more_than_five_days_away_is_said_once(archive):
    async with desk(archive) as it:
        await it.looks(2)
    at = AT + timedelta(days=5, minutes=1)
    with structlog.testing.capture_logs() as logs:
        async with desk(archive, at=at, run=False) as it:
            found = {one.key: one.fill for one in await it.channel.examine()}
        async with desk(archive, at=at) as it:
            await it.looks(3)
        async with desk(archive, at=at) as it:
            await it.looks(2)
    assert found["archive_gap"] == {"hours": "120"}
    assert len(lines(logs, "archive.gap")) == 1


# Keys


async def test_a_version_without_a_key_is_waited_for(archive):
    async with desk(archive, keys=(3, 4)) as it:
        archive.text("M-1", "旧钥匙")
        archive.text("M-2", "新钥匙", version=4)
        archive.text("M-3", "又是旧的")
        await it.says("archive_key_missing")
        assert it.texts == ["旧钥匙"]
        assert not it.channel.connected
        await eventually(lambda: "1 1000" in archive.calls("GetChatData"))
        put_keys(archive.folder, KEYS, (4,))
        assert await it.passed() == ["旧钥匙", "新钥匙", "又是旧的"]
        await it.says("")


async def test_a_key_that_does_not_fit_is_waited_for_and_nothing_is_taken_for_words(archive):
    (archive.folder / "keys/3.pem").write_bytes(b"")
    put_keys(archive.folder, {3: KEYS[4]}, (3,))
    archive.text("M-1", "路灯坏了")
    async with desk(archive) as it:
        await it.says("archive_key_wrong")
        await it.looks(2)
        assert it.texts == []
        put_keys(archive.folder, KEYS, (3,))
        assert await it.passed() == ["路灯坏了"]


def test_a_random_key_that_a_c_string_would_cut_is_none(tmp_path):
    """The library takes it as a C string: what stands behind a NUL would be lost without a word."""
    put_keys(tmp_path, KEYS, (3,))
    keys = ArchiveKeys(tmp_path, {"3": "keys/3.pem"})

    def sealed(words):
        return b64encode(KEYS[3].public_key().encrypt(words, PKCS1v15())).decode()

    assert keys.open("3", sealed(b"abcdef")) == b"abcdef"
    for odd in (b"abc\0def", b"\0", b""):
        with pytest.raises(Unfit):
            keys.open("3", sealed(odd))


BROKEN = {
    "sealed with another key": {"sealed_by": 4},
    "not JSON": {"plain": "电梯坏了"},
    "another message's words": {"plain": '{"msgid": "M-9", "action": "send"}'},
    "a list": {"plain": "[]"},
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
async def test_one_broken_record_among_good_ones_is_passed_over(archive, broken):
    archive.text("M-1", "一")
    archive.add("M-2", **({"plain": '{"msgid": "M-2"}'} | broken))
    archive.text("M-3", "三")
    async with desk(archive) as it:
        with structlog.testing.capture_logs() as logs:
            assert await it.passed() == ["一", "三"]
        assert [line["seq"] for line in lines(logs, "archive.broken")] == [2]


async def test_a_lost_key_s_messages_are_passed_over_when_the_operator_says_so(archive):
    archive.text("M-1", "没钥匙了", version=4)
    archive.text("M-2", "读得到")
    files = {"3": "keys/3.pem", "4": ""}
    async with desk(archive, private_keys=files) as it:
        assert await it.passed() == ["读得到"]
        assert it.channel.trouble == ""


# The library

DEATHS = [
    f"{function} {how}"
    for function in ("Init", "GetChatData", "DecryptData")
    for how in ("abort", "hang")
]


@pytest.mark.parametrize("fault", DEATHS)
async def test_a_library_that_dies_is_started_again_and_nothing_is_lost(archive, fault):
    archive.text("M-1", "一")
    archive.text("M-2", "二")
    archive.fault(fault, fault)
    spans = Spans(network=0, grace=1.0, rest=(0.01, 0.02))
    async with desk(archive, spans=spans) as it:
        assert await it.passed() == ["一", "二"]
        await it.says("")
    assert len(archive.calls("NewSdk")) == 3


async def test_words_that_kill_the_library_every_time_are_given_up(archive):
    archive.text("M-1", "一")
    archive.text("M-2", KILLER)
    archive.text("M-3", "三")
    async with desk(archive) as it:
        assert await it.passed() == ["一", "三"]
    assert len(archive.calls("NewSdk")) == 1 + 3


async def test_its_memory_is_freed_and_its_handle_renewed(archive):
    spans = Spans(life=0.0)
    archive.file("SDKFILEID", b"x" * 10)
    archive.fault("GetChatData 10001", "DecryptData 10006")
    for number in range(3):
        archive.text(f"M-{number}", "x")
    async with desk(archive, spans=spans) as it:
        await it.passed()
        await it.channel.fetch({"sdkfileid": "SDKFILEID"})
    count = {name: len(archive.calls(name)) for name in ("NewSlice", "NewMediaData", "NewSdk")}
    assert count["NewSlice"] == len(archive.calls("FreeSlice")) > 4
    assert count["NewMediaData"] == len(archive.calls("FreeMediaData")) == 1
    assert count["NewSdk"] == len(archive.calls("DestroySdk")) + 1 > 4


async def test_its_process_ends_with_the_channel(archive):
    async with desk(archive) as it:
        await it.looks()
        pid = it.channel._library._process.pid
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_two_calls_at_once_wait_for_each_other(archive):
    archive.file("A", b"a" * 600_000)
    archive.file("B", b"b" * 600_000)
    async with desk(archive) as it:
        files = await asyncio.gather(*(it.channel.fetch({"sdkfileid": one}) for one in "ABAB"))
    assert [one.data[:1] for one in files] == [b"a", b"b", b"a", b"b"]
    assert {len(one.data) for one in files} == {600_000}


async def test_a_call_that_is_stopped_leaves_no_answer_for_the_next(archive):
    archive.file("A", b"a" * 600_000)
    archive.file("B", b"b" * 10)
    async with desk(archive, run=False) as it:
        await it.channel._library.ready()
        task = asyncio.create_task(it.channel.fetch({"sdkfileid": "A"}))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert (await it.channel.fetch({"sdkfileid": "B"})).data == b"b" * 10
        await it.channel._library.close()


LIBRARIES = {
    "is not there": (None, "archive_library_missing"),
    "is no library": (b"\x7fELF but not really", "archive_library_unfit"),
}


@pytest.mark.parametrize(("content", "key"), LIBRARIES.values(), ids=LIBRARIES)
async def test_a_library_that_cannot_be_loaded(archive, content, key):
    path = archive.folder / LIBRARY
    good = path.read_bytes()
    path.unlink()
    if content:
        path.write_bytes(content)
    archive.text("M-1", "一")
    async with desk(archive) as it:
        await it.says(key)
        path.unlink(missing_ok=True)
        path.write_bytes(good)
        assert await it.passed() == ["一"]


CODES = {
    "network": ("10001", ""),
    "network, another": ("10002", ""),
    "network, a third": ("10003", ""),
    "address not allowed, by the library": ("10009", "archive_refused"),
    "something unheard of": ("12345", "archive_refused"),
}


@pytest.mark.parametrize(("code", "trouble"), CODES.values(), ids=CODES)
@pytest.mark.parametrize("function", ["Init", "GetChatData"])
async def test_codes_of_the_library(archive, function, code, trouble):
    archive.text("M-1", "一")
    archive.fault(*[f"{function} {code}"] * 3)
    async with desk(archive) as it:
        with structlog.testing.capture_logs() as logs:
            assert await it.passed() == ["一"]
        told = [(line["code"], line["trouble"]) for line in lines(logs, "archive.failed")]
        assert told == [(int(code), trouble)] * 3


ANSWERS = {
    60020: "code_60020",
    40001: "code_40001",
    301002: "code_301002",
    45009: "",
    -1: "",
    301042: "archive_refused",
}


@pytest.mark.parametrize(("code", "trouble"), ANSWERS.items(), ids=str)
async def test_codes_of_the_platform(archive, code, trouble):
    archive.text("M-1", "一")
    archive.answer({"errcode": code, "errmsg": "no"})
    async with desk(archive) as it:
        with structlog.testing.capture_logs() as logs:
            await it.looks(3)
        told = [(line["code"], line["trouble"]) for line in lines(logs, "archive.failed")]
        assert set(told) == {(code, trouble)}
        archive.answer(None)
        assert await it.passed() == ["一"]
        await it.says("")


NONE = {
    "a list": [],
    "a word": "x",
    "no messages in it": {"errcode": 0, "chatdata": [7, {"seq": "x"}, {}]},
}


@pytest.mark.parametrize("page", NONE.values(), ids=NONE)
async def test_answers_that_are_none(archive, page):
    archive.text("M-1", "一")
    archive.answer(page)
    async with desk(archive) as it:
        await it.looks(2)
        archive.answer(None)
        assert await it.passed() == ["一"]


# Consent

STANDING = {
    "agreed": ("Agree", True),
    "did not object": ("Default_Agree", True),
    "refused": ("Disagree", False),
    "something new": ("Perhaps", False),
    "not listed": (None, False),
}


@pytest.mark.parametrize(("status", "kept"), STANDING.values(), ids=STANDING)
@pytest.mark.parametrize("private", [False, True], ids=["in a group", "in a private chat"])
async def test_who_is_outside_is_asked_about_before_anything_is_stored(
    archive, status, kept, private
):
    where = {"room": "", "tolist": [ZHANG]} if private else {}
    if status:
        archive.consent(status, LI, room=ZHANG if private else ROOM)
    archive.text("M-1", "路灯坏了", by=LI, **where)
    archive.text("M-2", "两天了", by=LI, **where)
    async with desk(archive, private=private) as it:
        assert await it.passed() == (["路灯坏了", "两天了"] if kept else [])
        assert len(it.platform.asked(SINGLE_AGREE if private else ROOM_AGREE)) == 1
        await eventually(lambda: "3 1000" in archive.calls("GetChatData"))
        assert await it.channel._reader.withheld() == (0 if kept else 2)


async def test_a_call_about_a_private_chat_names_both(archive):
    archive.text("M-1", "x", by=LI, room="", tolist=[ZHANG])
    async with desk(archive, private=True) as it:
        await it.passed()
        (body,) = it.platform.bodies(SINGLE_AGREE)
    assert body == {"info": [{"userid": ZHANG, "exteranalopenid": LI}]}


async def test_members_are_not_asked_about_and_robots_not_heard(archive):
    archive.text("M-1", "我去看看", by=ZHANG)
    archive.text("M-2", "自动回复", by="wbFakeRobot1")
    async with desk(archive) as it:
        assert await it.passed() == ["我去看看"]
        assert it.platform.asked(ROOM_AGREE) == []
        assert await it.channel._reader.withheld() == 0


async def test_of_who_has_not_agreed_nothing_is_stored_but_a_number(archive):
    words, file = "三号楼的秘密", "SDKFILE-OF-HIS"
    archive.consent("Disagree", LI)
    archive.consent("Agree", WANG)
    archive.text("M-1", words, by=LI)
    archive.say(
        "M-2", **{"from": LI}, roomid=ROOM, msgtype="image", image={"sdkfileid": file, "md5sum": ""}
    )
    archive.text("M-3", "灯坏了", by=WANG)
    async with desk(archive, run=False) as it:
        accept = Inbox(it)
        with structlog.testing.capture_logs() as logs:
            task = asyncio.create_task(it.channel.run(accept))
            await eventually(lambda: "3 1000" in archive.calls("GetChatData"))
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        async with accept.store.read() as conn:
            found = await inbox.claim(conn, AT)
        assert [one.inbound.text for some in found.values() for one in some] == ["灯坏了"]
        assert await it.channel._reader.withheld() == 2
    kept = b"".join(path.read_bytes() for path in archive.folder.glob("channel.sqlite3*"))
    assert "灯坏了".encode() in kept
    for trace in (words, file, "M-1", "M-2"):
        assert trace.encode() not in kept
        assert trace not in str(logs)


async def test_a_member_whose_id_begins_like_others_is_heard(archive):
    archive.permitted = [ZHANG, "wm", "wb01"]
    archive.text("M-0", "早")
    archive.text("M-1", "这个灯我去修", by="wm")
    archive.text("M-2", "收到", by="wb01")
    archive.text("M-3", "外人没同意", by=LI)
    async with desk(archive) as it:
        assert await it.passed() == ["早", "这个灯我去修", "收到"]
        assert len(it.platform.asked("/cgi-bin/msgaudit/get_permit_user_list")) == 1
        it.platform.fault("/cgi-bin/msgaudit/get_permit_user_list", Fault(code=-1))
        it.forward(hours=1, seconds=1)  # who is a member stays known while nobody says
        archive.text("M-4", "修好了", by="wm")
        assert (await it.passed("fence 2"))[4:] == ["修好了"]


async def test_a_change_of_mind_counts_from_its_place_in_the_stream(archive):
    archive.consent("Default_Agree", LI)
    archive.text("M-1", "一", by=LI)
    archive.say("E-1", **{"from": LI}, roomid=ROOM, msgtime=NOW * 1000, msgtype="disagree",
                disagree={"userid": LI, "disagree_time": NOW - 30})  # fmt: skip
    archive.text("M-2", "二", by=LI)
    archive.say("E-2", **{"from": LI}, roomid=ROOM, msgtime=NOW * 1000, msgtype="agree",
                agree={"userid": LI, "agree_time": NOW - 20})  # fmt: skip
    archive.text("M-3", "三", by=LI)
    async with desk(archive) as it:
        assert await it.passed() == ["一", "三"]
        assert len(it.platform.asked(ROOM_AGREE)) == 1


async def test_refused_in_a_private_chat_holds_in_the_groups_too(archive):
    archive.consent("Default_Agree", LI, WANG)
    archive.text("M-1", "一", by=LI)
    archive.say("E-1", **{"from": LI}, roomid="", tolist=[ZHANG], msgtime=NOW * 1000,
                msgtype="disagree", disagree={"userid": LI, "disagree_time": NOW - 30})  # fmt: skip
    archive.text("M-2", "二", by=LI)
    archive.text("M-3", "邻居", by=WANG)
    async with desk(archive) as it:
        assert await it.passed() == ["一", "邻居"]


@pytest.mark.parametrize(
    ("where", "told"),
    [
        pytest.param({"roomid": ROOM}, [(LI, ROOM)], id="in the group"),
        pytest.param({"roomid": "", "tolist": [ZHANG]}, [(LI, ROOM)], id="in a private chat"),
        pytest.param({"roomid": "wrElsewhere"}, [], id="where nothing was kept of him"),
    ],
)
async def test_who_agrees_no_longer_is_told_on_once(archive, where, told):
    archive.consent("Default_Agree", LI, WANG)
    archive.text("M-1", "一", by=LI)
    archive.text("M-2", "邻居", by=WANG)
    archive.say("E-1", **{"from": LI}, **where, msgtime=NOW * 1000,
                msgtype="disagree", disagree={"userid": LI, "disagree_time": NOW - 30})  # fmt: skip
    archive.say("E-2", **{"from": WANG}, roomid=ROOM, msgtime=NOW * 1000,
                msgtype="agree", agree={"userid": WANG, "agree_time": NOW - 20})  # fmt: skip
    async with desk(archive) as it:
        assert await it.passed() == ["一", "邻居"]
        assert it.left == told


async def test_who_agrees_no_longer_as_the_platform_says_when_asked(archive):
    archive.consent("Agree", LI, at=NOW - 50)
    archive.text("M-1", "一", by=LI)
    async with desk(archive) as it:
        assert await it.passed() == ["一"]
        archive.consent("Disagree", LI, at=NOW)
        it.forward(hours=25)
        for number in range(2):
            archive.text(f"M-2{number}", "二", by=LI)
            assert await it.passed(f"F-2{number}") == ["一", "fence", "F-20"][: 2 + number]
        assert it.left == [(LI, ROOM)]


async def test_agreed_in_a_private_chat_asks_the_groups_anew(archive):
    archive.text("M-1", "一", by=LI)
    async with desk(archive) as it:
        assert await it.passed() == []
        archive.consent("Agree", LI, at=NOW)
        archive.say("E-1", **{"from": LI}, roomid="", tolist=[ZHANG], msgtime=NOW * 1000,
                    msgtype="agree", agree={"userid": LI, "agree_time": NOW})  # fmt: skip
        archive.text("M-2", "二", by=LI)
        assert await it.passed("F-2") == ["fence", "二"]


async def test_an_answer_is_asked_for_again_in_time(archive):
    archive.consent("Disagree", LI)
    archive.consent("Agree", WANG, at=NOW - 50)
    async with desk(archive) as it:
        for step, (minutes, asked) in enumerate([(0, 1), (9, 1), (2, 2), (60 * 23, 3)]):
            it.forward(minutes=minutes)
            archive.text(f"L-{step}", "x", by=LI, msgtime=NOW * 1000)
            archive.text(f"W-{step}", "x", by=WANG, msgtime=NOW * 1000)
            await it.passed(f"F-{step}")
            assert len(it.platform.asked(ROOM_AGREE)) == asked


FAULTS = {
    "nobody answers for a moment": Fault(status=502),
    "the platform is busy": Fault(code=-1),
    "too often": Fault(code=45009),
    "our address is not allowed": Fault(code=60020, message="not allow to access, from ip: 203.0.113.5"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_while_nobody_can_be_asked_nothing_goes_on_and_nothing_is_lost(archive, fault):
    archive.consent("Agree", LI)
    archive.text("M-1", "我先去", by=ZHANG)
    archive.text("M-2", "灯坏了", by=LI)
    archive.text("M-3", "好的", by=ZHANG)
    async with desk(archive, run=False) as it:
        it.platform.fault(ROOM_AGREE, *[fault] * 100)
        task = asyncio.create_task(it.channel.run(it.ears))
        await eventually(lambda: it.platform.asked(ROOM_AGREE))
        await it.heard()
        if fault.code == 60020:
            await it.says("code_60020")
            assert not it.channel.connected
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert it.texts == ["我先去"]
    async with desk(archive, ears=it.ears) as it:
        assert await it.passed() == ["我先去", "灯坏了", "好的"]


async def test_an_address_that_is_not_allowed_is_believed_in_until_a_look_goes_well(
    archive, monkeypatch
):
    monkeypatch.setattr(_rests, "REST", timedelta(0))  # its time is over at once
    permitted = "/cgi-bin/msgaudit/get_permit_user_list"
    async with desk(archive, rests=replace(QUICK, every=3600.0, retry=(3600.0, 3600.0))) as it:
        await eventually(lambda: it.channel.connected)
        it.platform.fault(permitted, Fault(code=60020))
        with pytest.raises(SendError):
            await it.channel._permitted()  # once, and nobody asks anything after it
        assert it.channel.trouble == "code_60020"
        assert not it.channel.connected
        await eventually(lambda: it.channel.connected)
        assert len(it.platform.asked(permitted)) == 2


async def test_a_place_the_platform_tells_nothing_of_keeps_nothing_and_holds_up_nobody(archive):
    archive.text("M-1", "x", by=LI)
    archive.text("M-2", "好的", by=ZHANG)
    async with desk(archive, run=False) as it:
        it.platform.fault(ROOM_AGREE, Fault(code=301099))
        task = asyncio.create_task(it.channel.run(it.ears))
        assert await it.passed() == ["好的"]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def revoke(archive, msgid, by, of):
    archive.say(msgid, action="recall", **{"from": by}, roomid=ROOM, msgtime=NOW * 1000,
                msgtype="revoke", revoke={"pre_msgid": of})  # fmt: skip


async def test_words_taken_back_are_told_even_after_a_refusal(archive):
    archive.consent("Agree", LI, at=NOW - 100)
    archive.consent("Disagree", WANG)
    archive.text("M-1", "说错了", by=LI)
    archive.say("E-1", **{"from": LI}, roomid=ROOM, msgtime=NOW * 1000, msgtype="disagree",
                disagree={"userid": LI, "disagree_time": NOW})  # fmt: skip
    archive.text("M-2", "没人听", by=WANG)
    revoke(archive, "R-1", LI, "M-1")
    revoke(archive, "R-2", WANG, "M-2")
    async with desk(archive) as it:
        await it.passed()
        taken = [one for one in it.ears.heard if one.kind is Kind.RECALLED]
        assert [(one.card, one.sender) for one in taken] == [("M-1", LI)]


# Files


async def test_a_file_comes_whole_in_pieces(archive):
    data = os.urandom(1_200_000) + b"\0" * 5000
    archive.file("SDKFILEID", data)
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    archive.say("M-1", **{"from": ZHANG}, roomid=ROOM, msgtime=NOW * 1000, msgtype="image",
                image={"sdkfileid": "SDKFILEID", "md5sum": md5, "filesize": len(data)})  # fmt: skip
    async with desk(archive) as it:
        (heard,) = await it.heard()
        blob = await it.channel.fetch(heard.attachments[0].ref)
    assert blob.data == data
    assert archive.calls("GetMediaData") == ["", "524288", "1048576"]


FETCHES = {
    "not the bytes it should be": ({"md5": "0" * 32}, [], True),
    "the network, for too long": ({}, ["GetMediaData 10001"] * 3, True),
    "a file nobody has": ({"sdkfileid": "NO-SUCH"}, [], False),
    "it dies": ({}, ["GetMediaData abort"], True),
    "no id": ({"sdkfileid": ""}, [], False),
}


@pytest.mark.parametrize(("ref", "faults", "again"), FETCHES.values(), ids=FETCHES)
async def test_a_file_that_cannot_be_had(archive, ref, faults, again):
    archive.file("SDKFILEID", b"x" * 10)
    archive.fault(*faults)
    async with desk(archive) as it:
        with pytest.raises(FetchError) as caught:
            await it.channel.fetch({"sdkfileid": "SDKFILEID"} | ref)
        assert caught.value.retryable is again


async def test_a_piece_is_asked_for_again_after_a_hiccup(archive):
    archive.file("SDKFILEID", b"x" * 10)
    archive.fault("GetMediaData 10001", "GetMediaData 10003")
    async with desk(archive) as it:
        assert (await it.channel.fetch({"sdkfileid": "SDKFILEID"})).data == b"x" * 10


# The channel


async def test_it_only_listens(archive):
    async with desk(archive) as it:
        with pytest.raises(SendError) as caught:
            await it.channel.send(Outbound("once-1", Address("archive", ROOM, group=True), "好的"))
    assert (caught.value.unreachable, caught.value.retryable) == (True, False)
    assert (LIMITS.hears, LIMITS.hears_private) == ("all", False)
    assert (LIMITS.says_group, LIMITS.says_private, LIMITS.proactive) == (False, False, False)


async def test_no_secret_and_no_words_in_a_log(archive):
    with structlog.testing.capture_logs() as logs:
        archive.consent("Agree", LI)
        archive.text("M-1", "13900000000", by=LI)
        archive.fault("GetChatData 10001", "DecryptData abort", "GetChatData 10009")
        archive.add("M-2", "13900000000")
        async with desk(archive) as it:
            await it.passed()
            await it.channel.examine()
            token = it.platform.token
            assert it.channel.secrets() == (SECRET,)
    assert lines(logs, "archive.away")
    for hidden in (SECRET, token, "13900000000", LI, "PRIVATE KEY"):
        assert hidden not in str(logs)


def test_a_section_says_what_it_lacks():
    assert Settings().missing() == ("corp_id", "secret", "library", "private_keys")
    lost = Settings(corp_id="x", secret="x", library="x", private_keys={"3": ""})
    assert lost.missing() == ("private_keys",)
    assert Settings(corp_id="x", secret="x", library="x", private_keys={"3": "a"}).missing() == ()
    assert Settings(groups="wrA,wrB", every="7.5").groups == ["wrA", "wrB"]


async def test_only_the_groups_that_are_named(archive):
    archive.text("M-1", "别的群", room="wrOther0001")
    archive.text("M-2", "我们的群")
    async with desk(archive, groups=[ROOM]) as it:
        assert await it.passed() == ["我们的群"]


def findings(found):
    return {one.key: (one.good, dict(one.fill)) for one in found}


async def test_all_is_well(archive):
    archive.text("M-1", "x")
    async with desk(archive, run=False) as it:
        found = findings(await it.channel.examine())
    assert found == {
        "archive_key_good": (True, {"version": "3", "file": "keys/3.pem", "bits": "2048"}),
        "archive_reads": (True, {"library": LIBRARY}),
        "token_good": (True, {}),
        "archive_members": (True, {"count": "1"}),
    }


EXAMINED = {
    "no library": ({"library": "lib/none.so"}, [], "archive_library_missing", {"library": "lib/none.so"}),
    "no key file": ({"private_keys": {"3": "keys/9.pem"}}, [], "archive_key_missing", {"version": "3", "file": "keys/9.pem"}),
    "a version nobody has": ({"private_keys": {"2": "keys/3.pem"}}, [], "archive_key_missing", {"version": "3", "file": ""}),
    "a key that does not fit": ({"private_keys": {"3": "keys/4.pem"}}, [], "archive_key_wrong", {"version": "3", "file": ""}),
    "our address is not allowed": ({}, ["GetChatData 60020"], "code_60020", {"code": "60020", "address": ""}),
    "refused by the library": ({}, ["Init 10009"], "archive_refused", {"code": "10009", "address": ""}),
    "it crashes": ({}, ["Init abort"], "archive_library_crashed", {"library": LIBRARY}),
    "nobody is archived": ({"permitted": []}, [], "archive_members", {"count": "0"}),
    "a wrong secret": ({"secret": "wrong"}, [], "code_40001", {"code": "40001", "address": ""}),
}  # fmt: skip


@pytest.mark.parametrize(("more", "faults", "key", "fill"), EXAMINED.values(), ids=EXAMINED)
async def test_what_examining_finds(archive, more, faults, key, fill):
    put_keys(archive.folder, KEYS, (4,))
    archive.permitted = more.get("permitted", archive.permitted)
    section = {name: value for name, value in more.items() if name != "permitted"}
    archive.text("M-1", "x")
    archive.fault(*faults)
    async with desk(archive, run=False, **section) as it:
        found = await it.channel.examine()
    assert (False, key, fill) in [(one.good, one.key, dict(one.fill)) for one in found]


async def test_examining_tells_how_much_was_not_kept_and_that_reading_is_late(archive):
    archive.text("M-1", "x", by=LI)
    async with desk(archive) as it:
        await it.passed()
        await eventually(lambda: "2 1000" in archive.calls("GetChatData"))
    async with desk(archive, run=False, at=AT + timedelta(hours=3)) as it:
        found = findings(await it.channel.examine())
        assert found["archive_withheld"] == (True, {"count": "1"})
        assert found["archive_late"] == (False, {"hours": "3"})


async def test_a_section_makes_the_channel(archive):
    async with desk(archive, run=False) as it:
        channel = make(Settings(library="x", private_keys={"3": "a"}, every=7), it.parts)
    assert (channel.name, channel.kind, channel.connected) == ("archive", "wecom_archive", False)
    assert channel._rests.every == 7
    assert QUICK.every < channel._rests.every
