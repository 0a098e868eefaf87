"""Logs: JSON lines with an `action` key, without secrets and without personal numbers."""

import logging
import sys
from collections.abc import Sequence

import orjson
import structlog
from structlog.typing import EventDict

from bot.understanding.privacy import mask


def set_up(secrets: Sequence[str] = (), level: int = logging.INFO) -> None:
    """Write everything to stderr as JSON; `secrets` never appear."""
    hidden = tuple(secret for secret in secrets if secret)

    def redact(_logger: object, _name: str, event: EventDict) -> EventDict:
        return {key: _clean(value, hidden) for key, value in event.items()}

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries speak only when something is wrong, and through the same redaction.
    logging.basicConfig(level=logging.WARNING, handlers=[_Through()], force=True)
    # A tick that comes while the last one still works is nothing to warn of.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


class _Through(logging.Handler):
    """Hands a library's record to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        log.log(
            record.levelno,
            record.getMessage(),
            action="library",
            exc_info=record.exc_info or None,
        )


def _clean(value: object, hidden: Sequence[str]) -> object:
    if isinstance(value, dict):
        return {key: _clean(one, hidden) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one, hidden) for one in value]
    if not isinstance(value, str):
        return value
    for secret in hidden:
        value = value.replace(secret, "***")
    return mask(value)


def _dumps(value: object, **_options: object) -> str:
    return orjson.dumps(value, default=str).decode()
