"""One person on several channels: bound by a code, by the platform's id, by hand; and parted."""

import pytest
from sqlalchemy import select

from store import identities
from store import tables as t
from tests.conversation.town import GROUP, WANG, Town

REPORT = "琼花苑3号楼2单元楼道灯坏了"
OPEN = "openWang"  # the same neighbour at the service account


async def two_sides(town: Town) -> None:
    """He reports in customer service, and is known at the service account as well."""
    await town.say("oa", OPEN, "你好")
    await town.say("kf", WANG, REPORT)


async def by_code(town: Town) -> None:
    await town.say("oa", OPEN, f"绑定 {await town.code('kf', WANG)}")
    assert "绑定好了" in town.oa.words(OPEN)[-1]


async def by_hand(town: Town) -> None:
    await town.merge(f"oa:{OPEN}", f"kf:{WANG}")


async def by_union(town: Town) -> None:
    await town.say("kf", WANG, "谢谢", union="u1")
    await town.say("oa", OPEN, "谢谢", union="u1")


@pytest.mark.parametrize("merge", [by_code, by_hand, by_union], ids=lambda one: one.__name__)
async def test_what_he_reported_on_one_side_he_has_on_the_other(open_town, merge) -> None:
    async with open_town("kf", "oa", "robot") as town:
        await two_sides(town)
        await town.say("oa", OPEN, "进度")
        assert "G1001" not in town.oa.words(OPEN)[-1]
        await merge(town)
        await town.say("oa", OPEN, "进度")
        assert "G1001" in town.oa.words(OPEN)[-1]
        await town.say("robot", "w.li", "办结 G1001 灯泡已换")
        await town.say("oa", OPEN, "满意")
        assert (await town.case())["satisfaction"] == "satisfied"


async def test_taken_back_from_the_other_side(open_town) -> None:
    async with open_town("kf", "oa", "robot") as town:
        await two_sides(town)
        await by_code(town)
        await town.say("oa", OPEN, "不用了")
        assert (await town.case())["status"] == "withdrawn"


async def test_one_external_id_is_one_person_everywhere(open_town) -> None:
    async with open_town("archive", "kf", "robot") as town:
        await town.say("archive", WANG, "3号楼2单元楼道灯不亮了", GROUP)
        await town.say("kf", WANG, "进度")
        assert "G1001" in town.kf.words(WANG)[-1]


@pytest.mark.parametrize("merge", [by_code, by_hand, by_union], ids=lambda one: one.__name__)
async def test_parted_again_everything_is_as_it_was(open_town, merge) -> None:
    async with open_town("kf", "oa", "robot") as town:
        await two_sides(town)
        before = await stored(town)
        await merge(town)
        await town.say("oa", OPEN, "何园新村2号楼1单元门禁坏了")  # while they are one
        await town.split(f"oa:{OPEN}")
        assert await stored(town) == [*before, ("G1002", f"oa:{OPEN}")]
        for channel, who, number in (("kf", WANG, "G1001"), ("oa", OPEN, "G1002")):
            await town.say(channel, who, "进度")
            words = town.channels[channel].words(who)[-1]
            assert [one for one in ("G1001", "G1002") if one in words] == [number]


async def test_parted_by_staff_the_platform_s_id_joins_them_no_more(open_town) -> None:
    async with open_town("kf", "oa", "robot") as town:
        await two_sides(town)
        await by_union(town)
        await town.split(f"oa:{OPEN}")
        await by_union(town)
        await town.say("oa", OPEN, "进度")
        assert "G1001" not in town.oa.words(OPEN)[-1]


async def stored(town: Town) -> list[tuple[str, str]]:
    """Each case's number with the identity it stands under."""
    async with town.app.store.read() as conn:
        rows = await conn.execute(select(t.cases.c.id, t.cases.c.reporter).order_by(t.cases.c.id))
        return [(f"G{1000 + row.id}", row.reporter) for row in rows]


async def test_the_history_is_kept(open_town) -> None:
    async with open_town("kf", "oa", "robot") as town:
        await two_sides(town)
        await by_hand(town)
        await town.split(f"kf:{WANG}")  # either side names the pair
        await by_hand(town)
        async with town.app.store.read() as conn:
            history = await identities.history(conn)
    mine, his = f"oa:{OPEN}", f"kf:{WANG}"
    assert [(one.by, one.kind, one.identity, one.before, one.after) for one in history] == [
        ("operator", "merged", mine, "", his),
        ("operator", "split", mine, his, ""),
        ("operator", "merged", mine, "", his),
    ]


