"""Whether a message of one matter, or of several, is heard as such.

Of the residents' lines that open a case: how many of one matter would be asked about as several,
and how many of several (`matters` on the line) are. Such lines are few, so short reports from
different houses are also joined two by two, in the order they stand in, as people run them
together. `python -m bot.training.several` prints the figures, `--errors` the first kind of misses.
"""

import sys
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from bot.training.lines import Line, own
from bot.understanding import Heard, Listener, Understanding
from bot.understanding.matters import Matter, matters

_CASES = frozenset("report inquiry suggestion".split())
_SHORT = 22  # signs; who reports two things at once says each of them shortly
_JOINTS = {"full stop": "。", "comma": "，", "space": " ", "line": "\n", "nothing": ""}


def main() -> int:
    """Print the figures."""
    lines = [line for line in own() if line.intent in _CASES and not line.staff]
    lines = [line for line in lines if _heard(line.text).action == "open"]
    one = [line for line in lines if line.matters == 1]
    several = [line for line in lines if line.matters > 1]
    wrong = [line.text for line in one if _apart(line.text)]
    found = sum(bool(_apart(line.text)) for line in several)
    print(f"one matter: {len(wrong)} of {len(one)} asked about")
    print(f"several matters: {found} of {len(several)} asked about")
    short = list(_short(one))
    for name, joint in _JOINTS.items():
        texts = [first + joint + second for first, second in _pairs(short)]
        heard = [len(_apart(text)) for text in texts]
        print(f"two houses, joined by a {name}: {heard.count(2)} of {len(texts)} taken for two")
    if "--errors" in sys.argv:
        print(*wrong, sep="\n")
    return 0


@cache
def _listener() -> Listener:
    return Listener()


def _heard(text: str) -> Understanding:
    return _listener().understand(Heard(text))


def _apart(text: str) -> Sequence[Matter]:
    return matters(text, _heard)


def _short(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """The short reports that begin with their house: the house, and the words."""
    for line in lines:
        text = line.text.rstrip("。！!～~")
        where = _heard(text).location.building
        told = line.intent == "report" and not line.urgent and len(text) <= _SHORT
        if told and where and where in text[:6].upper():
            yield where, text


def _pairs(short: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each two that stand one behind the other and name different houses."""
    for (one, first), (other, second) in pairwise(short):
        if one != other:
            yield first, second


if __name__ == "__main__":
    sys.exit(main())
