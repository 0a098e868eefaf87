"""A worker passes on what a resident said: forwarded or quoted to the bot alone."""

import pytest

from domain.messages import Attachment
from tests.conversation.town import GROUP, WANG

# Nothing the bot would take for a report by itself: the worker says that it is one.
WORDS = "3号楼2单元的灯，你们懂的"


@pytest.mark.parametrize(
    "passed",
    [
        pytest.param({"text": "", "quote": WORDS}, id="forwarded as a quote"),
        pytest.param({"text": "立案", "quote": WORDS}, id="quoted"),
        pytest.param({"text": "立案", "quote": WORDS[:8] + "…"}, id="quoted, cut short"),
    ],
)
async def test_filed_for_the_resident_who_said_it(open_town, passed) -> None:
    async with open_town("archive", "robot") as town:
        picture = Attachment("image", "1.jpg", key="0" * 64)
        await town.say("archive", WANG, "", GROUP, attachments=(picture,))
        await town.say("archive", WANG, WORDS, GROUP)
        known = await town.cases()
        await town.say("robot", "w.li", passed["text"], quote=passed["quote"])
        case = await town.case()
        assert (case["words"], case["photos"], case["building"]) == (WORDS, "1", "3")
        assert case["source"] == "resident"
        said = town.robot.words("w.li")
        assert any("G1001" in one for one in said)
        assert any("可以这样回" in one for one in said)
        await town.say("archive", "w.li", "3号楼的灯装好了", GROUP)
        assert known == []
        await town.say("archive", WANG, "满意", GROUP)
        assert (await town.case())["status"] == "closed"


async def test_what_has_its_case_already_is_named(open_town) -> None:
    async with open_town("archive", "robot") as town:
        await town.say("archive", WANG, "3号楼2单元楼道灯坏了", GROUP)
        await town.say("robot", "w.li", "3号楼2单元楼道灯坏了")
        assert len(await town.cases()) == 1
        assert "G1001" in town.robot.words("w.li")[-1]


async def test_words_nobody_heard_are_the_worker_s_to_pass_on(open_town) -> None:
    async with open_town("archive", "robot") as town:
        await town.say("robot", "w.li", "立案", quote="3号楼2单元楼道灯坏了")
        case = await town.case()
        assert (case["source"], case["building"]) == ("behalf", "3")
        said = "\n".join(town.robot.words("w.li"))
        assert "已立案 G1001" in said
        assert "居民说“3号楼2单元楼道灯坏了”，可以这样回：\n已受理 G1001" in said


PICTURE = Attachment("image", "2.jpg", key="1" * 64)


@pytest.mark.parametrize("words", ["立案", ""], ids=["with a word", "without a word of his own"])
async def test_a_picture_passed_on_with_words_comes_along(open_town, words) -> None:
    async with open_town("archive", "robot") as town:
        quote = "3号楼2单元楼道灯坏了"
        await town.say("robot", "w.li", words, quote=quote, attachments=(PICTURE,))
        case = await town.case()
        assert (case["source"], case["photos"]) == ("behalf", "1")
        assert any("已立案 G1001" in one for one in town.robot.words("w.li"))


async def test_a_picture_to_what_has_its_case_is_evidence(open_town) -> None:
    async with open_town("archive", "robot") as town:
        said = "3号楼2单元楼道灯坏了"
        await town.say("archive", WANG, said, GROUP)
        await town.say("robot", "w.li", "接单 G1001")
        await town.say("robot", "w.li", "", quote=said, attachments=(PICTURE,))
        assert (await town.case())["photos"] == "1"


@pytest.mark.parametrize(
    ("who", "words"),
    [
        pytest.param("w.tang", WORDS, id="not of her grids"),
        pytest.param("w.li", "谢谢大家", id="words of a colleague"),
    ],
)
async def test_only_a_resident_s_words_of_one_s_own_grids(open_town, who, words) -> None:
    async with open_town("archive", "robot") as town:
        await town.say("archive", WANG, WORDS, GROUP)
        await town.say("archive", "w.he", "谢谢大家", GROUP)
        await town.say("robot", who, "看看", quote=words)
        assert await town.cases() == []


async def test_a_resident_passes_nothing_on(open_town) -> None:
    async with open_town("archive", "robot") as town:
        await town.say("archive", WANG, WORDS, GROUP)
        await town.say("robot", "r.chen", "看看", quote=WORDS)
        assert await town.cases() == []
