"""Platforms go away, come late, come twice and out of order (wechat.md 6.2): nothing is lost or doubled."""

from datetime import UTC, timedelta

import pytest

from bot.channels.base import SendError
from domain.messages import Address, Kind
from store import outbox
from store.outbox import Saying
from tests.conversation.town import GROUP, START, WANG, Town

REPORT = "3号楼2单元楼道灯不亮了"


async def waiting(town: Town, *names: str) -> None:
    """These are to be said to a worker, in this order."""
    where = Address("robot", "w.li")
    said = [Saying(name, where, "replies/posted", {"name": name}) for name in names]
    async with town.app.store.write() as conn:
        rows = [outbox.row_of(one, town.clock.now()) for one in said]
        await outbox.add(town.app.store, conn, rows)
    await town.app.settle()


@pytest.mark.parametrize(
    "fall",
    [
        pytest.param(lambda robot: setattr(robot, "down", True), id="not connected"),
        pytest.param(lambda robot: setattr(robot, "trouble", "code_60020"), id="refused: 60020"),
    ],
)
async def test_a_channel_that_is_down_holds_its_outbox_and_catches_up_in_order(
    open_town, fall
) -> None:
    async with open_town("robot", "kf") as town:
        fall(town.robot)
        names = [f"n{number}" for number in range(6)]
        for name in names:
            await waiting(town, name)
            await town.asleep(minutes=10)
        assert town.robot.sent == []
        health = (await town.app.health())["channels"]
        assert health["robot"] == {
            "connected": False,
            "trouble": town.robot.trouble,
            "waiting": 6,
            "oldest": START.astimezone(UTC).isoformat(),
        }
        assert health["kf"]["waiting"] == 0
        town.robot.down, town.robot.trouble = False, ""
        await town.asleep(minutes=1)
        assert [out.once for out in town.robot.sent] == names
        assert (await town.app.health())["channels"]["robot"]["waiting"] == 0


async def test_what_is_refused_for_now_is_not_overtaken(open_town) -> None:
    async with open_town("robot") as town:
        town.robot.refusals += [
            SendError("busy", retryable=True, code=-1),
            SendError("too often", retryable=True, retry_after=60, code=45009),
        ]
        await waiting(town, "a", "b", "c")
        for _ in range(3):
            await town.asleep(minutes=2)
        assert [out.once for out in town.robot.sent] == ["a", "b", "c"]


async def test_done_before_accepted(open_town) -> None:
    async with open_town("archive", "app") as town:
        await town.say("archive", WANG, REPORT, GROUP)
        earlier = town.clock.now()
        await town.later(minutes=5)
        await town.say("app", "w.li", "办结 G1001 灯泡已换")
        await town.say("app", "w.li", "接单 G1001", at=earlier)  # written first, called last
        assert (await town.case())["status"] == "finished"


@pytest.mark.parametrize("late", [timedelta(minutes=1), timedelta(hours=20)], ids=str)
async def test_a_late_report_is_a_report_all_the_same(open_town, late) -> None:
    async with open_town("archive", "robot") as town:
        await town.say("archive", WANG, REPORT, GROUP, at=town.clock.now() - late)
        assert (await town.case())["building"] == "3"


async def test_the_same_call_twice_is_one_report_and_one_answer(open_town) -> None:
    async with open_town("kf", "robot") as town:
        for _ in range(3):
            await town.say("kf", WANG, f"琼花苑{REPORT}", id="m-1")
        assert len(await town.cases()) == 1
        assert len([one for one in town.kf.words(WANG) if "已受理" in one]) == 1


@pytest.mark.parametrize("channel", ["kf", "archive"])
async def test_taken_back_hides_the_words_and_keeps_the_fact(open_town, channel) -> None:
    group = GROUP if channel == "archive" else ""
    async with open_town(channel, "robot") as town:
        await town.say(channel, WANG, f"琼花苑{REPORT}", group, id="m-1")
        await town.say(channel, WANG, "", group, kind=Kind.RECALLED, card="m-1")
        case = await town.case()
        assert (case["words"], case["building"]) == ("", "3")
        assert "不亮" not in "".join(map(str, await town.rows("context_json")))


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(("kf", WANG, "不用了"), id="withdrawn by himself"),
        pytest.param(("robot", "w.li", "不是案件 G1001"), id="no matter for a case"),
    ],
)
async def test_taken_back_after_the_case_has_ended(open_town, end) -> None:
    async with open_town("kf", "robot") as town:
        await town.say("kf", WANG, f"琼花苑{REPORT}", id="m-1")
        await town.say(*end)
        ended = (await town.case())["status"]
        assert ended in ("withdrawn", "rejected")
        await town.say("kf", WANG, "", kind=Kind.RECALLED, card="m-1")
        case = await town.case()
        assert (case["words"], case["building"], case["status"]) == ("", "3", ended)
        assert "不亮" not in "".join(map(str, await town.rows("context_json")))
