"""客户联系 against the double of its platform, over HTTP: who joined, and tasks somebody taps."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from bot.channels import wecom_groups
from bot.channels._envelope import Envelope
from bot.channels._groups_events import joined
from bot.channels._groups_tasks import Rests
from bot.channels.base import FetchError, SendError
from bot.channels.wecom_groups import WecomGroups
from domain.messages import Address, Kind, Outbound
from store.group_tasks import State
from tests.channels.parts import AES_KEY, TOKEN, Caller, Ears, called, made
from tests.channels.wecom_tools import eventually, lines, running
from tests.doubles.platform import CORP, SECRET, Fault, Platform
from tests.doubles.platform import running as platform_running
from tests.doubles.platform_groups import CHAT, OWNER, PATH, Groups

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, a month of 30 days
NOW = int(AT.timestamp())
GROUP = Address("groups", CHAT, group=True)
ADD, TASK, RESULT = (
    PATH + name for name in ("add_msg_template", "get_groupmsg_task", "get_groupmsg_send_result")
)
REMIND, CANCEL = PATH + "remind_groupmsg_send", PATH + "cancel_groupmsg_send"


@dataclass
class Desk:
    """The running channel, the platform it talks to, and a clock that is moved by hand."""

    platform: Platform
    groups: Groups
    channel: WecomGroups
    ears: Ears
    caller: Caller
    parts: object
    at: datetime = AT

    def now(self):
        return self.at

    async def event(self, envelope=None, **event):
        """The platform calls; keys are the event's fields."""
        event = {"ToUserName": CORP, "FromUserName": "sys", "CreateTime": NOW} | event
        inner = "".join(
            f"<{key}>{value if str(value).startswith('<Item>') else f'<![CDATA[{value}]]>'}</{key}>"
            for key, value in event.items()
        )
        return await self.caller.xml(
            envelope or Envelope(TOKEN, AES_KEY, CORP), f"<xml>{inner}</xml>"
        )

    async def heard(self, count=1):
        await eventually(lambda: len(self.ears.heard) >= count)
        return self.ears.heard[:count]

    async def later(self, **span):
        """Time passes, and every waiting task is looked at."""
        self.at += timedelta(**span)
        await self.channel._tasks._round(self.parts.lease("round"))

    async def states(self):
        """What became of the tasks, by their keys."""
        found = {}
        for once in ("a", "b", "c"):
            task = await self.parts.vault.group_tasks.known("groups", once)
            if task is not None:
                found[once] = task.state
        return found


@asynccontextmanager
async def desk(folder, *, run=True, sender="owner", secret=SECRET, rests=None, delays=(0.0,)):
    groups = Groups()
    async with platform_running(groups.calls) as platform:
        it = Desk(platform, groups, None, Ears(), None, None)
        async with made(folder, "groups", it.now) as parts:
            settings = wecom_groups.Settings(
                corp_id=CORP,
                secret=secret,
                token=TOKEN,
                aes_key=AES_KEY,
                sender=sender,
                api_base=platform.base,
            )
            # The rounds are made by `later`, where a test does not ask for its own.
            channel = WecomGroups(settings, parts, rests or Rests(every=3600.0), delays)
            it.parts, it.channel = parts, channel
            async with called(channel) as it.caller:
                if not run:
                    yield it
                    return
                async with running(channel, it.ears):
                    await eventually(lambda: channel.connected)
                    yield it


def said(text="【停水通知】今晚20点至22点停水，请提前储水。", once="a", **changes):
    return replace(Outbound(once, GROUP, text), **changes)


# Members who come


CHANGED = {"MsgType": "event", "Event": "change_external_chat", "ChatId": CHAT}
ADDED = CHANGED | {"ChangeType": "update", "UpdateDetail": "add_member", "JoinScene": 3}
MEMBERS = "<Item><![CDATA[wmNew]]></Item>"


