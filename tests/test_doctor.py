"""`gridbot doctor`: what it looks at, what it says of each fault, and how it ends."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from alembic import command
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import Connection, insert, text

from bot.channels._envelope import Envelope, EnvelopeError
from bot.cli.main import main
from bot.deployment.folder import write_sample
from domain.messages import Address
from scheduler.clock import SystemClock
from store import outbox, schema
from store import tables as t
from store.directory import bind_group
from store.engine import Store
from store.leases import Lease
from store.outbox import Saying
from tests.channels.parts import AES_KEY, TOKEN
from tests.doubles.platform import CORP, SECRET, Call, Fault, Handler, Platform
from tests.doubles.platform import running as platform_running
from tests.doubles.platform_app import AGENT, App

NOW = SystemClock().now
GROUPS = "id,kind,area,name,chatid\n"
ONE = "c1.staff,staff,c1,琼花社区网格工作群,{}\n"
WEBHOOK = """[channels.hook]
kind = "wecom_webhook"
api_base = "http://127.0.0.1:1"
[channels.hook.robots]
wrHOOK = "693a91f6-0001"
wrX = "693a91f6-0002"
"""


@dataclass
class Desk:
    """A deployment with one application whose platform is the double, and its public address."""

    folder: Path
    platform: Platform

    def write(self, file: str, change: Callable[[str], str]) -> None:
        path = self.folder / file
        path.write_text(change(path.read_text("utf-8")), "utf-8")

    async def store(self, work: Callable[[Store], Awaitable[object]]) -> None:
        store = Store(f"sqlite+aiosqlite:///{self.folder / 'gridbot.sqlite3'}", durable=False)
        await schema.upgrade(store)
        await work(store)
        await store.close()

    async def look(self) -> tuple[int, dict[str, list[dict]]]:
        """The exit code, and what was found by key."""
        done = await asyncio.to_thread(doctor, self.folder, "--json")
        found: dict[str, list[dict]] = {}
        for one in json.loads(done.stdout):
            found.setdefault(one["key"], []).append(one)
        assert SECRET not in done.output
        assert AES_KEY not in done.output
        return done.exit_code, found

    async def bad(self) -> list[tuple[str, str]]:
        """What is wrong: key and sentence."""
        code, found = await self.look()
        bad = [(key, it["text"]) for key, some in found.items() for it in some if not it["good"]]
        assert code == (1 if bad else 0)
        return bad


def doctor(folder: Path, *words: str):
    return CliRunner().invoke(main, ["doctor", str(folder), *words])


async def alive(_call: Call) -> dict:
    return {"alive": True}


def callback(token: str = TOKEN, aes_key: str = AES_KEY) -> Handler:
    """The callback of a program that was started with these keys."""

    async def answered(call: Call) -> web.Response:
        asked = [call.query.get(key, "") for key in ("echostr", "msg_signature", "timestamp")]
        try:
            words = Envelope(token, aes_key, CORP).open(*asked, call.query.get("nonce", ""))
        except EnvelopeError:
            return web.Response(status=403)
        return web.Response(text=words)

    return answered


@pytest.fixture
async def desk(tmp_path: Path):
    async with opened(tmp_path / "city") as desk:
        yield desk


@asynccontextmanager
async def opened(folder: Path):
    write_sample(folder)
    async with platform_running(App().calls) as running:
        running.serve("/healthz", alive, token=False)
        running.serve("/callback/app", callback(), token=False)
        section = {"corp_id": CORP, "agent_id": AGENT, "secret": SECRET, "token": TOKEN}
        section |= {"aes_key": AES_KEY, "api_base": running.base}
        lines = "".join(f'{key} = "{value}"\n' for key, value in section.items())
        desk = Desk(folder, running)
        desk.write(
            "gridbot.toml", lambda toml: f"{toml}\n[channels.app]\nkind = 'wecom_app'\n{lines}"
        )
        place(desk, running.base)
        year = NOW().year  # the calendar the program brings ends some day
        known = "".join(f"{one}-10-01,false,\n" for one in (year, year + 1))
        desk.write("rules/holidays.csv", lambda csv: csv + known)
        yield desk


def place(desk: Desk, url: str) -> None:
    desk.write(
        "gridbot.toml",
        lambda toml: toml.replace("port = 8080", f'port = 8080\npublic_url = "{url}"'),
    )


@pytest.fixture(autouse=True)
def _templates_are_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those are looked at by tests of their own; drawing them all takes a second each time."""
    monkeypatch.setattr("bot.phrases_check.template_faults", lambda _folder: [])


async def test_all_is_well(desk: Desk) -> None:
    assert await desk.bad() == []
    _, found = await desk.look()
    assert found.keys() >= {
        "settings_good",
        "media_good",
        "store_good",
        "clock_good",
        "callback_address",
        "token_good",
        "agent_good",
        "public_good",
        "callback_good",
        "groups_good",
        "people_good",
        "outbox_good",
        "leases_none",
    }


