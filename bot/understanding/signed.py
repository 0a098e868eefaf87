"""A list that neighbours sign one after another (接龙): about one trouble, or about eggs.

Where its heading tells of a trouble, the heading is the report and the lines are who stands behind
it; orders, sign-ups and registers stay what they are: none of the community's business.
"""

import re

from bot.understanding import talk
from bot.understanding.address import address
from bot.understanding.normalise import Clean
from bot.understanding.words import any_of, lazy, lexicon

_DATA = lexicon("matters")["signed"]
_CALLED, _WANTED, _NONE = (any_of(_DATA[key]) for key in ("called", "wanted", "none"))
_LINE = lazy(r"(?:^|(?<=[\s,。;!?:、]))(?:1|①|一)[ .、:)）](?=.*(?:2|②|二)[ .、:)）])", re.DOTALL)
_ITEMS = lazy(r"(?:^|(?<=[\s,。;!?:、]))(?:[0-9]{1,3}|[①-⑨]) ?[.、:)） ]")
_EDGES = " ,.。;:!#~、\n"
_LONGEST = 2000  # signs; sixty neighbours
_LONG = 24  # signs; who writes more in his line tells something of his own


def trouble(text: Clean) -> Clean | None:
    """The heading of a signed list that tells of a trouble; None for any other message."""
    if len(text.plain) > _LONGEST or not _CALLED.search(text.plain):
        return None
    first = _LINE.search(text.plain)
    if first is None or _NONE.search(text.plain):
        return None
    lines = [line.strip(_EDGES) for line in _ITEMS.split(text.plain[first.start() :])]
    if any(len(line) > _LONG or talk.problem(line) for line in lines):
        return None
    heading = text.cut(0, first.start()).strip(_EDGES)
    called = _CALLED.match(heading.plain)  # #接龙 before it; 请接龙 behind it does no harm
    heading = heading.cut(called.end() if called else 0).strip(_EDGES)
    told = talk.problem(heading.plain) or _WANTED.search(heading.plain)
    return heading if told else None


def building(text: Clean) -> str | None:
    """The house that all who name one have signed for; None where there are several, or none."""
    found = {address(line).building for line in _ITEMS.split(text.plain)} - {None}
    return found.pop() if len(found) == 1 else None