@pytest.mark.parametrize(
    "event",
    [
        ADDED | {"MemChangeList": MEMBERS, "LastMemVer": "A", "CurMemVer": "B"},
        ADDED,
        CHANGED | {"ChangeType": "create"},
    ],
    ids=["members named", "members not named", "a new group"],
)
async def test_who_joins_is_heard_with_his_grid(tmp_path, event):
    async with desk(tmp_path) as it:
        it.groups.join("wmOld", NOW - 86400)
        it.groups.join("wmNew", NOW - 2, state="g01", union="oUnion")
        assert await it.event(**event) == (200, "")
        (heard,) = await it.heard()
    assert (heard.kind, heard.address, heard.sender) == (Kind.ENTERED, GROUP, "wmNew")
    assert (heard.text, heard.handle["grid"], heard.union) == ("g01", "g01", "oUnion")
    assert heard.received_at == AT - timedelta(seconds=2)


MEMBERS = {
    "a resident": ({}, "wmNew"),
    "a member of the corp": ({"type": 1, "userid": "lisi"}, None),
    "of no kind": ({"type": None}, None),
    "of a kind nobody published": ({"type": 3}, None),
    "without an id": ({"userid": ""}, None),
    "without a moment": ({"join_time": None}, None),
    "with a moment in words": ({"join_time": "1795305600"}, None),
}


@pytest.mark.parametrize(("changes", "who"), MEMBERS.values(), ids=MEMBERS)
def test_only_residents_come_in(changes, who):
    """Staff who join a residents' group are not greeted as neighbours."""
    member = {"userid": "wmNew", "type": 2, "join_time": NOW - 2, "join_scene": 3} | changes
    found = joined("groups", CHAT, member, AT)
    assert (found and found[1].sender) == who


async def test_who_shows_up_late_in_the_group_s_data_is_heard_once(tmp_path):
    async with desk(tmp_path, delays=(0.0, 0.05)) as it:
        it.groups.join("wmOne", NOW - 2)
        await it.event(**ADDED)
        await it.heard()
        it.groups.join("wmTwo", NOW - 2)
        assert [one.sender for one in await it.heard(2)] == ["wmOne", "wmTwo"]


async def test_a_lost_event_is_made_up_for_with_the_next_one(tmp_path):
    async with desk(tmp_path) as it:
        it.groups.join("wmOne", NOW - 2)
        await it.event(**ADDED)
        await it.heard()
        it.groups.join("wmLost", NOW + 3600)
        it.groups.join("wmTwo", NOW + 7200)
        it.at += timedelta(hours=3)
        await it.event(**ADDED | {"CreateTime": NOW + 7202})
        assert [one.sender for one in await it.heard(3)] == ["wmOne", "wmLost", "wmTwo"]


async def test_a_group_that_cannot_be_looked_at_stops_nothing(tmp_path):
    async with desk(tmp_path, delays=(0.0, 0.0)) as it:
        it.platform.fault(PATH + "groupchat/get", Fault(status=502))
        it.groups.join("wmNew", NOW - 2)
        await it.event(**ADDED | {"ChatId": "wrGone"})
        await it.event(**ADDED)
        assert (await it.heard())[0].sender == "wmNew"


async def test_what_the_store_refuses_is_looked_at_again(tmp_path):
    async with desk(tmp_path, delays=(0.0, 0.05)) as it:
        it.groups.join("wmNew", NOW - 2)
        it.ears.refusing = True
        await it.event(**ADDED)
        await eventually(lambda: it.platform.asked(PATH + "groupchat/get"))
        it.ears.refusing = False
        assert (await it.heard())[0].sender == "wmNew"


@pytest.mark.parametrize(
    "event",
    [
        CHANGED | {"ChangeType": "dismiss"},
        CHANGED | {"ChangeType": "update", "UpdateDetail": "del_member", "QuitScene": 0},
        CHANGED | {"ChangeType": "update", "UpdateDetail": "change_name"},
        CHANGED | {"ChatId": "", "ChangeType": "update", "UpdateDetail": "add_member"},
        {"Event": "change_external_contact", "ChangeType": "del_follow_user"},
        {"Event": "msgaudit_notify"},
    ],
    ids=["dismissed", "somebody left", "renamed", "no group", "unfriended", "another event"],
)
async def test_other_events_are_noted_only(tmp_path, event):
    with structlog.testing.capture_logs() as logs:
        async with desk(tmp_path) as it:
            it.groups.join("wmNew", NOW - 2)
            assert await it.event(**event) == (200, "")
    assert it.ears.heard == []
    assert it.platform.asked(PATH + "groupchat/get") == []
    assert lines(logs, "groups.noted") or lines(logs, "groups.changed")


