"""A private message brings its template and plain values, for platforms with templates of theirs."""

import pytest

from bot.phrases import Phrases
from tests.conversation.town import GROUP, WANG

PAPERS = "11010519491231002X"
REPORT = f"3号楼2单元楼道灯不亮了，我身份证{PAPERS}"
CASE = {
    "number": "G1001",
    "status": "accepted",
    "assignee": "李强",
    "assignee_role": "worker",
    "arrived_at": "",
    "finish_due": "2026-11-24T03:00:00+00:00",
    "words": "电话13812345678",
    "unverified": True,
    "reporters": 2,
}


async def test_what_is_told_in_private_has_values(open_town):
    async with open_town("robot", "archive") as town:
        await town.say("archive", WANG, REPORT, GROUP)
        await town.say("robot", "w.li", "接单 G1001")
        (card, *_) = [out for out in town.robot.sent if out.template == "cards/case_new"]
    assert card.values["number"] == "G1001"
    assert card.values["status"] == "等网格员李强接单"
    assert PAPERS not in card.text + "".join(card.values.values())
    assert card.values["words"].startswith("3号楼2单元楼道灯不亮了")


@pytest.mark.parametrize(
    ("alone", "words"), [(True, "电话13812345678"), (False, "电话138****5678")]
)
def test_values_are_masked_as_the_text_is_and_read_like_it(alone, words):
    assert Phrases().values({"case": CASE, "other": "x"}, alone=alone) == {
        "number": "G1001",
        "status": "网格员李强已接单，正在处理",
        "assignee": "李强",
        "assignee_role": "worker",
        "finish_due": "2026-11-24 11:00",
        "words": words,
    }


@pytest.mark.parametrize(
    ("context", "values"),
    [
        pytest.param({"text": "x"}, {}, id="no case"),
        pytest.param({"case": None}, {}, id="none"),
        pytest.param(
            {"case": {"number": "G1", "status": "assigned"}}, {"number": "G1"}, id="told in part"
        ),
    ],
)
def test_where_there_is_little_to_tell(context, values):
    assert Phrases().values(context) == values
