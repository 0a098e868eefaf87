"""The values of a private message, for channels that have a form of their own to fill."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from bot.phrases import Phrases


class Values(Mapping[str, str]):
    """What a private message's case tells, worked out when a channel looks: few of them do."""

    def __init__(self, phrases: Phrases, context: Mapping[str, Any]) -> None:
        self._phrases, self._context = phrases, context

    @cached_property
    def _found(self) -> Mapping[str, str]:
        return self._phrases.values(self._context, alone=True)

    def __getitem__(self, key: str) -> str:
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
