"""The lines of a dialogue file, and the patterns that a message is held against."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.messages import Attachment

LAST = 0  # `? case last`: the newest case

_NUMBER = re.compile(r"\{([1-9][0-9]{0,3})\}")
# In a regular expression `\d{4}` stays a count; `{1}` would be a useless one, so it is a case.
_NUMBER_IN_REGEX = re.compile(r"\{(1)\}|(?<!\\[dDwWsS])(?<![.\])])\{([2-9]|[1-9][0-9]{1,3})\}")


class DialogueError(Exception):
    """A dialogue file cannot be read; the message says what to write instead."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}" if line else f"{file}: {message}")
        self.file = file
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class Line:
    """One line that means something, and where it stands."""

    file: str
    number: int

    def error(self, message: str) -> DialogueError:
        """Say what is wrong with this line."""
        return DialogueError(self.file, self.number, message)


@dataclass(frozen=True, slots=True)
class World(Line):
    """The deployment folder to use, relative to the file."""

    folder: str


@dataclass(frozen=True, slots=True)
class Now(Line):
    """Sets the clock, or lets time pass up to this moment."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Wait(Line):
    """Lets time pass."""

    length: timedelta


@dataclass(frozen=True, slots=True)
class Says(Line):
    """A person writes in `chat`, or to the bot in private when `chat` is "".

    `quote` holds the first words of the earlier message that is answered, "" without one.
    """

    person: str
    chat: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Recalls(Line):
    """A person takes their last message in that chat back."""

    person: str
    chat: str


@dataclass(frozen=True, slots=True)
class Clicks(Line):
    """A person presses a button of the newest card they were sent."""

    person: str
    key: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a whole message must look like: text with `*`, or a regular expression in slashes."""

    source: str

    def matches(self, text: str, numbers: Mapping[int, str]) -> bool:
        """Whether `text` fits; `numbers` are the bot's own numbers of the dialogue's cases."""
        if not is_regex(self.source):
            return _glob(fill(self.source, numbers), text)
        return compiled(self.source, numbers).search(text) is not None


@dataclass(frozen=True, slots=True)
class Expectation(Line):
    """Something that must be true; `source` is the line as it was written."""

    source: str


@dataclass(frozen=True, slots=True)
class Spoke(Expectation):
    """The bot said something like this there, or (`negated`) nothing like it."""

    target: str
    pattern: Pattern
    negated: bool


@dataclass(frozen=True, slots=True)
class CaseIs(Expectation):
    """Case `index` of the dialogue (1 = first opened, LAST = newest) has these values."""

    index: int
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CaseCount(Expectation):
    """So many cases exist in this dialogue."""

    count: int


@dataclass(frozen=True, slots=True)
class VisitIs(Expectation):
    """The planned visit of that place or person has these values."""

    key: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SaidCount(Expectation):
    """The bot has said exactly so many things in that chat since the start."""

    chat: str
    count: int


def fill(text: str, numbers: Mapping[int, str]) -> str:
    """Put the bot's own case numbers where `{1}` stands; an unknown one stays as it is."""
    return _NUMBER.sub(lambda found: numbers.get(int(found[1]), found[0]), text)


def named_cases(text: str) -> set[int]:
    """Which cases of the dialogue `{1}`, `{2}` ... in this text, value or pattern stand for."""
    expression = _NUMBER_IN_REGEX if is_regex(text) else _NUMBER
    return {int(found.group(found.lastindex or 0)) for found in expression.finditer(text)}


def is_regex(pattern: str) -> bool:
    """Whether this pattern stands between slashes."""
    return len(pattern) > len("//") and pattern.startswith("/") and pattern.endswith("/")


def compiled(pattern: str, numbers: Mapping[int, str]) -> re.Pattern[str]:
    """Read the regular expression between the slashes. Raises re.error."""

    def number(found: re.Match[str]) -> str:
        known = numbers.get(int(found[1] or found[2]))
        return re.escape(found[0] if known is None else known)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.compile(_NUMBER_IN_REGEX.sub(number, pattern[1:-1]), re.DOTALL)


def _glob(pattern: str, text: str) -> bool:
    """Whether the whole text fits; each `*` stands for anything, everything else for itself."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    *middle, last = rest
    if not text.startswith(first) or not text.endswith(last):
        return False
    position, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return position <= end
