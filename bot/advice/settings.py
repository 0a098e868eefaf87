"""Section [advice] of gridbot.toml: an endpoint that is asked where the bot is not sure."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError

_SECONDS = re.compile(r"(\d{1,2}(?:\.\d{1,3})?)\s*s")
_LONGEST = timedelta(seconds=10)  # nobody waits longer for an answer that may be no better
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


class AdviceSettings(BaseModel):
    """What to ask, with which key, how long to wait, and how often in a month of Shanghai.

    `base_url` ends before /chat/completions. It may hold a password and is never shown.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    enabled: bool = False
    base_url: str = Field(default="", repr=False)
    key: SecretStr = SecretStr("")
    model: str = ""
    time_limit: str = "3s"
    monthly_budget: int = Field(default=1000, ge=0)

    @field_validator("time_limit")
    @classmethod
    def _readable(cls, value: str) -> str:
        found = _SECONDS.fullmatch(value.strip())
        if not found or not timedelta() < timedelta(seconds=float(found[1])) <= _LONGEST:
            raise PydanticCustomError("time_limit", "not a few seconds")
        return value.strip()

    @property
    def patience(self) -> timedelta:
        """How long an answer is waited for."""
        return timedelta(seconds=float(self.time_limit.rstrip("s ")))

    def faults(self) -> Iterator[tuple[str, str]]:
        """What must be put right before it can be used: keys of faults.toml, and the fields."""
        if self.enabled and not self.model.strip():
            yield "empty", "model"
        if self.enabled and not _address(self.base_url)[1]:
            yield "advice_url", "base_url"

    def warnings(self) -> Iterator[tuple[str, str]]:
        """What an operator should know: keys of faults.toml, and the fields."""
        if self.enabled and not self.key.get_secret_value().strip():
            yield "advice_key", "key"
        scheme, host = _address(self.base_url)
        if self.enabled and scheme == "http" and host not in _THIS_MACHINE:
            yield "advice_plain", "base_url"


def _address(url: str) -> tuple[str, str]:
    """Scheme and host of a web address; "" where it is none."""
    try:
        parts = urlsplit(url.strip())
        known = parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        return "", ""
    return (parts.scheme, parts.hostname or "") if known and parts.hostname else ("", "")
