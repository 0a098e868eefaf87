"""Who leaves the account, or agrees no longer: his words go, the facts stay (wechat.md 1e, 1g)."""

import pytest
from sqlalchemy import select

from domain.messages import Attachment, Kind
from store import deliberation
from store import tables as t
from store import tables_channels as tc
from tests.conversation.town import GROUP, WANG, Town

LAMP = "琼花苑3号楼2单元楼道灯坏了"
WORDS = "楼道灯坏了"
OPEN = "openWang"


async def leave(town: Town, channel: str, who: str, group: str = "") -> None:
    await town.say(channel, who, "", group, kind=Kind.LEFT)


async def kept(town: Town) -> str:
    """Every text the store keeps of what people said, in one piece."""
    found: list[str] = []
    async with town.app.store.read() as conn:
        for column in (
            t.inbox.c.body_json, t.cases.c.words, t.events.c.data_json, t.outbox.c.context_json,
            t.reporters.c.report_json, t.questions.c.data_json, tc.media.c.key,
        ):  # fmt: skip
            found += map(str, (await conn.execute(select(column))).scalars())
    return "\n".join(found)


async def closed(town: Town, channel: str, who: str) -> None:
    await town.say("robot", "w.li", "办结 G1001 灯泡已换")
    await town.say(channel, who, "满意")


async def test_his_words_go_and_what_was_done_stays(open_town) -> None:
    async with open_town("oa", "robot") as town:
        picture = Attachment("image", key="f" * 64)
        await town.say("oa", OPEN, LAMP, attachments=(picture,))
        await closed(town, "oa", OPEN)
        before = await town.case()
        assert WORDS in await kept(town)
        await leave(town, "oa", OPEN)
        now = await town.case()
        assert now == before | {"words": "-"} or now == before | {"words": ""}
        assert (now["status"], now["result"], now["building"]) == ("closed", "灯泡已换", "3")
        assert WORDS not in await kept(town)
        assert "f" * 64 not in await kept(town)


async def test_an_open_case_keeps_them_until_it_has_ended(open_town) -> None:
    async with open_town("oa", "robot") as town:
        await town.say("oa", OPEN, LAMP)
        await leave(town, "oa", OPEN)
        assert WORDS in (await town.case())["words"]  # the worker still has to go there
        await town.asleep(days=1, seconds=1)
        assert WORDS in (await town.case())["words"]
        await closed(town, "oa", OPEN)
        await town.asleep(days=1, seconds=1)
        assert (await town.case())["status"] == "closed"
        assert WORDS not in await kept(town)


async def test_a_picture_of_an_open_case_stays_as_long_as_its_words(open_town) -> None:
    before, after, aside = ("e" * 64, "f" * 64, "d" * 64)
    async with open_town("oa", "robot") as town:
        await town.say("oa", OPEN, "你好", attachments=(Attachment("image", key=aside),))
        await town.asleep(days=3)
        await town.say("oa", OPEN, "", attachments=(Attachment("image", key=before),))
        await town.say("oa", OPEN, LAMP)
        await town.say("oa", OPEN, "", attachments=(Attachment("image", key=after),))
        await leave(town, "oa", OPEN)
        left = await kept(town)
        assert (before in left, after in left, aside in left) == (True, True, False)
        await closed(town, "oa", OPEN)
        await town.asleep(days=1, seconds=1)
        left = await kept(town)
        assert (before in left, after in left) == (False, False)


@pytest.mark.parametrize("known", ["", "r.wang"], ids=["a stranger", "of the roster"])
async def test_in_a_group_his_and_nobody_else_s_go_once_it_has_ended(open_town, known) -> None:
    async with open_town("archive", "robot") as town:
        if known:
            await town.merge(f"archive:{WANG}", known)
        await town.say("archive", WANG, LAMP, GROUP)
        await town.say("archive", "wmLi", "那盏灯上个月也修过一次", GROUP)
        await leave(town, "archive", WANG, GROUP)
        assert WORDS in await kept(town)
        await town.say("robot", "w.li", "办结 G1001 灯泡已换")
        for _ in range(3):  # nobody answers; the rules close it
            await town.asleep(days=4)
        assert (await town.case())["status"] == "closed"
        left = await kept(town)
        assert WORDS not in left
        assert "上个月也修过" in left
        assert "灯泡已换" in left


async def test_what_he_thought_of_a_proposal_goes_too(open_town) -> None:
    async with open_town("archive", "robot") as town:
        await town.say("robot", "l.c1", "议事 琼花苑居民公约：楼道不堆物")
        await town.say("archive", WANG, "意见 D1 三单元那家天天吵", GROUP)
        await town.say("archive", "wmLi", "意见 D1 鞋柜给一个月时间搬", GROUP)
        await town.say("robot", "l.c1", "意见清单 D1")
        assert "天天吵" in town.robot.words("l.c1")[-1]
        await leave(town, "archive", WANG, GROUP)
        assert "天天吵" not in await kept(town)
        assert "给一个月时间搬" in await kept(town)
        async with town.app.store.read() as conn:
            found = [(row.act, row.words) for row in await deliberation.history(conn, 1)]
        assert found[1:] == [("comment", ""), ("comment", "鞋柜给一个月时间搬")]


