"""Staff are told in private, on another channel if one will not have them, else in their group."""

import pytest

from bot.channels.base import SendError
from tests.conversation.town import GROUP, WANG

REPORT = "3号楼2单元楼道灯不亮了"
STAFF = "wrSTAFF0001"  # the staff group of w.li's community


def gone() -> SendError:
    return SendError("never spoke to it", unreachable=True, code=93006)


@pytest.mark.parametrize(
    ("channels", "told", "rows"),
    [
        pytest.param(
            ("robot", "app"),
            ("app", "w.li"),
            [("rerouted", "any time"), ("sent", "any time")],
            id="another channel of his",
        ),
        pytest.param(
            ("robot",),
            ("robot", STAFF),
            [("rerouted", "any time"), ("sent", "other way unreachable")],
            id="his group",
        ),
    ],
)
async def test_a_platform_that_will_not_have_him(open_town, channels, told, rows) -> None:
    async with open_town(*channels, "archive") as town:
        # The card and the line to copy; the first one that goes out is refused.
        town.robot.refusals.append(gone())
        await town.say("archive", WANG, REPORT, GROUP)
        channel, chat = told
        assert "G1001" in town.channels[channel].words(chat)[-1]
        refused = await town.rows("template", state="rerouted")
        assert await town.rows("state", "route", template=refused[0]) in (
            rows,
            [("rerouted", "to be copied"), rows[1]],
        )


async def test_two_closed_ways_do_not_play_it_to_each_other(open_town) -> None:
    async with open_town("robot", "app", "archive") as town:
        town.robot.refusals += [gone() for _ in range(9)]
        town.channels["app"].refusals += [gone() for _ in range(9)]
        await town.say("archive", WANG, REPORT, GROUP)
        left = len(town.robot.refusals) + len(town.channels["app"].refusals)
        assert left >= 18 - 6  # each of the two messages once on each of the ways
        assert await town.rows("state", state="waiting") == []


async def test_with_buttons_before_without(open_town) -> None:
    async with open_town("sms", "robot", "archive") as town:
        await town.say("archive", WANG, REPORT, GROUP)
        assert town.sms.sent == []
        (card,) = [one.card for one in town.robot.sent if one.card is not None]
        assert "接单" in [one.label for one in card.buttons]
