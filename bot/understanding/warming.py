"""Reads an ordinary day soon after the start: patterns are compiled when first met.

Some two thousand patterns take most of a second together, and the people who write first after a
start would wait for it, message by message.
"""

from bot.understanding import (
    another_trouble,
    asides,
    complaints,
    errands,
    matters,
    notices,
    talk,
    told,
)
from bot.understanding.listener import Listener
from bot.understanding.normalise import clean
from bot.understanding.shapes import Heard
from bot.understanding.words import lexicon

_ASKED = ("", "satisfied", "place")  # what is asked most often
_ABOUT = "楼道灯不亮了"


def begin(listener: Listener) -> None:
    """Work out what every message needs: a sixth of a second."""
    for role in ("resident", "worker"):
        listener.understand(Heard(_ABOUT, role=role))


def warm(listener: Listener) -> None:
    """Understand each line as whoever may say it, and look for all that is looked for besides."""
    for role, lines in lexicon("ordinary").items():
        for words in lines:
            for question in _ASKED:
                listener.understand(Heard(words, role=role, question=question))
            _look(listener, words, staff=role != "resident")


def _look(listener: Listener, words: str, *, staff: bool) -> None:
    for look in (
        *(errands.seeks, errands.favour, errands.only_time, errands.only_declines),
        *(notices.got, notices.got_for, told.asked, complaints.against),
    ):
        look(words)
    talk.impatient(clean(words).plain)
    another_trouble.another_trouble(words, _ABOUT, "", generous=True)
    matters.matters(words, lambda part: listener.understand(Heard(part)))
    for _ in asides.asides(words, staff=staff, alone=not staff):
        pass
