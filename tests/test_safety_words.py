"""The safety words of each hazard: short, with a number to call, in the first answer."""

from pathlib import Path
from typing import Any

import pytest

from bot.phrases import Phrases
from bot.phrases_check import emergencies, samples, template_faults
from domain.case import HAZARDS

PLACE = "哪个小区"
# What must be said, whoever rewrites the words.
MUST = {
    "gas": ("别开关电器", "开窗", "到外面", "119"),
    "fire": ("119", "湿毛巾", "别坐电梯", "关门"),
    "trapped": ("119", "报警", "别扒门"),
    "electricity": ("别碰", "总闸", "120"),
    "illness": ("120", "别搬动", "几点发病"),
    "drowning": ("别下水", "绳子", "110", "120"),
    "violence": ("110", "躲开"),
    "missing": ("110", "不用等"),
    "fraud": ("别再转钱", "110", "96110", "冻结"),
    "falling": ("别站在下面", "110"),
    "flood": ("总闸", "119"),
    "other": ("110", "119", "120"),
}


def said(phrases: Phrases, hazard: str, template: str = "replies/received", **case: Any) -> str:
    view = {
        "number": "G1001",
        "urgent": True,
        "hazard": hazard,
        "unverified": False,
        "building": "3",
        "building_name": "",
        "unit": "",
        "place": "",
        "category_name": "x",
        "assignee": "x",
        "assignee_role": "worker",
        "reporters": 2,
        "status": "assigned",
        "finish_due": "",
        **case,
    }
    values = {"case": view, "hazard": hazard, "now": "2026-11-23T09:00:00+08:00"}
    return phrases.render(template, values).text


def words(phrases: Phrases, hazard: str) -> str:
    return said(phrases, hazard, "replies/safety")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    return tmp_path


def test_every_hazard_has_its_own_words() -> None:
    assert set(MUST) == set(HAZARDS)
    assert len({words(Phrases(), hazard) for hazard in HAZARDS}) == len(HAZARDS)


@pytest.mark.parametrize("hazard", HAZARDS)
def test_what_must_be_said_in_three_short_lines(hazard: str) -> None:
    text = words(Phrases(), hazard)
    assert [one for one in MUST[hazard] if one not in text] == []
    assert "这电话我替不了您" in text
    assert len(text.splitlines()) <= 3
    assert max(map(len, text.splitlines())) <= 26


@pytest.mark.parametrize("hazard", HAZARDS)
def test_they_stand_in_the_first_answer_before_the_question_for_the_place(hazard: str) -> None:
    answer = said(Phrases(), hazard, unverified=True, building="")
    assert answer.index(words(Phrases(), hazard)) < answer.index(PLACE)
    assert PLACE not in said(Phrases(), hazard)


@pytest.mark.parametrize("hazard", HAZARDS)
def test_they_stand_before_the_question_whether_it_is_at_home(hazard: str) -> None:
    answer = said(Phrases(), hazard, unverified=True)
    assert PLACE not in answer
    assert answer.index(words(Phrases(), hazard)) < answer.index("不在登记的这个地方")


@pytest.mark.parametrize("hazard", HAZARDS)
def test_a_neighbour_who_is_joined_hears_them_too(hazard: str) -> None:
    assert words(Phrases(), hazard) in said(Phrases(), hazard, "replies/joined")


@pytest.mark.parametrize("hazard", ["", "volcano", "__class__"])
def test_an_unknown_hazard_has_the_general_words(hazard: str) -> None:
    assert words(Phrases(), hazard) == words(Phrases(), "other")


def test_an_ordinary_case_has_none() -> None:
    answer = said(Phrases(), "", urgent=False, respond_due="", intent="report")
    assert "替不了" not in answer


def test_a_deployment_s_own_words_and_what_it_left_out(own: Path) -> None:
    (own / "templates/safety.j2").write_text(
        "{% set gas %}出来打119{% endset %}{% set other %}打110{% endset %}", "utf-8"
    )
    phrases = Phrases(own / "templates")
    assert (words(phrases, "gas"), words(phrases, "fire")) == ("出来打119", "打110")
    assert template_faults(own) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{% set gas %}出来打119{% endset %}", id="nothing to fall back on"),
        pytest.param(
            "{% set other %}打110{% endset %}{% set flood %}{{ nobody }}{% endset %}",
            id="a value nobody knows",
        ),
        pytest.param("{% set other %}打110", id="not closed"),
    ],
)
def test_words_that_cannot_be_said_are_found_before_the_start(own: Path, text: str) -> None:
    (own / "templates/safety.j2").write_text(text, "utf-8")
    assert "templates/replies/received.j2" in {one.file for one in template_faults(own)}


def test_each_hazard_is_rendered_before_the_start(city) -> None:
    seen = {
        (one["case"]["hazard"], one["case"]["unverified"]) for one in emergencies(samples(city))
    }
    assert seen == {(hazard, place) for hazard in (*HAZARDS, "") for place in (True, False)}
