"""活动台账 and 活动汇总 as workbooks: what was said in chat, and the sums are those of the log."""

import asyncio
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.app import open_simulation
from bot.ledgers.files import WRITERS
from bot.ledgers.forms import Month, Sheet, said, sheets
from domain import activities as log
from domain.activities import Activity
from domain.workdays import TZ
from store import activities

AT = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
SAID = (
    ("l.c1", "今天宣传活动 海报32张 横幅12条 资料1500份"),
    ("w.li", "今天宣传活动 海报8张 联系13912345678"),
    ("l.c1", "培训3次 工作人员、党员代表60人"),
    ("w.li", "登记活动 =1+1包饺子 30人"),
    ("w.li", "撤销台账"),
    ("l.c1", "10月20日消防演练 居民46人参加"),
    ("l.c1", "例会 李强、何梅参加 钱勇请假"),
)


@pytest.fixture(scope="module")
def month() -> tuple[Month, dict[str, Sheet]]:
    return asyncio.run(said_in_november())


async def said_in_november() -> tuple[Month, dict[str, Sheet]]:
    """What was said of November, and its forms by key."""
    async with open_simulation(None, AT) as app:
        for who, words in SAID:
            await app.simulator.say(who, "", words)
        await app.settle()
        async with app.store.read() as conn:
            kept = await activities.between(conn, None, FIRST, LAST)
        found = Month(FIRST, (), (), (), kept)
        keys = {name: key for key, name in said()["forms"].items()}
        return found, {keys[one.name]: one for one in sheets(found, app.city.world)}


def counted(entries: list[Activity]) -> dict[tuple[str, str, str], int]:
    """Each kind's amounts, added up by hand from the entries."""
    found: dict[tuple[str, str, str], int] = {}
    names = said()["activities"]
    for one in entries:
        for it in one.amounts:
            key = names[one.kind.value], it.what, it.unit
            found[key] = found.get(key, 0) + it.count
    return found


def test_the_totals_are_those_of_the_log(month: tuple[Month, dict[str, Sheet]]) -> None:
    entries, made = list(month[0].activities), month[1]
    ledger, sums = made["activities"], made["activity_sums"]
    assert [row[0] for row in ledger.rows[:-1]] == [one.id for one in entries]
    assert len(entries) == 4  # one taken back, one of October
    times = sum(one.times for one in entries)
    assert ledger.rows[-1][4] == sum(int(row[4]) for row in ledger.rows[:-1]) == times == 6
    assert sums.rows[-1][:2] == (said()["activities"]["total"], times)
    assert sum(int(row[1] or 0) for row in sums.rows[:-1]) == times
    amounts = {(row[0], row[2], row[4]): row[3] for row in sums.rows[:-1] if row[2]}
    assert amounts == counted(entries)
    assert amounts["宣传", "海报", "张"] == 40
    assert "海报 40 张" in str(ledger.rows[-1][5])


def test_they_are_the_sums_people_are_told(month: tuple[Month, dict[str, Sheet]]) -> None:
    names = said()["activities"]
    told = {names[one.kind.value]: one.times for one in log.sums(month[0].activities)}
    rows = month[1]["activity_sums"].rows[:-1]
    assert {row[0]: row[1] for row in rows if row[1] != ""} == told


def test_a_line_says_who_was_there_and_hides_numbers(
    month: tuple[Month, dict[str, Sheet]], tmp_path: Path
) -> None:
    ledger = month[1]["activities"]
    meeting = next(row for row in ledger.rows if row[3] == said()["activities"]["meeting"])
    assert "李强" in str(meeting[7])
    assert "钱勇" in str(meeting[8])
    text = "".join(str(cell) for row in ledger.rows for cell in row)
    assert "13912345678" not in text
    WRITERS["xlsx"](ledger, tmp_path / "a.xlsx")
    rows = list(load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True))
    assert rows[1] == ledger.columns
    assert [row[4] for row in rows[2:]] == [row[4] for row in ledger.rows]
    assert len({len(row) for row in ledger.rows} | {len(ledger.columns)}) == 1


def test_an_empty_month_has_its_heads(city) -> None:
    made = sheets(Month(FIRST, (), (), ()), city.world)
    last = [one for one in made if one.name in ("活动台账", "活动汇总")]
    assert [len(one.rows) for one in last] == [1, 1]
    assert all(len(one.columns) == len(one.rows[0]) for one in last)
