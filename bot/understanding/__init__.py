"""Understands what people write in the groups; pure, knows no channel and no store."""

from datetime import timedelta

from bot.understanding import category, commands, privacy, slots, talk
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
    "amended",
    "anonymous",
    "extension",
    "impatient",
    "landmark",
    "matter_of",
    "office_stem",
    "trouble",
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


def impatient(text: str) -> bool:
    """Whether somebody complains that nobody has come yet."""
    return talk.impatient(clean(text).plain)


def landmark(place: str | None) -> bool:
    """Whether a place is found without a building's number: 小区大门口, 篮球场, 地下车库."""
    return bool(place) and slots.is_landmark(place or "")


def office_stem(name: str) -> str:
    """What an office deals with, without the word that says that it is one: 电梯公司 -> 电梯."""
    return commands.office_stem(name)


def amended(text: str) -> str:
    """What somebody says instead of what was wrong: 说错了，不是3号楼是5号楼 -> 5号楼; else ""."""
    return talk.amended(clean(text).plain)


def trouble(text: str) -> bool:
    """Whether something plainly is broken or in the way, whatever is asked about it."""
    return talk.problem(clean(text).plain) == 1.0
