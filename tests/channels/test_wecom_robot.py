# ruff: noqa: F811 - a fixture is imported, then asked for by its name
"""The WeCom robot channel against the double of its platform: in and out. No test sleeps."""

import asyncio
import json

import aiohttp
import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.base import FetchError, Received, SendError
from domain.messages import Kind
from tests.channels.wecom_fixtures import (  # noqa: F401 - fixtures
    build,
    clock,
    ears,
    gateway,
    lease,
    robot,
)
from tests.channels.wecom_tools import (
    CARD,
    GROUP,
    SECRET,
    eventually,
    lines,
    outbound,
    running,
    settled,
)
from tests.doubles.wecom_gateway import WecomGateway
from tests.doubles.wecom_rules import PUSH

# -- in ------------------------------------------------------------------------------------------


async def test_words_in_a_group_are_heard(robot, gateway, ears):
    await gateway.text("@网格助手\u2005接单 G1", user="lisi", chat="wrAbCdEf0001")
    heard = await ears.next()
    assert (heard.address, heard.sender, heard.text) == (GROUP, "lisi", "接单 G1")
    assert heard.named


async def test_a_voice_a_picture_and_a_mixed_message_are_heard(robot, gateway, ears):
    await gateway.voice("路灯不亮")
    await gateway.image(b"picture")
    await gateway.mixed("@网格助手 办结", b"one", b"two", chat="wrAbCdEf0001")
    heard = {one.text: one for one in [await ears.next() for _ in range(3)]}
    assert sorted(heard) == ["", "办结", "路灯不亮"]
    fetched = [(await robot.fetch(one.ref)).data for one in heard["办结"].attachments]
    assert fetched == [b"one", b"two"]
    assert (await robot.fetch(heard[""].attachments[0].ref)).data == b"picture"


async def test_media_hosts_limit_what_is_fetched(build, gateway):
    with pytest.raises(FetchError, match="not among"):
        await build(media_hosts=("qpic.cn",)).fetch(gateway.serve(b"x"))


async def test_a_shared_session_is_used_and_left_open(build, gateway, ears):
    async with aiohttp.ClientSession() as session:
        robot = build(session=session)
        async with running(robot, ears):
            await gateway.online()
            assert (await robot.fetch(gateway.serve(b"x"))).data == b"x"
        assert not session.closed


@pytest.mark.parametrize("shape", ["nested", "flat", "camel", "camel_flat"])
async def test_a_click_is_heard_and_changes_the_card(robot, gateway, ears, shape):
    await gateway.card_click("G1_1", "case:accept", shape=shape, chat="wrAbCdEf0001")
    heard = await ears.next()
    assert (heard.kind, heard.button, heard.card) == (Kind.CLICKED, "case:accept", "G1_1")
    await robot.send(outbound(card=CARD, handle=heard.handle, to=GROUP))
    (sent,) = gateway.sent
    assert (sent.cmd, sent.code) == ("aibot_respond_update_msg", 0)


async def test_a_delivery_made_twice_is_handed_on_twice_with_one_id(robot, gateway, ears):
    req_id = await gateway.text("电梯坏了")
    await gateway.again(req_id)
    first, second = await ears.next(), await ears.next()
    assert first.external_id == second.external_id != ""


GARBAGE = ["", "{", "[]", "null", '{"cmd": {}}', b"\xff\x00", '{"cmd":"aibot_msg_callback"}']


async def test_garbage_is_dropped_and_the_next_message_is_heard(robot, gateway, ears):
    with structlog.testing.capture_logs() as logs:
        for junk in GARBAGE:
            await gateway.raw(junk)
        await gateway.message("hologram", {"content": "电话13900000000"})
        await gateway.event({"eventtype": "feedback_event", "feedback_event": {"content": "差"}})
        await gateway.text("还在")
        assert (await ears.next()).text == "还在"
    assert len(lines(logs, "wecom_dropped")) == len(GARBAGE) + 2
    assert "13900000000" not in str(logs)


async def test_a_megabyte_is_heard_cut(robot, gateway, ears):
    await gateway.text("报" * 1_000_000)
    assert len((await ears.next()).text) == 20_000
    assert robot.connected


