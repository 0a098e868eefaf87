"""`gridbot connect`: what it writes, what it asks, what it shows, and what it checks live."""

import asyncio
import re
import tomllib
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.cli import connect as cli_connect
from bot.cli.main import main
from bot.deployment.folder import load, write_sample
from bot.setup.connect import inside
from scheduler.clock import SystemClock
from store import schema
from store.engine import Store
from store.leases import Lease
from tests.channels.parts import AES_KEY, TOKEN
from tests.doubles.platform import CORP, SECRET, Fault, Platform
from tests.doubles.platform import running as platform_running
from tests.doubles.platform_app import AGENT, App
from tests.doubles.wecom_gateway import WecomGateway

HTTPS = "https://grid.example.cn"
NAME = "wecom_app"
SECRETS = {"SECRET": SECRET, "TOKEN": TOKEN, "AES_KEY": AES_KEY}
PREFIX = "GRIDBOT_CHANNELS__WECOM_APP__"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_sample(tmp_path / "city")
    return tmp_path / "city"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts secrets into the environment, as an operator would."""

    def tell(**secrets: str) -> None:
        for key, value in secrets.items():
            monkeypatch.setenv(f"{PREFIX}{key}", value)

    return tell


def connect(*words: object, answers: str = "") -> Result:
    return CliRunner().invoke(main, ["connect", *map(str, words)], input=answers)


async def connected(*words: object, answers: str = "") -> Result:
    """The same beside a platform that lives in this loop."""
    return await asyncio.to_thread(connect, *words, answers=answers)


def toml(folder: Path) -> dict:
    return tomllib.loads((folder / "gridbot.toml").read_text("utf-8"))


def write(folder: Path, text: str) -> None:
    path = folder / "gridbot.toml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


@asynccontextmanager
async def platform(folder: Path, **keys: str):
    """The double, with a section that names it."""
    app = App()
    async with platform_running(app.calls) as running:
        known = {"corp_id": CORP, "agent_id": AGENT, "api_base": running.base} | keys
        lines = "".join(f'{key} = "{value}"\n' for key, value in known.items())
        write(folder, f"\n# ours\n[channels.{NAME}]   # the app\nenabled = false\n{lines}")
        yield running, app


# Nobody answers


def test_a_new_section_is_off_and_lists_what_is_missing(folder: Path) -> None:
    before = (folder / "gridbot.toml").read_text("utf-8")
    done = connect(NAME, folder)
    assert done.exit_code == 1
    assert toml(folder)["channels"][NAME] == {"enabled": False, "corp_id": "", "agent_id": ""}
    assert (folder / "gridbot.toml").read_text("utf-8").startswith(before)
    for text in (
        "1. 企业微信管理后台",
        "还缺",
        "  corp_id：我的企业",
        f"  环境变量 {PREFIX}SECRET",
        "还没有公网地址",
        f"{PREFIX}SECRET=（从平台复制）",
    ):
        assert text in done.output
    assert not load(folder).settings.sections[NAME].enabled  # and stops nobody


def test_what_the_platform_lets_us_choose_is_made_and_shown_but_not_kept(folder: Path) -> None:
    first, second = connect(NAME, folder).output, connect(NAME, folder).output
    (token,) = re.findall(r"^  token = ([A-Za-z0-9]{32})$", first, re.MULTILINE)
    (key,) = re.findall(r"^  aes_key = ([A-Za-z0-9]{43})$", first, re.MULTILINE)
    assert f"{PREFIX}TOKEN={token}\n" in first
    assert f"{PREFIX}AES_KEY={key}\n" in first
    assert token not in second
    assert token not in (folder / "gridbot.toml").read_text("utf-8")


def test_what_is_there_is_not_made_anew(folder: Path, told) -> None:
    told(TOKEN=TOKEN, AES_KEY=AES_KEY)
    output = connect(NAME, folder).output
    assert "刚生成" not in output
    assert TOKEN not in output
    assert AES_KEY not in output


def test_the_callback_s_address_is_shown_and_kept(folder: Path) -> None:
    output = connect(NAME, folder, "--public-url", f"{HTTPS}/").output
    assert output.count(f"{HTTPS}/callback/{NAME}") == 2
    assert "已备案" in output
    assert "127.0.0.1:8080" in output
    assert toml(folder)["http"] == {"host": "127.0.0.1", "port": 8080, "public_url": HTTPS}


@pytest.mark.parametrize(
    ("url", "says"),
    [
        pytest.param("http://grid.example.cn", "只收 https", id="not encrypted"),
        pytest.param("https://192.168.1.5", "“192.168.1.5”只有内网能到", id="a private address"),
        pytest.param("https://server", "“server”只有内网能到", id="a short name"),
    ],
)
def test_an_address_that_will_not_do_for_the_platform(folder: Path, url: str, says: str) -> None:
    assert says in connect(NAME, folder, "--public-url", url).output


@pytest.mark.parametrize(
    ("host", "is_inside"),
    [("1.2.3.4", False), ("10.0.0.1", True), ("::1", True), ("a.local", True), ("a.cn", False)],
)
def test_hosts(host: str, is_inside: bool) -> None:
    assert inside(host) is is_inside


def test_a_second_one_of_a_kind(folder: Path) -> None:
    assert connect("north", folder, "--kind", NAME).exit_code == 1
    assert toml(folder)["channels"]["north"]["kind"] == NAME
    assert "接入 north：企业微信自建应用" in connect("north", folder).output


def test_a_robot_by_callback_has_steps_of_its_own(folder: Path) -> None:
    write(folder, '\n[channels.called]\nkind = "wecom_robot"\nmode = "callback"\nenabled = false\n')
    output = connect("called", folder).output
    assert "只能答话" in output
    assert "EncodingAESKey" in output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["fax"], "没有“fax”这种通道", id="no such kind"),
        pytest.param(["North", "--kind", NAME], "不能当通道名", id="capital letters"),
        pytest.param(["wecom_robot", "--kind", NAME], "已经是 wecom_robot", id="another kind"),
        pytest.param([NAME, "--public-url", "grid"], "“grid”不是网址", id="no URL"),
        pytest.param([NAME, "--public-url", "ftp://grid.cn"], "不是网址", id="another protocol"),
        pytest.param([NAME, "--public-url", "https://[grid"], "不是网址", id="a broken URL"),
    ],
)
def test_what_cannot_be_begun(folder: Path, words: list[str], says: str) -> None:
    before = (folder / "gridbot.toml").read_bytes()
    done = connect(words[0], folder, *words[1:])
    assert (done.exit_code, says in done.output) == (2, True)
    assert (folder / "gridbot.toml").read_bytes() == before


def test_a_folder_without_settings(tmp_path: Path) -> None:
    done = connect(NAME, tmp_path)
    assert (done.exit_code, "先运行：gridbot init" in done.output) == (2, True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("channels = {}\n", "没有动它", id="in one line"),
        pytest.param("[channels.wecom_app\n", "gridbot.toml 第", id="broken"),
        pytest.param('[channels.wecom_app]\naes_key = "x"\n', "43 个", id="no such key"),
    ],
)
def test_a_file_that_is_not_understood_is_left_alone(folder: Path, text: str, says: str) -> None:
    path = folder / "gridbot.toml"
    path.write_text(text, "utf-8")
    done = connect(NAME, folder, "--public-url", HTTPS)
    assert (done.exit_code, says in done.output) == (2, True)
    assert path.read_text("utf-8") == text


# Checked live


async def test_all_is_there_and_right(folder: Path, told) -> None:
    told(**SECRETS)
    async with platform(folder) as (running, _):
        done = await connected(NAME, folder, "--public-url", HTTPS)
        assert len(running.asked("/cgi-bin/gettoken")) == 1
    assert done.exit_code == 0
    for text in (
        "✓ 回调地址",
        "✓ 企业或账号的密钥是对的",
        "✓ 应用“网格助手”在",
        "已改成 enabled = true",
    ):
        assert text in done.output
    assert "✗" not in done.output
    assert not any(secret in done.output for secret in SECRETS.values())
    assert toml(folder)["channels"][NAME]["enabled"] is True
    assert f"# ours\n[channels.{NAME}]   # the app\n" in (folder / "gridbot.toml").read_text(
        "utf-8"
    )


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        pytest.param(lambda p, _: p.secrets.clear(), "✗ corp_id", id="wrong corp"),
        pytest.param(lambda p, _: p.secrets.update({CORP: "?"}), "✗ secret 不对", id="wrong secret"),
        pytest.param(
            lambda p, _: p.fault("/cgi-bin/agent/get", Fault(60020, "not allow, from ip: 9.8.7.6")),
            "✗ 平台不认这台机器的出口地址 9.8.7.6。",
            id="our address",
        ),
        pytest.param(lambda _, app: setattr(app, "closed", 1), "✗ 应用“网格助手”被停用", id="closed"),
        pytest.param(
            lambda p, _: p.fault("/cgi-bin/gettoken", Fault(status=500)),
            "✗ 平台没有好好回答",
            id="the platform is away",
        ),
        pytest.param(
            lambda p, _: p.fault("/cgi-bin/agent/get", Fault(4711)), "✗ 平台拒绝了，错误码 4711", id="?"
        ),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_named_with_what_to_do(
    folder: Path, told, break_it: Callable[[Platform, App], None], says: str
) -> None:
    told(**SECRETS)
    async with platform(folder) as (running, app):
        break_it(running, app)
        done = await connected(NAME, folder, "--public-url", HTTPS)
    assert (done.exit_code, says in done.output) == (1, True)
    assert not any(secret in done.output for secret in SECRETS.values())


async def test_another_agent_s_number(folder: Path, told) -> None:
    told(**SECRETS)
    async with platform(folder, agent_id="99"):
        done = await connected(NAME, folder, "--public-url", HTTPS)
    assert "✗ agent_id 和 secret 不是同一个应用的" in done.output


async def test_without_a_public_address_it_is_not_done(folder: Path, told) -> None:
    told(**SECRETS)
    async with platform(folder):
        done = await connected(NAME, folder)
    assert done.exit_code == 1
    assert "✗ 没有公网地址" in done.output
    assert "  公网地址：加上 --public-url" in done.output
    assert toml(folder)["channels"][NAME]["enabled"] is False


# Somebody answers


@pytest.fixture
def present(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_connect, "_present", lambda: True)


@pytest.mark.usefixtures("present")
async def test_an_operator_is_asked_for_what_is_missing(folder: Path) -> None:
    async with platform(folder, corp_id="", agent_id="") as (running, _):
        answers = "\n".join((HTTPS, CORP, "no number", SECRET)) + "\n"
        done = await connected(NAME, folder, answers=answers)
        assert "agent_id 不合规矩" in done.output
        assert toml(folder)["channels"][NAME]["agent_id"] == ""
        assert toml(folder)["channels"][NAME]["corp_id"] == CORP
        assert not running.calls  # a number is missing: there is nothing to ask

        done = await connected(NAME, folder, answers=f"{AGENT}\n{SECRET}\n")
        assert "✓ 应用“网格助手”在" in done.output  # with what nobody keeps yet
    assert done.exit_code == 1
    assert f"{PREFIX}SECRET=（您刚才输入的）" in done.output
    assert f"  环境变量 {PREFIX}SECRET" in done.output
    assert SECRET not in done.output + (folder / "gridbot.toml").read_text("utf-8")
    written = toml(folder)
    assert (written["channels"][NAME]["agent_id"], written["http"]["public_url"]) == (AGENT, HTTPS)


@pytest.mark.usefixtures("present")
def test_an_operator_may_have_no_answer(folder: Path) -> None:
    done = connect("wecom_kf", folder, answers="\n\n\n\n\n\n")
    assert done.exit_code == 1
    assert toml(folder)["channels"]["wecom_kf"] == {
        "enabled": False,
        "corp_id": "",
        "open_kfid": [],
    }


@pytest.mark.usefixtures("present")
def test_an_address_that_is_none_does_not_end_the_talk(folder: Path) -> None:
    done = connect("wecom_kf", folder, answers=f"grid\n{CORP}\n\n\n")
    assert (done.exit_code, "“grid”不是网址" in done.output) == (1, True)
    assert toml(folder)["channels"]["wecom_kf"]["corp_id"] == CORP
    assert toml(folder)["http"].get("public_url", "") == ""


@pytest.mark.usefixtures("present")
def test_a_list_is_typed_with_commas(folder: Path) -> None:
    connect("wecom_kf", folder, answers=f"{HTTPS}\n{CORP}\n\nwk1, wk2\n")
    assert toml(folder)["channels"]["wecom_kf"]["open_kfid"] == ["wk1", "wk2"]


# What carries a warning


def test_what_breaks_the_platform_s_terms_is_never_turned_on_for_him(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDBOT_CHANNELS__ONEBOT__ACCESS_TOKEN", "t0ken")
    done = connect("onebot", folder, "--public-url", HTTPS)
    assert (done.exit_code, "可能被封" in done.output) == (0, True)
    assert "wss://grid.example.cn/callback/onebot" in done.output
    assert "https://grid.example.cn/callback" not in done.output  # it is not what is pasted
    assert "自己把 [channels.onebot] 改成 enabled = true" in done.output
    assert toml(folder)["channels"]["onebot"] == {"enabled": False}


def test_a_gateway_on_the_same_machine_needs_no_public_address(folder: Path) -> None:
    done = connect("onebot", folder)
    assert "ws://127.0.0.1:8080/callback/onebot" in done.output
    assert "✓ 没有公网地址：网关要和程序在同一台机器上" in done.output


# The archive's key


def test_the_archive_s_key_is_made_once_and_only_its_public_half_is_shown(folder: Path) -> None:
    first, second = connect("wecom_archive", folder).output, connect("wecom_archive", folder).output
    path = folder / "keys/wecom_archive-1.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_pem_private_key(path.read_bytes(), None).key_size == 2048
    assert "BEGIN PUBLIC KEY" in first
    assert "PRIVATE" not in first
    assert "PUBLIC KEY" not in second
    assert toml(folder)["channels"]["wecom_archive"]["private_keys"] == {
        "1": "keys/wecom_archive-1.pem"
    }


def test_a_key_that_is_none_is_not_written_over(folder: Path) -> None:
    (folder / "keys").mkdir()
    (folder / "keys/wecom_archive-1.pem").write_text("mine")
    done = connect("wecom_archive", folder)
    assert (done.exit_code, "不是能用的私钥" in done.output) == (2, True)
    assert (folder / "keys/wecom_archive-1.pem").read_text() == "mine"


# The robot on its long connection


@asynccontextmanager
async def robot(folder: Path, monkeypatch: pytest.MonkeyPatch, secret: str):
    monkeypatch.setenv("GRIDBOT_CHANNELS__WECOM_ROBOT__SECRET", secret)
    monkeypatch.setenv("GRIDBOT_CHANNELS__WECOM_ROBOT__BOT_ID", "bot")
    async with WecomGateway(bots={"bot": "s3cret"}) as gateway:
        monkeypatch.setenv("GRIDBOT_CHANNELS__WECOM_ROBOT__URL", gateway.url)
        yield gateway


async def test_the_robot_is_let_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with robot(folder, monkeypatch, "s3cret") as gateway:
        done = await connected("wecom_robot", folder)
        assert gateway.subscribed == ["bot"]
    assert (done.exit_code, "✓ 机器人连得上" in done.output) == (0, True)
    assert toml(folder)["channels"]["wecom_robot"]["enabled"] is True


async def test_the_robot_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with robot(folder, monkeypatch, "wr0ng"):
        done = await connected("wecom_robot", folder)
    assert (done.exit_code, "✗ 机器人不让连" in done.output) == (1, True)
    assert "wr0ng" not in done.output


async def test_the_robot_s_platform_is_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with robot(folder, monkeypatch, "s3cret") as gateway:
        gateway.faults.closed = True
        done = await connected("wecom_robot", folder)
    assert (done.exit_code, "✗ 平台没有好好回答" in done.output) == (1, True)


async def test_a_robot_that_is_connected_is_not_disturbed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(f"sqlite+aiosqlite:///{folder / 'gridbot.sqlite3'}", durable=False)
    await schema.upgrade(store)
    assert await Lease(store, "channel wecom_robot", "a process", SystemClock().now).hold()
    await store.close()
    async with robot(folder, monkeypatch, "s3cret") as gateway:
        done = await connected("wecom_robot", folder)
        assert gateway.subscribed == []
    assert "✓ 机器人正由运行中的" in done.output
