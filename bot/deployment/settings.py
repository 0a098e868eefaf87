"""The settings of a deployment: gridbot.toml with the environment over it.

Only this module reads the environment and gridbot.toml. A variable is named by its path, as in
GRIDBOT_CHANNELS__WECOM_ROBOT__SECRET; one that is set to nothing counts as set.
"""

import os
import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)
from typing_extensions import override

from bot.advice.settings import AdviceSettings
from bot.channels import _kinds
from bot.channels._section import Section
from bot.deployment.addresses import is_web, store_url
from bot.deployment.faults import Faults
from bot.deployment.files import Report
from bot.deployment.toml import Toml, read_toml
from bot.notices.weather import EventsSettings

FILE = "gridbot.toml"
PREFIX = "GRIDBOT_"
CHANNEL_NAME = re.compile(r"[a-z][a-z0-9_]*")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-3]):([0-5]\d)")
_WORDS = re.compile(r"\^\((\w+(?:\|\w+)+)\)\??\$")
_MESSAGES = {
    "bool_parsing": "setting_bool",
    "bool_type": "setting_bool",
    "string_type": "setting_text",
    "list_type": "setting_list",
    "missing": "key_missing",
}
_SECRETS = {"token", "secret", "url", "key", "base_url"}


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class DeploymentSettings(_Section):
    """Section [deployment]: what it is called, and who gets what nobody else can take (B17)."""

    name: str = "GridBot"
    backstop: str = ""


class StoreSettings(_Section):
    """Section [store]; the URL may hold a password and is never shown."""

    url: str = Field(default="", repr=False)


class HttpSettings(_Section):
    """Section [http]: where the pages are served; port 0 takes any free one.

    `public_url` is the address under which the platforms reach this program, for `connect`, and
    under which people open its pages.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""

    @property
    def pages(self) -> str:
        """The address under which people open our pages; "" where there is none."""
        url = self.public_url.strip().rstrip("/")
        return url if is_web(url) else ""


class QuietSettings(_Section):
    """Section [quiet]: when nobody is reminded of what can wait; "off" means never."""

    hours: str = "22:00-07:00"

    @field_validator("hours")
    @classmethod
    def _readable(cls, value: str) -> str:
        if value.strip() not in ("", "off") and not _HOURS.fullmatch(value.strip()):
            raise PydanticCustomError("quiet", "not a span of hours")
        return value.strip()

    @property
    def span(self) -> tuple[time, time] | None:
        """Start and end of the quiet hours; None when there are none."""
        found = _HOURS.fullmatch(self.hours)
        if found is None:
            return None
        start, start_minute, end, end_minute = map(int, found.groups())
        return time(start, start_minute), time(end, end_minute)


class Settings(BaseSettings):
    """Everything an operator can set outside the tables and the rules.

    `channels` holds a Section of its kind for each channel once the settings are loaded.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=False,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    deployment: DeploymentSettings = DeploymentSettings()
    store: StoreSettings = StoreSettings()
    http: HttpSettings = HttpSettings()
    channels: dict[str, dict[str, Any]] = {}
    quiet: QuietSettings = QuietSettings()
    events: EventsSettings = EventsSettings()
    advice: AdviceSettings = AdviceSettings()

    @property
    def sections(self) -> dict[str, Section]:
        """The channels' sections by name."""
        return cast("dict[str, Section]", self.channels)

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the environment over the file; there is nothing else."""
        return env_settings, init_settings

    @classmethod
    def load(cls, folder: Path) -> "Settings":
        """Read gridbot.toml and the environment; raises Faults with all that is wrong."""
        report = Report()
        settings, _ = read_settings(folder, report)
        if settings is None or report.faults:
            raise Faults(report.faults)
        return settings


def read_settings(
    folder: Path, report: Report, source: Path | None = None
) -> tuple[Settings | None, Toml | None]:
    """Read the settings of a folder into a report; None where they cannot be used.

    `source` is the folder whose gridbot.toml is read where the folder itself has none.
    """
    toml = read_toml((source or folder) / FILE, FILE, report)
    if toml is None:
        return None, None
    try:
        settings = Settings(**toml.data)
    except ValidationError as error:
        for detail in error.errors():
            _note(detail, toml, report)
        _sections(toml.data.get("channels"), toml, report)
        return None, toml
    except SettingsError as error:
        report.add("setting", f"{PREFIX}*", value="", reason=error)
        return None, toml
    return _finished(settings, folder, toml, report), toml


def where(toml: Toml, *path: str | int) -> tuple[str, int, str]:
    """Return file, line and name of a setting: of its variable when that is what was read."""
    variable = PREFIX + "__".join(map(str, path)).upper()
    dotted = ".".join(map(str, path))
    if any(name.upper() == variable for name in os.environ):
        return variable, 0, dotted
    return toml.file, toml.row(*path), dotted


def _note(
    detail: ErrorDetails, toml: Toml, report: Report, known: tuple[str, ...] | None = None
) -> None:
    """Turn what pydantic found into a fault; `known` are the keys of a channel's section."""
    path = detail["loc"]
    values: dict[str, object] = {"value": detail["input"], "reason": detail["msg"], "known": ""}
    key = _MESSAGES.get(detail["type"], detail["type"])
    if path and (path[0] == "channels" or path[-1] in _SECRETS):
        values["value"] = "***"
    if path and path[-1] == "port":
        key = "port"
    elif key == "extra_forbidden":
        key, values["known"] = "key_unknown", ", ".join(known or _known(path[:-1]))
    elif choices := _choices(detail):
        key, values["known"] = "setting_choice", ", ".join(choices)
    elif key not in {*_MESSAGES.values(), "quiet", "time_limit", "aes_key"}:
        key = "setting"
    file, row, dotted = where(toml, *path)
    report.add(key, file, row, dotted, **values)


