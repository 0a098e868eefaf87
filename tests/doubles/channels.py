"""Channels that live in memory: each with the limits of a real one, written to by the test."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count

from bot.channels.base import (
    Accept,
    Blob,
    Failed,
    FetchError,
    Limits,
    Received,
    SendError,
    Window,
)
from domain.messages import Address, Inbound, Kind, Outbound
from scheduler.clock import VirtualClock

# The matrix of wechat.md 0.1, as far as a conversation over several channels shows it.
ARCHIVE = Limits(
    hears="all",
    hears_private=False,
    says_group=False,
    says_private=False,
    proactive=False,
    buttons=False,
)
KF = Limits(
    hears="nothing", says_group=False, window=Window(timedelta(hours=48), 5), max_bytes=2048
)
SERVICE = Limits(
    hears="nothing", says_group=False, window=Window(timedelta(hours=48), 5), buttons=False
)
ROBOT = Limits(hears="mentions")
APP = Limits(hears="nothing", says_group=False)
GROUPS = Limits(
    hears="nothing", hears_private=False, says_private=False, confirms=True, buttons=False
)
SMS = Limits(hears="nothing", hears_private=False, says_group=False, buttons=False, costs=True)
_NUMBERS = count(1)


class Scripted:
    """A channel whose platform is the test: `say` and `click` play people, `sent` is what they see.

    Errors put into `refusals` are raised by the next sends, one each. `ids` are what the sends
    returned, for `failed`: the platform may tell later that one did not arrive.
    """

    def __init__(self, name: str, kind: str, limits: Limits, clock: VirtualClock) -> None:
        self.name, self.kind, self.limits = name, kind, limits
        self.sent: list[Outbound] = []
        self.ids: list[str] = []
        self.failed: Failed | None = None
        self.refusals: list[SendError] = []
        self.trouble = ""
        self.down = False
        self._clock = clock
        self._accept: Accept | None = None

    @property
    def connected(self) -> bool:
        return not self.trouble and not self.down

    def secrets(self) -> tuple[str, ...]:
        return ()

    def report_to(self, failed: Failed) -> None:
        self.failed = failed

    def plug(self, accept: Accept) -> None:
        self._accept = accept

    async def run(self, accept: Accept) -> None:
        self._accept = accept

    async def fetch(self, ref: Mapping[str, str]) -> Blob:
        raise FetchError("there is nothing to fetch")

    async def send(self, outbound: Outbound) -> str:
        if self.refusals:
            raise self.refusals.pop(0)
        self.sent.append(outbound)
        self.ids.append(str(next(_NUMBERS)))
        return self.ids[-1]

    async def say(self, sender: str, text: str, group: str = "", **more) -> Received:
        """Somebody writes in a group, or in private."""
        assert self._accept is not None
        number = more.pop("id", f"m{next(_NUMBERS)}")
        said = Inbound(
            address=Address(self.name, group or sender, group=bool(group)),
            sender=sender,
            external_id=number,
            received_at=more.pop("at", self._clock.now()),
            text=text,
            **more,
        )
        return await self._accept(said)

    async def click(self, sender: str, button: str, group: str = "") -> Received:
        """Somebody presses a button of the newest card that has it."""
        card = next(
            out.card
            for out in reversed(self.sent)
            if out.card is not None
            and out.address.chat == (group or sender)
            and any(one.key == button for one in out.card.buttons)
        )
        return await self.say(
            sender, "", group, kind=Kind.CLICKED, button=button, card=card.task_id
        )

    def words(self, chat: str) -> list[str]:
        """What was said in a chat, oldest first."""
        return [out.text for out in self.sent if out.address.chat == chat]
