"""A channel's section while it is being filled in: from gridbot.toml, the environment, a person."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import SecretStr

from bot.channels import _kinds
from bot.channels._section import Section
from bot.deployment.faults import Faults
from bot.deployment.files import Report
from bot.deployment.settings import CHANNEL_NAME, FILE, Settings, read_settings
from bot.deployment.toml_edit import Value, literal, with_values
from bot.setup.guide import said


class CannotConnect(Exception):
    """What was asked for cannot be done; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A section as far as it is known.

    `held` are values of secrets that stand nowhere yet; `made` names those made here.
    """

    settings: Settings
    section: Section
    held: Mapping[str, str] = field(default_factory=dict)
    made: frozenset[str] = frozenset()

    @property
    def mode(self) -> str:
        """Which of its modes a section has chosen; "" where its kind has none."""
        return str(getattr(self.section, "mode", ""))

    def secret(self, key: str) -> bool:
        """Whether a key's value must not be shown."""
        return isinstance(getattr(self.section, key), SecretStr)

    def empty(self, key: str) -> bool:
        """Whether a secret has no value."""
        value = getattr(self.section, key)
        return isinstance(value, SecretStr) and not value.get_secret_value()

    def filled(self, key: str, value: str, *, made: bool = False) -> "Draft":
        """The draft with a key's value. Raises ValidationError."""
        section = type(self.section).model_validate({**dict(self.section), key: value})
        held = {**self.held, key: value} if self.secret(key) else self.held
        return replace(
            self, section=section, held=held, made=self.made | ({key} if made else set())
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a channel's section stands: a deployment's folder, and the section's name."""

    folder: Path
    name: str

    @property
    def table(self) -> tuple[str, ...]:
        return ("channels", self.name)

    def kind(self, wanted: str) -> str:
        """The channel's kind: what is asked for, what stands in the file, or the name.

        Raises CannotConnect.
        """
        there = self.section
        stated = (str(there.get("kind") or self.name)) if there is not None else ""
        found = wanted or stated or self.name
        if wanted and stated and wanted != stated:
            raise CannotConnect(said("say", "other_kind", name=self.name, kind=stated))
        if not CHANNEL_NAME.fullmatch(self.name):
            raise CannotConnect(said("say", "bad_name", name=self.name))
        if found not in _kinds.kinds():
            known = ", ".join(_kinds.kinds())
            raise CannotConnect(said("say", "no_kind", kind=found, known=known))
        return found

    @property
    def section(self) -> Mapping[str, object] | None:
        """The section in the file; None where there is none. Raises CannotConnect, Faults."""
        try:
            channels = tomllib.loads(self._text).get("channels", {})
        except tomllib.TOMLDecodeError:
            self.read()  # says which line
            raise
        found = channels.get(self.name) if isinstance(channels, dict) else None
        return found if isinstance(found, dict) else None

    def add(self, kind: str) -> None:
        """Write a section that is off until everything is there. Raises CannotConnect."""
        shape: type[Section] = _kinds.find(kind).Settings
        empty = shape(kind=kind)
        values: dict[str, Value] = {} if kind == self.name else {"kind": kind}
        values["enabled"] = False
        for key in empty.missing():
            value = getattr(empty, key)
            if isinstance(value, str | list):
                values[key] = value
        self.write(self.table, values)

    def write(self, table: tuple[str, ...], values: Mapping[str, Value]) -> None:
        """Set keys in gridbot.toml. Raises CannotConnect with what to write by hand."""
        changed = with_values(self._text, table, values)
        if changed is None:
            lines = "  ".join(f"{key} = {literal(value)}" for key, value in values.items())
            raise CannotConnect(said("say", "unwritable", table=".".join(table), lines=lines))
        (self.folder / FILE).write_bytes(changed.encode())

    def read(self) -> Draft:
        """The section as the file and the environment give it. Raises Faults."""
        report = Report()
        settings, _ = read_settings(self.folder, report)
        section = settings.sections.get(self.name) if settings is not None else None
        if settings is None or section is None:
            own = [one for one in report.faults if one.field.startswith(f"channels.{self.name}")]
            raise Faults(own or report.faults)
        return Draft(settings, section)

    @property
    def _text(self) -> str:
        path = self.folder / FILE
        if not path.is_file():
            raise CannotConnect(said("say", "no_file", folder=self.folder))
        return path.read_bytes().decode("utf-8-sig")