def _choices(detail: ErrorDetails) -> list[str]:
    """What may be written where only some words may: 'a' or 'b', or a pattern like ^(a|b)$."""
    context = detail.get("ctx", {})
    words = _WORDS.fullmatch(str(context.get("pattern", "")))
    found = words[1].split("|") if words else re.findall(r"'([^']*)'", context.get("expected", ""))
    return [one for one in found if one]


def _known(path: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the keys a section knows."""
    if not path:
        return tuple(Settings.model_fields)
    found = Settings.model_fields.get(str(path[0]))
    section = found.annotation if found else None
    if isinstance(section, type) and issubclass(section, BaseModel):
        return tuple(section.model_fields)
    return ()


def _finished(settings: Settings, folder: Path, toml: Toml, report: Report) -> Settings:
    """Fill in what depends on the folder and on the names of sections."""
    _check_address(settings.http.public_url, toml, report, "http", "public_url")
    url = store_url(settings.store.url, folder)
    if url is None:
        report.add("store_url", *where(toml, "store", "url"))
    channels = _sections(settings.channels, toml, report)
    _check_accounts(channels, toml, report)
    _check_advice(settings.advice, toml, report)
    store = StoreSettings(url=url or "")
    return settings.model_copy(update={"store": store, "channels": channels})


def _sections(channels: object, toml: Toml, report: Report) -> dict[str, Section]:
    return {
        name: section
        for name, raw in (channels.items() if isinstance(channels, Mapping) else ())
        if isinstance(raw, Mapping) and (section := _section(name, raw, toml, report)) is not None
    }


def _section(name: str, raw: Mapping[str, Any], toml: Toml, report: Report) -> Section | None:
    """A channel's section read by the file of its kind; None with faults noted."""
    if not CHANNEL_NAME.fullmatch(name):
        report.add("channel_name", *where(toml, "channels", name), value=name)
    kind = str(raw.get("kind") or name)
    try:
        shape: type[Section] = _kinds.find(kind).Settings
    except LookupError:
        if raw.get("enabled", True) not in (False, "false", "0"):
            known = ", ".join(_kinds.kinds())
            at = where(toml, "channels", name, "kind")
            report.add("channel_kind", *at, value=kind, known=known)
        return None
    try:
        section = shape.model_validate({**raw, "kind": kind})
    except ValidationError as error:
        for detail in error.errors():
            path = ("channels", name, *detail["loc"])
            _note({**detail, "loc": path}, toml, report, tuple(shape.model_fields))
        return None
    for key in section.missing() if section.enabled else ():
        at = where(toml, "channels", name, key)
        report.add("channel_empty", *at, env=variable_of(name, key))
    base = getattr(section, "api_base", "") if section.enabled else ""
    _check_address(base, toml, report, "channels", name, "api_base")
    return section


def _check_address(value: str, toml: Toml, report: Report, *path: str) -> None:
    """Note what is no web address: nobody would be reached under it. Empty is not filled in."""
    value = value.strip()
    if value and not is_web(value):
        report.add("web_address", *where(toml, *path), value=value)


def _check_accounts(channels: Mapping[str, Section], toml: Toml, report: Report) -> None:
    """Note sections of one account: each would hear a part, or throw the other out."""
    first: dict[tuple[str, ...], str] = {}
    for name, section in channels.items():
        known = section.known_as() if section.enabled else ()
        if known and first.setdefault(known, name) != name:
            at = where(toml, "channels", name, section.known_by[-1])
            report.add("channel_twice", *at, other=first[known])


def variable_of(channel: str, key: str) -> str:
    """The variable that sets a key of a channel's section."""
    return f"{PREFIX}CHANNELS__{channel}__{key}".upper()


def _check_advice(advice: AdviceSettings, toml: Toml, report: Report) -> None:
    for key, field in advice.faults():
        report.add(key, *where(toml, "advice", field))
    for key, field in advice.warnings():
        report.warn(key, *where(toml, "advice", field), env=f"{PREFIX}ADVICE__{field}".upper())
