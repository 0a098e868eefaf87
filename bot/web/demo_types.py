"""What the demo page needs from the program: the composition root implements `Demo`."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.channels.simulator import Simulator


class PersonLike(Protocol):
    """Somebody of people.csv."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def area(self) -> str: ...


class GroupLike(Protocol):
    """A group of groups.csv."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def area(self) -> str: ...
    @property
    def name(self) -> str: ...


class AreaLike(Protocol):
    """An area of areas.csv; the topmost one has no parent."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def parent(self) -> str | None: ...


class World(Protocol):
    """Who and what there is, by id."""

    @property
    def people(self) -> Mapping[str, PersonLike]: ...
    @property
    def groups(self) -> Mapping[str, GroupLike]: ...
    @property
    def areas(self) -> Mapping[str, AreaLike]: ...


class Demo(Protocol):
    """The running program, as the demo page sees it."""

    @property
    def simulator(self) -> Simulator: ...

    @property
    def world(self) -> World: ...

    @property
    def running(self) -> bool:
        """Whether the demo's clock goes by itself (True) or stands until it is moved (False)."""

    def now(self) -> datetime:
        """The demo's time, aware."""

    async def cases(self) -> list[dict[str, str]]:
        """All cases: `number` and the fields of dialogues.md, "-" where empty.

        Besides: `summary`, `category_name`, `building_name`, `opened` and `due_iso` (ISO, +08:00).
        With `can`, the button keys the bot would still take for this case, apart by spaces, the
        page greys all others on its cards; without it, it greys what was pressed and what is ended.
        A bounded number of them: the newest.
        """

    async def timeline(self, number: str) -> list[dict[str, str]]:
        """A case's history, oldest first: `at` (ISO), `what` (a sentence), `who` (id or name).

        Empty when there is no such case.
        """

    async def move_clock(self, minutes: int | None) -> str:
        """Let time pass (None: up to the next deadline); what falls due fires. The new ISO time."""

    async def save_media(self, data: bytes, name: str, mime: str) -> str:
        """Keep a picture and return its key (hex SHA-256)."""

    async def load_media(self, key: str) -> tuple[bytes, str] | None:
        """A kept picture's bytes and type."""

    def subscribe(self) -> asyncio.Queue[None]:
        """A bounded queue that is woken whenever cases or the clock may have changed."""

    def unsubscribe(self, queue: asyncio.Queue[None]) -> None:
        """Hand a queue of `subscribe` back."""
