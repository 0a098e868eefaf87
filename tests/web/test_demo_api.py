"""The demo's server side: what a page may ask, what is refused, what is pushed."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.demo import pressable
from bot.web.chat_view import groups_of
from bot.web.demo_types import Demo
from domain.messages import Kind
from tests.web.fake_demo import FakeDemo, World, fake_app

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
Client = TestClient[Any, Any]
Event = dict[str, str]


@pytest.fixture
def demo() -> Demo:
    return FakeDemo()


@pytest.fixture
async def client(demo: FakeDemo, aiohttp_client: Callable[..., Awaitable[Client]]) -> Client:
    return await aiohttp_client(fake_app(demo))


async def say(client: Client, text: str, **more: object) -> int:
    body = {"person": "r.wang", "chat": "g01.residents", "text": text, **more}
    return (await client.post("/api/say", json=body)).status


async def state(client: Client) -> dict[str, Any]:
    answer: dict[str, Any] = await (await client.get("/api/state")).json()
    return answer


async def events(client: Client, cursor: str, header: bool = False) -> list[Event]:
    """What a page at this cursor is sent up to the first look at the cases."""
    where: Any = {"headers": {"Last-Event-ID": cursor}} if header else {"params": {"after": cursor}}
    found: list[Event] = []
    async with asyncio.timeout(5), client.get("/api/events", **where) as response:
        event: Event = {}
        async for raw in response.content:
            line = raw.decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                event[name] = value
                continue
            found.append(event)
            if event.get("event") in ("cases", "reset"):
                break
            event = {}
    return found


async def test_page_has_its_title_and_lets_no_foreign_script_in(client: Client) -> None:
    response = await client.get("/")
    text = await response.text()
    assert response.status == 200
    assert "网格" in text.split("<title>")[1].split("</title>")[0]
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert 'lang="zh-CN"' in text
    assert " style=" not in text
    assert " onclick=" not in text


async def test_every_file_the_page_names_is_served(client: Client) -> None:
    text = await (await client.get("/")).text()
    for part in text.split('"/static/')[1:]:
        response = await client.get("/static/" + part.split('"')[0])
        assert response.status == 200
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert (await client.get("/static/..%2Fdemo.py")).status == 404


async def test_words_are_heard_and_answered(client: Client, demo: FakeDemo) -> None:
    assert await say(client, "3号楼2单元楼道灯不亮了") == 200
    now = await state(client)
    assert [line["speaker"] for line in now["lines"]] == ["r.wang", "", ""]
    assert now["lines"][2]["card"]["buttons"][0] == {"key": "accept", "label": "接单"}
    assert now["cases"][0]["status"] == "assigned"
    assert demo.heard[0].text == "3号楼2单元楼道灯不亮了"


async def test_a_quote_carries_the_words_of_its_line(client: Client, demo: FakeDemo) -> None:
    await say(client, "今天天气真好")
    assert await say(client, "是啊", quote=1) == 200
    assert demo.heard[-1].quote == "今天天气真好"
    assert await say(client, "是啊", quote=99) == 404


async def test_a_line_of_somebody_elses_chat_cannot_be_quoted(client: Client) -> None:
    await client.post("/api/say", json={"person": "w.li", "chat": "", "text": "你好"})
    assert await say(client, "什么", quote=1) == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"person": "r.wang", "text": "   "}, 400),
        ({"person": "r.wang", "text": "\x00\x07"}, 400),
        ({"person": "r.wang", "text": "长" * 4001}, 400),
        ({"person": "r.wang", "text": "x" * 70000}, 413),
        ({"person": "nobody", "text": "你好"}, 400),
        ({"person": "r.wang", "chat": "c1.staff", "text": "你好"}, 403),
        ({"person": "r.wang", "chat": "g99", "text": "你好"}, 403),
        ({"person": "r.wang", "text": 7}, 400),
        ({"person": "r.wang"}, 400),
        ({"person": "r.wang", "text": "你好", "more": 1}, 400),
        ({"person": "r.wang", "text": "你好", "quote": "1"}, 400),
        ({"person": "../x", "text": "你好"}, 400),
        (["r.wang"], 400),
        (None, 400),
    ],
)
async def test_what_cannot_be_said_is_refused_with_a_sentence(
    client: Client, demo: FakeDemo, body: object, status: int
) -> None:
    response = await client.post("/api/say", json=body)
    assert response.status == status
    assert (await response.json())["error"].endswith("。")
    assert demo.heard == []


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b'{"person":"r.wang","text":"\\ud800"}'])
async def test_a_body_that_is_no_json_is_refused(client: Client, data: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = await client.post("/api/say", data=data, headers=headers)
    assert response.status == 400
    assert "error" in await response.json()


async def test_a_form_of_another_site_cannot_post(client: Client, demo: FakeDemo) -> None:
    response = await client.post("/api/say", data=b'{"person":"r.wang","text":"x"}')
    assert response.status == 400
    assert demo.heard == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": "evil.example:80:80"},
    ],
    ids=lambda headers: str(next(iter(headers.items()))),
)
async def test_other_sites_are_turned_away(
    client: Client, demo: FakeDemo, headers: dict[str, str]
) -> None:
    body = {"person": "r.wang", "text": "你好"}
    response = await client.post("/api/say", json=body, headers=headers)
    assert response.status == 403
    assert demo.heard == []


async def test_a_rebound_name_cannot_read_either(client: Client) -> None:
    for path in ("/", "/api/state", "/api/events", "/static/demo.js"):
        assert (await client.get(path, headers={"Host": "evil.example"})).status == 403


async def test_own_origin_may_post(client: Client) -> None:
    origin = f"http://{client.host}:{client.port}"
    body = {"person": "r.wang", "text": "你好"}
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    assert (await client.post("/api/say", json=body, headers=headers)).status == 200


async def picture(client: Client, data: bytes, **where: str) -> tuple[int, dict[str, Any]]:
    query = {"person": "r.wang", "chat": "g01.residents", "name": "灯.png", **where}
    response = await client.post("/api/picture", params=query, data=io.BytesIO(data))
    return response.status, await response.json()


async def test_a_picture_is_kept_sent_and_served(client: Client) -> None:
    status, _ = await picture(client, PNG, name="../../etc/灯.png")
    assert status == 200
    (sent,) = (await state(client))["lines"][0]["attachments"]
    assert sent["name"] == "灯.png"
    response = await client.get(f"/media/{sent['key']}")
    assert await response.read() == PNG
    assert response.content_type == "image/png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400),
        (b"<svg onload=alert(1)>", 400),
        (b"GIF8 is not a picture", 400),
        (b"RIFF....WAVE", 400),
        (PNG + bytes(10 * 1024 * 1024), 413),
    ],
    ids=["empty", "svg", "almost gif", "sound", "too large"],
)
async def test_what_is_no_picture_is_refused(
    client: Client, demo: FakeDemo, data: bytes, status: int
) -> None:
    answer, body = await picture(client, data)
    assert answer == status
    assert body["error"].endswith("。")
    assert demo.files == {}


@pytest.mark.parametrize("start", [b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\0\0\0\0WEBP"])
async def test_other_pictures_are_taken(client: Client, start: bytes) -> None:
    assert (await picture(client, start + bytes(9)))[0] == 200


async def test_a_large_picture_is_served(client: Client, demo: FakeDemo) -> None:
    demo.files["c" * 64] = (PNG + bytes(9 * 1024 * 1024), "image/png")
    response = await client.get(f"/media/{'c' * 64}")
    assert len(await response.read()) > 9 * 1024 * 1024


async def test_media_that_is_no_picture_is_never_shown(client: Client, demo: FakeDemo) -> None:
    demo.files["a" * 64] = (b"<script>", "text/html")
    response = await client.get(f"/media/{'a' * 64}")
    assert response.content_type == "application/octet-stream"
    assert response.headers["Content-Disposition"] == "attachment"
    assert (await client.get(f"/media/{'b' * 64}")).status == 404
    assert (await client.get("/media/..%2Fsecret")).status == 404


async def test_a_button_works_for_who_sees_its_card(client: Client, demo: FakeDemo) -> None:
    await say(client, "3号楼2单元楼道灯不亮了")
    press = {"person": "w.li", "number": 3, "key": "accept"}
    for wrong in ({"person": "r.wang"}, {"number": 99}):
        assert (await client.post("/api/click", json=press | wrong)).status == 404
    for wrong in ({"key": "explode"}, {"number": 4}):
        await client.post("/api/say", json={"person": "w.li", "chat": "", "text": "你好"})
        assert (await client.post("/api/click", json=press | wrong)).status == 409
    assert (await client.post("/api/click", json=press)).status == 200
    now = await state(client)
    assert now["lines"][2]["pressed"] == {"accept": "w.li"}
    assert now["cases"][0]["status"] == "accepted"


async def test_a_busy_program_says_so(client: Client, demo: FakeDemo) -> None:
    await say(client, "3号楼2单元楼道灯不亮了")
    demo.refuse = True
    response = await client.post(
        "/api/click", json={"person": "w.li", "number": 3, "key": "accept"}
    )
    assert response.status == 503
    assert (await state(client))["lines"][2]["pressed"] == {}


async def test_only_the_own_last_words_are_taken_back(client: Client) -> None:
    await say(client, "第一句")
    await say(client, "第二句")
    back = {"person": "r.wang", "chat": "g01.residents", "number": 1}
    assert (await client.post("/api/recall", json=back)).status == 409
    other = back | {"person": "r.chen", "number": 2}
    assert (await client.post("/api/recall", json=other)).status == 409
    assert (await client.post("/api/recall", json=back | {"number": 2})).status == 200
    line = (await state(client))["lines"][1]
    assert line["recalled"] is True
    assert line["text"] == ""


async def test_the_clock_moves_and_what_is_due_is_said(client: Client, demo: FakeDemo) -> None:
    await say(client, "楼道好大的烟")
    answer = await client.post("/api/clock", json={"minutes": None})
    assert (await answer.json())["now"] == "2026-11-23T11:00:00+08:00"
    assert (await state(client))["lines"][-1]["text"].endswith("楼道好大的烟")
    for minutes in (0, -10, 10**9, 1.5, "10", True):
        answer = await client.post("/api/clock", json={"minutes": minutes})
        assert answer.status == 400


async def test_a_case_tells_its_history(client: Client) -> None:
    await say(client, "电梯坏了")
    answer = await client.get("/api/cases/QH20261123-001/timeline")
    assert len((await answer.json())["timeline"]) == 2
    assert (await client.get("/api/cases/none/timeline")).status == 404


async def test_nothing_is_lost_or_doubled_over_a_broken_line(client: Client) -> None:
    begin = (await state(client))["cursor"]
    await say(client, "第一句")
    first = await events(client, begin)
    assert [event["event"] for event in first] == ["message", "clock", "cases"]
    await say(client, "第二句")
    await client.post(
        "/api/recall", json={"person": "r.wang", "chat": "g01.residents", "number": 2}
    )
    again = await events(client, first[-1]["id"], header=True)
    lines = [json.loads(event["data"]) for event in again if event["event"] == "message"]
    assert [(line["n"], line["recalled"]) for line in lines] == [(2, True), (2, True)]
    rest = await events(client, again[-1]["id"], header=True)
    assert [event["event"] for event in rest] == ["clock", "cases"]


@pytest.mark.parametrize("cursor", ["", "00000000.0.0", "nonsense", "{epoch}.9.0", "{epoch}.0.9"])
async def test_a_cursor_of_another_run_starts_over(client: Client, cursor: str) -> None:
    epoch = (await state(client))["epoch"]
    (only,) = await events(client, cursor.format(epoch=epoch))
    assert only["event"] == "reset"


async def test_an_open_page_is_told_at_once(client: Client) -> None:
    cursor = (await state(client))["cursor"]
    async with asyncio.timeout(5), client.get(f"/api/events?after={cursor}") as response:
        await response.content.readuntil(b"event: cases\n")
        await say(client, "电梯坏了")
        told = await response.content.readuntil(b"event: cases\n")
        assert told.count(b"event: message") == 3
        await client.post("/api/clock", json={"minutes": 10})
        told = await response.content.readuntil(b"event: clock\n")


async def test_open_pages_do_not_hold_the_program_up(client: Client) -> None:
    cursor = (await state(client))["cursor"]
    response = await client.get(f"/api/events?after={cursor}")
    async with asyncio.timeout(5):
        await client.server.close()
        await response.read()


@pytest.mark.parametrize(
    ("person", "groups"),
    [
        ("r.wang", "g01.residents"),
        ("guest1", "g01.residents"),
        ("w.li", "g01.residents c1.staff"),
        ("w.qian", "c1.staff"),
        ("l.c1", "g01.residents g02.residents c1.staff"),
        ("s.s1", "c1.staff c2.staff s1.staff"),
        ("s.s2", "c3.staff"),
        ("d.d1", "c1.staff c2.staff c3.staff s1.staff"),
        ("p.property", "c1.staff"),
        ("p.urban", "s1.staff"),
        ("p.lift", ""),
    ],
)
def test_who_sits_in_which_group(person: str, groups: str) -> None:
    assert " ".join(groups_of(World(), person)) == groups


async def test_opening_the_private_chat_is_told_once_a_day(client: Client, demo: FakeDemo) -> None:
    for _ in range(2):
        assert (await client.post("/api/enter", json={"person": "w.li"})).status == 200
    assert [heard.kind for heard in demo.heard] == [Kind.ENTERED]
    await demo.move_clock(24 * 60)
    await client.post("/api/enter", json={"person": "w.li"})
    assert len(demo.heard) == 2
    assert (await client.post("/api/enter", json={"person": "nobody"})).status == 400


@pytest.mark.parametrize(
    ("row", "keys"),
    [
        ({"status": "assigned"}, "accept arrive finish transfer return extend report_up"),
        ({"status": "accepted", "extended": "1"}, "arrive finish transfer return report_up"),
        ({"status": "accepted", "level": "district"}, "arrive finish transfer return extend"),
        ({"status": "finished"}, "satisfied dissatisfied"),
        ({"status": "closed"}, ""),
    ],
)
def test_the_page_is_told_which_buttons_the_bot_still_takes(row: dict[str, str], keys: str) -> None:
    assert pressable({"level": "grid", "extended": "0", **row}) == keys.split()
