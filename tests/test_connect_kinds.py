"""`gridbot connect` and `gridbot doctor` for every kind of channel, each beside its platform's double.

As an operator goes: what is no secret in gridbot.toml, secrets in the environment, once with a
wrong one, then with the right ones.
"""

import asyncio
import json
import re
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.channels import _kinds
from bot.cli.main import main
from bot.deployment.folder import write_sample
from bot.deployment.settings import variable_of
from tests.channels.parts import AES_KEY, TOKEN
from tests.doubles import sms_clouds
from tests.doubles.finance import LIBRARY, Archive, compiled, pem, private_key
from tests.doubles.onebot_gateway import TOKEN as GATEWAY
from tests.doubles.platform import CORP, SECRET
from tests.doubles.platform import running as platform_running
from tests.doubles.platform_account import APP, APP_SECRET, Account
from tests.doubles.platform_app import AGENT, App
from tests.doubles.platform_groups import Groups
from tests.doubles.platform_kf import ACCOUNT, Kf
from tests.doubles.platform_webhook import Webhooks
from tests.doubles.wecom_gateway import WecomGateway

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
BOT = "aib-0001"
CALLED = {"token": TOKEN, "aes_key": AES_KEY}
CORPS = {"secret": SECRET, **CALLED}


@dataclass
class Kind:
    """A kind of channel: its platform, what is written down of it, and what is secret.

    `wrong` is the secret that is typed wrong at first and `refused` what is said of that; "" where
    no platform can be asked. `open` starts the double and gives its address.
    """

    open: Callable[[Path], AbstractAsyncContextManager[str]]
    secrets: dict[str, str]
    section: dict[str, object] = field(default_factory=dict)
    kind: str = ""
    base: str = "api_base"
    wrong: str = "secret"
    refused: str = "✗ secret 不对"
    good: str = "✓ 企业或账号的密钥是对的"
    enabled: bool = True
    tables: str = ""

    @property
    def callback(self) -> bool:
        """Whether the platform calls: then it is on before all is well, to be verified."""
        return "token" in self.secrets


def served(double: Callable[[], object]) -> Callable[[Path], AbstractAsyncContextManager[str]]:
    @asynccontextmanager
    async def opened(_folder: Path) -> AsyncIterator[str]:
        async with platform_running(double().calls) as platform:
            yield platform.base

    return opened


@asynccontextmanager
async def gateway(_folder: Path) -> AsyncIterator[str]:
    async with WecomGateway(bots={BOT: SECRET}) as running:
        yield running.url


@asynccontextmanager
async def archive(folder: Path) -> AsyncIterator[str]:
    key = private_key()
    compiled(folder)
    (folder / "keys").mkdir()
    (folder / "keys/1.pem").write_bytes(pem(key))
    async with platform_running(Archive(folder, {1: key}).serve) as platform:
        yield platform.base


@asynccontextmanager
async def clouds(_folder: Path) -> AsyncIterator[str]:
    async with sms_clouds.running() as running:
        yield running.base


@asynccontextmanager
async def nobody(_folder: Path) -> AsyncIterator[str]:
    yield ""


