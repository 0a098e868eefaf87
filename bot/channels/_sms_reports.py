"""What became of text messages after a cloud took them: told on where they did not arrive."""

from datetime import timedelta

import structlog

from bot.channels._recent import Recent
from bot.channels._sms_clouds import Report
from bot.channels._undelivered import Undelivered
from bot.channels.base import Failure, Parts

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_NEWS = timedelta(days=3)
_REMEMBERED = 5000  # clouds send a report again until they hear thanks


class Reports:
    """The delivery reports of one channel; `undelivered` is told of those that did not arrive."""

    def __init__(self, parts: Parts) -> None:
        self.undelivered = Undelivered(parts, "sms_undelivered", _NEWS)
        self._seen: Recent[str, None] = Recent(_REMEMBERED)
        self._log = log.bind(channel=parts.name)

    async def hear(self, report: Report) -> None:
        """Take one, once. Raises STORE_ERRORS: the cloud is to report it again."""
        if not report.id or report.id in self._seen:
            return
        if report.arrived:
            self._log.info("delivered", action="sms.delivered", id=report.id)
        else:
            await self.undelivered.take(Failure(report.id, report.why))
        self._seen[report.id] = None
