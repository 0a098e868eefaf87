"""How lines become a model: what a part may look at, second labels, and folds of one hand."""

from collections import Counter

import numpy as np
import pytest

from bot.training.copies import near_copies
from bot.training.fit import RECIPES, Fitted, _seconds, fit
from bot.training.folds import dealt, spread
from bot.training.lines import line_of, own
from bot.understanding import category
from bot.understanding.features import signs
from bot.understanding.score_pairs import Pair


def line(text="灯坏了", hand="dev", **more):
    return line_of(hand, {"text": text, "intent": "report", "category": "facility", **more})


def test_a_line_is_learned_again_under_each_second_category():
    two = line(alt_categories=["utility", "property"])
    assert [one.category for one in _seconds("category", [two, line()])] == ["utility", "property"]


def test_only_categories_have_second_labels_to_learn_from():
    with pytest.raises(ValueError, match="intent"):
        list(_seconds("intent", [line(alt_intents=["progress"])]))


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    """A tiny model: enough to see what each part is shown."""
    rows = [
        ("路灯坏了", "facility"),
        ("停水停电", "utility"),
        ("路灯不亮", "facility"),
        ("门口路灯黑", "facility"),
        ("又停水", "utility"),
        ("今天停水停电", "utility"),
        ("停水停电了", "utility"),
        ("昨天停水停电", "utility"),
        ("前天停水停电", "utility"),
    ]
    more = {"intent": "chat", "category": None}
    there = {"location": {"place": "路灯"}}  # of the others nobody said where they are
    return fit([*(line(text, category=code) for text, code in rows[1:]),
                line(rows[0][0], category=rows[0][1], **there), line("早上好", **more),
                line("早上好呀", **more, urgent=True)])  # fmt: skip


@pytest.mark.parametrize(
    ("part", "sees"), [("category", True), ("intent", False), ("urgent", False)]
)
def test_the_words_themselves_are_for_the_category_alone(fitted, part, sees):
    names = fitted.signs.feature_names_
    worth = dict(zip(names, fitted.worth(part), strict=True))
    said = [name for name in names if name.startswith("said:")]
    assert said
    assert all(bool(worth[name] > 0) == sees for name in said)


def test_runs_of_three_weigh_what_the_recipe_says(fitted):
    runs = fitted.grams.get_feature_names_out()
    of_three = np.array([len(run) == 3 for run in runs])
    assert of_three.any()
    assert set(fitted.runs("category")[of_three]) == {RECIPES["category"].threes}
    assert set(fitted.runs("category")[~of_three]) == {1.0} == set(fitted.runs("intent"))


def test_words_of_one_character_are_not_told_one_by_one():
    assert category.said("门口路灯坏了") == {"门口", "路灯"}
    assert "said:路灯" in signs("门口路灯坏了", staff=False)


def test_each_fold_has_its_share_of_every_kind_and_no_line_is_in_two():
    lines = [line(f"第{at}", intent=kind) for at, kind in enumerate(["chat", "report"] * 10)]
    folds = dealt(lines, 5)
    assert [Counter(one.intent for one in fold) for fold in folds] == [{"chat": 2, "report": 2}] * 5
    assert len({one.text for fold in folds for one in fold}) == len(lines)


def test_a_figure_over_folds_comes_with_how_far_they_lie_apart():
    def pair(right):
        gold = {"id": "1", "intent": "chat"}
        return Pair(gold, {"intent": "chat" if right else "ad"})

    value, apart = spread([[pair(True)] * 2, [pair(True), pair(False)]])["intent_lenient"]
    assert (value, apart) == (0.75, pytest.approx(0.3536, abs=1e-3))


def test_a_line_said_almost_the_same_is_a_near_copy():
    one, again = (
        line("三号楼二单元的楼道灯坏了三天没人修"),
        line("三号楼二单元的楼道灯坏了三天没人修啊"),
    )
    assert list(near_copies([one, line("东门口的道闸抬不起来，早上排了三十辆车"), again])) == [
        (one, again)
    ]


def test_no_line_is_a_near_copy_of_another_or_of_the_development_set():
    assert [(a.text, b.text) for a, b in near_copies(own())] == []
