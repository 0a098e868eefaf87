"""Who adds a member of staff is greeted with his grid, though nothing else can be said there."""

import pytest

from bot.channels.base import SendError
from domain.messages import Kind
from tests.conversation.town import GROUP, START, WANG

CAME = {"welcome": "CODE", "at": START.isoformat(), "grid": "g01", "member": "w.li"}


async def test_a_welcome_goes_out_where_the_bot_cannot_speak_otherwise(open_town) -> None:
    async with open_town("groups", "robot") as town:
        await town.say("groups", WANG, "g01", kind=Kind.ENTERED, handle=CAME)
        (sent,) = town.groups.sent
        assert sent.address.chat == WANG
        assert sent.text.endswith("您这里是琼花一网格，网格员李强，电话13800000001。")
        assert sent.handle == CAME


@pytest.mark.parametrize("handle", [{"grid": "g01"}, {}], ids=["no code", "nothing"])
async def test_without_a_code_nobody_is_written_to_there(open_town, handle) -> None:
    async with open_town("groups", "robot") as town:
        await town.say("groups", WANG, "g01", kind=Kind.ENTERED, handle=handle)
        assert town.groups.sent == []


async def test_a_code_that_is_spent_goes_no_other_way(open_town) -> None:
    async with open_town("groups", "robot") as town:
        town.groups.refusals.append(SendError("too late", unreachable=True))
        await town.say("groups", WANG, "g01", kind=Kind.ENTERED, handle=CAME)
        assert town.groups.sent == []
        assert await town.rows("state") == ["dead"]


async def test_the_tapper_of_a_copied_answer_is_asked_to_confirm_it(open_town) -> None:
    async with open_town("groups", "robot", "archive") as town:
        await town.say("archive", WANG, "3号楼2单元楼道灯不亮了", GROUP)
        await town.click("robot", "w.li", "post")
        (task,) = town.groups.sent
        assert (task.address.chat, task.handle) == (GROUP, {"sender": "w.li"})
