"""Finds the channels: the files of this folder.

A channel's file defines `Settings`, its section of gridbot.toml, and `make(settings, parts)`. A
file with a leading underscore is a part that several channels use.
"""

import importlib
import pkgutil
from types import ModuleType

from bot import channels

_NOT_KINDS = {"base", "simulator"}  # the simulator has no section: it exists under `demo` only


def kinds() -> tuple[str, ...]:
    """The kinds a section of gridbot.toml can name."""
    names = (found.name for found in pkgutil.iter_modules(channels.__path__))
    return tuple(sorted(name for name in names if name[0] != "_" and name not in _NOT_KINDS))


def find(kind: str) -> ModuleType:
    """The channel's file. Raises LookupError for an unknown kind."""
    if kind not in kinds():
        raise LookupError(kind)
    return importlib.import_module(f"{channels.__name__}.{kind}")
