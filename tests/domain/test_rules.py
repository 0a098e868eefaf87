"""The table of taxonomy.zh.md, as the sample's rules state it, and the choice between versions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.deployment.folder import SAMPLE, load
from domain.rules import CODES, RuleBook, Rules
from tests.rows import each_row


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load(SAMPLE).rules.version("2026-01-01")


def hours(delta: timedelta) -> float:
    return delta.total_seconds() / 3600


TABLE = {
    "property": (4, 168),
    "utility": (2, 24),
    "facility": (2, 72),
    "sanitation": (4, 48),
    "noise": (2, 72),
    "illegal_build": (4, 360),
    "parking": (8, 168),
    "fire_safety": (1, 24),
    "dispute": (4, 168),
    "welfare": (4, 120),
    "social_security": (8, 120),
    "education": (8, 168),
    "health": (1, 48),
    "public_security": (1, 72),
    "gov_service": (8, 72),
    "market": (8, 168),
    "other": (4, 72),
}


def test_all_categories_are_there_in_order(rules: Rules) -> None:
    assert tuple(rules.categories) == CODES == tuple(TABLE)


@each_row(("code", "expected"), TABLE.items())
def test_hours_of_the_table(rules: Rules, code: str, expected: tuple[int, int]) -> None:
    found = rules.hours(code, "complaint", False, "")
    assert (hours(found.respond), found.arrive, hours(found.finish)) == (
        expected[0],
        None,
        expected[1],
    )
    assert found.special is None


@each_row(
    ("code", "text", "respond", "finish", "special"),
    [
        ("facility", "3号楼2单元电梯又坏了", 2, 24, "电梯停运"),
        ("facility", "A座2单元电梯停运了 按了没反应", 2, 24, "电梯停运"),
        ("facility", "电梯里的灯坏了", 2, 72, None),
        ("facility", "电梯有异响", 2, 72, None),
        ("facility", "楼道灯不亮了", 2, 72, None),
        ("facility", "顶楼屋面渗漏", 2, 360, "渗漏与房屋质量"),
        ("facility", "新房墙面开裂", 2, 360, "渗漏与房屋质量"),
        ("facility", "电梯井漏水，电梯停了", 2, 24, "电梯停运"),
        ("sanitation", "垃圾没人收", 4, 48, None),
        ("sanitation", "卖水果的占道", 4, 24, "占道"),
        ("noise", "楼下装修太吵", 2, 72, None),
        ("noise", "广场舞现在还在放", 1, 72, "正在扰民"),
        ("noise", "饭店油烟太大", 2, 360, "油烟"),
        ("noise", "烧烤店油烟正在往家里灌", 1, 360, "正在扰民"),
        ("parking", "我的车位被占了", 8, 168, None),
        ("parking", "有车挡路，开不出去", 1, 24, "挡路"),
        ("parking", "白色轿车堵住出口了", 1, 24, "挡路"),
        ("fire_safety", "楼道里堆了纸箱", 1, 24, None),
        ("fire_safety", "外墙瓷砖要掉了", 1, 168, "需施工整改"),
        ("fire_safety", "那棵枯树要倒了", 1, 168, "需施工整改"),
        ("fire_safety", "消防栓没水", 1, 168, "需施工整改"),
        ("fire_safety", "消防栓前面停了车", 1, 24, None),
    ],
)
def test_brackets_of_rule_0(
    rules: Rules, code: str, text: str, respond: int, finish: int, special: str | None
) -> None:
    found = rules.hours(code, "complaint", False, text)
    assert (hours(found.respond), hours(found.finish), found.special) == (respond, finish, special)


@pytest.mark.parametrize(
    ("intent", "urgent", "expected"),
    [
        pytest.param("inquiry", False, (8, None, 48), id="rule 2: inquiry"),
        pytest.param("suggestion", False, (24, None, 360), id="rule 2: suggestion"),
        pytest.param("inquiry", True, (1 / 6, 0.5, 2), id="rule 1: urgent above all"),
        pytest.param("complaint", True, (1 / 6, 0.5, 2), id="rule 1"),
    ],
)
def test_urgent_and_intents(
    rules: Rules, intent: str, urgent: bool, expected: tuple[float, float | None, float]
) -> None:
    found = rules.hours("facility", intent, urgent, "电梯停运")
    arrive = found.arrive and hours(found.arrive)
    assert (hours(found.respond), arrive, hours(found.finish)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("code", "text", "first"),
    [
        ("property", "", "物业"),
        ("facility", "楼道灯坏了", "物业"),
        ("facility", "电梯异响", "电梯维保"),
        ("utility", "停水了", "供水"),
        ("utility", "停电了", "供电"),
        ("utility", "说不清", "物业"),
        ("sanitation", "占道经营", "城管"),
        ("fire_safety", "闻到燃气味", "燃气"),
        ("public_security", "", "派出所"),
        ("market", "", "市场监管"),
        ("welfare", "", "民政"),
    ],
)
def test_office_hints(rules: Rules, code: str, text: str, first: str) -> None:
    hints = rules.office_hints(code, text)
    assert hints[0] == first
    assert len(set(hints)) == len(hints)


def test_a_category_these_rules_do_not_know_is_handled_as_other(rules: Rules) -> None:
    assert rules.category("drones").code == "other"
    with pytest.raises(LookupError, match="drones"):
        Rules("2026-01-01", {}).category("drones")


def test_all_the_other_numbers(rules: Rules) -> None:
    assert (rules.remind_at, rules.supervise_after, rules.verify_days) == (0.75, 2, 7)
    assert rules.each_level_again
    assert rules.urgent_again == timedelta(minutes=10)
    assert rules.urgent_again_for == timedelta(hours=24)
    assert rules.duplicate_window == timedelta(hours=72)
    assert rules.duplicates_never == Rules("2026-01-01", {}).duplicates_never
    assert rules.grouping_window == rules.question_wait == timedelta(minutes=10)
    assert f"{rules.night_start:%H:%M} {rules.night_end:%H:%M} {rules.resume:%H:%M}" == (
        "22:00 07:00 09:00"
    )


@pytest.mark.parametrize(
    ("asked", "default", "days"),
    [
        pytest.param(None, None, 3, id="the category's finish again"),
        pytest.param(None, timedelta(days=1), 1, id="the city's default"),
        pytest.param(timedelta(days=5), None, 5, id="as asked"),
        pytest.param(timedelta(days=40), None, 15, id="capped"),
    ],
)
def test_extension(
    rules: Rules, asked: timedelta | None, default: timedelta | None, days: int
) -> None:
    changed = replace(rules, extend=default)
    assert changed.extension("facility", "楼道灯", asked) == timedelta(days=days)


BOOK = RuleBook.of(Rules(version, {}) for version in ("2026-07-01", "2026-01-01"))


@pytest.mark.parametrize(
    ("now", "version"),
    [
        pytest.param("2026-01-01T00:00+08:00", "2026-01-01", id="the first moment"),
        pytest.param("2025-12-31T16:00+00:00", "2026-01-01", id="the day begins in Shanghai"),
        pytest.param("2026-06-30T23:59+08:00", "2026-01-01", id="the last minute of the old"),
        pytest.param("2026-07-01T00:00+08:00", "2026-07-01", id="the first of the new"),
        pytest.param("2030-01-01T00:00+08:00", "2026-07-01", id="long after"),
    ],
)
def test_version_in_force(now: str, version: str) -> None:
    assert BOOK.at(datetime.fromisoformat(now)).version == version


def test_no_version_says_so() -> None:
    with pytest.raises(LookupError, match=r"2025-12-31.*2026-01-01"):
        BOOK.at(datetime(2025, 12, 31, tzinfo=UTC))
    with pytest.raises(LookupError, match="2027-01-01"):
        BOOK.version("2027-01-01")
    with pytest.raises(LookupError, match="never"):
        RuleBook().at(datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(LookupError, match="none"):
        RuleBook().version("x")
