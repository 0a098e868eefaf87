"""The main job through the WeCom robot: people, platform and program, as they will meet."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from bot.app import open_app
from bot.deployment.folder import load
from bot.stations import Watch
from scheduler.clock import SystemClock, VirtualClock
from store import codes
from tests.doubles.wecom_gateway import WecomGateway
from tests.process.tools import BOT, G1, G2, NAME, SECRET, STAFF1, Books, deploy, until

LAMP = f"{NAME} 3号楼2单元楼道灯不亮了"
NEW_GROUP = "wrNoBodyKnowsIt"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"lamp" * 100
RESPOND, WELCOME, UPDATE, PUSH = (
    "aibot_respond_msg",
    "aibot_respond_welcome_msg",
    "aibot_respond_update_msg",
    "aibot_send_msg",
)


@pytest.fixture
async def gateway():
    async with WecomGateway({BOT: SECRET}) as gateway:
        yield gateway


@pytest.fixture
def database():
    return "sqlite"


@pytest.fixture
def folder(tmp_path, gateway, migrated_url):
    return deploy(tmp_path / "city", gateway.url, migrated_url)


@pytest.fixture
def clock():
    return SystemClock()


@pytest.fixture
async def app(folder, gateway, clock):
    """The running program, connected."""
    async with open_app(load(folder), clock=clock) as app:
        stop = asyncio.Event()
        task = asyncio.create_task(app.run(stop))
        await gateway.online()
        yield app
        stop.set()
        async with asyncio.timeout(5):
            assert await task  # False would mean that a part of it had ended by itself


@pytest.fixture
async def books(app, folder):
    async with Books(folder) as books:
        yield books


async def _case(app):
    (case,) = await app.cases()
    return case


def _screen(gateway, chat):
    return "\n".join(gateway.shown[chat].values())


def _card(gateway, user="w.li"):
    """The newest card that was pushed to somebody."""
    cards = [
        one.body["template_card"]
        for one in gateway.of(PUSH)
        if one.body["chatid"] == user and "template_card" in one.body
    ]
    return cards[-1]


async def test_from_the_report_to_the_closed_case(app, gateway, books, folder):
    asked = await gateway.text(LAMP, user="r.wang", chat=G1)
    (answer,) = await gateway.heard(1, RESPOND)
    case = await _case(app)
    assert (answer.req_id, answer.code, answer.body["stream"]["finish"]) == (asked, 0, True)
    assert case["number"] in answer.words
    assert "李强" in answer.words

    (told,) = await gateway.heard(1, PUSH)
    assert (told.body["chatid"], told.body["chat_type"], told.code) == ("w.li", 1, 0)
    card = told.body["template_card"]
    assert case["number"] in card["main_title"]["title"]
    assert "accept" in [button["key"] for button in card["button_list"]]

    await gateway.card_click(card["task_id"], "accept", user="w.li")
    (update,) = await gateway.heard(1, UPDATE)
    assert (update.code, update.body["template_card"]["task_id"]) == (0, card["task_id"])

    await gateway.mixed("办结 灯泡已换，亮了", PICTURE, user="w.li")
    await gateway.until(lambda: "办好了吗" in _screen(gateway, G1))
    case = await _case(app)
    assert (case["status"], case["photos"]) == ("finished", "1")
    key = hashlib.sha256(PICTURE).hexdigest()
    kept = folder / "media" / key[:2] / key

    async def fetched():
        return kept.exists()

    await until(fetched)
    assert kept.read_bytes() == PICTURE

    await gateway.text(f"{NAME} 满意，谢谢", user="r.wang", chat=G1)
    await books.settled(4)
    case = await _case(app)
    assert (case["status"], case["satisfaction"]) == ("closed", "satisfied")
    assert [one.code for one in gateway.sent] == [0] * len(gateway.sent)
    assert set(await books.outbox()) == {"sent"}


@pytest.mark.parametrize("shape", ["nested", "flat"])
async def test_a_button_answers_on_the_card_and_a_second_press_in_words(app, gateway, books, shape):
    await gateway.text(LAMP, user="r.wang", chat=G1)
    await gateway.heard(1, PUSH)
    task_id = _card(gateway)["task_id"]
    await gateway.card_click(task_id, "accept", user="w.li", shape=shape)
    (update,) = await gateway.heard(1, UPDATE)
    assert update.code == 0
    await gateway.card_click(task_id, "accept", user="w.li", shape=shape)
    await gateway.card_click(task_id, "accept", user="w.tang", shape=shape)
    await books.settled(4)
    assert "已经接过单了" in _screen(gateway, "w.li")
    assert "不归您办" in _screen(gateway, "w.tang")
    case = await _case(app)
    assert (case["status"], case["assignee"]) == ("accepted", "w.li")


async def test_a_group_nobody_knows_is_bound_by_its_worker(app, gateway, books):
    await gateway.text(f"{NAME} 绑定网格 琼花一网格", user="r.chen", chat=NEW_GROUP)
    await gateway.text(f"{NAME} 绑定网格 何园一网格", user="w.li", chat=NEW_GROUP)
    await books.settled(2)
    assert "已绑定" not in _screen(gateway, NEW_GROUP)
    await gateway.text(f"{NAME} 绑定网格 琼花一网格", user="w.li", chat=NEW_GROUP)
    await gateway.until(lambda: "已绑定琼花一网格" in _screen(gateway, NEW_GROUP))
    await gateway.text(LAMP, user="u.unknown", chat=NEW_GROUP)
    await gateway.until(lambda: "已受理" in _screen(gateway, NEW_GROUP))
    case = await _case(app)
    assert (case["building"], case["assignee"], case["source"]) == ("3", "w.li", "resident")


async def test_a_one_time_code_binds_a_person_once(app, gateway, books):
    async with app.store.write() as conn:
        await codes.issue(conn, "12345678", "w.he", app.clock.now(), timedelta(hours=1))
    await gateway.text("绑定 87654321", user="woOpaque1")
    await gateway.text("绑定 12345678", user="woOpaque1")
    await gateway.until(lambda: "何梅" in _screen(gateway, "woOpaque1"))
    await gateway.text("绑定 12345678", user="woOpaque2")
    await books.settled(3)
    assert "绑定码不对" in _screen(gateway, "woOpaque1")
    assert "绑定码不对" in _screen(gateway, "woOpaque2")
    await gateway.text(f"{NAME} 7号楼1单元楼道灯坏了", user="r.zhao", chat=G2)
    await gateway.until(lambda: "新案件" in _screen(gateway, "woOpaque1"))
    await gateway.text("接单", user="woOpaque1")
    await books.settled(5)
    assert (await _case(app))["status"] == "accepted"


async def test_a_worker_who_cannot_be_reached_is_told_in_the_staff_group(app, gateway):
    gateway.fail(93006, cmd=PUSH)
    await gateway.text(LAMP, user="r.wang", chat=G1)
    refused, told = await gateway.heard(2, PUSH)
    assert (refused.body["chatid"], refused.code) == ("w.li", 93006)
    assert (told.body["chatid"], told.body["chat_type"], told.code) == (STAFF1, 2, 0)
    number = (await _case(app))["number"]
    words = str(told.body)
    assert "李强" in words
    assert number in words


async def test_who_opens_the_chat_is_welcomed(app, gateway):
    await gateway.enter_chat(user="w.li")
    await gateway.enter_chat(user="u.somebody")
    welcomes = await gateway.heard(2, WELCOME)
    assert [one.code for one in welcomes] == [0, 0]
    assert welcomes[0].words != welcomes[1].words


STRANGE = [
    pytest.param("帮" * 350_000, id="a megabyte"),
    pytest.param("\0\0\0", id="NUL"),
    pytest.param("3号楼\0灯\ud800坏了\udfff", id="halves of surrogate pairs"),
    pytest.param("😀" * 200, id="200 emoji"),
    pytest.param("\u202e\u200b\u2066" * 50, id="marks nobody sees"),
    pytest.param("办结 G99999999999999999999999", id="a number beyond all numbers"),
    pytest.param("{{ 7*7 }} {% raw %} <b>[x](y)", id="markup"),
    pytest.param("", id="nothing"),
]


@pytest.mark.parametrize("user", ["r.wang", "w.li"])
@pytest.mark.parametrize("words", STRANGE)
async def test_strange_words_stop_nothing(app, gateway, books, words, user):
    await gateway.text(words, user=user)
    await gateway.text(f"{NAME}{words}", user=user, chat=G1)
    await gateway.text("帮助", user="w.he")
    await books.settled(3)
    assert "接单" in _screen(gateway, "w.he")
    assert [one.code for one in gateway.sent] == [0] * len(gateway.sent)


async def test_malformed_frames_stop_nothing(app, gateway, books):
    for junk in ("", "{", "[]", "null", b"\xff\x00", '{"cmd":"aibot_msg_callback","body":7}'):
        await gateway.raw(junk)
    await gateway.message("hologram", {"content": "?"}, user="r.wang")
    await gateway.message("text", {"content": 7}, user="r.wang")
    await gateway.message("image", {"url": "file:///etc/passwd", "aeskey": "?"}, user="r.wang")
    await gateway.card_click("G1_1", "no such button", user="w.li")
    await gateway.card_click("../../x", "accept", user="w.li")
    await gateway.text(LAMP, user="r.wang", chat=G1)
    await gateway.until(lambda: "已受理" in _screen(gateway, G1))
    assert gateway.subscribed == [BOT]


async def test_a_message_delivered_three_times_is_one_case(app, gateway, books):
    req_id = await gateway.text(LAMP, user="r.wang", chat=G1)
    for _ in range(2):
        await gateway.again(req_id)
    await gateway.text(LAMP.replace("2单元", "1单元"), user="r.chen", chat=G1)  # a fourth frame
    await books.settled(2)

    def count(name, **labels):
        return app.registry.get_sample_value(name, {"channel": "wecom_robot", **labels})

    assert len(await app.cases()) == 2
    assert count("gridbot_inbox_total", outcome="new") == 2

    async def seen():
        return count("gridbot_inbox_total", outcome="seen") == 2

    await until(seen)
    assert count("gridbot_handled_total", intent="report") == 2
    assert count("gridbot_outbox_total", outcome="sent") == 4


async def test_logs_name_what_happened_and_nothing_that_was_said(app, gateway, books):
    with structlog.testing.capture_logs() as logs:
        await gateway.raw("{")
        gateway.fail(6000, 40058)
        await gateway.text(f"{LAMP}，我电话13912345678", user="r.wang", chat=G1)
        await gateway.text("绑定 13912345678", user="u.x")
        await books.settled(2)
        gateway.cut_lines()
        await gateway.offline()
        await gateway.online()
    assert {"wecom_dropped", "delivery.failed", "wecom_lost"} <= {one["action"] for one in logs}
    said = str(logs)
    for secret in ("楼道灯", "13912345678", SECRET):
        assert secret not in said


async def test_a_group_is_never_spoken_to_more_than_thirty_times_a_minute(tmp_path):
    clock = VirtualClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    rates = ((30, 60),)  # the platform refuses what is over; nothing may be refused
    async with WecomGateway(
        {BOT: SECRET}, rates=rates, clock=lambda: clock.now().timestamp()
    ) as gateway:
        folder = deploy(tmp_path / "city", gateway.url)
        async with open_app(load(folder), clock=clock) as app, Books(folder) as books:
            stop = asyncio.Event()
            task = asyncio.create_task(app.run(stop))
            await gateway.online()
            for number in range(40):
                words = f"{NAME} {number + 1}号楼1单元楼道灯坏了"
                await gateway.text(words, user=f"u{number}", chat=G1)
            first = await _said_over_time(app, clock, books)
            stop.set()
            assert await task
    assert first <= 30
    assert [one.code for one in gateway.sent] == [0] * 80
    assert len(gateway.shown[G1]) == len(gateway.shown["w.li"]) == 40
    assert clock.now() < datetime(2026, 11, 23, 2, 4, tzinfo=UTC)


async def _said_over_time(app, clock, books):
    """Move the clock from one due moment to the next; returns what was sent at the first one."""

    async def idle():
        due = await app.next_moment()
        return (
            await books.heard() == 40
            and "sending" not in await books.outbox()
            and (await app.health())["oldest_unhandled"] is None
            and (due is None or due > clock.now())
        )

    await until(idle)
    first = (await books.outbox()).count("sent")
    while "waiting" in await books.outbox():
        clock.move_to(await app.next_moment())
        for delivery in app.deliveries.values():
            delivery.wake()
        await until(idle)
    return first // 2


# -- stopping ------------------------------------------------------------------------------------


async def test_what_was_heard_when_it_is_told_to_stop_is_stored(folder, gateway):
    writing = asyncio.Event()

    def at(station):
        if station == "ingest.before_commit":
            writing.set()

    async with open_app(load(folder), watch=Watch(at)) as app, Books(folder) as books:
        stop = asyncio.Event()
        task = asyncio.create_task(app.run(stop))
        await gateway.online()
        async with app.store.write():  # so that it must wait to be written
            await gateway.text(LAMP, user="r.wang", chat=G1)
            await writing.wait()
            stop.set()
            await gateway.until(lambda: not app.channels["wecom_robot"].connected)
        assert await task
        assert await books.heard() == 1


async def test_an_answer_that_is_acknowledged_while_it_stops_is_not_said_again(folder, gateway):
    async with open_app(load(folder)) as app, Books(folder) as books:
        stop = asyncio.Event()
        task = asyncio.create_task(app.run(stop))
        await gateway.online()
        gateway.swallow(2)
        await gateway.text(LAMP, user="r.wang", chat=G1)
        sent = await gateway.heard(2)
        stop.set()

        async def stopping():
            return app.runner._ticker is None

        await until(stopping)
        for one in sent:
            await gateway._ack(gateway._line(), one.req_id, 0)
        assert await task
        assert await books.outbox() == ["sent", "sent"]
