"""What every channel does to words on their way in: clean them, find the bot's name."""

import re
from functools import lru_cache

MAX_TEXT = 20_000  # characters; nobody types more, and an inbox row must stay small
# Control characters and halves of surrogate pairs: databases and JSON writers choke on them.
_JUNK = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# What clients put after a mention (wechat.md 6.3): spaces of many widths, zero-width ones too.
_SPACES = " \t\u00a0\u2000-\u200b\u202f\u2060\u3000\ufeff"
_ENDS = "@\uff20,\uff0c:\uff1a.\u3002;\uff1b!\uff01?\uff1f\u3001"
_RUN_OF_SPACES = re.compile(f"[{_SPACES}]+")


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """Take out what no store can keep, one kind of line end, at most `limit` characters."""
    if len(text) <= limit and text.isprintable():  # nearly all: one line of plain signs
        return text
    return _JUNK.sub("", text).replace("\r\n", "\n").replace("\r", "\n")[:limit]


def strip_names(text: str, names: tuple[str, ...]) -> tuple[str, bool]:
    """Remove '@<bot name>' wherever it stands as a whole token; tell whether one was found.

    The rules are wechat.md 6.3: longest name first, a separator or the end after the name, any
    width of space becomes one space, newlines stay.
    """
    pattern = _mention(names)
    text, found = pattern.subn(" ", text) if pattern else (text, 0)
    return _RUN_OF_SPACES.sub(" ", text).strip(" \n"), found > 0


@lru_cache(maxsize=64)
def _mention(names: tuple[str, ...]) -> re.Pattern[str] | None:
    known = sorted((name.strip() for name in names if name.strip()), key=len, reverse=True)
    if not known:
        return None
    return re.compile(f"[@\uff20](?:{'|'.join(map(re.escape, known))})(?=$|\n|[{_SPACES}{_ENDS}])")