async def test_each_thing_is_one_line(desk: Desk) -> None:
    done = await asyncio.to_thread(doctor, desk.folder)
    lines = done.stdout.splitlines()
    assert done.exit_code == 0
    assert all(line.startswith("✓ ") for line in lines)
    assert "✓ 通道 app：企业或账号的密钥是对的" in lines
    assert "✓ 数据库：是空的，刚建好表（sqlite）" in lines


def test_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    done = doctor(tmp_path / "nowhere")
    assert (done.exit_code, "没有这个文件夹" in done.stdout) == (1, True)


def test_a_sample_has_no_channels_yet(tmp_path: Path) -> None:
    write_sample(tmp_path / "city")
    done = doctor(tmp_path / "city")
    assert done.exit_code == 1
    bad = [line for line in done.stdout.splitlines() if line.startswith("✗")]
    assert bad == ["✗ 设置和名册：一个通道也没有启用。运行 gridbot connect 接一个"]


# What can be wrong


async def stale(store: Store) -> None:
    await say(store, NOW() - timedelta(hours=3), "waiting")


async def fresh(store: Store) -> None:
    await say(store, NOW(), "waiting")


async def dead(store: Store) -> None:
    await say(store, NOW(), "dead")


async def say(store: Store, at: datetime, state: str) -> None:
    saying = Saying("once", Address("app", "w.li"), "replies/help_staff", {})
    async with store.write() as conn:
        await conn.execute(insert(t.outbox), [outbox.row_of(saying, at) | {"state": state}])


async def ahead(store: Store) -> None:
    assert await Lease(store, "channel x", "one", lambda: NOW() + timedelta(hours=1)).hold()


async def newer(store: Store) -> None:
    async with store.write() as conn:
        await conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))


@pytest.mark.parametrize(
    ("work", "key", "says"),
    [
        pytest.param(dead, "outbox_dead", "1 条没送到", id="given up"),
        pytest.param(stale, "outbox_old", "共 1 条", id="waits for hours"),
        pytest.param(ahead, "leases_ahead", "时钟快了", id="a lease from the future"),
        pytest.param(newer, "store_too_new", "（9999）", id="a newer program's store"),
    ],
)
async def test_what_the_store_shows(
    desk: Desk, work: Callable[[Store], Awaitable[None]], key: str, says: str
) -> None:
    await desk.store(work)
    ((found, sentence),) = await desk.bad()
    assert (found, says in sentence) == (key, True)


async def test_what_waits_a_moment_is_no_fault(desk: Desk) -> None:
    await desk.store(fresh)
    code, found = await desk.look()
    assert (code, found["outbox_good"][0]["fill"]) == (0, {"waiting": "1"})


async def test_who_holds_a_lease_is_told(desk: Desk) -> None:
    await desk.store(lambda store: Lease(store, "channel app", "one", NOW).hold())
    code, found = await desk.look()
    assert (code, found["leases_good"][0]["fill"]["name"]) == (0, "channel app")


async def test_older_tables_are_brought_up_to_date(desk: Desk) -> None:
    def raised(connection: Connection) -> str:
        config = schema._config(connection)
        before = ScriptDirectory.from_config(config).get_revision("head").down_revision
        command.upgrade(config, before)
        return before

    store = Store(f"sqlite+aiosqlite:///{desk.folder / 'gridbot.sqlite3'}", durable=False)
    async with store.write() as conn:
        before = await conn.run_sync(raised)
    await store.close()
    code, found = await desk.look()
    assert code == 0
    assert found["store_raised"][0]["fill"]["before"] == before
    assert (await desk.look())[1].keys() >= {"store_good"}


async def test_a_database_that_cannot_be_reached(desk: Desk, unused_tcp_port: int) -> None:
    url = f'[store]\nurl = "postgresql://u:p4ss@127.0.0.1:{unused_tcp_port}/x"\n'
    desk.write("gridbot.toml", lambda toml: toml.replace("[store]\n", url))
    ((key, sentence),) = await desk.bad()
    assert (key, "p4ss" in sentence) == ("store_down", False)


async def test_a_platform_that_refuses(desk: Desk) -> None:
    desk.platform.fault("/cgi-bin/agent/get", Fault(60020, "not allow, from ip: 9.8.7.6"))
    ((key, sentence),) = await desk.bad()
    assert (key, "9.8.7.6" in sentence) == ("code_60020", True)


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        pytest.param(lambda: web.Response(text="<html>"), "public_other", id="another program"),
        pytest.param(lambda: web.Response(status=502), "public_other", id="a broken proxy"),
        pytest.param(lambda: web.json_response({"alive": False}), "public_other", id="not alive"),
    ],
)
async def test_an_address_that_leads_elsewhere(
    desk: Desk, answer: Callable[[], web.Response], key: str
) -> None:
    async def answered(_call: Call) -> web.Response:
        return answer()

    desk.platform.serve("/healthz", answered, token=False)
    assert [found for found, _ in await desk.bad()] == [key]


def stripped(call: Call) -> Call:
    return replace(call, query={})


def saying(status: int, text: str = "") -> Handler:
    async def answered(_call: Call) -> web.Response:
        return web.Response(status=status, text=text, headers={"Location": "/login"})

    return answered