# Somebody adds a member of staff

CONTACT = {
    "MsgType": "event",
    "Event": "change_external_contact",
    "ChangeType": "add_external_contact",
    "UserID": OWNER,
    "ExternalUserID": "wmFake01",
    "State": "g01",
    "WelcomeCode": "WELCOME",
}


async def test_who_adds_a_member_of_staff_is_greeted_once(tmp_path):
    async with desk(tmp_path) as it:
        for _ in range(2):
            assert await it.event(**CONTACT) == (200, "")
        (heard,) = it.ears.heard
        assert (heard.kind, heard.address) == (Kind.ENTERED, Address("groups", "wmFake01"))
        assert heard.handle["grid"] == "g01"
        await it.channel.send(Outbound("once", heard.address, "您好", handle=heard.handle))
    assert it.groups.welcomed == [{"welcome_code": "WELCOME", "text": {"content": "您好"}}]


@pytest.mark.parametrize(
    "more", [{"WelcomeCode": ""}, {"CreateTime": NOW - 21}], ids=["no code", "too late"]
)
async def test_who_cannot_be_greeted_is_not_heard(tmp_path, more):
    async with desk(tmp_path) as it:
        assert await it.event(**CONTACT | more) == (200, "")
    assert it.ears.heard == []


@pytest.mark.parametrize(
    "handle",
    [
        {},
        {"welcome": "WELCOME", "at": (AT - timedelta(seconds=20)).isoformat()},
        {"welcome": "WELCOME"},
        {"welcome": "WELCOME", "at": "2026-11-22T10:00"},
    ],
    ids=["no code", "too late", "no time", "a time without a zone"],
)
async def test_nobody_is_written_to_alone(tmp_path, handle):
    async with desk(tmp_path) as it:
        with pytest.raises(SendError) as caught:
            await it.channel.send(Outbound("x", Address("groups", "wmFake01"), "x", handle=handle))
    assert caught.value.unreachable
    assert it.groups.welcomed == []


# Tasks


async def test_a_message_to_a_group_is_a_task_of_its_owner(tmp_path):
    async with desk(tmp_path) as it:
        assert it.channel.limits.confirms
        msgid = await it.channel.send(said())
        (task,) = await it.parts.vault.group_tasks.waiting("groups", 10)
    assert it.platform.bodies(ADD) == [
        {
            "chat_type": "group",
            "sender": OWNER,
            "chat_id_list": [CHAT],
            "allow_select": False,
            "text": {"content": said().text},
        }
    ]
    assert (task.msgid, task.chat, task.sender, task.asks) == (msgid, CHAT, OWNER, 1)


async def test_the_same_message_twice_is_one_task(tmp_path):
    async with desk(tmp_path) as it:
        assert await it.channel.send(said()) == await it.channel.send(said())
        await it.channel.send(said(once="b"))
    assert len(it.groups.tasks) == 2


async def test_the_owner_is_asked_for_once_an_hour_and_after_a_change(tmp_path):
    get = PATH + "groupchat/get"
    async with desk(tmp_path) as it:
        for once in "ab":
            await it.channel.send(said(once=once))
        assert len(it.platform.asked(get)) == 1
        it.groups.groups[CHAT]["owner"] = "lisi"
        await it.event(**CHANGED | {"ChangeType": "update", "UpdateDetail": "change_owner"})
        await it.channel.send(said(once="c"))
        assert it.platform.bodies(ADD)[-1]["sender"] == "lisi"
        it.at += timedelta(minutes=61)
        await it.channel.send(said(once="d"))
    assert len(it.platform.asked(get)) == 3


async def test_one_member_may_post_for_all_groups(tmp_path):
    async with desk(tmp_path, sender=OWNER) as it:
        await it.channel.send(said())
    assert it.platform.asked(PATH + "groupchat/get") == []
    assert it.platform.bodies(ADD)[0]["sender"] == OWNER


