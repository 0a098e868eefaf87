"""What a platform took and could not deliver after all: another way, his group, or by hand."""

import asyncio

import pytest

from bot.channels.base import Failure
from domain.messages import Address
from store import outbox, standing
from tests import factories
from tests.conversation.town import WANG, Town

REPORT = "琼花苑3号楼2单元楼道灯坏了"


async def asked(town: Town, channel: str = "kf", sender: str = WANG, **more) -> str:
    """A resident's case is finished and he is asked; returns the platform's id of the question."""
    await town.say(channel, sender, REPORT, **more)
    await town.say("robot", "w.li", "办结 G1001 灯泡已换")
    (sent,) = await town.rows("platform_id", template="cards/verify", channel=channel)
    for one in town.channels.values():
        one.sent.clear()
    return sent


async def fails(town: Town, channel: str, id_: str, reason: str = "10", *, over: bool = True):
    """The platform tells that it did not arrive."""
    await town.channels[channel].failed(Failure(id_, reason, over=over))
    await town.app.settle()


async def put(town: Town) -> None:
    """Something more is to be said to him."""
    more = factories.saying("s", address=Address("kf", WANG), template="replies/posted")
    async with town.app.store.write() as conn:
        await outbox.add(town.app.store, conn, [outbox.row_of(more, town.clock.now())])


def counted(town: Town, channel: str) -> float | None:
    labels = {"channel": channel, "outcome": "failed"}
    return town.app.watch.registry.get_sample_value("gridbot_outbox_total", labels)


async def test_it_takes_the_next_way_once(open_town) -> None:
    async with open_town("kf", "oa", "robot") as town:
        await town.say("oa", "openWang", "你好", union="u1")
        question = await asked(town, union="u1")
        for _ in range(2):  # platforms tell it twice
            await fails(town, "kf", question)
        assert ["办好了吗" in words for words in town.oa.words("openWang")] == [True]
        assert await town.rows("state", "route", "error", template="cards/verify") == [
            ("rerouted", "wrote here", "failed: 10"),
            ("sent", "window open", None),
        ]
        assert counted(town, "kf") == 1


async def test_with_no_other_way_the_worker_is_told_and_an_operator_sees_it(open_town) -> None:
    async with open_town("kf", "robot") as town:
        await fails(town, "kf", await asked(town))
        (told,) = town.robot.words("w.li")
        assert "没收到" in told
        assert "办好了吗" in told
        assert "楼道灯坏了" in told
        async with town.app.store.read() as conn:
            (dead,) = await standing.dead(conn)
        assert (dead.template, dead.error) == ("cards/verify", "failed: 10")
        assert dead.sent_at is not None


async def test_what_fails_on_its_second_way_too_goes_to_the_worker(open_town) -> None:
    async with open_town("kf", "oa", "robot") as town:
        await town.say("oa", "openWang", "你好", union="u1")
        await fails(town, "kf", await asked(town, union="u1"))
        assert len(town.oa.words("openWang")) == 1
        assert town.robot.words("w.li") == []
        await fails(town, "oa", town.oa.ids[-1], "failed:user block", over=False)
        assert "没收到" in town.robot.words("w.li")[-1]
        assert (len(town.kf.sent), len(town.oa.sent)) == (0, 1)
        assert await town.rows("state", template="cards/verify") == ["rerouted", "dead"]


async def test_who_is_in_the_roster_is_named_to_the_worker(open_town) -> None:
    async with open_town("kf", "robot") as town:
        await town.say("kf", WANG, "你好")
        await town.merge(f"kf:{WANG}", "r.wang")
        question = await asked(town)
        await fails(town, "kf", question)
        assert town.robot.words("r.wang")  # she has another way
        await fails(town, "robot", town.robot.ids[-1], over=False)
        assert "王阿姨没收到" in town.robot.words("w.li")[-1]


@pytest.mark.parametrize(("over", "next_"), [(True, "held"), (False, "sent")])
async def test_only_a_window_that_is_over_is_closed(open_town, over, next_) -> None:
    async with open_town("kf", "robot") as town:
        await fails(town, "kf", await asked(town), over=over)
        await put(town)
        await town.app.settle()
        assert await town.rows("state", template="replies/posted") == [next_]


async def test_staff_are_told_by_name_in_their_group(open_town) -> None:
    async with open_town("robot", "kf") as town:
        await town.say("kf", WANG, REPORT)
        ((card,),) = [await town.rows("platform_id", channel="robot")]
        await fails(town, "robot", card, over=False)
        assert any("李强" in words for words in town.robot.words("wrSTAFF0001"))


async def test_pleasantries_are_not_worth_a_worker_s_time(open_town) -> None:
    async with open_town("kf", "robot") as town:
        await town.say("kf", WANG, "帮助")
        town.robot.sent.clear()
        (help_,) = await town.rows("platform_id", channel="kf")
        await fails(town, "kf", help_)
        assert town.robot.sent == []
        assert await town.rows("state", channel="kf") == ["dead"]


@pytest.mark.parametrize("id_", ["", "nobody's", "x" * 400])
async def test_what_is_not_ours_changes_nothing(open_town, id_) -> None:
    async with open_town("kf", "robot") as town:
        await town.say("kf", WANG, "帮助")
        before = await town.rows("state", "error")
        await fails(town, "kf", id_)
        assert await town.rows("state", "error") == before
        assert counted(town, "kf") is None


async def test_a_failure_that_is_told_before_the_sending_is_written_down(open_town) -> None:
    async with open_town("kf", "robot") as town:
        await town.say("kf", WANG, "帮助")
        await put(town)
        delivery = town.app.deliveries[town.kf.name]
        await delivery._turnover()
        await asyncio.gather(*delivery._tasks)  # it is sent, and nobody has written that down
        assert await town.rows("state", template="replies/posted") == ["sending"]
        await town.kf.failed(Failure(town.kf.ids[-1], "10"))
        assert await town.rows("state", template="replies/posted") == ["dead"]