def behind(proxy: Callable[[Call], Call]) -> Handler:
    async def answered(call: Call) -> web.StreamResponse:
        return await callback()(proxy(call))

    return answered


@pytest.mark.parametrize(
    ("there", "key", "says"),
    [
        pytest.param(callback(token="old" + TOKEN), "callback_keys", "重启", id="an old token"),
        pytest.param(callback(aes_key=AES_KEY[::-1]), "callback_keys", "aes_key", id="an old key"),
        pytest.param(behind(stripped), "callback_keys", "反向代理", id="a proxy drops the query"),
        pytest.param(saying(404), "callback_nowhere", "/callback/app", id="not forwarded"),
        pytest.param(saying(502), "callback_other", "HTTP 502", id="a broken proxy"),
        pytest.param(saying(302), "callback_other", "HTTP 302", id="a login in front"),
        pytest.param(saying(200, "<html>"), "callback_other", "HTTP 200", id="another page"),
    ],
)
async def test_a_callback_is_asked_as_the_platform_would(
    desk: Desk, there: Handler, key: str, says: str
) -> None:
    desk.platform.serve("/callback/app", there, token=False)
    ((found, sentence),) = await desk.bad()
    assert (found, says in sentence) == (key, True)


async def test_an_address_nobody_listens_at(desk: Desk, unused_tcp_port: int) -> None:
    desk.write(
        "gridbot.toml",
        lambda toml: toml.replace(
            f'public_url = "{desk.platform.base}',
            f'public_url = "http://127.0.0.1:{unused_tcp_port}',
        ),
    )
    assert [found for found, _ in await desk.bad()] == ["public_down"]


async def test_no_address(desk: Desk) -> None:
    desk.write("gridbot.toml", lambda toml: toml.replace("public_url", "# public_url"))
    bad = await desk.bad()
    assert [found for found, _ in bad] == ["no_public_url", "public_none"]
    assert "app" in bad[1][1]


@pytest.mark.parametrize(
    ("apart", "key"),
    [
        (timedelta(0), "clock_good"),
        (timedelta(seconds=50), "clock_good"),
        (timedelta(minutes=-5), "clock_off"),
        (timedelta(days=1), "clock_off"),
    ],
    ids=str,
)
async def test_a_clock_beside_the_platform_s(desk: Desk, apart: timedelta, key: str) -> None:
    moment = (NOW() + apart).astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")

    async def dated(_call: Call) -> web.Response:
        return web.Response(headers={"Date": moment})

    desk.platform.serve("/", dated, token=False)
    code, found = await desk.look()
    assert found[key][0]["good"] == (code == 0)


async def test_a_platform_that_tells_no_time(desk: Desk) -> None:
    async def undated(_call: Call) -> web.Response:
        return web.Response(headers={"Date": "soon"})

    desk.platform.serve("/", undated, token=False)
    assert (await desk.look())[1].keys() >= {"clock_unknown"}


async def test_a_group_without_its_id(desk: Desk) -> None:
    (desk.folder / "groups.csv").write_text(GROUPS + ONE.format(""), "utf-8")
    ((key, sentence),) = await desk.bad()
    assert (key, "琼花社区网格工作群" in sentence) == ("groups_unbound", True)


async def test_a_group_that_was_bound_in_chat(desk: Desk) -> None:
    (desk.folder / "groups.csv").write_text(GROUPS + ONE.format(""), "utf-8")

    async def bind(store: Store) -> None:
        async with store.write() as conn:
            group = Address("app", "wrX", group=True)
            await bind_group(store, conn, group, "staff", "c1", "w.li", NOW())

    await desk.store(bind)
    assert await desk.bad() == []


async def test_staff_nobody_can_write_to(desk: Desk) -> None:
    desk.write("people.csv", lambda people: people.replace(",w.li,,", ",,,"))
    ((key, sentence),) = await desk.bad()
    assert (key, sentence.startswith("1 位工作人员")) == ("people_unbound", True)
    assert "李强" in sentence


async def test_where_no_channel_reaches_staff(desk: Desk) -> None:
    (desk.folder / "groups.csv").write_text(GROUPS + ONE.format("wrX"), "utf-8")
    desk.write("gridbot.toml", lambda toml: toml.partition("[channels.app]")[0] + WEBHOOK)
    found = dict(await desk.bad())
    assert "接 wecom_robot 或 wecom_app" in found["people_nowhere"]
    assert "通道 hook 里的群号 wrHOOK 在 groups.csv 里没有" in found["chats_unknown"]


async def test_pictures_that_cannot_be_kept(desk: Desk) -> None:
    (desk.folder / "media").write_text("a file in its place")
    assert [found for found, _ in await desk.bad()] == ["media_bad"]


async def test_a_secret_that_is_missing(desk: Desk) -> None:
    desk.write("gridbot.toml", lambda toml: toml.replace(f'secret = "{SECRET}"', ""))
    ((key, sentence),) = await desk.bad()
    assert (key, "GRIDBOT_CHANNELS__APP__SECRET" in sentence) == ("settings_bad", True)
