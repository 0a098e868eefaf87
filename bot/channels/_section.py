"""A channel's section of gridbot.toml: what all sections have in common."""

import re
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, SecretStr
from pydantic_core import PydanticCustomError


def _listed(value: object) -> object:
    """Take `a,b` as well, the way a variable is written."""
    if not isinstance(value, str):
        return value
    return [name for part in value.split(",") if (name := part.strip(" []\"'"))]


_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
Listed = Annotated[list[str], BeforeValidator(_listed)]


def _keyed(value: SecretStr) -> SecretStr:
    """Refuse what is no EncodingAESKey before the program runs on it; empty is not filled in."""
    if value.get_secret_value() and not _AES_KEY.fullmatch(value.get_secret_value()):
        raise PydanticCustomError("aes_key", "43 letters and digits")
    return value


AesKey = Annotated[SecretStr, AfterValidator(_keyed)]


class Section(BaseModel):
    """[channels.NAME]: `kind` is the channel's file and defaults to the name.

    `required` names the keys that must not be empty while the channel is enabled. `known_by` names
    those that say whom the platform knows it as: two sections of one would fight.
    """

    # A variable is text even where it looks like a number: SECRET=12345.
    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, coerce_numbers_to_str=True
    )
    required: ClassVar[tuple[str, ...]] = ()
    known_by: ClassVar[tuple[str, ...]] = ()

    kind: str = ""
    enabled: bool = True
    names: Listed = []

    def missing(self) -> tuple[str, ...]:
        """The required keys that are empty."""
        return tuple(key for key in self.required if not plain(getattr(self, key)).strip())

    def known_as(self) -> tuple[str, ...]:
        """Kind and account, to compare with other sections; () where it names none."""
        named = tuple(plain(getattr(self, key)).strip() for key in self.known_by)
        return (self.kind, *named) if named and all(named) else ()

    def secrets(self) -> tuple[str, ...]:
        """The values that must never reach a log."""
        values = (getattr(self, key) for key in type(self).model_fields)
        return tuple(plain(one) for one in values if isinstance(one, SecretStr) and plain(one))


def plain(value: object) -> str:
    """A setting's value as text, secrets opened."""
    if isinstance(value, list):
        return ",".join(map(str, value))  # "" where nothing is listed
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