LEFT_OUT, NOT_HIS = None, 84074  # in fail_list; a code nobody has listed for it
TAPPED = {
    "the owner": (OWNER, LEFT_OUT, [OWNER]),
    "an administrator": ("lisi", LEFT_OUT, ["lisi", OWNER]),
    "an administrator, refused": ("lisi", NOT_HIS, ["lisi", OWNER]),
    "somebody else": ("wangwu", LEFT_OUT, [OWNER]),
    "nobody known": ("", LEFT_OUT, [OWNER]),
}


@pytest.mark.parametrize(("tapped", "fault", "asked"), TAPPED.values(), ids=TAPPED)
async def test_who_tapped_is_asked_himself_where_the_platform_takes_it(
    tmp_path, tapped, fault, asked
):
    async with desk(tmp_path) as it:
        it.groups.groups[CHAT]["admin_list"] = [{"userid": "lisi"}, {"userid": 7}, "x"]
        if fault:
            it.platform.fault(ADD, Fault(code=fault))
        await it.channel.send(said(handle={"sender": tapped}))
        (task,) = await it.parts.vault.group_tasks.waiting("groups", 10)
    assert [one["sender"] for one in it.platform.bodies(ADD)] == asked
    assert task.sender == OWNER


async def test_an_administrator_the_platform_takes_it_of_is_the_task_s_sender(tmp_path):
    async with desk(tmp_path) as it:
        it.groups.groups[CHAT]["admin_list"] = [{"userid": "lisi"}]
        it.groups.posting.add("lisi")
        await it.channel.send(said(handle={"sender": "lisi"}))
        (task,) = await it.parts.vault.group_tasks.waiting("groups", 10)
    assert [one["sender"] for one in it.platform.bodies(ADD)] == ["lisi"] == [task.sender]


async def test_a_platform_in_trouble_is_not_asked_for_somebody_else(tmp_path):
    async with desk(tmp_path) as it:
        it.groups.groups[CHAT]["admin_list"] = [{"userid": "lisi"}]
        it.platform.fault(ADD, Fault(status=502))
        with pytest.raises(SendError) as caught:
            await it.channel.send(said(handle={"sender": "lisi"}))
    assert caught.value.retryable
    assert len(it.platform.bodies(ADD)) == 1


@pytest.mark.parametrize("text", ["停水" * 2000, "😀" * 1500], ids=["three bytes", "four bytes"])
async def test_too_long_words_are_cut_between_signs(tmp_path, text):
    async with desk(tmp_path) as it:
        await it.channel.send(said(text))
        (sent,) = it.platform.bodies(ADD)
    words = sent["text"]["content"]
    assert 3994 <= len(words.encode()) <= 4000
    assert text.startswith(words[:-1])
    assert words.endswith("…")


async def test_no_more_in_a_month_than_it_has_days(tmp_path):
    async with desk(tmp_path) as it:
        it.groups.add("wrOther")
        for number in range(30):
            await it.channel.send(said(once=str(number)))
        with pytest.raises(SendError) as caught:
            await it.channel.send(said())
        assert caught.value.unreachable
        await it.channel.send(said(once="b", address=replace(GROUP, chat="wrOther")))
        it.at = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
        with pytest.raises(SendError):
            await it.channel.send(said())
        it.at += timedelta(minutes=1)  # December begins in Shanghai
        await it.channel.send(said())
    assert len(it.groups.tasks) == 32


async def test_what_was_not_posted_does_not_count_for_the_month(tmp_path):
    async with desk(tmp_path) as it:
        for number in range(30):
            await it.channel.send(said(once=str(number)))
        it.groups.tap("msg0", result=3)
        await it.later(minutes=3)
        await it.channel.send(said())


@pytest.mark.parametrize(
    ("result", "state"), [(1, State.SENT), (2, State.REFUSED), (3, State.REFUSED)]
)
async def test_a_tap_is_seen_with_what_came_of_it(tmp_path, result, state):
    async with desk(tmp_path) as it:
        await it.channel.send(said())
        msgid = await it.channel.send(said(once="b"))
        it.groups.tap(msgid, result)
        await it.later(minutes=3)
        assert await it.states() == {"a": State.WAITING, "b": state}
        asked = len(it.platform.asked(TASK))
        await it.later(minutes=3)
        assert len(it.platform.asked(TASK)) == asked + 1  # what is settled is not asked for again


