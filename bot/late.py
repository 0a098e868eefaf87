"""What waited long for its channel: left unsaid where it is of no use, else told as of now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog

from domain.freshness import LATE, made_at, stale, urges
from store import cases, outbox
from store.engine import Connection
from store.outbox import Claimed, Outcome

log = structlog.get_logger(__name__)

STALE = "stale"  # the state of a row that nobody will be told any more


async def still_of_use(conn: Connection, rows: Sequence[Claimed], now: datetime) -> list[Claimed]:
    """Those of the claimed rows that are worth saying; the others are put aside as stale."""
    late = [row for row in rows if now - _made(row) >= LATE]
    if not late:
        return list(rows)
    wanted = {row.saying.case_id for row in late if urges(row.saying.template)} - {None}
    standing = await cases.statuses(conn, [one for one in wanted if one is not None])
    gone = {row.id for row in late if _stale(row, standing, now)}
    if gone:
        error = "too late to be of use"
        await outbox.record(
            conn, [Outcome(one, STALE, now, error=error, untried=True) for one in sorted(gone)]
        )
        log.info("left unsaid", action="delivery.stale", count=len(gone))
    return [row for row in rows if row.id not in gone]


def as_of(row: Claimed, now: datetime) -> Mapping[str, Any]:
    """The values of a row; where it is late, "today" and "2 hours left" count from now."""
    values = row.saying.context
    if now - _made(row) < LATE or "now" not in values:
        return values
    values = {**values, "now": now.isoformat()}
    copy = values.get("copy")
    if copy is not None and "now" in copy["context"]:
        values["copy"] = {**copy, "context": {**copy["context"], "now": now.isoformat()}}
    return values


def _made(row: Claimed) -> datetime:
    return made_at(row.saying.context, row.created_at)


def _stale(row: Claimed, standing: Mapping[int, str], now: datetime) -> bool:
    saying = row.saying
    status = standing.get(saying.case_id or 0, "")
    return stale(saying.template, saying.context, _made(row), now, status)
