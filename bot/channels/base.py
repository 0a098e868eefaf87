"""The contract every channel keeps: what it can do, how it hears, how it speaks, how it fails."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.messages import Inbound, Outbound


class Received(StrEnum):
    """What became of an inbound message; answered only after the commit."""

    NEW = "new"
    SEEN = "seen"
    REFUSED = "refused"  # not stored (queue full, store down): let the platform retry


class Unknown(StrEnum):
    """What to do with a message when it is not known whether the platform got it."""

    RESEND = "resend"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can do, as data; delivery, templates and the health page read it.

    `rates` are (messages, seconds) per conversation. `max_bytes` counts UTF-8 bytes of a text.
    `markup` is "plain" or "markdown". `hears` is "all" or "mentions" (group messages).
    """

    hears: str = "all"
    proactive: bool = True
    buttons: bool = True
    markup: str = "plain"
    max_bytes: int = 20480
    rates: tuple[tuple[int, int], ...] = ()
    unknown: Unknown = Unknown.RESEND


class SendError(Exception):
    """A message was not sent. The flags decide what happens next, not the type.

    `retryable`: the same row may be tried again, after `retry_after` seconds when given.
    `unreachable`: this address cannot be reached at all; use the row's fallback.
    `code` is the platform's error code for the log, 0 when there is none.
    """

    def __init__(
        self,
        message: str,
        *,
        retryable: bool = False,
        unreachable: bool = False,
        retry_after: float | None = None,
        code: int = 0,
    ) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.unreachable = unreachable
        self.retry_after = retry_after
        self.code = code


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that were fetched, with the name and type the platform gave them."""

    data: bytes
    name: str = ""
    mime: str = ""


class FetchError(Exception):
    """An attachment could not be fetched; `retryable` tells whether to try again."""

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


Accept = Callable[[Inbound], Awaitable[Received]]


class Channel(Protocol):
    """One way in and out. `name` is its section in gridbot.toml, `kind` the file it lives in."""

    name: str
    kind: str
    limits: Limits

    @property
    def connected(self) -> bool:
        """Whether a message could be sent right now."""

    async def run(self, accept: Accept) -> None:
        """Listen until cancelled; survives every error of the platform and of its network."""

    async def send(self, outbound: Outbound) -> str:
        """Send one message and return the platform's id for it ("" if none). Raises SendError."""

    async def fetch(self, ref: Mapping[str, str]) -> Blob:
        """Fetch an attachment's bytes. Raises FetchError."""

    def secrets(self) -> tuple[str, ...]:
        """Strings that must never reach a log."""
