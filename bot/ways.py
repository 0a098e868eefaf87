"""What the channels can do, as the choice of a way reads it."""

from collections.abc import Iterable, Mapping

from bot.channels.base import Channel, Limits, Troubled
from domain.routes import Ability


def ability(limits: Limits) -> Ability:
    """The part of a channel's row in the capability matrix that decides about ways."""
    window = limits.window
    return Ability(
        says_group=limits.says_group,
        says_private=limits.says_private,
        proactive=limits.proactive,
        window=window.life if window is not None else None,
        messages=window.messages if window is not None else 0,
        confirms=limits.confirms,
        buttons=limits.buttons,
        costs=limits.costs,
        max_bytes=limits.max_bytes,
    )


class Ways:
    """The channels of a running program, by name."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        # Asked for each thing said: to tell a protocol's members is long.
        self._troubled = {n: one for n, one in channels.items() if isinstance(one, Troubled)}
        self.abilities = {name: ability(one.limits) for name, one in channels.items()}
        self.kinds = {name: one.kind for name, one in channels.items()}

    def up(self, name: str) -> bool:
        """Whether a channel can work at all; one that is merely not connected soon will again."""
        channel = self._troubled.get(name)
        return channel is None or not channel.trouble


def windowed(channels: Iterable[Channel]) -> frozenset[str]:
    """The channels on which people may be written to for some time after their last word."""
    return frozenset(one.name for one in channels if one.limits.window is not None)