async def test_a_code_remembers_who_bound_whom(open_town) -> None:
    async with open_town("kf", "oa", "robot") as town:
        await by_code(town)
        async with town.app.store.read() as conn:
            (change,) = await identities.history(conn)
    mine, his = f"oa:{OPEN}", f"kf:{WANG}"
    assert (change.by, change.kind, change.identity, change.after) == (mine, "merged", mine, his)


async def test_neighbours_who_are_one_person_count_once(open_town) -> None:
    async with open_town("kf", "oa", "robot") as town:
        await two_sides(town)
        await town.say("oa", OPEN, REPORT)
        assert (await town.case())["reporters"] == "2"
        await by_hand(town)
        await town.say("robot", "w.li", "办结 G1001 灯泡已换")
        asked = [*town.kf.words(WANG), *town.oa.words(OPEN)]
        assert sum("办好了吗" in words for words in asked) == 1
        await town.say("oa", OPEN, "满意")
        assert (await town.case())["status"] == "closed"


@pytest.mark.parametrize(
    ("channel", "chat", "other"),
    [
        pytest.param("robot", "wrNOBODY", "r.wang", id="in a group, he is of the roster"),
        pytest.param("robot", "wrNOBODY", f"kf:{WANG}", id="in a group, he has another account"),
        pytest.param("robot", "", f"kf:{WANG}", id="alone, where the bot speaks in groups too"),
        pytest.param("kf", "", "r.wang", id="in customer service, he is of the roster"),
    ],
)
async def test_an_answer_finds_its_question_though_he_was_bound_meanwhile(
    open_town, channel, chat, other
) -> None:
    async with open_town("robot", "kf") as town:
        await town.say(channel, "newOne", "楼道灯坏了", chat, named=True)
        assert "几号楼" in town.channels[channel].words(chat or "newOne")[-1]
        await town.merge(f"{channel}:newOne", other)
        await town.say(channel, "newOne", "琼花苑3号楼2单元", chat, named=True)
        case = await town.case()
        assert (case["area"], case["building"], case["unit"]) == ("g01", "3", "2")
        async with town.app.store.read() as conn:
            assert list(await conn.execute(select(t.questions))) == []


# Roles come from the roster alone


async def test_staff_take_no_stranger_s_code(open_town) -> None:
    async with open_town("kf", "robot") as town:
        code = await town.code("kf", "wmThief")
        await town.say("robot", "w.li", f"绑定 {code}")
        assert "到另一边去发" in town.robot.words("w.li")[-1]
        await town.say("kf", "wmThief", "我的案件")
        assert town.app.directory.speaker("kf", "wmThief").person is None


async def test_staff_bind_their_own_other_side(open_town) -> None:
    async with open_town("oa", "robot") as town:
        code = await town.code("robot", "w.li")
        await town.say("oa", "openLi", f"绑定 {code}")
        assert "您是李强" in town.oa.words("openLi")[-1]
        assert town.app.directory.speaker("oa", "openLi").role == "worker"


async def test_a_code_is_good_once_and_for_half_an_hour(open_town) -> None:
    async with open_town("kf", "oa") as town:
        code = await town.code("kf", WANG)
        await town.say("oa", OPEN, f"绑定 {code}")
        await town.say("oa", "openOther", f"绑定 {code}")
        assert "不对或已过期" in town.oa.words("openOther")[-1]
        late = await town.code("kf", WANG)
        await town.later(minutes=30)
        await town.say("oa", "openOther", f"绑定 {late}")
        assert "不对或已过期" in town.oa.words("openOther")[-1]


async def test_in_a_group_nobody_gets_a_code(open_town) -> None:
    async with open_town("robot") as town:
        await town.say("robot", "r.wang", "绑定", GROUP, named=True)
        assert "请私聊" in town.robot.words(GROUP)[-1]


async def test_an_id_of_another_platform_is_nobody_of_the_roster(open_town) -> None:
    async with open_town("oa", "kf", "robot") as town:
        for channel in ("oa", "kf"):
            await town.say(channel, "w.li", "我的案件")
        assert town.app.directory.speaker("oa", "w.li").person is None
        assert town.app.directory.speaker("robot", "w.li").role == "worker"
