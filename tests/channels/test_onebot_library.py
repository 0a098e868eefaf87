"""The OneBot channel, judged by a library that is not ours: pylibob, for gateways of version 12.

It runs in an environment and a process of its own and is no part of the program.
"""

import asyncio
import contextlib
import fcntl
import json
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import structlog

from bot.channels.base import SendError
from bot.channels.onebot import OneBot, Settings
from domain.messages import Address, Attachment, Kind, Outbound
from tests.channels.parts import Ears, called, made
from tests.channels.wecom_tools import eventually, running
from tests.doubles.onebot_gateway import TOKEN

HERE = Path(__file__).parents[1] / "doubles" / "vendor_onebot"
APART = (
    Path(__file__).parents[2] / "build" / "vendor_onebot"
)  # not among the tests: not ours to judge
GROUP, PRIVATE = Address("ob", "123@chatroom", group=True), Address("ob", "wxid_resident")


@pytest.fixture(scope="session")
def library():
    """Install the pinned library once; a later run finds it there, parallel workers take turns."""
    lock = HERE / "requirements.lock"
    stamp, python = APART / ".installed-from", APART / "bin" / "python"
    APART.parent.mkdir(exist_ok=True)
    with APART.with_suffix(".turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != lock.read_text():
            made = [sys.executable, "-m", "venv", "--clear", str(APART)]
            fill = [str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(lock)]
            for command in (made, fill):
                done = subprocess.run(
                    command, capture_output=True, text=True, timeout=300, check=False
                )
                if done.returncode:
                    pytest.skip(f"pylibob cannot be installed here: {done.stderr[-300:]}")
            stamp.write_text(lock.read_text())
    return python


class Library:
    """The gateway in its process: `tell` an event, `asked` for the next call it got."""

    def __init__(self, process):
        self._process = process

    async def tell(self, **event):
        self._process.stdin.write(json.dumps(event).encode() + b"\n")
        await self._process.stdin.drain()

    async def asked(self):
        async with asyncio.timeout(20):
            line = await self._process.stdout.readline()
        assert line, "the library ended"
        return json.loads(line)


class Room(Ears):
    """Ears that can be waited on."""

    def __init__(self):
        super().__init__()
        self.more = asyncio.Event()

    async def __call__(self, inbound):
        received = await super().__call__(inbound)
        self.more.set()
        return received

    async def next(self):
        async with asyncio.timeout(20):
            while not self.heard:
                self.more.clear()
                await self.more.wait()
        return self.heard.pop(0)


@asynccontextmanager
async def gateway(python, url):
    process = await asyncio.create_subprocess_exec(
        str(python), str(HERE / "script.py"), url,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield Library(process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@asynccontextmanager
async def talking(library, folder, token=TOKEN):
    room = Room()
    async with made(folder, "ob") as parts:
        channel = OneBot(Settings(access_token=TOKEN, names=["网格助手"]), parts)
        async with called(channel) as caller, running(channel, room):
            url = f"ws://127.0.0.1:{caller.client.port}{caller.path}?access_token={token}"
            async with gateway(library, url) as other:
                yield channel, room, other


@pytest.fixture
async def talk(library, tmp_path):
    async with talking(library, tmp_path) as (channel, room, other):
        await eventually(lambda: channel.connected)
        yield channel, room, other


CALLED = ["mention", {"user_id": "wxid_bot"}]
WHERE = {"group_id": "123@chatroom", "user_id": "wxid_resident"}


async def test_what_it_tells_is_heard(talk):
    _, room, other = talk
    words = [CALLED, ["text", {"text": " 上报 3栋电梯坏了"}], ["image", {"file_id": "f1"}]]
    await other.tell(kind="group", id="e1", message_id="m1", message=words, **WHERE)
    heard = await room.next()
    assert (heard.address, heard.sender, heard.external_id) == (GROUP, "wxid_resident", "m1")
    assert (heard.text, heard.named) == ("上报 3栋电梯坏了", True)
    picture = Attachment("image", ref={"file_id": "f1", "self": "wxid_bot"})
    assert heard.attachments == (picture,)
    reply = [["reply", {"message_id": "m1", "user_id": "x"}], ["text", {"text": "我家也是"}]]
    await other.tell(
        kind="private", id="e2", message_id="m2", user_id="wxid_resident", message=reply
    )
    heard = await room.next()
    assert (heard.address, heard.text, heard.quote) == (PRIVATE, "我家也是", "上报 3栋电梯坏了")
    gone = {**WHERE, "operator_id": "wxid_resident", "sub_type": "recall"}
    await other.tell(kind="delete", id="e3", message_id="m1", **gone)
    heard = await room.next()
    assert (heard.kind, heard.card, heard.external_id) == (Kind.RECALLED, "m1", "e3")


async def test_it_takes_what_is_said(talk):
    channel, room, other = talk
    assert await channel.send(Outbound("o", PRIVATE, "您好")) == "m-out"
    assert (await other.asked())["detail"] == "private"
    words = [["text", {"text": "在吗"}]]
    await other.tell(kind="group", id="e1", message_id="m1", message=words, **WHERE)
    await room.next()  # since then the account is known, and every call names it
    assert await channel.send(Outbound("o", GROUP, "已受理", to=("wxid_resident",))) == "m-out"
    asked = await other.asked()
    assert asked["chat"] == "123@chatroom"
    assert [part["type"] for part in asked["message"]] == ["mention", "text"]


async def test_a_refusal_reaches_us(talk):
    channel, _, _ = talk
    with pytest.raises(SendError) as caught:
        await channel.send(Outbound("o", GROUP, "refuse"))
    assert (caught.value.code, caught.value.unreachable) == (35001, True)


async def test_files_go_both_ways(talk):
    channel, _, other = talk
    blob = await channel.fetch({"file_id": "f1", "self": "wxid_bot"})
    assert (blob.data, blob.name) == (b"PNG", "a.png")
    assert (await other.asked())["type"] == "data"
    assert await channel.send_image(GROUP, blob) == "m-out"
    assert await other.asked() == {"asked": "upload_file", "name": "a.png", "data": "UE5H"}
    assert (await other.asked())["message"][0]["data"]["file_id"] == "f-new"


async def test_it_answers_for_its_state(talk):
    channel, _, _ = talk
    assert [one.key for one in await channel.examine()] == ["onebot_address", "onebot_here"]


async def test_with_a_wrong_token_it_stays_outside(library, tmp_path):
    with structlog.testing.capture_logs() as lines:
        async with talking(library, tmp_path, token="wrong") as (channel, room, other):
            await other.tell(kind="group", id="e1", message_id="m1", message=[], **WHERE)
            await eventually(
                lambda: [one["action"] for one in lines].count("callback.refused") >= 2
            )  # it comes back, and again
            assert not channel.connected
            assert room.heard == []
