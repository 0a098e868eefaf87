"""People who may be written to for a while only: another way, or not before they write again."""

import pytest

from bot.channels.base import SendError
from domain.messages import Address, Kind
from store import outbox
from store.outbox import Saying
from tests.conversation.town import GROUP, WANG, Town

REPORT = "琼花苑3号楼2单元楼道灯坏了"
HERS = "13900000001"  # r.wang's telephone in the roster


async def reported(town: Town) -> None:
    """A resident reports in customer service, and is told so."""
    await town.say("kf", WANG, REPORT)
    assert "已受理 G1001" in town.kf.words(WANG)[-1]
    town.kf.sent.clear()


async def finish(town: Town) -> None:
    await town.say("robot", "w.li", "办结 G1001 灯泡已换")


async def test_who_only_came_in_is_greeted_and_told_nothing_else(open_town) -> None:
    """The greeting has a way of its own, for twenty seconds; what comes later needs a word of his."""
    async with open_town("kf", "robot") as town:
        await town.say("kf", WANG, "", kind=Kind.ENTERED, handle={"welcome": "CODE"})
        (greeting,) = town.kf.words(WANG)
        assert "网格" in greeting
        assert await town.rows("state", chat=WANG) == ["sent"]


async def test_in_the_window_he_is_asked_where_he_wrote(open_town) -> None:
    async with open_town("kf", "robot") as town:
        await reported(town)
        await town.later(hours=47)
        await finish(town)
        assert "办好了吗" in town.kf.words(WANG)[-1]
        assert await town.rows(template="cards/verify") == ["wrote here"]


async def test_after_the_window_it_waits_until_he_writes_again(open_town) -> None:
    async with open_town("kf", "robot") as town:
        await reported(town)
        await town.later(hours=48)
        await finish(town)
        await town.later(hours=30)
        assert town.kf.sent == []
        assert await town.rows("state", "route", template="cards/verify") == [
            ("held", "window over")
        ]
        await town.say("kf", WANG, "在吗")
        assert any("办好了吗" in words for words in town.kf.words(WANG))
        await town.say("kf", WANG, "满意")
        assert (await town.case())["satisfaction"] == "satisfied"


async def test_after_the_window_another_account_of_his_is_taken(open_town) -> None:
    async with open_town("kf", "oa", "robot") as town:
        await town.say("oa", "openWang", "你好", union="u1")
        await town.say("kf", WANG, REPORT, union="u1")
        await town.later(hours=47)
        await town.say("oa", "openWang", "谢谢", union="u1")
        town.kf.sent.clear()
        await town.later(hours=2)
        await finish(town)
        assert town.kf.sent == []
        assert "办好了吗" in town.oa.words("openWang")[-1]
        assert await town.rows(template="cards/verify") == ["window open"]


async def test_no_more_than_five_before_he_writes_again(open_town) -> None:
    async with open_town("kf", "robot") as town:
        await reported(town)  # one of the five
        where = Address("kf", WANG)
        said = [Saying(f"n{n}", where, "replies/posted", {"name": ""}) for n in range(6)]
        async with town.app.store.write() as conn:
            await outbox.add(
                town.app.store, conn, [outbox.row_of(one, town.clock.now()) for one in said]
            )
        await town.app.settle()
        assert len(town.kf.sent) == 4
        assert await town.rows("state", template="replies/posted") == ["sent"] * 4 + ["held"] * 2
        await town.say("kf", WANG, "在吗")
        assert await town.rows("state", template="replies/posted") == ["sent"] * 6


async def test_what_waited_while_the_channel_was_down_goes_another_way(open_town) -> None:
    async with open_town("kf", "oa", "robot") as town:
        await town.say("oa", "openWang", "你好", union="u1")
        await town.say("kf", WANG, REPORT, union="u1")
        town.kf.sent.clear()
        await town.later(hours=40)
        await town.say("oa", "openWang", "在吗", union="u1")
        town.kf.down = True
        await finish(town)  # the window is open, but nothing goes out
        assert await town.rows("state", template="cards/verify") == ["waiting"]
        await town.asleep(hours=9)
        town.kf.down = False
        await town.asleep(minutes=1)
        assert town.kf.sent == []
        assert "办好了吗" in town.oa.words("openWang")[-1]
        assert await town.rows("state", "route", template="cards/verify") == [
            ("rerouted", "wrote here"),
            ("sent", "window open"),
        ]


@pytest.mark.parametrize(
    ("others", "state", "route"),
    [
        pytest.param((), "held", "window over", id="nowhere else: it waits"),
        pytest.param(("oa",), "rerouted", "wrote here", id="another account"),
    ],
)
async def test_a_platform_that_refuses_closes_the_window(open_town, others, state, route) -> None:
    async with open_town("kf", "robot", *others) as town:
        for one in others:
            await town.say(one, "openWang", "你好", union="u1")
        await town.say("kf", WANG, REPORT, union="u1")
        town.kf.sent.clear()
        town.kf.refusals.append(SendError("too many", unreachable=True, code=95001))
        await finish(town)
        rows = await town.rows("state", "route", template="cards/verify")
        assert rows[0] == (state, route)
        assert town.kf.sent == []
        for one in others:
            assert "办好了吗" in town.channels[one].words("openWang")[-1]


@pytest.mark.parametrize(
    ("hours", "paid"),
    [pytest.param(40, False, id="while he can be told"), pytest.param(50, True, id="afterwards")],
)
async def test_a_paid_message_only_where_nothing_else_is_left(open_town, hours, paid) -> None:
    async with open_town("kf", "archive", "sms") as town:
        await town.say("kf", WANG, "你好")
        await town.merge(f"kf:{WANG}", "r.wang")
        await town.say("kf", WANG, REPORT)
        await town.later(hours=hours)
        await town.say("archive", "w.li", "3号楼的灯修好了", GROUP)
        told = [words for words in town.sms.words(HERS) if "办好了吗" in words]
        assert bool(told) is paid
        assert await town.rows(template="cards/verify") == (
            ["no way but sms"] if paid else ["wrote here"]
        )


async def test_staff_are_not_written_to_on_a_channel_that_is_in_trouble(open_town) -> None:
    async with open_town("robot", "archive") as town:
        town.robot.trouble = "code_60020"
        await town.say("archive", WANG, "3号楼2单元楼道灯不亮了", GROUP)
        assert set(await town.rows("state", channel="robot")) == {"waiting"}
        assert set(await town.rows(channel="robot")) == {"channel down", "to be copied"}
        town.robot.trouble = ""
        await town.asleep(minutes=1)
        assert len(town.robot.words("w.li")) == 2
