"""What goes into the listener and what comes out of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# The words of a confirmation that is not whole-hearted.
BASICALLY = "基本满意"
# The words of who means every one of those he was asked about.
ALL = "都"
# The words of a plain yes.
YES = "是"


@dataclass(frozen=True, slots=True)
class Location:
    """Where something is, as the words say it; numbers are plain digits, letters upper case."""

    building: str | None = None
    unit: str | None = None
    room: str | None = None
    floor: str | None = None
    place: str | None = None

    def __bool__(self) -> bool:
        return any((self.building, self.unit, self.room, self.floor, self.place))

    @property
    def numbered(self) -> bool:
        """Whether a number of the address is known: more than a kind of place."""
        return any((self.building, self.unit, self.room, self.floor))


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing said, with what is known about the speaker and the conversation.

    `places` are the names people use around, `parts` the components that are being inspected.
    """

    text: str
    role: str = "resident"
    private: bool = False
    question: str = ""
    quote: str = ""
    attachments: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    now: datetime | None = None

    @property
    def staff(self) -> bool:
        """Whether the speaker works here."""
        return self.role != "resident"


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was meant.

    `sure` and `category_sure` are between 0 and 1. `hazard` names the kind of an urgent report, by
    which the safety words are chosen (a section of lexicon/urgent.toml). `placed` is how likely it
    is that something is wrong at the place of `location`. `when` is the moment an
    appointment is for, with its zone. `pii` holds (kind, words as written). `suspect`
    tells that it may be a report after all, although the action is silent.
    """

    intent: str
    sure: float = 0.5
    category: str | None = None
    category_sure: float = 0.0
    categories: tuple[str, ...] = ()
    urgent: bool = False
    hazard: str = ""
    location: Location = Location()
    placed: float = 1.0
    known_place: str | None = None
    case_number: str | None = None
    name: str | None = None
    words: str = ""
    duration: timedelta | None = None
    when: datetime | None = None
    pii: tuple[tuple[str, str], ...] = ()
    action: str = "silent"
    why: tuple[str, ...] = ()
    suspect: bool = False
