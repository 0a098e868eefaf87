"""`gridbot group-tasks` and `gridbot join-qr` on a deployment, the second against the platform's double."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.assembly import open_store
from bot.cli.main import main
from bot.deployment.folder import load
from store.group_tasks import GroupTask, GroupTasks, State
from tests.channels.parts import AES_KEY, TOKEN
from tests.doubles.platform import CORP, SECRET
from tests.doubles.platform import running as platform_running
from tests.doubles.platform_groups import PATH, Groups

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SECTION = f"""
[channels.wecom_groups]
corp_id = "{CORP}"
secret = "{SECRET}"
token = "{TOKEN}"
aes_key = "{AES_KEY}"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "city"
    assert CliRunner().invoke(main, ["init", str(place)]).exit_code == 0
    return place


async def keep(folder: Path, *tasks: GroupTask) -> None:
    async with open_store(load(folder)) as store:
        kept = GroupTasks(store)
        for task in tasks:
            await kept.add(task)
            await kept.looked(task, task.state, AT + timedelta(hours=2), asked=True)


def gridbot(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, [str(word) for word in words])
    return done.exit_code, done.output.strip()


def test_who_still_has_to_tap_is_named_as_in_the_roster(folder: Path) -> None:
    one = GroupTask("groups", "a", "m1", "wrGROUP0001", "w.li", AT, AT)
    strange = GroupTask("groups", "b", "m2", "wrOther", "zhangsan", AT + timedelta(hours=1), AT)
    done = GroupTask("groups", "c", "m3", "wrOther", "zhangsan", AT, AT, state=State.SENT)
    asyncio.run(keep(folder, one, strange, done))
    code, output = gridbot("group-tasks", folder)
    first, second = output.splitlines()
    assert code == 0
    assert first == (
        "琼花苑居民群：等李强在企业微信里点“发送”。11-22 10:00 建的，催过 1 次，最近一次提示 11-22 12:00。"
    )
    assert second.startswith("wrOther：等zhangsan在")


def test_nobody_has_to_tap(folder: Path) -> None:
    assert gridbot("group-tasks", folder) == (0, "没有等人点“发送”的群通知。")


@asynccontextmanager
async def platform(folder: Path):
    """The double, and the deployment's section that names it."""
    groups = Groups()
    async with platform_running(groups.calls) as running:
        toml = folder / "gridbot.toml"
        section = f'{SECTION}api_base = "{running.base}"\n'
        toml.write_text(toml.read_text("utf-8") + section, encoding="utf-8")
        yield running, groups


async def test_a_grid_s_code_is_printed_and_carries_the_grid(folder: Path) -> None:
    async with platform(folder) as (running, groups):
        code, output = await asyncio.to_thread(gridbot, "join-qr", folder, "g01")
        assert (code, output) == (0, "https://example.invalid/config0")
    (way,) = groups.ways.values()
    assert (way["state"], way["remark"], way["chat_id_list"]) == (
        "g01",
        "琼花一网格",
        ["wrGROUP0001"],
    )
    assert len(running.asked(PATH + "groupchat/add_join_way")) == 1


async def test_what_the_platform_refuses_is_said_plainly(folder: Path) -> None:
    async with platform(folder) as (running, _):
        running.secrets.clear()
        code, output = await asyncio.to_thread(gridbot, "join-qr", folder, "g01")
    assert code == 2
    assert "refused with 40013" in output
    assert SECRET not in output


def test_a_code_needs_a_grid_and_a_channel(folder: Path) -> None:
    assert gridbot("join-qr", folder, "g99") == (
        2,
        "areas.csv 里没有 g99。请写网格的 id（第一列），例如 g01。",
    )
    assert gridbot("join-qr", folder, "g01")[1].startswith("gridbot.toml 里没有启用")


async def test_a_code_needs_a_group_the_platform_knows(folder: Path) -> None:
    async with platform(folder):
        code, output = await asyncio.to_thread(gridbot, "join-qr", folder, "g03")
    assert code == 2
    assert "还没有群号" in output
