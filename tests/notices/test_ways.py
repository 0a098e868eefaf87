"""What a preview tells of the channels: only where one carries a notice late, in part, or not."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from bot.channels import _kinds
from bot.notices.audience import Refused
from bot.notices.notice import check_reach
from bot.phrases import Phrases
from domain.messages import Address
from domain.notices import Audience
from domain.routes import Ability, Why
from store.directory import Directory
from store.notice_places import Reach
from store.notice_sending import reach
from store.notice_ways import Detour, detours, narrowest
from store.notices import Target
from tests.notices.world import START, World, notice

ABILITIES = {
    "robot": Ability(max_bytes=20480),
    "groups": Ability(says_private=False, confirms=True, max_bytes=4000),
    "kf": Ability(
        says_group=False,
        window=timedelta(hours=48),
        messages=5,
        proactive=False,
        buttons=False,
        max_bytes=2048,
    ),
    "text": Ability(says_group=False, costs=True, buttons=False, max_bytes=1500),
}
KINDS = {"robot": "wecom_robot", "groups": "wecom_groups", "kf": "wecom_kf", "text": "sms"}


def directory(city, *channels: str) -> Directory:
    """The sample city with some of the channels."""
    kinds = {name: KINDS[name] for name in channels}
    return Directory(city.world, kinds, {name: ABILITIES[name] for name in channels})


def group(channel: str, chat: str) -> Target:
    return Target("", Address(channel, chat, group=True), area="g01")


def person(id_: str, channel: str = "") -> Target:
    return Target("", Address(channel, id_), person=id_, area="g01")


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize(
    ("channels", "places", "expected"),
    [
        pytest.param("robot", [group("robot", "a")], [], id="simply said"),
        pytest.param(
            "robot groups",
            [group("robot", "a"), group("groups", "b"), group("groups", "c")],
            [Detour("wecom_groups", Why.TAP, 2, 0)],
            id="two have to be tapped",
        ),
        pytest.param(
            "text", [person("r.liu")], [Detour("sms", Why.PAID, 0, 1)], id="a text message"
        ),
        pytest.param("groups", [person("r.liu")], [Detour("", Why.NOWHERE, 0, 1)], id="nobody"),
        pytest.param(
            "kf", [person("r.liu", "kf")], [Detour("wecom_kf", Why.OVER, 0, 1)], id="silent for long"
        ),
        pytest.param("robot", [person("w.li", "robot")], [], id="a colleague"),
    ],
)  # fmt: skip
async def test_only_what_differs(store, city, channels, places, expected) -> None:
    async with store.read() as conn:
        known = directory(city, *channels.split())
        assert await detours(conn, known, START, places) == expected


@pytest.mark.parametrize(
    ("channels", "places", "room"),
    [
        pytest.param("robot groups", [group("robot", "a")], ("wecom_robot", 20480), id="its own"),
        pytest.param(
            "robot groups",
            [group("robot", "a"), group("groups", "b")],
            ("wecom_groups", 4000),
            id="the least of two",
        ),
        pytest.param("kf", [person("r.liu", "kf")], ("wecom_kf", 2048), id="to a person"),
        pytest.param("text", [person("r.liu")], ("", 0), id="a text has words of its own"),
    ],
)
def test_the_channel_with_least_room(city, channels: str, places, room: tuple[str, int]) -> None:
    assert narrowest(directory(city, *channels.split()), places) == room


def words(*found: Detour) -> str:
    """The lines of a preview that tell of these."""
    told = [{"kind": one.kind, "why": one.why.value, "groups": one.groups, "people": one.people} for one in found]  # fmt: skip
    counts = dict.fromkeys("groups people households more silent lately closed".split(), 0)
    shown = {
        "ready": "",
        "urgent": False,
        "corrects": 0,
        "author": "",
        "words": "停水",
        "number": 1,
    }
    values = {"notice": shown, "reach": {**counts, "contact": [], "detours": told}, "when": ""}
    values |= {"forwarded": True, "bygone": "", "said_at": "", "person": "", "again": False}
    values |= {
        "rhythm": {"short": 0, "missed": "", "numbers": [], "step": 1},
        "now": START.isoformat(),
    }
    return Phrases().render("replies/notice_preview", values).text


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Detour("wecom_groups", Why.TAP, 2, 0), "2个群要群主点一下"),
        (Detour("sms", Why.PAID, 0, 3), "3人只能发短信，只带得下第一行"),
        (Detour("wecom_kf", Why.OVER, 0, 1), "1人近来没跟微信客服说过话"),
        (Detour("official_account", Why.DOWN, 0, 1), "1人的服务号现在不通"),
        (Detour("", Why.NOWHERE, 0, 4), "4人机器人联系不上"),
    ],
)
def test_in_words(found: Detour, said: str) -> None:
    assert said in words(found)
    assert "其中" not in words()


def test_every_channel_that_speaks_has_a_name() -> None:
    for kind in _kinds.kinds():
        limits = _kinds.find(kind).LIMITS
        if limits.says_group or limits.says_private:
            assert "这个渠道" not in words(Detour(kind, Why.DOWN, 0, 1)), kind


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize(("to", "homes"), [("residents", 610), ("staff", 0)])
async def test_nobody_lives_in_a_staff_group(store, city, to: str, homes: int) -> None:
    world = World(store, city)
    async with store.read() as conn:
        found = await reach(world.work(conn, START), notice(audience=Audience(to, ("c1",))))
    assert found.households == homes
    assert found.places


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        pytest.param(Reach(closed=2), "all_closed", id="the bot can speak in none of them"),
        pytest.param(Reach(lately=1), "lately", id="reminded a while ago"),
        pytest.param(Reach(), "audience_empty", id="nobody"),
        pytest.param(Reach((person("r.liu", "kf"),)), "too_long", id="too long for its channel"),
    ],
)
def test_why_nobody_would_hear_it(city, found: Reach, reason: str) -> None:
    turn = SimpleNamespace(work=SimpleNamespace(directory=directory(city, "kf")))
    with pytest.raises(Refused) as why:
        check_reach(turn, notice(words="停" * 700), found)
    assert why.value.reason == reason
    if reason == "too_long":
        assert (why.value.values["kind"], why.value.values["most"]) == ("wecom_kf", 616)
