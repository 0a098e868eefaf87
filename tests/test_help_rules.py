"""The rules of appointments, volunteers and care: read as written, and refused where wrong."""

import shutil
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.deployment.faults import Faults
from bot.deployment.folder import SAMPLE, load
from domain.appointment_rules import AppointmentRules
from domain.rules import Rules

RULES = "rules/2026-01-01.toml"
PLAN = """[[welfare.plan]]
name = "milk"
who = "r.liu"
what = "给刘奶奶送牛奶"
by = "r.zhao"
days = {days}
at = "17:30"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLE, tmp_path / "town")
    return tmp_path / "town"


def change(folder: Path, old: str, new: str) -> None:
    path = folder / RULES
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def rules_of(folder: Path) -> Rules:
    return load(folder).rules.version("2026-01-01")


def test_the_sample_says_what_holds_where_nothing_is_written(folder: Path) -> None:
    assert rules_of(folder).appointments == AppointmentRules()


def test_hours_and_waits_are_the_city_s(folder: Path) -> None:
    change(folder, '"08:30-12:00", "14:00-17:30"', '"09:00-11:00"')
    change(folder, 'organisations = ["志愿", "社会组织", "民政"]', 'organisations = ["社工站"]')
    found = rules_of(folder)
    assert found.appointments.hours == ((time(9), time(11)),)
    assert found.volunteers.organisations == ("社工站",)
    assert found.volunteers.wait == timedelta(hours=2)


@pytest.mark.parametrize(
    ("days", "expected"),
    [('"daily"', "1234567"), ('"workdays"', "work"), ('"135"', "135"), ("135", "135")],
)
def test_a_care_plan_of_the_rules(folder: Path, days: str, expected: str) -> None:
    change(folder, "# 网格规模", PLAN.format(days=days) + "# 网格规模")
    (plan,) = rules_of(folder).welfare.plans
    assert (plan.name, plan.who, plan.by, plan.at, plan.days) == (
        "milk",
        "r.liu",
        "r.zhao",
        time(17, 30),
        expected,
    )


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"08:30-12:00"', '"12:00-08:30"', "appointments.hours"),
        ('"08:30-12:00"', '"morning"', "appointments.hours"),
        ("most = 3", "most = 0", "appointments.most"),
        ("most = 2", "most = 0", "volunteers.most"),
        ('organisations = ["志愿"', 'organisation = ["志愿"', "volunteers.organisation"),
        ("# 网格规模", PLAN.format(days='"189"') + "# 网格规模", "welfare.plan.0.days"),
    ],
    ids=[
        "the wrong way round",
        "no hours",
        "none at all",
        "no help at all",
        "unknown key",
        "no weekday",
    ],
)
def test_what_is_wrong_is_named(folder: Path, old: str, new: str, key: str) -> None:
    change(folder, old, new)
    with pytest.raises(Faults) as faults:
        load(folder)
    assert key in {fault.field for fault in faults.value.faults}
