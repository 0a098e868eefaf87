"""Two robots in one deployment, each in its own groups: still one conversation and one case."""

import pytest

from tests.conversation.town import GROUP

LAMP = "3号楼2单元楼道灯不亮了"


async def test_each_answers_where_it_was_spoken_to(open_town) -> None:
    async with open_town("robot", "robot2") as town:
        await town.say("robot2", "r.wang", LAMP, GROUP, named=True)
        assert "已受理 G1001" in town.robot2.words(GROUP)[-1]
        assert town.robot.words(GROUP) == []
        await town.say("robot", "r.wang", "进度")
        assert "G1001" in town.robot.words("r.wang")[-1]
        assert town.robot2.words("r.wang") == []


async def test_a_worker_goes_on_with_the_other_one(open_town) -> None:
    async with open_town("robot", "robot2") as town:
        await town.say("robot2", "r.wang", LAMP, GROUP, named=True)
        await town.say("robot", "w.li", "接单 G1001")
        await town.say("robot2", "w.li", "办结 G1001 灯泡已换")
        assert (await town.case())["status"] == "finished"
        assert "办好了吗" in town.robot2.words(GROUP)[-1]  # where it was reported
        await town.say("robot", "r.wang", "满意")
        assert (await town.case())["satisfaction"] == "satisfied"


async def test_the_same_words_to_both_are_one_matter(open_town) -> None:
    async with open_town("robot", "robot2") as town:
        for name in ("robot", "robot2"):
            await town.say(name, "r.wang", LAMP)
        assert (await town.case())["reporters"] == "1"


@pytest.mark.parametrize(("away", "other"), [("robot", "robot2"), ("robot2", "robot")])
async def test_one_in_trouble_stops_nothing_of_the_other(open_town, away, other) -> None:
    async with open_town("robot", "robot2") as town:
        town.channels[away].trouble = "code_60020"
        await town.say(other, "r.wang", LAMP)
        assert "已受理 G1001" in town.channels[other].words("r.wang")[-1]
        assert any("G1001" in words for words in town.channels[other].words("w.li"))
        assert town.channels[away].sent == []
