"""What is said, in and out: the same shapes for every channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """A place to speak: a group chat, or one person's private chat, on one channel.

    `chat` is the platform's own id, case kept: the group's id, or the person's id in private.
    """

    channel: str
    chat: str
    group: bool = False

    @property
    def key(self) -> str:
        """The conversation's key: one string, unique over all channels."""
        return f"{self.channel}|{'g' if self.group else 'p'}|{self.chat}"


class Kind(StrEnum):
    """What a person did."""

    SAID = "said"  # words, attachments, or both
    CLICKED = "clicked"  # pressed a button of a card
    RECALLED = "recalled"  # took an earlier message back
    ENTERED = "entered"  # opened the private chat: a welcome is due
    LEFT = "left"  # left the account, or agrees no longer that what he says is kept


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture, voice, video, file or location that came with a message.

    `kind` is one of image, voice, video, file, location. `key` names the bytes in the media store
    once they are there (hex SHA-256). `ref` is what the channel needs to fetch them (its own
    keys; secret, short-lived); empty when there is nothing to fetch.
    """

    kind: str
    name: str = ""
    key: str = ""
    ref: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing a person did, as a channel heard it.

    `external_id` is the platform's message id, "" where it has none. `sender` is the platform's
    id of the person. `named` tells that the bot was mentioned; its name is already stripped from
    `text`. `quote` holds the words of the message that is answered. For CLICKED, `button` is the
    button's key and `card` the card's task id; for RECALLED, `card` is the recalled message's
    external id. `handle` is what the channel needs to answer exactly this message; its key
    `edits` names the message these words take the place of. `union` is the platform's id of the
    person over all its accounts (unionid), where it gives one.
    """

    address: Address
    sender: str
    external_id: str
    received_at: datetime
    kind: Kind = Kind.SAID
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    quote: str = ""
    named: bool = False
    button: str = ""
    card: str = ""
    handle: Mapping[str, str] = field(default_factory=dict)
    union: str = ""

    @property
    def private(self) -> bool:
        """Whether it was said to the bot alone."""
        return not self.address.group


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a card: `key` is what a click brings back, `label` what a person reads."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Card:
    r"""A message with buttons; `Outbound.text` says the same words for channels without cards.

    `task_id` is unique for the bot, `[0-9A-Za-z_\-@]`, at most 128 bytes (wechat.md 1a.5), and
    comes back with each click. `fields` are short name-value pairs, `body` the longer words.
    """

    task_id: str
    title: str
    body: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message ready to be sent: rendered, escaped and cut for its channel.

    `once` is the key under which it may be said a single time, stable over retries and restarts.
    `handle` is the `Inbound.handle` of the message this answers ({} for a push). `to` holds the
    platform ids of the people it is addressed to, where it is said in a group. `template` is the
    template it was made with and `values` some of what stood in it, for platforms that take only
    words of their own with gaps.
    """

    once: str
    address: Address
    text: str
    card: Card | None = None
    handle: Mapping[str, str] = field(default_factory=dict)
    to: tuple[str, ...] = ()
    template: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
