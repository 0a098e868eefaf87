"""A resident's talk over 微信客服 with the whole program: greeted, heard, answered."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.app import open_app
from bot.channels._envelope import Envelope
from bot.deployment.folder import load, write_sample
from scheduler.clock import VirtualClock
from tests.channels.parts import AES_KEY, TOKEN, called
from tests.channels.wecom_tools import eventually
from tests.doubles.platform import CORP, SECRET
from tests.doubles.platform import running as platform_running
from tests.doubles.platform_kf import ACCOUNT, Kf

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
NOW = int(AT.timestamp())
EVENT = f"<xml><Event>kf_msg_or_event</Event><OpenKfId>{ACCOUNT}</OpenKfId></xml>"


@asynccontextmanager
async def program(folder, kf):
    """The program with this one channel; yields the app and a way to call it."""
    write_sample(folder)
    async with platform_running(kf.calls) as platform:
        toml = folder / "gridbot.toml"
        section = (
            f'[channels.wecom_kf]\ncorp_id = "{CORP}"\nsecret = "{SECRET}"\ntoken = "{TOKEN}"\n'
            f'aes_key = "{AES_KEY}"\nopen_kfid = ["{ACCOUNT}"]\napi_base = "{platform.base}"\n'
        )
        toml.write_text(f"{toml.read_text('utf-8')}\n{section}", encoding="utf-8")
        deployment = await asyncio.to_thread(load, folder)
        async with open_app(deployment, clock=VirtualClock(AT)) as app:
            channel = app.channels["wecom_kf"]
            stop = asyncio.Event()
            running = asyncio.create_task(app.run(stop))
            try:
                async with called(channel) as caller:

                    async def call():
                        assert (await caller.xml(Envelope(TOKEN, AES_KEY, CORP), EVENT))[0] == 200

                    yield app, call
            finally:
                stop.set()
                assert await running


async def test_a_resident_is_greeted_heard_and_answered(tmp_path):
    kf = Kf()
    async with program(tmp_path / "city", kf) as (app, call):
        kf.event("e1", NOW, "enter_session", scene="g01", welcome_code="WELCOME")
        await call()
        await eventually(lambda: kf.welcomed)
        assert "网格员李强" in kf.welcomed[0]["text"]["content"]
        kf.say("m1", NOW, msgtype="text", text={"content": "琼花苑3号楼2单元楼道灯坏了"})
        await call()
        await eventually(lambda: kf.sent)
        assert kf.sent[0]["text"]["content"].startswith("已受理 G1001")
        (case,) = await app.cases()
        assert case["number"] == "G1001"
