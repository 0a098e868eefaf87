"""A complaint about staff takes no way past whom it is about: no staff group, no copied answer."""

from bot.channels.base import SendError
from tests.conversation.town import GROUP, WANG

SAID = "我要投诉网格员，态度恶劣"
CARD = "cards/complaint_new"


async def test_in_a_group_the_bot_cannot_speak_in_no_worker_copies_the_answer(open_town) -> None:
    async with open_town("archive", "robot") as town:
        await town.say("archive", WANG, SAID, GROUP)
        assert (await town.case())["assignee"] == "l.c1"
        assert {sent.address.chat for sent in town.robot.sent} == {"l.c1"}
        assert SAID in town.robot.words("l.c1")[-1]
        assert await town.rows("state", template="cards/copy_ready") == []


async def test_where_the_leader_cannot_be_told_alone_his_staff_group_hears_nothing(
    open_town,
) -> None:
    async with open_town("archive", "robot") as town:
        town.robot.refusals.append(SendError("never spoke to it", unreachable=True, code=93006))
        await town.say("archive", WANG, SAID, GROUP)
        assert (await town.case())["assignee"] == "l.c1"
        assert town.robot.sent == []
        assert await town.rows("state", template=CARD) == ["dead"]  # the operator sees it
        await town.later(hours=12)  # and the street, once nobody has answered
        assert SAID in "".join(town.robot.words("s.s1"))
        assert not [one for one in town.robot.sent if one.address.group]