@settings(max_examples=50, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    raw=st.lists(
        st.text()
        | st.binary()
        | st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda one: st.lists(one) | st.dictionaries(st.text(), one),
            max_leaves=8,
        ).map(lambda body: json.dumps({"cmd": "aibot_msg_callback", "body": body})),
        max_size=5,
    )
)
async def test_no_frame_whatsoever_ends_the_loop(robot, gateway, ears, raw):
    for one in raw:
        await gateway.raw(one.encode("utf-8", "replace").decode() if isinstance(one, str) else one)
    await gateway.text("还在")
    assert (await ears.next()).text == "还在"
    assert gateway.subscribed == ["bot"]


# -- accept --------------------------------------------------------------------------------------


async def test_a_slow_accept_blocks_neither_pings_nor_acks_nor_other_conversations(build, gateway):
    free, heard = asyncio.Event(), []

    async def slow(inbound):
        if inbound.sender == "slow":
            await free.wait()
        heard.append(inbound.text)
        return Received.NEW

    robot = build(ping_every=0.01)
    async with running(robot, slow):
        await gateway.online()
        await gateway.text("一", user="slow")
        await gateway.text("二", user="slow")
        await gateway.text("三", user="quick")
        await gateway.until(lambda: gateway.pings > 3)
        assert await robot.send(outbound()) == ""
        assert heard == ["三"]
        free.set()
        await gateway.until(lambda: len(heard) == 3)
    assert heard == ["三", "一", "二"]
    assert gateway.subscribed == ["bot"]


async def test_a_thousand_in_flight_stop_the_reading_but_do_not_end_the_connection(build, gateway):
    free, heard = asyncio.Event(), []

    async def slow(inbound):
        await free.wait()
        heard.append(inbound.text)
        return Received.NEW

    robot = build(ping_every=0.01)
    async with running(robot, slow):
        await settled(robot)
        for number in range(1010):
            await gateway.text(str(number))
        before = gateway.pings
        await gateway.until(lambda: gateway.pings > before + 5)
        free.set()
        await eventually(lambda: len(heard) == 1010)
    assert heard == [str(number) for number in range(1010)]
    assert gateway.subscribed == ["bot"]


# -- out -----------------------------------------------------------------------------------------


async def test_a_reply_is_a_finished_stream_and_a_repeat_replaces_it(robot, gateway, ears):
    await gateway.text("报修")
    handle = (await ears.next()).handle
    await robot.send(outbound("第一次", handle=handle))
    await robot.send(outbound("第二次", handle=handle))
    assert [one.code for one in gateway.sent] == [0, 0]
    assert list(gateway.shown["zhangsan"].values()) == ["第二次"]


async def test_a_push_names_its_chat(robot, gateway):
    await robot.send(outbound("提醒", to=GROUP))
    await robot.send(outbound(card=CARD))
    first, second = gateway.sent
    assert (first.cmd, first.body["chatid"], first.body["chat_type"]) == (PUSH, GROUP.chat, 2)
    assert (second.code, second.body["chat_type"]) == (0, 1)


async def test_a_very_long_text_is_taken(robot, gateway):
    await robot.send(outbound("很长" * 20_000))
    assert gateway.sent[0].code == 0


async def test_a_welcome_is_said_in_time_only(robot, gateway, ears, clock):
    await gateway.enter_chat()
    handle = (await ears.next()).handle
    await robot.send(outbound("欢迎", handle=handle))
    clock.forward(seconds=6)
    with pytest.raises(SendError) as caught:
        await robot.send(outbound("欢迎", handle=handle))
    assert not caught.value.retryable
    assert [one.cmd for one in gateway.sent] == ["aibot_respond_welcome_msg"]


async def test_a_click_answered_too_late_gets_words(robot, gateway, ears, clock):
    await gateway.card_click("G1_1", "case:accept")
    handle = (await ears.next()).handle
    clock.forward(seconds=6)
    await robot.send(outbound("已接单", card=CARD, handle=handle))
    assert [(one.cmd, one.words) for one in gateway.sent] == [(PUSH, "已接单")]


