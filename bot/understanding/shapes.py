"""What goes into the listener and what comes out of it."""

from dataclasses import dataclass
from datetime import timedelta

# The words of a confirmation that is not whole-hearted.
BASICALLY = "基本满意"


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
    """One thing said, with what is known about the speaker and the conversation."""

    text: str
    role: str = "resident"
    private: bool = False
    question: str = ""
    quote: str = ""
    attachments: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def staff(self) -> bool:
        """Whether the speaker works here."""
        return self.role != "resident"


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was meant."""

    intent: str
    sure: float = 0.5
    category: str | None = None
    categories: tuple[str, ...] = ()
    urgent: bool = False
    location: Location = Location()
    known_place: str | None = None
    case_number: str | None = None
    name: str | None = None
    words: str = ""
    duration: timedelta | None = None
    pii: tuple[tuple[str, str], ...] = ()
    action: str = "silent"
