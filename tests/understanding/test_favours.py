"""代办, 陪办 and 上门 in people's own words, and what only sounds like them (domain.md B5)."""

import pytest

from bot.understanding import errands
from tests.rows import each_row


@pytest.mark.parametrize(
    "words",
    [
        "帮我跑一趟医保",
        "替我妈去交一下水费",
        "能不能陪我去趟医院拿药",
        "上门给老人认证一下",
        "麻烦小李给我妈代缴一下电费",
        "谁能替我爸去银行取下退休金",
        "陪我去趟派出所办身份证",
        "来家里帮老人刷个脸认证",
        "我腿脚不便，能帮我去药店拿点药吗",
        "我想请网格员帮我跑个腿，去社区盖个章",
        "老爷子走不动，请人上门帮他办一下老年证",
        "帮俺妈把医保续一下，交医保的钱给你",
        "可以陪老人去卫生院体检吗",
        "帮我领一下高龄津贴吧",
    ],
)
def test_an_errand_company_or_a_call_is_asked_for(words: str) -> None:
    assert errands.favour(words)


@each_row(
    "words",
    [
        "帮我看看楼道灯",
        "叫人上门修",
        "帮我问问什么时候来电",
        "帮我拿个快递",
        "替我谢谢小李",
        "谢谢小李帮我跑了一趟医保",
        "我替我妈交一下水费",
        "我陪我妈去医院",
        "昨天陪我去趟医院拿药的是谁",
        "老公陪我去医院",
        "替我妈交水费怎么交",
        "上门给老人认证要带什么材料",
        "我们家水管漏了，请人上门给看一下",
        "有没有志愿者陪我去趟医院",
        "不用帮我跑一趟医保了",
        "社区什么时候上门给老人认证",
        "代办社保 专业一条龙",
        "给我看看3号楼的灯",
        "帮我把车挪一下",
        "我可以陪老人去医院",
    ],
)
def test_what_asks_for_none(words: str) -> None:
    assert not errands.favour(words)
