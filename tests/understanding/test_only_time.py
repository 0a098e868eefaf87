"""Words that are a time and nothing else."""

from bot.understanding.errands import only_time
from tests.rows import each_row


@each_row(
    "said",
    [
        *(
            "3点",
            "三点",
            "下午3点吧",
            "四点半吧",
            "10:30",
            "早上9点行不行",
            "那就3点",
            "还是后天上午吧",
        ),
        *(
            "明天上午10点吧",
            "周四下午",
            "3点可以吗",
            "要不下午三点半",
            "我想3点",
            "后天",
            "12月1号上午9点",
        ),
        *("上午吧，谢谢", "就下周二下午吧"),
    ],
)
def test_a_time_alone(said: str) -> None:
    assert only_time(said)


@each_row(
    "said",
    [
        *("", "吧", "好的", "3", "3号楼", "3号楼2单元", "每天下午3点", "昨天下午3点"),
        *("明天停水吗", "3点灯还不亮", "下午3点吧，灯坏了", "明天有人来吗", "3点到5点", "501"),
        *("今天下午漏水", "下午3点来修", "早上好"),
    ],
)
def test_more_than_a_time_or_none(said: str) -> None:
    assert not only_time(said)
