"""The approved template a text message is made of, and what fills its gaps (wechat.md 1j); pure."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from bot.channels._wecom_replies import cut_chars


class Template(BaseModel):
    """An approved template: its `id` in the cloud's console, and what fills its gaps, in order.

    A value is named as in the message (`number`, `status`, `text`, `time` ...); for Aliyun, whose
    gaps have names of their own, as `gap=value` where they differ.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, coerce_numbers_to_str=True
    )

    id: str
    params: list[str] = Field(default_factory=list)

    def filled(self, values: Mapping[str, str], longest: int) -> list[tuple[str, str]] | None:
        """(gap, value) pairs, each on one line; None where a value is missing."""
        pairs = [
            (gap, value or gap) for gap, _, value in (one.partition("=") for one in self.params)
        ]
        found = [
            (gap.strip(), cut_chars(" ".join(values.get(value.strip(), "").split()), longest))
            for gap, value in pairs
        ]
        return found if all(value for _, value in found) else None

    def sample(self) -> list[tuple[str, str]]:
        """The same gaps with something in each."""
        return [(one.partition("=")[0].strip(), "1") for one in self.params]