@pytest.mark.parametrize("code", [846605, 846608])
async def test_a_reply_whose_moment_is_over_becomes_a_push(robot, gateway, ears, code):
    await gateway.text("报修")
    handle = (await ears.next()).handle
    gateway.fail(code)
    await robot.send(outbound(handle=handle))
    assert [(one.cmd, one.code) for one in gateway.sent] == [("aibot_respond_msg", code), (PUSH, 0)]


async def test_a_reply_refused_for_another_reason_is_not_said_again_as_a_push(robot, gateway, ears):
    await gateway.text("报修")
    handle = (await ears.next()).handle
    gateway.fail(40058)
    with pytest.raises(SendError):
        await robot.send(outbound(handle=handle))
    assert [one.cmd for one in gateway.sent] == ["aibot_respond_msg"]


async def test_a_reply_to_a_message_the_platform_forgot_becomes_a_push(robot, gateway, ears):
    req_id = await gateway.text("报修")
    handle = (await ears.next()).handle
    gateway.forget(req_id)
    await robot.send(outbound(handle=handle))
    assert [one.code for one in gateway.sent] == [846605, 0]


async def test_a_reply_after_a_day_is_a_push(robot, gateway, ears, clock):
    await gateway.text("报修")
    handle = (await ears.next()).handle
    clock.forward(hours=24)
    await robot.send(outbound(handle=handle))
    assert [one.cmd for one in gateway.sent] == [PUSH]


CODES = [
    pytest.param(6000, True, False, id="conflict"),
    pytest.param(45009, True, False, id="too often"),
    pytest.param(93006, False, True, id="invalid chat"),
    pytest.param(40058, False, False, id="bad parameter"),
    pytest.param(846605, False, False, id="a push has nothing to fall back on"),
]


@pytest.mark.parametrize(("code", "retryable", "unreachable"), CODES)
async def test_a_refusal_raises_its_error(robot, gateway, code, retryable, unreachable):
    gateway.fail(code)
    with pytest.raises(SendError) as caught:
        await robot.send(outbound())
    error = caught.value
    assert (error.code, error.retryable, error.unreachable) == (code, retryable, unreachable)


async def test_the_platforms_own_rate_limit_is_understood(clock, build, ears):
    async with WecomGateway({"bot": SECRET}, rates=((2, 60),), clock=clock.seconds) as gateway:
        robot = build(url=gateway.url)
        async with running(robot, ears):
            await settled(robot)
            await robot.send(outbound(once="1"))
            await robot.send(outbound(once="2"))
            with pytest.raises(SendError) as caught:
                await robot.send(outbound(once="3"))
            clock.forward(seconds=61)
            await robot.send(outbound(once="3"))
    assert (caught.value.code, caught.value.retry_after) == (45009, 60.0)


async def test_replies_to_one_message_take_turns(robot, gateway, ears):
    await gateway.text("报修")
    handle = (await ears.next()).handle
    await asyncio.gather(
        *(robot.send(outbound(str(n), handle=handle, once=str(n))) for n in range(20))
    )
    assert [one.code for one in gateway.sent] == [0] * 20


async def test_many_pushes_at_once_find_their_own_acks(robot, gateway):
    gateway.fail(*[0, 40058] * 10)
    results = await asyncio.gather(
        *(robot.send(outbound(str(n), once=str(n))) for n in range(20)), return_exceptions=True
    )
    codes = {one.words: one.code for one in gateway.sent}
    for number, result in enumerate(results):
        assert isinstance(result, SendError) == bool(codes[str(number)])


async def test_without_a_connection_it_is_tried_again_in_a_second(build):
    with pytest.raises(SendError) as caught:
        await build().send(outbound())
    assert (caught.value.retryable, caught.value.retry_after) == (True, 1.0)


async def test_a_swallowed_ack_is_an_unknown_outcome(build, gateway, ears):
    robot = build(ack_timeout=0.05)
    async with running(robot, ears):
        await settled(robot)
        gateway.swallow()
        with pytest.raises(SendError, match="no ack") as caught:
            await robot.send(outbound())
        assert caught.value.retryable
        await robot.send(outbound(once="2"))


async def test_a_connection_broken_before_the_ack_is_an_unknown_outcome(robot, gateway):
    gateway.cut()
    with pytest.raises(SendError, match="connection lost") as caught:
        await robot.send(outbound())
    assert caught.value.retryable
