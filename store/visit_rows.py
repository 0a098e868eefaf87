"""A visit as its row, and back."""

from typing import Any

import orjson

from domain.visits import Visit, VisitKind, VisitStatus
from store.plain import plain

_LONG = 2_000  # characters of what somebody said


def row_of(visit: Visit) -> dict[str, Any]:
    """A visit as a row, its words no longer than the table keeps them."""
    return {
        "key": visit.key[:300],
        "kind": visit.kind.value,
        "subject": visit.subject,
        "name": visit.name,
        "area": visit.area,
        "worker": visit.worker,
        "rhythm": visit.rhythm,
        "first": visit.first,
        "last": visit.last,
        "due_at": visit.due_at,
        "reason_json": orjson.dumps(dict(visit.reason)).decode(),
        "status": visit.status.value,
        "done_at": visit.done_at,
        "done_by": visit.done_by,
        "words": plain(visit.words)[:_LONG],
        "finding": plain(visit.finding)[:_LONG],
        "photos": visit.photos,
        "letter_id": visit.letter,
        "case_id": visit.case,
        "flagged": visit.flagged,
        "listed": visit.listed,
        "version": visit.version,
    }


def visit_of(row: Any) -> Visit:
    """A row as a visit."""
    return Visit(
        id=row.id,
        key=row.key,
        kind=VisitKind(row.kind),
        subject=row.subject,
        name=row.name,
        area=row.area,
        worker=row.worker,
        rhythm=row.rhythm,
        first=row.first,
        last=row.last,
        due_at=row.due_at,
        reason=orjson.loads(row.reason_json),
        status=VisitStatus(row.status),
        done_at=row.done_at,
        done_by=row.done_by,
        words=row.words,
        finding=row.finding,
        photos=row.photos,
        letter=row.letter_id,
        case=row.case_id,
        flagged=row.flagged,
        listed=row.listed,
        version=row.version,
    )
