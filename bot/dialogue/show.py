"""A simulated conversation as a person would read it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels.simulator import Entry
from bot.dialogue.parse import SHANGHAI
from domain.messages import Address, Attachment, Card

_WEEKDAYS = "一二三四五六日"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SHOWN = {"image": "图片", "voice": "语音", "location": "位置", "file": "文件", "video": "视频"}


@dataclass(frozen=True, slots=True)
class Names:
    """What people and groups are called: id -> name."""

    people: Mapping[str, str]
    groups: Mapping[str, str]

    def person(self, person: str) -> str:
        """Name a person; a stranger by their id, the bot by its own name."""
        return self.people.get(person, person) if person else "网格小助手"

    def place(self, address: Address) -> str:
        """Name a chat."""
        if address.group:
            return self.groups.get(address.chat, address.chat)
        return f"{self.person(address.chat)}（私聊）"


class Show:
    """Tells a conversation as it grows; silent without `tell`."""

    def __init__(self, names: Names, tell: Callable[[str], None] | None) -> None:
        self._names = names
        self._tell = tell
        self._told = 0
        self._clock: datetime | None = None

    def entries(self, transcript: Sequence[Entry]) -> None:
        """Tell what is new."""
        for entry in transcript[self._told :]:
            self.say(self.entry(entry))
        self._told = len(transcript)

    def time(self, at: datetime) -> None:
        """Tell that time has passed."""
        at = at.astimezone(SHANGHAI)
        if self._clock != at:
            self.say(f"\n—— {at:%Y-%m-%d} 星期{_WEEKDAYS[at.weekday()]} {at:%H:%M} ——")
        self._clock = at

    def click(self, at: datetime, person: str, key: str, transcript: Sequence[Entry]) -> None:
        """Tell that a person presses a button."""
        cards = [entry.card for entry in reversed(transcript) if entry.card is not None]
        labels = [button.label for card in cards for button in card.buttons if button.key == key]
        label = labels[0] if labels else key
        self.say(f"{_clock(at)}  {self._names.person(person)} 按下〔{label}〕")

    def recall(self, at: datetime, person: str, chat: str) -> None:
        """Tell that a person takes a message back."""
        where = self._names.place(Address("", chat or person, group=bool(chat)))
        self.say(f"{_clock(at)}  {where}  {self._names.person(person)} 撤回了一条消息")

    def say(self, text: str) -> None:
        """Tell a line."""
        if self._tell is not None:
            self._tell(clean(text))

    def entry(self, entry: Entry) -> str:
        """Write one message down: when, where, who, to whom, the words, attachments, buttons."""
        to = "、".join(self._names.person(person) for person in entry.to)
        who = self._names.person(entry.speaker) + (f" → {to}" if to else "")
        parts = [
            f"「引用：{_short(entry.quote)}」" if entry.quote else "",
            entry.text,
            *(_attached(attachment) for attachment in entry.attachments),
            _buttons(entry.card),
        ]
        words = " ".join(part for part in parts if part).replace("\n", "\n         ")
        return f"{_clock(entry.at)}  {self._names.place(entry.address)}  {who}：{words}"


def clean(text: str) -> str:
    """Make a text safe to print: control characters and lone surrogates become a mark."""
    return _UNPRINTABLE.sub("\ufffd", text)


def _clock(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%m-%d %H:%M}"


def _short(text: str, length: int = 20) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length] + "…"


def _attached(attachment: Attachment) -> str:
    kind = _SHOWN.get(attachment.kind, attachment.kind)
    return f"[{kind} {attachment.name}]" if attachment.name else f"[{kind}]"


def _buttons(card: Card | None) -> str:
    return "".join(f"〔{button.label}〕" for button in card.buttons) if card else ""
