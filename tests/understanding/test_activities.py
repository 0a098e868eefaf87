"""What staff say of activities they held (domain.md H4, H12, J1, J2), and what is none."""

from datetime import date

import pytest

from bot.understanding import Heard, Listener
from bot.understanding.activities import ends, months, told
from domain.activity_rules import Kind
from tests.rows import each_row

TODAY = date(2026, 11, 23)
STAFF = "吴书记 李强 何梅 钱勇".split()
LISTENER = Listener()


@pytest.mark.parametrize(
    ("text", "times", "amounts"),
    [
        ("今天宣传活动 海报32张 横幅12条 资料1500份 培训280人", 1, "海报32张 横幅12条 资料1500份 培训280人"),
        ("宣传6次，海报32、横幅12、资料1500", 6, "海报32张 横幅12条 资料1500份"),
        ("培训10次280人", 10, "参加280人"),
        ("培训280名", 1, "参加280人"),
        ("昨天消防演练46人参加 发现隐患3处", 1, "参加46人 隐患3处"),
        ("宣传 张贴宣传画二十张，发放明白纸300余份，受众150人次", 1, "海报20张 资料300份 参加150人次"),
        ("宣传 发放环保袋200个", 1, "环保袋200个"),
        ("宣传 32张海报 12条横幅", 1, "海报32张 横幅12条"),
        ("宣传 共5张 海报32张", 1, "海报32张"),
        ("宣传资料1.5万份", 1, "资料15000份"),
        ("宣传 资料100份 下午又发资料50份", 1, "资料150份"),
        ("11月20日议事会第2期 居民12人", 1, "参加12人"),
        ("3号楼9点宣传", 1, ""),
        ("宣传 海报0张", 1, ""),
    ],
)  # fmt: skip
def test_how_many_of_what(text: str, times: int, amounts: str) -> None:
    found = told(text, TODAY)
    assert found.times == times
    assert " ".join(f"{one.what}{one.count}{one.unit}" for one in found.amounts) == amounts


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("培训20人", TODAY),
        ("昨天培训20人", date(2026, 11, 22)),
        ("前天培训20人", date(2026, 11, 21)),
        ("11月3日培训20人", date(2026, 11, 3)),
        ("12月25日培训20人", date(2025, 12, 25)),
        ("11月31日培训20人", None),
        ("明天培训20人", date(2026, 11, 24)),
        ("12月1日培训20人", date(2026, 12, 1)),
    ],
)
def test_when_it_was_held(text: str, day: date | None) -> None:
    assert told(text, TODAY).day == day


@pytest.mark.parametrize(
    ("text", "people", "absent"),
    [
        ("例会 参加 李强 何梅 缺席 钱勇", "李强 何梅", "钱勇"),
        ("例会 李强何梅参加 钱勇请假", "李强 何梅", "钱勇"),
        ("例会 缺席钱勇、何梅", "", "钱勇 何梅"),
        ("刚开完例会，李强、何梅参加，钱勇没来", "李强 何梅", "钱勇"),
        ("例会 缺席 钱勇 参加 李强 何梅", "李强 何梅", "钱勇"),
        ("例会 缺席钱勇，李强参加", "李强", "钱勇"),
        ("例会 参加 李强 赵无名", "李强", ""),
        ("例会 30人", "", ""),
    ],
)
def test_who_was_there(text: str, people: str, absent: str) -> None:
    found = told(text, TODAY, STAFF)
    assert (" ".join(found.people), " ".join(found.absent)) == (people, absent)


@pytest.mark.parametrize(
    ("text", "kind", "stages"),
    [
        ("今天反诈宣讲 居民50人", Kind.PUBLICITY, "居民"),
        ("志愿者、工作人员培训20人", Kind.TRAINING, "工作人员 志愿者"),
        ("今天听证会 12人", Kind.HEARING, ""),
        ("协调会 3人", Kind.MEDIATION, ""),
        ("登记事故 油锅起火已扑灭", Kind.ACCIDENT, ""),
        ("登记活动 包饺子 30人", Kind.OTHER, ""),
        ("登记台账 今天忙了一天", None, ""),
    ],
)
def test_what_it_was_and_for_whom(text: str, kind: Kind | None, stages: str) -> None:
    found = told(text, TODAY)
    assert (found.kind, " ".join(found.stages)) == (kind, stages)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("活动汇总", "2026-11-01", "2026-11-30"),
        ("上月活动汇总", "2026-10-01", "2026-10-31"),
        ("活动汇总 2月", "2026-02-01", "2026-02-28"),
        ("12月活动汇总", "2025-12-01", "2025-12-31"),
        ("今年活动汇总", "2026-01-01", "2026-12-31"),
        ("去年活动汇总", "2025-01-01", "2025-12-31"),
    ],
)
def test_which_days_are_asked_for(text: str, first: str, last: str) -> None:
    assert [one.isoformat() for one in months(text, TODAY)] == [first, last]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("王阿姨 从琼花苑3号楼搬到何园新村6幢", ("王阿姨 从琼花苑3号楼", "何园新村6幢")),
        ("赵姐 迁往高邮", ("赵姐", "高邮")),
        ("王阿姨", ("", "")),
    ],
)
def test_from_where_to_where(text: str, expected: tuple[str, str]) -> None:
    assert ends(text) == expected


@each_row(
    ("text", "intent"),
    [
        ("今天宣传活动 海报32张 横幅12条 资料1500份 培训280人", "activity_new"),
        ("今天消防演练 46人 模拟3号楼着火疏散", "activity_new"),
        ("周例会 李强、何梅参加 钱勇请假", "activity_new"),
        ("例会全员到齐", "activity_new"),
        ("登记事故 老张烧烤油锅起火已扑灭 无人受伤", "activity_new"),
        ("撤销台账 7", "activity_back"),
        ("本月活动汇总", "activity_sums"),
        ("年度活动计划", "activity_plan"),
        ("还有谁没培训", "activity_untrained"),
        ("例会议程", "meeting_agenda"),
        ("交办 李强 清理3号楼楼道杂物", "meeting_assign"),
        ("迁居 王阿姨 从琼花苑搬到何园新村", "moved_house"),
        ("答复 D1 2 已改到西侧", "comment_answer"),
        ("意见清单 D1", "comment_list"),
        ("办理公示", "board"),
    ],
)
def test_what_staff_mean(text: str, intent: str) -> None:
    found = LISTENER.understand(Heard(text, role="worker", private=True))
    assert (found.intent, found.urgent) == (intent, False)


@pytest.mark.parametrize(
    "text",
    [
        "3号楼宣传栏海报掉了2张",
        "明天培训20人 请大家准时参加",
        "11月25日下午培训 通知各网格员参加",
        "物业组织的消防演练什么时候 3号楼几点",
        "宣传车太吵了 3次了",
        "楼下培训班每天放音乐 20人跳舞",
        "请假一天 参加培训2场",
        "昨天培训了 大家记得签到",
        "通知 全体网格员 明天9点培训2场",
        "今天查了加油站 灭火器过期2个",
    ],
)
def test_what_is_no_entry_of_the_log(text: str) -> None:
    found = LISTENER.understand(Heard(text, role="worker", private=True))
    assert not found.intent.startswith("activity")


@pytest.mark.parametrize("text", ["登记事故 加油站正在着火", "交办 李强 3号楼着火了快去"])
def test_a_danger_goes_before_the_log(text: str) -> None:
    found = LISTENER.understand(Heard(text, role="leader", private=True))
    assert (found.intent, found.urgent) == ("report", True)
