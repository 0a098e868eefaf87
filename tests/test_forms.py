"""The forms are views on the log: what was said in chat, told once more, and the sums agree."""

from collections import Counter
from datetime import date, datetime, time
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from openpyxl import load_workbook

from bot.app import open_simulation
from bot.cli.main import main
from bot.ledgers.files import WRITERS
from bot.ledgers.forms import Month, Sheet, said, sheets
from domain import forms
from domain.forms import Entry, Planned
from domain.people import World
from domain.workdays import TZ
from store import visit_log

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
SAID = (
    ("w.li", "上午巡查完毕，一切正常"),
    ("w.qian", "加油站查了 灭火器过期2个"),
    ("w.qian", "琼花宾馆看过了 一切正常"),
    ("w.qian", "撤销走访"),
    ("w.qian", "幼儿园锁着门进不去"),
    ("w.qian", "老张烧烤关着门，没进去"),
    ("w.qian", "说错了"),
)


def at(clock: str) -> datetime:
    return datetime.combine(DAY, time.fromisoformat(clock), TZ)


async def month() -> tuple[Month, list[Sheet]]:
    """A working day of the sample, as the forms see it."""
    async with open_simulation(None, AT) as app:
        for who, words in SAID:
            await app.simulator.say(who, "", words)
            await app.settle()
        await app.advance(at("18:00"))
        async with app.store.read() as conn:
            found = Month(
                DAY.replace(day=1),
                await visit_log.entries(conn, at("00:00"), at("23:59")),
                await visit_log.planned(conn, DAY.replace(day=1), date(2026, 12, 1)),
                await visit_log.planned(conn, date(2026, 1, 1), date(2027, 1, 1)),
            )
        return found, sheets(found, app.city.world)


async def test_the_sums_of_all_forms_are_those_of_the_log() -> None:
    log, made = await month()
    of = {sheet.name: sheet for sheet in made}
    names = said()["forms"]
    left = {one.id for one in forms.settled(log.log)}
    gone = Counter(one.kind for one in log.log if one.kind in forms.ACTS and one.id not in left)
    acts = Counter(one.kind for one in log.log if one.kind in forms.ACTS)
    assert gone == {"done": 1, "absent": 1}
    assert sum(one.kind == "taken_back" for one in log.log) == gone.total()
    ledger, totals = of[names["ledger"]].rows, of[names["statistics"]].rows[-1]
    assert len(ledger) == acts.total() - gone.total()
    assert totals[3:7] == (
        acts["done"] + acts["extra"] - gone["done"] - totals[4],
        totals[4],
        acts["absent"] - gone["absent"],
        acts["missed"],
    )
    assert totals[2] == totals[3] + totals[4] > 0
    assert totals[7] == len(of[names["hazards"]].rows) == 1
    assert len(of[names["diary"]].rows) == len(ledger) - acts["missed"]
    assert len(of[names["monthly"]].rows) == len(log.month) <= len(of[names["annual"]].rows)


async def test_the_plans_say_how_often_in_words() -> None:
    _, made = await month()
    plans = [one for one in made if one.name == said()["forms"]["annual"]]
    often = {row[4] for one in plans for row in one.rows}
    assert often == {"每天", "每周", "每季", "每年"}


@pytest.mark.parametrize(
    ("code", "words"),
    [("2/week", "每周2次"), ("1/half", "每半年"), ("2/day", "每天2次"), ("", ""), ("x", "x")],
)
def test_how_often(code: str, words: str) -> None:
    plan = Planned(DAY, "visit", "x", "g01", "w.li", code, "planned")
    (row,) = _plans(plan)
    assert row[4] == words


def _plans(plan: Planned) -> tuple[tuple[str | int, ...], ...]:
    made = sheets(Month(DAY, (), [plan], ()), World.of([], []))
    return next(one for one in made if one.name == said()["forms"]["monthly"]).rows


async def test_each_sentence_of_the_diary_cites_its_entry() -> None:
    log, made = await month()
    diary = next(one for one in made if one.name == said()["forms"]["diary"])
    known = {said()["words"]["cites"].format(id=one.id) for one in log.log}
    assert diary.rows
    assert all(row[3] in known for row in diary.rows)
    assert any("灭火器过期2个" in str(row[2]) for row in diary.rows)


async def test_what_was_taken_back_stands_in_no_form() -> None:
    _, made = await month()
    rows = [row for one in made if one.name == said()["forms"]["ledger"] for row in one.rows]
    assert not any(row[3] in ("琼花宾馆", "老张烧烤") for row in rows)
    assert any(row[3] == "东关幼儿园" for row in rows)


def entry(number: int, kind: str, visit: int = 1) -> Entry:
    return Entry(number, visit, AT, "w.li", kind, "visit", "x", "g01")


@pytest.mark.parametrize(
    ("log", "kept"),
    [
        pytest.param(["planned", "done"], [2], id="planning is no act"),
        pytest.param(["done", "taken_back"], [], id="taken back"),
        pytest.param(["done", "taken_back", "done"], [3], id="made again"),
        pytest.param(["missed", "done"], [1, 2], id="missed, then made up for"),
        pytest.param(["absent", "taken_back"], [], id="nobody home, taken back"),
        pytest.param(["absent", "done", "taken_back"], [1], id="the newest word is taken back"),
        pytest.param(["absent", "taken_back", "done"], [3], id="somebody was home after all"),
        pytest.param(["absent", "absent", "taken_back"], [1], id="one of two closed doors"),
        pytest.param(["missed", "taken_back"], [1], id="what was missed is no word of his"),
        pytest.param(["missed", "done", "taken_back"], [1], id="missed, and not made up for"),
    ],
)
def test_what_counts(log: list[str], kept: list[int]) -> None:
    found = forms.settled([entry(number, kind) for number, kind in enumerate(log, 1)])
    assert [one.id for one in found] == kept


SHEET = Sheet("表", "表（2026-11）", ("甲", "乙"), (("=1+1", 2), ("a\x01b", 3)))


def test_a_workbook_keeps_text_as_text(tmp_path: Path) -> None:
    WRITERS["xlsx"](SHEET, tmp_path / "a.xlsx")
    page = load_workbook(tmp_path / "a.xlsx").active
    rows = list(page.iter_rows(values_only=True))
    assert rows == [("表（2026-11）", None), ("甲", "乙"), ("=1+1", 2), ("ab", 3)]
    assert page["A3"].data_type == "s"


def test_a_document_holds_the_same_table(tmp_path: Path) -> None:
    WRITERS["docx"](SHEET, tmp_path / "a.docx")
    table = Document(str(tmp_path / "a.docx")).tables[0]
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells == [["甲", "乙"], ["=1+1", "2"], ["ab", "3"]]


def test_the_command_writes_eighteen_files(tmp_path: Path) -> None:
    run, place = CliRunner(), tmp_path / "city"
    assert run.invoke(main, ["init", str(place)]).exit_code == 0
    done = run.invoke(
        main, ["forms", str(place), "--month", "2026-11", "--out", str(tmp_path / "f")]
    )
    assert done.exit_code == 0
    assert len(list((tmp_path / "f").iterdir())) == 18
    wrong = run.invoke(main, ["forms", str(place), "--month", "11", "--out", str(tmp_path)])
    assert wrong.exit_code == 2
