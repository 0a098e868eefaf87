"""The contract every channel keeps: what it can do, how it hears, how it speaks, how it fails."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import aiohttp
from aiohttp import web

from domain.messages import Inbound, Outbound

if TYPE_CHECKING:
    from store.consents import Consents
    from store.group_tasks import GroupTasks
    from store.streams import Streams


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
class Window:
    """How long after a person's last message he may be written to, and how often."""

    life: timedelta
    messages: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can do, as data: routes, templates, the health page and the README read it.

    `hears` is what of a group reaches us: "all", "mentions" or "nothing"; `hears_private` whether
    a person can write to the bot alone. `says_group` and `says_private` tell where it can speak at
    all; `proactive` whether without being spoken to; `window` bounds that to some time after a
    person's last message. With `confirms` nobody sees a message before a human has tapped.
    `mentions` tells whether people can be called by name. `markup` is "plain" or "markdown".
    `max_bytes` counts UTF-8 bytes of a text; `rates` are (messages, seconds) per conversation.
    `costs` marks channels that are paid by the message: the last resort.
    """

    hears: str = "all"
    hears_private: bool = True
    says_group: bool = True
    says_private: bool = True
    proactive: bool = True
    window: Window | None = None
    confirms: bool = False
    mentions: bool = False
    buttons: bool = True
    markup: str = "plain"
    max_bytes: int = 20480
    rates: tuple[tuple[int, int], ...] = ()
    unknown: Unknown = Unknown.RESEND
    costs: bool = False


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


@dataclass(frozen=True, slots=True)
class Failure:
    """A message the platform took and could not deliver; `id` is what `send` returned for it.

    `reason` is the platform's own word for the operator. `over`: nothing more can be said to this
    person there before he writes again.
    """

    id: str
    reason: str
    over: bool = False


Failed = Callable[[Failure], Awaitable[None]]


class Lease(Protocol):
    """The right to be the only one who does something: a row in the store that lives 15 s."""

    async def hold(self) -> bool:
        """Take or renew it; True when this process is the one holder."""

    async def release(self) -> None:
        """Give it up, if it is ours."""


class Vault(Protocol):
    """What channels keep in the store: access tokens, shared by all processes, and cursors.

    `group_tasks` are messages that wait for a human's tap; `consents` who agreed to be read.
    `streams` are answers that a platform comes to fetch.
    """

    group_tasks: "GroupTasks"
    consents: "Consents"
    streams: "Streams"

    async def token(
        self, key: str, fetch: Callable[[], Awaitable[tuple[str, float]]], *, failed: str = ""
    ) -> str:
        """The token under a key; fetched (token, seconds of life) once for all processes.

        `failed` is a token the platform refused: it is not given again. Raises what `fetch` raises.
        """

    async def cursor(self, name: str) -> str:
        """Where reading a stream stands; "" at the beginning."""

    async def keep_cursor(self, name: str, value: str) -> None:
        """Remember where reading stands, once all before it is stored."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a channel is made of besides its settings.

    `name` is its section, `folder` the deployment's, `public_url` the address under which the
    platform reaches this program ("" when nobody said). `lease` makes the lease of a name.
    """

    name: str
    now: Callable[[], datetime]
    session: aiohttp.ClientSession
    vault: Vault
    lease: Callable[[str], Lease]
    folder: Path
    public_url: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing `gridbot connect` and `gridbot doctor` looked at.

    `key` names its sentence in connect.toml, `fill` holds the values of its gaps.
    """

    key: str
    good: bool
    fill: Mapping[str, str] = field(default_factory=dict)


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


@runtime_checkable
class Called(Protocol):
    """A channel the platform calls, at /callback/NAME."""

    async def called(self, request: web.Request) -> web.StreamResponse:
        """Answer the platform; what was said is stored before it hears 200."""


@dataclass(frozen=True, slots=True)
class Knock:
    """What a platform asks at an address that is saved there, and the only right answer."""

    query: Mapping[str, str]
    answer: str


@runtime_checkable
class Verified(Protocol):
    """A channel whose address the platform verifies before it calls there."""

    def knock(self) -> Knock:
        """Such a question, made with our own keys: who answers it has the same."""


@runtime_checkable
class Examined(Protocol):
    """A channel whose credentials can be checked live."""

    async def examine(self) -> tuple[Finding, ...]:
        """Ask the platform; never raises, a fault is a Finding that is not good."""


@runtime_checkable
class Placed(Protocol):
    """A channel that speaks in the groups its section lists, and in no others."""

    @property
    def chats(self) -> tuple[str, ...]:
        """The chat ids of these groups, as they should stand in groups.csv."""


@runtime_checkable
class Troubled(Protocol):
    """A channel that knows why it is down."""

    @property
    def trouble(self) -> str:
        """The key of a sentence in connect.toml, "" while all is well."""


@runtime_checkable
class Reporting(Protocol):
    """A channel whose platform tells later what it could not deliver."""

    def report_to(self, failed: Failed) -> None:
        """Tell of each failure with this; where it raises, the platform is to tell it again."""
