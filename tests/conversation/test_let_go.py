"""`gridbot forget`: all he said in every chat under every id goes; what was done stays."""

import pytest
from click.testing import CliRunner

from bot.cli.main import main
from bot.letting_go import Gone, let_go
from domain.messages import Attachment
from tests.conversation.test_left import closed, kept
from tests.conversation.town import GROUP, WANG, Town

LAMP, PIPE = "琼花苑3号楼2单元楼道灯坏了", "琼花苑5号楼1单元水管漏水了"


async def forget(town: Town, person: str) -> Gone:
    async with town.app.store.write() as conn:
        work = town.app._work(conn, town.clock.now())
        gone = await let_go(work, person, "operator")
        await work.flush()
    return gone


async def test_all_he_said_goes_under_whatever_id_and_wherever(open_town) -> None:
    async with open_town("oa", "archive", "robot") as town:
        await town.merge("oa:openWang", "r.wang")
        await town.merge(f"archive:{WANG}", "r.wang")
        picture = Attachment("image", key="f" * 64)
        await town.say("oa", "openWang", LAMP, attachments=(picture,))
        await closed(town, "oa", "openWang")
        await town.say("archive", WANG, "我报名志愿者 会修自行车", GROUP)
        await town.say("archive", "wmLi", "修自行车的在哪", GROUP)
        before = await town.case()
        gone = await forget(town, "r.wang")
        assert (gone.cases, gone.waiting) == (1, ())
        assert gone.messages >= 3
        left = await kept(town)
        assert "楼道灯坏了" not in left
        assert "f" * 64 not in left
        assert "会修自行车" not in left
        assert "修自行车的在哪" in left  # a neighbour's
        now = await town.case()
        assert (now["status"], now["result"]) == (before["status"], before["result"])
        assert await forget(town, "r.wang") == Gone(0, 0, 0, ())


async def test_what_an_open_case_needs_waits_for_its_end(open_town) -> None:
    async with open_town("oa", "robot") as town:
        await town.say("oa", "openWang", PIPE)
        gone = await forget(town, "oa:openWang")
        assert gone.waiting == ("G1001",)
        assert "水管漏水" in (await town.case())["words"]
        await town.say("robot", "w.li", "办结 G1001 阀门已关")
        for _ in range(3):
            await town.asleep(days=4)
        assert (await town.case())["status"] == "closed"
        assert "水管漏水" not in await kept(town)


@pytest.mark.parametrize(
    ("person", "words", "code"),
    [
        pytest.param("r.wang", "上面只是看看，什么都没动", 0, id="shown first"),
        pytest.param("w.li", "是工作人员", 2, id="staff"),
        pytest.param("oa:nobody", "没有找到", 2, id="nobody"),
    ],
)
def test_the_command_says_what_it_would_do(tmp_path, person: str, words: str, code: int) -> None:
    place = str(tmp_path / "city")
    assert CliRunner().invoke(main, ["init", place]).exit_code == 0
    done = CliRunner().invoke(main, ["forget", place, person])
    assert done.exit_code == code, done.output
    assert words in done.output
