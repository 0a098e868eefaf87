"""Addresses an operator writes: of the web, and of the database."""

from pathlib import Path
from urllib.parse import urlsplit

_SQLITE = "sqlite+aiosqlite:///"
_POSTGRES = "postgresql+asyncpg"
_DRIVERS = {"postgres": _POSTGRES, "postgresql": _POSTGRES, _POSTGRES: _POSTGRES}


def is_web(url: str) -> bool:
    """Whether it is a web address that leads somewhere."""
    return url.startswith(("http://", "https://")) and _has_host(url)


def store_url(url: str, folder: Path) -> str | None:
    """Name the driver; a SQLite file lies in the deployment folder, never where one stands."""
    url = url.strip()
    if not url:
        return f"{_SQLITE}{folder.resolve() / 'gridbot.sqlite3'}"
    scheme, separator, rest = url.partition("://")
    if not separator:
        return None
    if scheme in {"sqlite", "sqlite+aiosqlite"}:
        path = rest.removeprefix("/")
        if path in {"", ":memory:"}:
            return f"{_SQLITE}{path}"
        return f"{_SQLITE}{folder.resolve() / path}"
    driver = _DRIVERS.get(scheme)
    return f"{driver}://{rest}" if driver and _has_host(url) else None


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname or parts.query) and parts.port != 0
    except ValueError:
        return False
