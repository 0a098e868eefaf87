"""The simulator: a chat that exists only in memory, for the demo page, dialogues and tests.

It hears everything said in its groups. A person's platform id is the id in people.csv, a group's
chat id the id in groups.csv.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.channels._words import clean, strip_names
from bot.channels.base import Accept, Blob, FetchError, Limits, Received
from domain.messages import Address, Attachment, Card, Inbound, Kind, Outbound
from domain.workdays import TZ

LIMITS = Limits(hears="all", buttons=True, markup="plain", max_bytes=20480)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a simulated chat, as everybody in it sees it.

    `speaker` is a person's id, "" for the bot. `to` holds the ids of the people the bot addresses.
    `card` carries the buttons, if any. `recalled` tells that its speaker took it back.
    """

    number: int
    at: datetime
    address: Address
    speaker: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    quote: str = ""
    card: Card | None = None
    to: tuple[str, ...] = ()
    recalled: bool = False


class Simulator:
    """A channel whose platform is this object: `say`, `click`, `recall` and `enter` play people."""

    kind = "simulator"

    def __init__(
        self, now: Callable[[], datetime], name: str = "simulator", names: tuple[str, ...] = ()
    ) -> None:
        self.name = name
        self.names = names
        self.limits = LIMITS
        self.transcript: list[Entry] = []
        self._now = now
        self._accept: Accept | None = None
        self._once: dict[str, str] = {}
        self._listeners: set[asyncio.Queue[Entry]] = set()
        self._entered: dict[str, date] = {}
        self._ticks = 0

    @property
    def connected(self) -> bool:
        return True

    def secrets(self) -> tuple[str, ...]:
        return ()

    def plug(self, accept: Accept) -> None:
        """Connect the chat to the program: from here on what people do is accepted by it."""
        self._accept = accept

    async def run(self, accept: Accept) -> None:
        self.plug(accept)
        await asyncio.Event().wait()

    async def fetch(self, ref: Mapping[str, str]) -> Blob:
        raise FetchError("the simulator's pictures are in the media store already")

    async def send(self, outbound: Outbound) -> str:
        """Show the bot's words; the same `once` is shown a single time."""
        known = self._once.get(outbound.once)
        if known is not None:
            return known
        entry = self._record(
            outbound.address, "", outbound.text, card=outbound.card, to=outbound.to
        )
        self._once[outbound.once] = str(entry.number)
        return str(entry.number)

    async def say(
        self,
        person: str,
        group: str,
        text: str,
        attachments: tuple[Attachment, ...] = (),
        quote: str = "",
    ) -> Received:
        """A person writes in `group`, or to the bot in private when `group` is ""."""
        entry = self._record(
            self.address(person, group), person, text, attachments=attachments, quote=quote
        )
        words, named = strip_names(clean(text), self.names)
        return await self._hear(
            Inbound(
                address=entry.address,
                sender=person,
                external_id=str(entry.number),
                received_at=entry.at,
                text=words,
                attachments=attachments,
                quote=clean(quote),
                named=named,
            )
        )

    async def click(self, person: str, key: str, task_id: str = "") -> Received:
        """A person presses the button `key` of the newest card sent to them that has it.

        Raises LookupError when there is no such card.
        """
        for entry in reversed(self.transcript):
            card = entry.card
            if card is None or (task_id and card.task_id != task_id):
                continue
            mine = entry.address == self.address(person, "") or person in entry.to
            if (mine or task_id) and any(button.key == key for button in card.buttons):
                return await self._hear(
                    Inbound(
                        address=entry.address,
                        sender=person,
                        external_id=f"click-{self._tick()}",
                        received_at=self._now(),
                        kind=Kind.CLICKED,
                        button=key,
                        card=card.task_id,
                    )
                )
        raise LookupError(key)

    async def recall(self, person: str, group: str) -> Received:
        """A person takes their last message in that chat back. Raises LookupError without one."""
        address = self.address(person, group)
        for index in range(len(self.transcript) - 1, -1, -1):
            entry = self.transcript[index]
            if entry.speaker == person and entry.address == address and not entry.recalled:
                self.transcript[index] = replace(entry, text="", attachments=(), recalled=True)
                return await self._hear(
                    Inbound(
                        address=address,
                        sender=person,
                        external_id=f"recall-{entry.number}",
                        received_at=self._now(),
                        kind=Kind.RECALLED,
                        card=str(entry.number),
                    )
                )
        raise LookupError(person)

    async def enter(self, person: str) -> Received:
        """A person opens the private chat: the platform tells the bot once a day."""
        today = self._now().astimezone(TZ).date()
        if self._entered.get(person) == today:
            return Received.SEEN
        self._entered[person] = today
        return await self._hear(
            Inbound(
                address=self.address(person, ""),
                sender=person,
                external_id=f"enter-{self._tick()}",
                received_at=self._now(),
                kind=Kind.ENTERED,
            )
        )

    def address(self, person: str, group: str) -> Address:
        """The address of a group, or of a person's private chat when `group` is ""."""
        return Address(self.name, group or person, group=bool(group))

    def listen(self) -> asyncio.Queue[Entry]:
        """A queue that gets every new entry; hand it back to `leave`. Bounded: slow ones miss."""
        queue: asyncio.Queue[Entry] = asyncio.Queue(maxsize=1000)
        self._listeners.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[Entry]) -> None:
        self._listeners.discard(queue)

    async def _hear(self, inbound: Inbound) -> Received:
        if self._accept is None:
            raise RuntimeError("the simulator is not plugged in")
        return await self._accept(inbound)

    def _tick(self) -> int:
        self._ticks += 1
        return self._ticks

    def _record(
        self,
        address: Address,
        speaker: str,
        text: str,
        *,
        attachments: tuple[Attachment, ...] = (),
        quote: str = "",
        card: Card | None = None,
        to: tuple[str, ...] = (),
    ) -> Entry:
        entry = Entry(
            len(self.transcript) + 1,
            self._now(),
            address,
            speaker,
            text,
            attachments,
            quote,
            card,
            to,
        )
        self.transcript.append(entry)
        for queue in self._listeners:
            if not queue.full():
                queue.put_nowait(entry)
        return entry
