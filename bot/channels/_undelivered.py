"""What a platform took and then could not deliver: told to the program, and shown for a while."""

from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.channels.base import Failed, Failure, Finding, Parts
from store.engine import STORE_ERRORS

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_REASON = 60  # characters of a platform's word
_CUT = "|"


class Undelivered:
    """The failures of one channel; `key` names their sentence in connect.toml.

    They are news for `news`; `word` is the sentence's gap for the reason. No number and no word of
    a message is kept.
    """

    def __init__(
        self, parts: Parts, key: str, news: timedelta = timedelta(days=1), word: str = "reason"
    ) -> None:
        self._parts, self._key, self._news, self._word = parts, key, news, word
        self._failed: Failed | None = None
        self._log = log.bind(channel=parts.name)

    def report_to(self, failed: Failed) -> None:
        """Whom to tell of each."""
        self._failed = failed

    async def take(self, failure: Failure) -> None:
        """Tell of one, log and count it. Raises STORE_ERRORS: the platform is to tell it again."""
        if self._failed is not None:
            await self._failed(failure)
        reason = failure.reason.replace(_CUT, " ")[:_REASON]
        action = self._key.replace("_", ".", 1)
        told = {"id": failure.id, self._word: reason}
        self._log.warning("not delivered after all", action=action, **told)
        vault, now = self._parts.vault, self._parts.now().isoformat()
        with suppress(*STORE_ERRORS):  # a count is not worth hearing it all again
            count = _number((await vault.cursor(self._name)).partition(_CUT)[0])
            await vault.keep_cursor(self._name, _CUT.join((str(count + 1), reason, now)))

    async def findings(self) -> tuple[Finding, ...]:
        """How many did not arrive, and why the last did not, while it is news."""
        try:
            kept = await self._parts.vault.cursor(self._name)
            count, reason, at = kept.split(_CUT)
            moment = datetime.fromisoformat(at)
        except (*STORE_ERRORS, ValueError):  # nothing is kept, or nothing that can be read
            return ()
        if self._parts.now() - moment > self._news:
            return ()
        fill = {"count": count, self._word: reason, "at": at}
        return (Finding(self._key, good=False, fill=fill),)

    @property
    def _name(self) -> str:
        return f"{self._parts.name} undelivered"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
