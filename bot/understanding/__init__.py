"""Understands what people write in the groups; pure, knows no channel and no store."""

from datetime import timedelta

from bot.understanding import category, commands, privacy
from bot.understanding.listener import Listener
from bot.understanding.normalise import clean
from bot.understanding.shapes import BASICALLY, YES, Heard, Location, Understanding

__all__ = [
    "BASICALLY",
    "YES",
    "Heard",
    "Listener",
    "Location",
    "Understanding",
    "anonymous",
    "extension",
    "matter_of",
]


def matter_of(text: str) -> str | None:
    """The category these words speak for most, None where they speak for none."""
    return next(iter(category.ranked(category.scores(clean(text).plain))), None)


def anonymous(text: str) -> str:
    """The text with all that is personal hidden whole, names as well: for what is kept to learn."""
    said = clean(text)
    hidden = said.tidy
    for _, value in privacy.personal(said.tidy, said.plain):
        hidden = hidden.replace(value, "*" * len(value))
    return hidden


def extension(text: str) -> tuple[timedelta | None, str]:
    """How much longer these words ask for, and why; None where they name a day or nothing."""
    return commands.extension(clean(text))
