# ruff: noqa: F811 - a fixture is imported, then asked for by its name
"""The double is strict: what WeCom would refuse, it refuses (wechat.md 1a.5, 1a.7)."""

import asyncio
import json

import aiohttp
import pytest

from tests.channels.wecom_fixtures import clock, gateway  # noqa: F401 - fixtures
from tests.channels.wecom_tools import SECRET
from tests.doubles import wecom_rules as rules

BUTTON = {"text": "接单", "style": 1, "key": "k"}
CARD = {
    "card_type": "button_interaction",
    "main_title": {"title": "题"},
    "button_list": [BUTTON],
    "task_id": "T_1-@",
}
PLACE = {"chatid": "wr1", "chat_type": 2}


def card(**changes):
    return {"msgtype": "template_card", "template_card": CARD | changes, **PLACE}


def words(text="好", **changes):
    return {"msgtype": "markdown", "markdown": {"content": text}, **PLACE, **changes}


def stream(**changes):
    return {"msgtype": "stream", "stream": {"id": "S", "finish": True, "content": "好"} | changes}


PUSHES = [
    pytest.param(words(), True, id="markdown"),
    pytest.param(words("好" * 6826 + "ok"), True, id="20480 bytes"),
    pytest.param(words("好" * 6827), False, id="20481 bytes"),
    pytest.param(words(""), False, id="nothing said"),
    pytest.param(words(chat_type=None), False, id="no chat_type"),
    pytest.param(words(chat_type=3), False, id="a third chat_type"),
    pytest.param(words(chatid=""), False, id="no chatid"),
    pytest.param(words(msgtype="text"), False, id="plain text cannot be pushed"),
    pytest.param(stream() | PLACE, False, id="a stream cannot be pushed"),
    pytest.param(card(), True, id="card"),
    pytest.param(card(task_id="编号"), False, id="task_id in Chinese"),
    pytest.param(card(task_id="T" * 129), False, id="task_id of 129"),
    pytest.param(card(task_id=None), False, id="no task_id"),
    pytest.param(card(button_list=[]), False, id="buttons missing"),
    pytest.param(card(button_list=[BUTTON] * 2), False, id="the same key twice"),
    pytest.param(
        card(button_list=[BUTTON | {"key": str(n)} for n in range(7)]), False, id="seven buttons"
    ),
    pytest.param(card(button_list=[BUTTON | {"text": "字" * 11}]), False, id="a long button"),
    pytest.param(card(button_list=["x"]), False, id="a button of a wrong type"),
    pytest.param(card(main_title={"title": "题" * 27}), False, id="a long title"),
    pytest.param(card(main_title={}), False, id="no title"),
    pytest.param(card(sub_title_text="正" * 113), False, id="a long subtitle"),
    pytest.param(card(horizontal_content_list=[{"keyname": "k"}]), False, id="half a field"),
    pytest.param(
        card(horizontal_content_list=[{"keyname": "k", "value": "v"}] * 7), False, id="seven fields"
    ),
    pytest.param(card(card_type="text_notice", button_list=[]), False, id="notice without a link"),
    pytest.param(card(card_type="hologram"), False, id="unknown card"),
    pytest.param({"msgtype": "template_card", **PLACE}, False, id="no card"),
    pytest.param("x", False, id="no object"),
]


@pytest.mark.parametrize(("body", "good"), PUSHES)
def test_pushes(body, good):
    assert (rules.fault("aibot_send_msg", body) is None) is good


ANSWERS = [
    pytest.param("aibot_respond_msg", stream(), True, id="a stream to a message"),
    pytest.param("aibot_respond_msg", stream(id=""), False, id="a stream without an id"),
    pytest.param("aibot_respond_msg", stream(finish=1), False, id="finish of a wrong type"),
    pytest.param("aibot_respond_msg", stream(msg_item=[]), False, id="msg_item"),
    pytest.param(
        "aibot_respond_msg",
        {"msgtype": "text", "text": {"content": "x"}},
        False,
        id="plain text is no reply",
    ),
    pytest.param("aibot_respond_welcome_msg", stream(), False, id="a stream is no welcome"),
    pytest.param("aibot_respond_update_msg", card(), False, id="an update without its type"),
]


@pytest.mark.parametrize(("cmd", "body", "good"), ANSWERS)
def test_answers(cmd, body, good):
    assert (rules.fault(cmd, body) is None) is good


@pytest.fixture
async def line(gateway):
    """A bare WebSocket: says anything, returns the next frame."""
    async with aiohttp.ClientSession() as session, session.ws_connect(gateway.url) as ws:

        async def say(cmd, req_id="X1", body=None):
            await ws.send_str(json.dumps({"cmd": cmd, "headers": {"req_id": req_id}, "body": body}))
            async with asyncio.timeout(5):
                return await ws.receive_json()

        say.ws = ws
        yield say


async def enter(line):
    ack = await line("aibot_subscribe", body={"bot_id": "bot", "secret": SECRET})
    assert ack["errcode"] == 0


async def test_nothing_is_said_before_the_subscription(line):
    assert (await line("aibot_send_msg", body=words()))["errcode"] != 0


async def test_an_unknown_command_is_refused(line):
    await enter(line)
    assert (await line("aibot_shout"))["errcode"] == rules.BAD_PARAMETER


async def test_a_push_needs_a_req_id_of_its_own(line, gateway):
    await enter(line)
    req_id = await gateway.text("你好")
    await line.ws.receive_json()
    ack = await line("aibot_send_msg", req_id, words())
    assert ack["errcode"] == rules.INVALID_REQ_ID


@pytest.mark.parametrize("cmd", ["aibot_respond_welcome_msg", "aibot_respond_update_msg"])
async def test_a_message_is_answered_as_a_message_only(line, gateway, cmd):
    await enter(line)
    req_id = await gateway.text("你好")
    await line.ws.receive_json()
    body = card() | {"response_type": "update_template_card"}
    assert (await line(cmd, req_id, body))["errcode"] == rules.INVALID_REQ_ID


LATE = [
    pytest.param("other_task", 0, "T9", id="another task_id than the clicked one"),
    pytest.param("late", 5.1, "T_1-@", id="after five seconds"),
]


@pytest.mark.parametrize(("_why", "seconds", "task_id"), LATE)
async def test_a_click_is_answered_in_time_with_its_own_card(
    line, gateway, clock, _why, seconds, task_id
):
    await enter(line)
    req_id = await gateway.card_click("T_1-@", "k")
    await line.ws.receive_json()
    clock.forward(seconds=seconds)
    body = card(task_id=task_id) | {"response_type": "update_template_card"}
    ack = await line("aibot_respond_update_msg", req_id, body)
    assert ack["errcode"] == rules.INVALID_REQ_ID


async def test_a_click_is_answered_once(line, gateway):
    await enter(line)
    req_id = await gateway.card_click("T_1-@", "k")
    await line.ws.receive_json()
    body = card() | {"response_type": "update_template_card"}
    codes = [(await line("aibot_respond_update_msg", req_id, body))["errcode"] for _ in range(2)]
    assert codes == [0, rules.INVALID_REQ_ID]


async def test_a_malformed_frame_is_recorded(line, gateway):
    await enter(line)
    await line.ws.send_str("{")
    await gateway.until(lambda: gateway.sent)
    assert gateway.sent[0].problem == "malformed frame"
