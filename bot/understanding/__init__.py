"""Understands what people write in the groups; pure, knows no channel and no store."""

from collections.abc import Sequence
from datetime import timedelta

from bot.understanding import address, category, fullnames, handing, privacy, slots, spans, talk
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
    "at_home",
    "came_back",
    "courtesy",
    "everything",
    "extension",
    "first_building",
    "handed_to",
    "impatient",
    "landmark",
    "matter_of",
    "office_stem",
    "pointing",
    "sensitive",
    "things_shared",
    "trouble",
    "well_again",
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
    return spans.extension(clean(text))


def came_back(text: str) -> bool:
    """Whether somebody says that it is as bad again, or still: 又坏了, 还是响."""
    return talk.came_back(clean(text).plain)


def courtesy(text: str) -> bool:
    """Whether this is nothing but thanks, or that somebody waits: 好的谢谢小李, 等消息."""
    return talk.courtesy(clean(text).plain)


def everything(text: str) -> bool:
    """Whether all of several are meant: 都接了, 都好了谢谢."""
    return talk.everything(clean(text).plain)


def first_building(text: str) -> str:
    """The first building of several that have one trouble, 3 in 3号楼和5号楼都停电了; else ""."""
    return address.first_of_several(clean(text).plain) or ""


def handed_to(text: str, names: Sequence[str]) -> str | None:
    """The one of these colleagues who shall do it: 让沈亮去; None where nobody is named so."""
    return handing.handed_to(clean(text).plain, names)


def things_shared(text: str, other: str) -> int:
    """How many words about the same things two texts share."""
    return category.closeness(clean(text).plain, clean(other).plain)


def well_again(text: str) -> bool:
    """Whether somebody says that the trouble is over: 好了好了, 亮了, 出来了."""
    return talk.well_again(clean(text).plain)


def impatient(text: str) -> bool:
    """Whether somebody complains that nobody has come yet."""
    return talk.impatient(clean(text).plain)


def landmark(text: str, named: str | None) -> bool:
    """Whether the place named in a text needs no building's number: 小区大门口, 篮球场."""
    return bool(named) and slots.is_landmark(clean(text).plain, named or "")


def office_stem(name: str) -> str:
    """What an office deals with, without the word that says that it is one: 电梯公司 -> 电梯."""
    return handing.office_stem(name)


def sensitive(text: str) -> bool:
    """Whether an illness, an offence or a family's misery is told: not beside a full name."""
    return fullnames.condition(clean(text).plain)


def pointing(text: str) -> bool:
    """Whether words go on about what a neighbour just said: 又是这辆, 我家也没电了."""
    return talk.pointing(clean(text).plain)


def at_home(text: str) -> bool:
    """Whether somebody says that it is in his own home."""
    return talk.at_home(clean(text).plain)


def amended(text: str) -> str:
    """What somebody says instead of what was wrong: 说错了，不是3号楼是5号楼 -> 5号楼; else ""."""
    return talk.amended(clean(text).plain)


def trouble(text: str) -> bool:
    """Whether something plainly is broken or in the way, whatever is asked about it."""
    return talk.problem(clean(text).plain) == 1.0
