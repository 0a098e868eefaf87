"""What `gridbot check` says of areas nobody knows, and of a year without its days off."""

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main as cli
from bot.deployment.area_check import advise_areas, advise_calendar, nearest
from bot.deployment.files import Report
from bot.deployment.folder import write_sample
from bot.deployment.rules import load_rules
from bot.setup.checks import calendar as judged
from domain.city import City
from domain.workdays import TZ, Calendar

FOCUS = '[[visits.focus]]\nname = "三区两线"\nareas = [{}]\n'
CAMPAIGN = (
    '[[visits.campaign]]\nname = "冬季用电"\nwhat = ["building"]\nrhythm = "1/month"\n'
    "start = 2026-12-01\nend = 2026-12-31\nareas = [{}]\n"
)
PLAN = (
    '[[activities.plan]]\nname = "反诈宣传"\nkind = "publicity"\nrhythm = "1/month"\nareas = [{}]\n'
)
NOTICE = (
    '[[notices.plan]]\nname = "霜冻"\nevent = "frost"\nto = "residents"\nready = "cold"\n'
    "where = [{}]\n"
)
QUOTA = '[[visits.quota]]\npeople = ["w.li"]\narea = {}\nrhythm = "1/week"\n'


def told(folder: Path, city: City, more: str) -> list[tuple[str, str, str]]:
    """What is said of rules with something added: the field, the line it stands on, the advice."""
    path = folder / "rules/2026-01-01.toml"
    path.write_text(path.read_text("utf-8") + "\n" + more, "utf-8")
    lines, report = path.read_text("utf-8").splitlines(), Report()
    advise_areas(city.world, load_rules(folder, report), report)
    assert report.faults == []
    return [(one.field, lines[one.row - 1], one.advice) for one in report.warnings]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "town"
    write_sample(target)
    return target


@pytest.mark.parametrize(
    ("more", "wrong", "field", "line", "near"),
    [
        pytest.param(FOCUS, '"g01", "g3"', "visits.focus.0.areas", "areas", "g03", id="focus"),
        pytest.param(CAMPAIGN, '"c4"', "visits.campaign.0.areas", "areas", "c3", id="campaign"),
        pytest.param(PLAN, '"C1"', "activities.plan.5.areas", "areas", "c1", id="activities"),
        pytest.param(NOTICE, '"琼花社区"', "notices.plan.4.where", "where", "c1", id="notices"),
        pytest.param(QUOTA, '"安墩一网"', "visits.quota.0.area", "area", "g06", id="quota"),
    ],
)
def test_an_area_nobody_knows_is_told_with_the_nearest(
    folder: Path, city: City, more: str, wrong: str, field: str, line: str, near: str
) -> None:
    ((where, row, advice),) = told(folder, city, more.format(wrong))
    assert (where, row.partition(" =")[0]) == (field, line)
    assert row == more.format(wrong).splitlines()[_row_of(more)]
    assert f"“{near}”" in advice


def _row_of(more: str) -> int:
    return next(at for at, line in enumerate(more.splitlines()) if "{}" in line)


def test_where_nothing_is_near_it_is_told_all_the_same(folder: Path, city: City) -> None:
    ((field, _, advice),) = told(folder, city, NOTICE.format('"north-east"'))
    assert field == "notices.plan.4.where"
    assert "是不是" not in advice


def test_the_sample_names_what_it_has(folder: Path, city: City) -> None:
    assert told(folder, city, "") == []
    assert told(folder, city, FOCUS.format('"c1", "g01"')) == []


@pytest.mark.parametrize(
    ("written", "near"),
    [("g1", "g01"), ("G01", "g01"), ("琼花一网格", "g01"), (" c1", "c1"), ("何园", "c2"), ("", "")],
)
def test_nearest(city: City, written: str, near: str) -> None:
    assert nearest(city.world, written) == near


# Years


@pytest.mark.parametrize(
    ("day", "said", "key", "good"),
    [
        pytest.param((2026, 11, 14), "", "calendar_good", True, id="too early to say"),
        pytest.param((2026, 12, 1), "2027-01-01,false,元旦", "calendar_ahead", True, id="ahead"),
        pytest.param((2027, 1, 1), "2027-01-01,false,元旦", "calendar_missing", False, id="begun"),
    ],
)
def test_a_year_without_its_days_off_is_told_in_time(
    city: City, day: tuple[int, int, int], said: str, key: str, good: bool
) -> None:
    at = datetime(*day, 9, tzinfo=TZ)
    calendar = Calendar(
        {one: worked for one, worked in city.calendar.table.items() if one.year < 2027}
    )
    found = "\n".join(map(str, advise_calendar(calendar, at.date())))
    assert said in found
    assert bool(found) == bool(said)
    if said:
        assert "rules/holidays.csv" in found
    check = judged(calendar, at.date())
    assert (check.key, check.good) == (key, good)
    assert said in check.text


def test_check_tells_of_the_year_and_says_that_it_can_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Then:
        def now(self) -> datetime:
            return datetime(2090, 11, 20, 9, tzinfo=TZ)

    monkeypatch.setattr(cli, "SystemClock", Then)
    monkeypatch.setattr("bot.phrases_check.template_faults", lambda _: [])  # slow, and not asked
    found = CliRunner().invoke(cli.main, ["check", str(folder)])
    assert found.exit_code == 0
    assert "2090 年的放假和调休" in found.output
    assert "可以运行" in found.output
    rows = "\n".join(f"{year}-10-01,false,国庆节" for year in (2090, 2091))
    with (folder / "rules/holidays.csv").open("a", encoding="utf-8") as file:
        file.write(rows + "\n")
    assert "放假和调休" not in CliRunner().invoke(cli.main, ["check", str(folder)]).output