async def test_a_tap_under_way_is_waited_for(tmp_path):
    async with desk(tmp_path) as it:
        msgid = await it.channel.send(said())
        it.groups.tap(msgid, result=0)
        await it.later(minutes=3)
        assert await it.states() == {"a": State.WAITING}


async def test_the_sender_is_reminded_by_day_and_never_more_than_three_times_in_24_hours(tmp_path):
    reminders = []
    async with desk(tmp_path) as it:
        msgid = await it.channel.send(said())
        for _ in range(47):
            await it.later(hours=1)
            reminders += [it.at] * (it.groups.tasks[msgid].reminded - len(reminders))
        (task,) = await it.parts.vault.group_tasks.waiting("groups", 10)
    there = [(at + timedelta(hours=8)).strftime("%d %H") for at in reminders]
    assert there == ["22 12", "23 08", "23 16", "24 08"]
    assert task.asks == 5


async def test_what_nobody_tapped_in_two_days_is_taken_back(tmp_path):
    async with desk(tmp_path) as it:
        msgid = await it.channel.send(said())
        await it.later(days=2)
        assert it.groups.tasks[msgid].cancelled
        assert await it.states() == {"a": State.EXPIRED}


async def test_a_task_that_cannot_be_taken_back_yet_is_tried_again(tmp_path):
    async with desk(tmp_path) as it:
        msgid = await it.channel.send(said())
        it.platform.fault(CANCEL, Fault(status=502))
        await it.later(days=2)
        assert await it.states() == {"a": State.WAITING}
        await it.later(minutes=3)
        assert it.groups.tasks[msgid].cancelled


async def test_a_reminder_that_is_refused_is_not_repeated_at_once(tmp_path):
    async with desk(tmp_path) as it:
        await it.channel.send(said())
        it.platform.fault(REMIND, Fault(code=40058))
        for _ in range(3):
            await it.later(hours=2)
        assert len(it.platform.asked(REMIND)) == 1


ODD = {
    "still dispatching": Fault(code=41063),
    "down": Fault(status=502),
    "half an answer": Fault(half=True),
    "an id it forgot": Fault(code=41047),
}


@pytest.mark.parametrize("fault", ODD.values(), ids=ODD)
async def test_a_task_that_cannot_be_asked_about_does_not_hold_up_the_others(tmp_path, fault):
    async with desk(tmp_path) as it:
        await it.channel.send(said())
        it.groups.tap(await it.channel.send(said(once="b")))
        it.platform.fault(TASK, fault)
        await it.later(minutes=3)
        assert await it.states() == {"a": State.WAITING, "b": State.SENT}


async def test_the_tasks_are_looked_at_by_themselves(tmp_path):
    async with desk(tmp_path, rests=Rests(every=0.01)) as it:
        it.groups.tap(await it.channel.send(said()))
        async with asyncio.timeout(10):
            while await it.states() != {"a": State.SENT}:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0)


# code: retryable, unreachable, the channel rests
CODES_OUT = {
    -1: (True, False, False),
    40001: (True, False, True),
    40003: (False, True, False),
    40058: (False, False, False),
    41063: (True, False, False),
    45002: (False, False, False),
    45009: (True, False, False),
    45033: (True, False, False),
    48002: (True, False, True),
    60020: (True, False, True),
    81017: (False, False, False),
    84061: (False, True, False),
    86003: (False, True, False),
}


@pytest.mark.parametrize("code", CODES_OUT)
async def test_a_refusal_says_what_is_next(tmp_path, code):
    async with desk(tmp_path, sender=OWNER) as it:
        it.platform.fault(ADD, *[Fault(code=code)] * 2)
        with pytest.raises(SendError) as caught:
            await it.channel.send(said())
        error = caught.value
        assert (error.retryable, error.unreachable) == CODES_OUT[code][:2]
        assert it.channel.trouble == (f"code_{code}" if CODES_OUT[code][2] else "")
        if CODES_OUT[code][2]:
            assert not it.channel.connected
    assert await it.states() == {}


async def test_a_group_the_platform_leaves_out_is_not_reached(tmp_path):
    async with desk(tmp_path) as it:
        it.groups.refusing.add(CHAT)
        with pytest.raises(SendError) as caught:
            await it.channel.send(said())
        assert caught.value.unreachable
        with pytest.raises(SendError) as caught:
            await it.channel.send(said(address=replace(GROUP, chat="wrGone")))
        assert caught.value.unreachable
        assert await it.states() == {}


