"""When a fresh report is the same matter as an open case: a table of what must and must not be."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.case import Satisfaction, Status
from domain.duplicates import OTHER_CATEGORY, PERHAPS, SURE, Likeness, likeness
from domain.reporters import Reporter, all_satisfied, others
from domain.rules import Rules
from tests import factories as make
from tests.rows import each_row

RULES = Rules("2026-01-01", {})
HERE = {"building": "3", "unit": "2"}
GATE = {"building": "", "unit": "", "place": "东门"}


def compared(fresh: dict, known: dict, *, alike=1.0, certain=True, later=timedelta(hours=1)) -> str:
    return likeness(
        make.case(**(HERE | fresh)),
        make.case(id=1, **(HERE | known)),
        alike=alike,
        certain=certain,
        rules=RULES,
        now=make.NOW + later,
    ).value


@each_row(
    ("fresh", "known", "expected"),
    [
        pytest.param({}, {}, "same", id="the same building, unit and category"),
        pytest.param({"floor": "4"}, {}, "same", id="a floor said by one of them"),
        pytest.param({"place": "楼道"}, {}, "same", id="a kind of spot said by one of them"),
        pytest.param({"place": "电梯"}, {"place": "电梯里"}, "same", id="one spot, said longer"),
        pytest.param({"room": "501"}, {"room": "501"}, "same", id="the same flat"),
        pytest.param(GATE, GATE, "same", id="the same named facility"),
        pytest.param({"urgent": True}, {"urgent": True}, "same", id="the same emergency"),
        pytest.param({"unit": ""}, {}, "perhaps", id="the unit not said"),
        pytest.param(
            GATE,
            GATE | {"place": f"小区{GATE['place']}口"},
            "perhaps",
            id="a facility, said longer",
        ),
        pytest.param({"unit": ""}, {"unit": ""}, "perhaps", id="the unit said by neither"),
        pytest.param({"room": "501"}, {}, "perhaps", id="a flat on one side only"),
        pytest.param({"floor": "4"}, {"floor": "5"}, "perhaps", id="two floors"),
        pytest.param({"place": "楼道"}, {"place": "单元门口"}, "perhaps", id="two kinds of spot"),
        pytest.param({}, {"urgent": True}, "perhaps", id="calmer than the emergency there"),
        pytest.param({"category": "other"}, {}, "perhaps", id="another category, the same words"),
        pytest.param({"building": "5"}, {}, "different", id="another building"),
        pytest.param({"unit": "1"}, {}, "different", id="another unit"),
        pytest.param({"room": "501"}, {"room": "302"}, "different", id="another flat"),
        pytest.param(GATE, GATE | {"place": "充电车棚"}, "different", id="another facility"),
        pytest.param(GATE, {}, "different", id="a facility and a building"),
        pytest.param({"area": "g02"}, {}, "different", id="the same number in another grid"),
        pytest.param({"urgent": True}, {}, "different", id="more urgent than what is open"),
        pytest.param(
            {"urgent": True, "hazard": "gas"},
            {"urgent": True, "hazard": "gas"},
            "same",
            id="the same danger",
        ),
        pytest.param(
            {"urgent": True, "hazard": "fire"},
            {"urgent": True, "hazard": "gas"},
            "different",
            id="another danger",
        ),
        pytest.param({}, {"urgent": True, "hazard": "gas"}, "perhaps", id="calmly about a danger"),
        pytest.param({"intent": "inquiry"}, {}, "different", id="a question about it"),
        pytest.param({}, {"intent": "suggestion"}, "different", id="a suggestion about it"),
        pytest.param({}, {"unverified": True}, "different", id="nobody knows where that is"),
        pytest.param(
            {"building": "", "unit": ""},
            {"building": "", "unit": ""},
            "different",
            id="no place at all",
        ),
    ],
)
def test_what_is_the_same(fresh: dict, known: dict, expected: str) -> None:
    assert compared(fresh, known) == expected


@pytest.mark.parametrize("status", [one for one in Status if not make.case(status=one).working])
def test_never_into_one_that_is_finished_or_ended(status: Status) -> None:
    assert compared({}, {"status": status}) == "different"


@pytest.mark.parametrize("category", RULES.duplicates_never)
def test_private_matters_are_never_joined(category: str) -> None:
    assert compared({"category": category}, {"category": category}) == "different"
    assert compared({"category": category}, {}) == "different"


def test_which_are_private_is_a_rule() -> None:
    rules = replace(RULES, duplicates_never=("facility",))
    one = make.case(**HERE)
    found = likeness(one, one, alike=1.0, certain=True, rules=rules, now=make.NOW)
    assert found is Likeness.DIFFERENT


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        pytest.param(timedelta(hours=72), "same", id="within the window, to the minute"),
        pytest.param(timedelta(hours=72, seconds=1), "different", id="after it"),
    ],
)
def test_the_window_is_a_rule(later: timedelta, expected: str) -> None:
    assert compared({}, {}, later=later) == expected


@pytest.mark.parametrize(
    ("fresh", "alike", "expected"),
    [
        pytest.param({}, SURE, "same", id="alike enough"),
        pytest.param({}, SURE - 0.01, "perhaps", id="less: ask, for the place is the same"),
        pytest.param({}, 0.0, "different", id="another thing at the same place"),
        pytest.param({"unit": ""}, PERHAPS, "perhaps", id="a vague place and alike words"),
        pytest.param({"unit": ""}, PERHAPS - 0.01, "different", id="neither place nor words"),
        pytest.param({"category": "other"}, OTHER_CATEGORY, "perhaps", id="another category"),
        pytest.param(
            {"category": "other"}, OTHER_CATEGORY - 0.01, "different", id="and other words"
        ),
        pytest.param({"unit": "", "urgent": True}, 1.0, "different", id="urgent: never asked"),
    ],
)
def test_what_the_words_decide(fresh: dict, alike: float, expected: str) -> None:
    assert compared(fresh, {"urgent": fresh.get("urgent", False)}, alike=alike) == expected


def test_a_number_that_may_mean_two_places_is_asked_about() -> None:
    assert compared({}, {}, certain=False) == "perhaps"


def test_all_have_answered() -> None:
    first = Reporter("a", make.GROUP, make.NOW, Satisfaction.SATISFIED)
    second = replace(first, person="b", answer=Satisfaction.NONE)
    assert not all_satisfied([first, second])
    assert all_satisfied(others([first, second], "b"))
    assert others([first, second], "a") == [second]
