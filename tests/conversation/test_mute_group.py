"""A group that is read and cannot be answered: the answer comes in private, or by a worker's hand."""

import pytest

from domain.messages import Kind
from tests.conversation.town import GROUP, WANG

REPORT = "3号楼2单元楼道灯不亮了"


async def test_answered_in_private_where_he_is_known(open_town) -> None:
    async with open_town("archive", "kf", "robot") as town:
        await town.say("kf", WANG, "你好")
        town.kf.sent.clear()
        await town.say("archive", WANG, REPORT, GROUP)
        (answer,) = town.kf.words(WANG)
        assert "已受理 G1001" in answer
        assert town.archive.sent == []
        assert await town.rows(chat=WANG, template="replies/received") == ["window open"]
        assert await town.rows(template="cards/copy_ready") == []


async def test_else_the_grid_worker_gets_the_words_to_paste(open_town) -> None:
    async with open_town("archive", "kf", "robot") as town:
        await town.say("archive", WANG, REPORT, GROUP)
        (copy,) = [one for one in town.robot.sent if "可以这样回" in one.text]
        first, rest = copy.text.split("\n", 1)
        assert copy.address.chat == "w.li"
        assert first == f"居民说“{REPORT}”，可以这样回："
        assert rest.startswith("已受理 G1001：琼花苑3号楼2单元")
        assert copy.card is None
        assert (town.archive.sent, town.kf.sent) == ([], [])
        assert await town.rows(template="cards/copy_ready") == ["to be copied"]


async def test_one_tap_posts_it_through_the_customer_groups(open_town) -> None:
    async with open_town("archive", "robot", "groups") as town:
        await town.say("archive", WANG, REPORT, GROUP)
        (copy,) = [one for one in town.robot.sent if "可以这样回" in one.text]
        assert [(one.key, one.label) for one in copy.card.buttons] == [("post", "一键发到群")]
        for _ in range(2):  # a second tap posts nothing twice
            await town.click("robot", "w.li", "post")
        (task,) = town.groups.sent
        assert (task.address.chat, task.address.group) == (GROUP, True)
        assert task.text == copy.text.split("可以这样回：\n")[1]
        assert task.handle == {"sender": "w.li"}
        assert "群主在企业微信里点一下确认" in town.robot.words("w.li")[-1]
        assert await town.rows(channel="groups") == ["after a tap"]


async def test_somebody_else_cannot_post_it(open_town) -> None:
    async with open_town("archive", "robot", "groups") as town:
        await town.say("archive", WANG, REPORT, GROUP)
        task = next(one.card.task_id for one in town.robot.sent if "可以这样回" in one.text)
        for who in ("w.he", "wmStranger"):
            await town.say("robot", who, "", kind=Kind.CLICKED, button="post", card=task)
        assert town.groups.sent == []


@pytest.mark.parametrize(
    ("words", "status"),
    [
        pytest.param("好的，我去看看3号楼的灯", "accepted", id="he will look"),
        pytest.param("3号楼的灯修好了", "finished", id="it is done"),
        pytest.param("大家注意安全", "assigned", id="something else"),
    ],
)
async def test_the_worker_s_own_words_in_the_group_count(open_town, words, status) -> None:
    async with open_town("archive", "robot") as town:
        await town.say("archive", WANG, REPORT, GROUP)
        await town.say("archive", "w.li", words, GROUP)
        assert (await town.case())["status"] == status
        assert town.archive.sent == []


async def test_the_question_whether_it_is_done_goes_round_the_group(open_town) -> None:
    async with open_town("archive", "robot") as town:
        await town.say("archive", WANG, REPORT, GROUP)
        await town.say("archive", "w.li", "3号楼的灯修好了", GROUP)
        (last,) = [one for one in town.robot.words("w.li")[-2:] if "可以这样回" in one]
        assert "请回“满意”或“不满意+原因”" in last
        await town.say("archive", WANG, "满意", GROUP)
        case = await town.case()
        assert (case["status"], case["satisfaction"]) == ("closed", "satisfied")
        # Nobody has to paste a thank-you.
        assert "谢谢" not in "".join(town.robot.words("w.li"))


async def test_a_question_is_answered_where_it_was_heard_or_in_private(open_town) -> None:
    async with open_town("archive", "kf", "robot") as town:
        await town.say("kf", WANG, "你好")
        town.kf.sent.clear()
        await town.say("archive", WANG, "楼道的灯坏了，麻烦来修一下", GROUP)
        assert "哪栋楼" in town.kf.words(WANG)[0]
        await town.say("kf", WANG, "3号楼2单元")
        case = await town.case()
        assert (case["building"], case["unit"]) == ("3", "2")
        assert "已受理 G1001" in town.kf.words(WANG)[-1]
        assert town.archive.sent == []


async def test_recalled_and_edited_where_nothing_can_be_said(open_town) -> None:
    async with open_town("archive", "robot", "groups") as town:
        await town.say("archive", WANG, REPORT, GROUP, id="m-1")
        await town.say(
            "archive",
            WANG,
            "3号楼2单元楼道灯不亮，还有点晃",
            GROUP,
            id="m-1e",
            handle={"edits": "m-1"},
        )
        case = await town.case()
        assert case["words"] == "3号楼2单元楼道灯不亮，还有点晃"
        await town.say("archive", WANG, "", GROUP, kind=Kind.RECALLED, card="m-1e")
        case = await town.case()
        assert (case["words"], case["status"]) == ("", "assigned")
        kept = "".join(map(str, await town.rows("context_json")))
        assert "不亮" not in kept
        assert town.archive.sent == []


async def test_recalled_words_leave_the_line_that_was_to_be_pasted(open_town) -> None:
    said, other = "13912345678", "居委会周六有人上班吗"
    words = (
        f"意见 D1 我手机{said}，周末也要有人在，我们上班的平时真的来不了，孩子也没人看"  # cut there
    )
    async with open_town("archive", "robot", "groups") as town:
        await town.say("robot", "l.c1", "议事 琼花苑居民公约：楼道不堆物")
        await town.say("archive", WANG, words, GROUP, id="m-1")
        await town.say("archive", "wmLi", f"意见 D1 {other}", GROUP)
        kept = "".join(map(str, await town.rows("context_json")))
        assert (said in kept, other in kept) == (True, True)
        await town.say("archive", WANG, "", GROUP, kind=Kind.RECALLED, card="m-1")
        kept = "".join(map(str, await town.rows("context_json")))
        assert (said in kept, other in kept) == (False, True)


async def test_a_group_where_it_can_speak_is_answered_there(open_town) -> None:
    async with open_town("robot", "archive", "kf") as town:
        await town.say("robot", "r.wang", REPORT, GROUP, named=True)
        assert any("已受理 G1001" in one for one in town.robot.words(GROUP))
        assert await town.rows(chat=GROUP) == ["wrote here"]
