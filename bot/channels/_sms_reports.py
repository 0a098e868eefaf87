"""What became of text messages after a cloud took them: logged, and counted for the operator."""

from collections import OrderedDict
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.channels._sms_clouds import Report
from bot.channels.base import Finding, Parts
from store.engine import STORE_ERRORS

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_NEWS = timedelta(days=3)
_REMEMBERED = 5000  # clouds send a report again until they hear thanks
_REASON = 40


class Reports:
    """The delivery reports of one channel. No number and no word of a message is kept."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._key = f"{parts.name} undelivered"
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._log = log.bind(channel=parts.name)

    async def take(self, report: Report) -> None:
        """Log one; count it when the message did not arrive."""
        if not report.id or report.id in self._seen:
            return
        self._seen[report.id] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        if report.arrived:
            self._log.info("delivered", action="sms.delivered", id=report.id)
            return
        why = report.why.replace("|", " ")[:_REASON]
        self._log.warning("not delivered", action="sms.undelivered", id=report.id, reason=why)
        vault, now = self._parts.vault, self._parts.now().isoformat()
        with suppress(*STORE_ERRORS):  # a count is not worth a call refused
            count = (await vault.cursor(self._key)).partition("|")[0]
            await vault.keep_cursor(self._key, f"{int(count or 0) + 1}|{why}|{now}")

    async def findings(self) -> tuple[Finding, ...]:
        """What did not arrive, while it is news."""
        try:
            kept = await self._parts.vault.cursor(self._key)
        except STORE_ERRORS:
            return ()
        if not kept:
            return ()
        count, reason, at = kept.split("|")
        if self._parts.now() - datetime.fromisoformat(at) > _NEWS:
            return ()
        fill = {"count": count, "reason": reason, "at": at}
        return (Finding("sms_undelivered", good=False, fill=fill),)
