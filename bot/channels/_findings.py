"""What a channel that is called and calls finds when it is examined: the same keys for all."""

from collections.abc import Awaitable
from typing import TypeVar

from bot.channels._api import Api
from bot.channels._codes import CODES
from bot.channels.base import Finding, Parts, SendError

_T = TypeVar("_T")


def callback(parts: Parts) -> Finding:
    """The address to paste on the platform's side, or that nobody said where we live."""
    base = parts.public_url.rstrip("/")
    url = f"{base}/callback/{parts.name}" if base else ""
    return Finding("callback_address" if base else "no_public_url", bool(base), {"url": url})


async def asked(api: Api, call: Awaitable[_T]) -> tuple[_T | None, tuple[Finding, ...]]:
    """The answer of a call; or None and why there is none. Never raises."""
    try:
        return await call, ()
    except SendError as error:
        return None, (fault(api, error),)
    except Exception as error:  # noqa: BLE001 - examining goes on, whatever breaks below it
        fill = {"base": api.base, "reason": type(error).__name__}
        return None, (Finding("no_answer", good=False, fill=fill),)


def fault(api: Api, error: SendError) -> Finding:
    """What a refusal tells the operator: the code, and the address of ours the platform named."""
    if not error.code:
        return Finding("no_answer", good=False, fill={"base": api.base, "reason": str(error)})
    trouble = api.trouble
    address = trouble.address if trouble is not None and trouble.code == error.code else ""
    key = f"code_{error.code}" if error.code in CODES else "code_other"
    return Finding(key, good=False, fill={"code": str(error.code), "address": address})
