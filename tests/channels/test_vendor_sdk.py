"""The gateway double, judged by the vendor's own SDK: what it speaks is what WeCom's client reads.

Node and the SDK are no part of the program; they vouch for the double, and the double for us.
"""

import asyncio
import base64
import contextlib
import fcntl
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.doubles.wecom_gateway import WecomGateway

HERE = Path(__file__).parents[1] / "doubles" / "vendor_sdk"
NODE, NPM = shutil.which("node"), shutil.which("npm")
SECRET = "secret"
GROUP = "wrAbCdEf0001"
PICTURE = bytes(range(256)) * 9

pytestmark = pytest.mark.skipif(NODE is None or NPM is None, reason="Node.js is not installed")


@pytest.fixture(scope="session")
def sdk():
    """Install the pinned SDK once; a later run finds it there, parallel workers take turns."""
    lock = (HERE / "package-lock.json").read_text()
    stamp = HERE / "node_modules" / ".installed-from"
    with (HERE / ".turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != lock:
            command = [NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(
                command, cwd=HERE, capture_output=True, text=True, timeout=120, check=False
            )
            assert done.returncode == 0, f"npm ci failed in {HERE}:\n{done.stderr}"
            stamp.write_text(lock)
    return HERE / "script.mjs"


class Vendor:
    """The SDK in its own process; `next(what)` waits for the next thing of that kind."""

    def __init__(self, process):
        self._process = process
        self._seen = []

    async def next(self, what, **facts):
        """The next report of that kind with those facts; each is given once."""
        async with asyncio.timeout(20):
            while True:
                for report in self._seen:
                    if report["what"] == what and facts.items() <= report.items():
                        self._seen.remove(report)
                        return report
                line = await self._process.stdout.readline()
                assert line, f"the SDK ended before it said {what}"
                self._seen.append(json.loads(line))


@contextlib.asynccontextmanager
async def vendor(sdk, gateway, secret):
    process = await asyncio.create_subprocess_exec(
        NODE, str(sdk), gateway.url, "bot", secret,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Vendor(process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@pytest.fixture
async def gateway():
    async with WecomGateway(bots={"bot": SECRET}) as gateway:
        yield gateway


@pytest.fixture
async def client(sdk, gateway):
    async with vendor(sdk, gateway, SECRET) as client:
        await client.next("authenticated")
        yield client


async def test_it_subscribes_and_pings(client, gateway):
    await gateway.until(lambda: gateway.pings >= 3)
    assert gateway.subscribed == ["bot"]


async def test_it_is_refused_with_a_wrong_secret(sdk, gateway):
    async with vendor(sdk, gateway, "wrong") as client:
        assert "40001" in (await client.next("error"))["message"]
    assert gateway.subscribed == []


async def test_it_reads_every_kind_of_message(client, gateway):
    await gateway.text("@网格助手 上报", user="lisi", chat=GROUP)
    await gateway.voice("路灯不亮")
    await gateway.mixed("@网格助手 办结", PICTURE, chat=GROUP)
    await gateway.image(PICTURE, name="电梯1.png")
    text = await client.next("text")
    assert (text["content"], text["chat"], text["from"]) == ("@网格助手 上报", GROUP, "lisi")
    assert (await client.next("voice"))["content"] == "路灯不亮"
    words, picture = (await client.next("mixed"))["words"]
    assert (words, base64.b64decode(picture)) == ("@网格助手 办结", PICTURE)
    image = await client.next("image")
    assert (base64.b64decode(image["data"]), image["filename"]) == (PICTURE, "电梯1.png")


REPLIES = [
    pytest.param("stream", ["aibot_respond_msg"] * 2, ["第一段, 第二段"], id="a stream"),
    pytest.param("card", ["aibot_respond_msg"], ["新事件"], id="a card"),
    pytest.param("push", ["aibot_send_msg"], ["**提醒**"], id="a push"),
    pytest.param("pushcard", ["aibot_send_msg"], ["推送"], id="a pushed card"),
]


@pytest.mark.parametrize(("word", "cmds", "shown"), REPLIES)
async def test_its_replies_are_accepted(client, gateway, word, cmds, shown):
    await gateway.text(word)
    await client.next("acked", of=word, errcode=0)
    assert [(one.cmd, one.code) for one in gateway.sent] == [(cmd, 0) for cmd in cmds]
    assert list(gateway.shown["zhangsan"].values()) == shown


async def test_a_refusal_reaches_it(client, gateway):
    await gateway.text("toolong")
    refused = await client.next("refused", of="toolong")
    assert refused["errcode"] == 40058


async def test_it_welcomes_and_updates_cards_in_both_shapes(client, gateway):
    await gateway.enter_chat()
    await client.next("acked", of="welcome", errcode=0)
    for number, shape in enumerate(("nested", "flat")):
        await gateway.card_click(f"T{number}", "case:accept", shape=shape, chat=GROUP)
        click = await client.next("click")
        assert (click["key"], click["task"]) == ("case:accept", f"T{number}")
        await client.next("acked", of="update", errcode=0)


async def test_it_understands_that_another_subscribed(sdk, client, gateway):
    async with vendor(sdk, gateway, SECRET) as second:
        await second.next("authenticated")
        await client.next("displaced")
        await client.next("disconnected")
        await gateway.text("在吗", user="lisi")
        assert (await second.next("text"))["from"] == "lisi"


async def test_it_reconnects_after_an_abrupt_end(client, gateway):
    gateway.cut_lines()
    await client.next("authenticated")
    assert gateway.subscribed == ["bot", "bot"]