async def test_a_mere_word_of_his_takes_nothing_out_of_what_others_said(open_town) -> None:
    async with open_town("oa", "robot") as town:
        await town.say("oa", OPEN, LAMP)
        await town.say("oa", OPEN, "好")
        await town.say("robot", "w.li", "办结 G1001 灯泡换好了")
        await town.say("oa", OPEN, "满意")
        await leave(town, "oa", OPEN)
        told = "".join(map(str, await town.rows("context_json")))
        assert (WORDS in told, "灯泡换好了" in told) == (False, True)


async def test_what_neighbours_said_of_the_same_stays(open_town) -> None:
    async with open_town("archive", "robot") as town:
        await town.say("archive", WANG, "3号楼2单元楼道灯不亮了", GROUP)
        await town.say("archive", "wmLi", "3号楼2单元楼道的灯又坏了，黑得很", GROUP)
        assert (await town.case())["reporters"] == "2"
        await leave(town, "archive", "wmLi", GROUP)
        assert "黑得很" not in await kept(town)
        assert "楼道灯不亮了" in (await town.case())["words"]
        assert (await town.case())["status"] == "assigned"


async def test_only_his_own_go_and_only_where_he_left(open_town) -> None:
    async with open_town("archive", "kf", "robot") as town:
        await town.say("archive", WANG, "大家好，今天真热", GROUP)
        await town.say("archive", "wmLi", "是啊，热得很厉害", GROUP)
        await town.say("kf", WANG, "你们几点下班呀")
        await leave(town, "archive", WANG, GROUP)
        left = await kept(town)
        assert "今天真热" not in left
        assert "热得很厉害" in left
        assert "几点下班" in left


async def test_he_is_nobody_s_other_side_any_more(open_town) -> None:
    async with open_town("oa", "kf", "robot") as town:
        await town.say("oa", OPEN, "你好", union="u1")
        await town.say("kf", WANG, "你好", union="u1")
        assert f"kf:{WANG}" in town.app.directory.ids(f"oa:{OPEN}")
        await leave(town, "oa", OPEN)
        assert town.app.directory.ids(f"oa:{OPEN}") == (f"oa:{OPEN}",)


async def test_what_was_being_asked_and_what_waited_for_him_is_dropped(open_town) -> None:
    async with open_town("oa", "robot") as town:
        await town.say("oa", OPEN, LAMP)
        await town.later(hours=49)
        await town.say("robot", "w.li", "办结 G1001 灯泡已换")
        assert await town.rows("state", template="cards/verify") == ["held"]
        await leave(town, "oa", OPEN)
        assert await town.rows("state", template="cards/verify") == ["stale"]
        await town.say("oa", "openOther", WORDS)
        await leave(town, "oa", "openOther")
        assert "openOther" not in {row[1] for row in await asked(town)}


async def test_nothing_is_sent_to_who_left_however_lately_he_wrote(open_town) -> None:
    async with open_town("oa", "robot") as town:
        await town.say("oa", OPEN, LAMP)
        await leave(town, "oa", OPEN)
        town.oa.sent.clear()
        await town.say("robot", "w.li", "办结 G1001 灯泡已换")
        assert (town.oa.sent, await town.rows("state", template="cards/verify")) == ([], ["held"])


async def asked(town: Town) -> list[tuple[str, str]]:
    async with town.app.store.read() as conn:
        found = await conn.execute(select(t.questions.c.conversation, t.questions.c.person))
        return [tuple(row) for row in found]


@pytest.mark.parametrize("channel", ["robot", "oa"])
async def test_the_words_of_staff_are_part_of_what_they_did(open_town, channel) -> None:
    async with open_town("robot", "oa") as town:
        if channel == "oa":
            await town.merge("oa:openLi", "w.li")
        who = "openLi" if channel == "oa" else "w.li"
        await town.say(channel, who, LAMP)
        before = await kept(town)
        assert WORDS in before
        await leave(town, channel, who)
        assert WORDS in await kept(town)
        assert town.app.directory.speaker(channel, who).role == "worker"


async def test_he_may_come_back(open_town) -> None:
    async with open_town("oa", "robot") as town:
        await town.say("oa", OPEN, LAMP)
        await closed(town, "oa", OPEN)
        await leave(town, "oa", OPEN)
        await leave(town, "oa", OPEN)  # told twice
        await town.say("oa", OPEN, "琼花苑5号楼1单元门禁坏了")
        assert "已受理 G1002" in town.oa.words(OPEN)[-1]
