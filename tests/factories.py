"""Plain values for tests: a message, a report, a case, each with only what the test cares about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.case import Case, Dues, Mode, Status
from domain.intake import Report
from domain.messages import Address, Inbound
from domain.people import Level
from store.outbox import Saying

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # a Tuesday, 11:00 in Shanghai
GROUP = Address("simulator", "g01.residents", group=True)
DUES = Dues(
    respond_soon=NOW + timedelta(minutes=90),
    respond=NOW + timedelta(hours=2),
    finish_soon=NOW + timedelta(hours=54),
    finish=NOW + timedelta(hours=72),
)


def after(**span: float) -> datetime:
    """A moment later than NOW."""
    return NOW + timedelta(**span)


def inbound(
    text: str = "灯坏了",
    *,
    id: str = "",  # noqa: A002 -- as people call it
    chat: str = "g01.residents",
    **changes: Any,
) -> Inbound:
    """A message in a residents' group; `chat` names another group."""
    said = Inbound(
        address=replace(GROUP, chat=chat),
        sender="r.wang",
        external_id=id,
        received_at=NOW,
        text=text,
    )
    return replace(said, **changes)


def report(words: str = "3号楼2单元楼道灯坏了", **changes: Any) -> Report:
    """A report with a known place, from a group of the sample."""
    said = Report(
        words=words,
        intent="report",
        category="facility",
        urgent=False,
        reporter="r.wang",
        channel=GROUP.channel,
        chat=GROUP.chat,
        group=True,
        area="g01",
        building="3",
        unit="2",
    )
    return replace(said, **changes)


def case(**changes: Any) -> Case:
    """A case of the sample city that has just been assigned."""
    assigned = Case(
        id=0,
        area="g01",
        status=Status.ASSIGNED,
        level=Level.GRID,
        mode=Mode.ORDINARY,
        intent="report",
        category="facility",
        urgent=False,
        words="楼道灯坏了",
        reporter="r.wang",
        reported_in=GROUP,
        assignee="w.li",
        rules="2026-01-01",
        opened_at=NOW,
        dues=DUES,
    )
    return replace(assigned, **changes)


def saying(once: str = "one", *, chat: str = "g01.residents", **changes: Any) -> Saying:
    """Something to be said in a group."""
    said = Saying(
        once=once,
        address=replace(GROUP, chat=chat),
        template="replies/thanks",
        context={"case": None},
    )
    return replace(said, **changes)