KINDS = {
    "wecom_robot": Kind(
        gateway, {"secret": SECRET}, {"bot_id": BOT}, base="url",
        refused="✗ 机器人不让连", good="✓ 机器人连得上",
    ),
    "wecom_robot_called": Kind(
        nobody, CALLED, {"mode": "callback"}, "wecom_robot", base="", wrong="",
        good="✓ 回调地址",
    ),
    "wecom_app": Kind(
        served(App), CORPS, {"corp_id": CORP, "agent_id": AGENT}, good="✓ 应用“网格助手”在"
    ),
    "wecom_webhook": Kind(
        served(lambda: Webhooks({KEY})), {"key": KEY}, wrong="key",
        refused="✗ 群 wecom_webhook 的机器人不在了，或 key 不对", good="✓ 群机器人在，群 wecom_webhook",
    ),
    "wecom_groups": Kind(served(Groups), CORPS, {"corp_id": CORP}, good="✓ 看得到 1 个客户群"),
    "wecom_archive": Kind(
        archive, {"secret": SECRET}, {"corp_id": CORP, "library": LIBRARY},
        good="✓ 会话存档读得了", tables='private_keys = {1 = "keys/1.pem"}\n',
    ),
    "wecom_kf": Kind(
        served(Kf), CORPS, {"corp_id": CORP, "open_kfid": ACCOUNT}, good=f"✓ 客服账号 {ACCOUNT} 能用"
    ),
    "official_account": Kind(
        served(Account), {"secret": APP_SECRET, **CALLED}, {"app_id": APP},
        refused="✗ app_secret 不对",
    ),
    "sms": Kind(
        clouds, {"access_key_secret": sms_clouds.KEY_SECRET},
        {"provider": "aliyun", "access_key_id": sms_clouds.KEY_ID, "sign_name": sms_clouds.SIGN},
        wrong="access_key_secret", refused="✗ 短信的 AccessKey 不对", good="✓ 短信模板 SMS_1 能用",
        tables='templates = {default = {id = "SMS_1", params = ["number"]}}\n',
    ),
    "onebot": Kind(
        nobody, {"access_token": GATEWAY}, base="", wrong="", good="✓ 反向 WebSocket 地址 wss://",
        enabled=False,
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _templates_are_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those are looked at by tests of their own; drawing them all takes a second each time."""
    monkeypatch.setattr("bot.phrases_check.template_faults", lambda _folder: [])


def test_no_kind_is_left_out() -> None:
    assert {one.kind or name for name, one in KINDS.items()} == set(_kinds.kinds())


async def run(*words: object) -> Result:
    """The program beside doubles that live in this loop."""
    return await asyncio.to_thread(CliRunner().invoke, main, [*map(str, words)])


def written(folder: Path, name: str, one: Kind, base: str) -> None:
    """What the operator writes into gridbot.toml, in place of a sample's own section."""
    path = folder / "gridbot.toml"
    sample = re.sub(r"(?ms)^\[channels\.wecom_robot\].*?(?=^\[)", "", path.read_text("utf-8"))
    values = {"kind": one.kind or name, "enabled": False, **one.section}
    values |= {one.base: base} if one.base else {}
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())
    path.write_text(f"{sample}\n[channels.{name}]\n{lines}{one.tables}", "utf-8")


@pytest.mark.parametrize("name", KINDS)
async def test_set_up_with_a_wrong_secret_and_then_the_right_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    one, folder = KINDS[name], tmp_path / "city"
    write_sample(folder)
    secrets = {**one.secrets, **({one.wrong: "wr0ng-wr0ng"} if one.wrong else {})}
    for key, value in secrets.items():
        monkeypatch.setenv(variable_of(name, key), value)
    async with one.open(folder) as base:
        written(folder, name, one, base)
        asked = ("connect", name, folder, "--public-url", "https://grid.example.cn")
        if one.wrong:
            done = await run(*asked)
            assert (done.exit_code, one.refused in done.output) == (1, True), done.output
            assert not hidden(done, secrets), "a secret was shown"
            assert enabled(folder, name) is (one.callback and one.enabled)
            monkeypatch.setenv(variable_of(name, one.wrong), one.secrets[one.wrong])
        done = await run(*asked)
        assert (done.exit_code, one.good in done.output) == (0, True), done.output
        assert "✗" not in done.output
        looked = await run("doctor", folder, "--json")
    assert not hidden(done, one.secrets) + hidden(looked, one.secrets), "a secret was shown"
    assert enabled(folder, name) is one.enabled
    found = [row for row in json.loads(looked.stdout) if name in row["about"]]
    assert all(row["good"] for row in found)
    assert bool(found) is one.enabled


def enabled(folder: Path, name: str) -> object:
    return tomllib.loads((folder / "gridbot.toml").read_text("utf-8"))["channels"][name]["enabled"]


def hidden(done: Result, secrets: dict[str, str]) -> list[str]:
    """The keys of secrets that stand in what was said."""
    return [key for key, value in secrets.items() if value in done.output]
