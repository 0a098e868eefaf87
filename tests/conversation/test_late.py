"""A channel that was away for minutes, hours or days: what it says afterwards is true and of use."""

import pytest

from bot import delivery
from domain.messages import Address
from store import outbox
from store.outbox import Saying
from tests.conversation.town import GROUP, WANG, Town

REPORT = "3号楼2单元楼道灯不亮了"
FIRE = "着火了！3号楼2单元"


async def put(town: Town, *said: tuple[str, str]) -> None:
    """These are to be said to a worker, each a key and a template."""
    now, where = town.clock.now(), Address("robot", "w.li")
    values = {"now": now.isoformat(), "case": None, "by": "", "name": ""}
    rows = [outbox.row_of(Saying(once, where, template, values), now) for once, template in said]
    async with town.app.store.write() as conn:
        await outbox.add(town.app.store, conn, rows)


@pytest.mark.parametrize(
    ("away", "greets", "when"),
    [
        pytest.param({"minutes": 10}, True, "今天 11:00", id="ten minutes"),
        pytest.param({"hours": 3}, False, "今天 11:00", id="three hours"),
        pytest.param({"days": 1}, False, "昨天 11:00", id="a day"),
        pytest.param({"days": 3}, False, "11月24日 11:00", id="three days"),
    ],
)
async def test_the_facts_come_in_order_and_their_days_are_right(
    open_town, away, greets, when
) -> None:
    async with open_town("robot", "archive") as town:
        town.robot.down = True
        await town.say("robot", "w.wang", "你好")
        await town.say("robot", "w.wang", f"琼花苑{REPORT}")
        await town.asleep(**away)
        town.robot.down = False
        await town.asleep(seconds=1)
        told = town.robot.words("w.wang")
        assert len(told) == (2 if greets else 1)
        assert "已受理 G1001" in told[-1]
        assert when in told[-1]
        assert any("G1001" in words for words in town.robot.words("w.li"))


@pytest.mark.parametrize(
    "leap",
    [pytest.param({"seconds": 1}, id="three hours"), pytest.param({"days": 3}, id="three days")],
)
async def test_an_emergency_is_told_with_its_last_call_only(open_town, leap) -> None:
    async with open_town("robot", "archive") as town:
        town.robot.down = True
        await town.say("archive", WANG, FIRE, GROUP)
        for _ in range(18):  # told again every ten minutes
            await town.asleep(minutes=10)
        assert len(await town.rows("state", template="cards/case_urged", chat="w.li")) > 10
        await town.asleep(**leap)
        town.robot.down = False
        await town.asleep(seconds=1)
        mine = await town.rows("template", "state", chat="w.li")
        assert ("cards/case_new", "sent") in mine
        assert 1 <= mine.count(("cards/case_urged", "sent")) <= 2
        assert mine.count(("cards/case_urged", "stale")) > 10
        assert len(town.robot.words("w.li")) == len([one for one in mine if one[1] == "sent"])


async def test_a_reminder_of_what_somebody_did_meanwhile_is_not_said(open_town) -> None:
    async with open_town("robot", "app", "archive") as town:
        await town.say("archive", WANG, REPORT, GROUP)
        town.robot.down = True
        await town.asleep(minutes=95)  # the reminder, half an hour before the end
        assert await town.rows("state", template="cards/case_soon") == ["waiting"]
        await town.say("app", "w.li", "接单 G1001")
        await town.asleep(minutes=10)
        town.robot.down = False
        await town.asleep(seconds=1)
        assert await town.rows("state", template="cards/case_soon") == ["stale"]
        assert not any("还没接单" in words for words in town.robot.words("w.li"))


async def test_what_is_left_unsaid_holds_up_nothing_and_raises_no_alarm(open_town) -> None:
    async with open_town("robot") as town:
        town.robot.down = True
        many = [(f"t{number}", "replies/thanks") for number in range(120)]  # several claims
        await put(town, *many, ("last", "replies/posted"))
        await town.asleep(hours=1)
        town.robot.down = False
        await town.asleep(seconds=1)
        assert [out.once for out in town.robot.sent] == ["last"]
        health = await town.app.health()
        assert (health["dead"], health["channels"]["robot"]["waiting"]) == (0, 0)


async def test_words_to_paste_count_their_days_from_now_too(open_town) -> None:
    async with open_town("robot", "archive") as town:
        town.robot.down = True
        await town.say("archive", WANG, REPORT, GROUP)
        await town.asleep(days=1)
        town.robot.down = False
        await town.asleep(seconds=1)
        (copy,) = [words for words in town.robot.words("w.li") if "已受理 G1001" in words]
        assert "昨天 11:00" in copy
        assert "今天 11:00" not in copy


async def test_a_long_list_of_what_is_of_no_use_is_put_aside_in_turns(
    open_town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No transaction looks at all of it; what comes behind it is said all the same."""
    monkeypatch.setattr(delivery, "LOOKS", 1)
    monkeypatch.setattr(delivery, "BATCH", 2)
    async with open_town("robot", "archive") as town:
        town.robot.down = True
        await put(town, *((f"old{n}", "replies/thanks") for n in range(7)))
        await town.asleep(hours=3)
        await put(town, ("new", "replies/posted"))
        town.robot.down = False
        await town.asleep(seconds=1)
        assert [out.once for out in town.robot.sent] == ["new"]
        assert await town.rows("state", template="replies/thanks") == ["stale"] * 7
