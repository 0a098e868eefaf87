"""Makes strings from outside fit for any database: PostgreSQL takes neither NUL nor half signs."""

import hashlib

_HASH = 64


def plain(text: str) -> str:
    """A text without NUL; surrogates are joined, and where one stands alone, replaced."""
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", "")


def short(text: str, size: int) -> str:
    """An id that fits a column; two that differ only far behind still differ."""
    text = plain(text)
    if len(text) <= size:
        return text
    return text[: size - _HASH] + hashlib.sha256(text.encode()).hexdigest()
