"""An ordinary day read after the start: who writes then waits for no pattern and no template."""

import re
from unittest import mock

import pytest

from bot.phrases import _ORDINARY, Phrases
from bot.understanding import Heard, Listener
from bot.understanding.warming import begin, warm
from bot.understanding.words import lexicon


@pytest.fixture(scope="module")
def listener() -> Listener:
    listener = Listener()
    begin(listener)
    warm(listener)
    return listener


@pytest.mark.parametrize("role", lexicon("ordinary"))
def test_what_is_said_every_day_compiles_nothing_any_more(listener: Listener, role: str) -> None:
    with mock.patch.object(re, "compile", side_effect=AssertionError("compiled late")):
        for words in lexicon("ordinary")[role]:
            listener.understand(Heard(words, role=role))


def test_the_templates_of_every_day_are_there_and_compiled_once() -> None:
    phrases = Phrases()
    wanted = {f"{name}.j2" for name in _ORDINARY}
    assert wanted <= set(phrases._env.list_templates())  # a name that is wrong would say nothing
    phrases.warm()
    with mock.patch.object(type(phrases._env), "compile", side_effect=AssertionError("late")):
        for name in wanted:
            phrases._env.get_template(name)