# Join codes


async def test_a_join_code_brings_people_to_their_grid_and_is_made_once(tmp_path):
    async with desk(tmp_path) as it:
        url = await it.channel.join_way("g01", "琼花一网格", [CHAT])
        assert await it.channel.join_way("g01", "琼花一网格", [CHAT]) == url
        (way,) = it.groups.ways.values()
        it.groups.ways.clear()  # somebody deletes it in the console
        await it.channel.join_way("g01", "琼花一网格", [CHAT])
    assert url == "https://example.invalid/config0"
    assert (way["state"], way["chat_id_list"], way["scene"]) == ("g01", [CHAT], 2)
    assert len(it.platform.asked(PATH + "groupchat/add_join_way")) == 2


async def test_a_join_code_keeps_to_the_platform_s_lengths(tmp_path):
    async with desk(tmp_path) as it:
        await it.channel.join_way("g01", "格" * 50, [f"wr{n}" for n in range(7)])
        (way,) = it.groups.ways.values()
        with pytest.raises(SendError):
            await it.channel.join_way("g" * 31, "x", [CHAT])
    lengths = (len(way["room_base_name"]), len(way["remark"]), len(way["chat_id_list"]))
    assert lengths == (40, 30, 5)


# Looking after itself


async def test_examining_names_the_groups_with_the_ids_the_roster_wants(tmp_path):
    async with desk(tmp_path) as it:
        found = await it.channel.examine()
    assert [(one.key, one.good) for one in found] == [
        ("callback_address", True),
        ("token_good", True),
        ("groups_seen", True),
        ("group_seen", True),
    ]
    assert found[-1].fill == {"chat_id": CHAT, "name": "一网格居民群", "owner": OWNER}


@pytest.mark.parametrize(("groups", "told"), [(1, "1"), (100, "100"), (101, "100+")])
async def test_examining_says_where_it_has_not_seen_all(tmp_path, groups, told):
    async with desk(tmp_path, run=False) as it:
        (known,) = it.groups.groups.values()
        it.groups.groups = {f"wrG{number}": known for number in range(groups)}
        (seen,) = [one for one in await it.channel.examine() if one.key == "groups_seen"]
    assert (seen.good, seen.fill["count"]) == (True, told)


async def test_examining_names_what_is_wrong(tmp_path):
    async with desk(tmp_path, secret="wrong", run=False) as it:
        assert [one.key for one in await it.channel.examine()][1:] == ["code_40001"]
    async with desk(tmp_path, run=False) as it:
        it.platform.fault(PATH + "groupchat/list", Fault(code=48002))
        assert "code_48002" in [one.key for one in await it.channel.examine()]
    async with desk(tmp_path, run=False, sender="nobody") as it:
        assert ("groups_none", False) in [(one.key, one.good) for one in await it.channel.examine()]


async def test_it_hears_no_attachments(tmp_path):
    async with desk(tmp_path, run=False) as it:
        with pytest.raises(FetchError):
            await it.channel.fetch({"media_id": "x"})


def test_the_keys_without_which_it_cannot_work():
    assert wecom_groups.Settings().missing() == ("corp_id", "secret", "token", "aes_key")


async def test_no_secret_in_a_log_nor_in_an_answer(tmp_path):
    with structlog.testing.capture_logs() as logs:
        async with desk(tmp_path) as it:
            it.platform.fault(ADD, Fault(status=502), Fault(code=60020))
            errors = []
            for _ in range(2):
                with pytest.raises(SendError) as caught:
                    await it.channel.send(said("请打13900000000"))
                errors.append(str(caught.value))
            answer = await it.event(envelope=Envelope(TOKEN, AES_KEY, "other"), **CONTACT)
            hidden = (*it.channel.secrets(), it.platform.token, "13900000000", "WELCOME")
    told = json.dumps([logs, errors, answer], default=str)
    assert logs
    assert set(it.channel.secrets()) == {SECRET, TOKEN, AES_KEY}
    assert [one for one in hidden if one and one in told] == []
