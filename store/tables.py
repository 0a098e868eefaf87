"""The tables. Times are UTC; `*_json` columns hold JSON text that only one module reads."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from typing_extensions import override

from store.partial import Partial

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite keeps it as integer microseconds, which sort and compare."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must be aware")
        if dialect.name == "sqlite":
            return (value - _EPOCH) // _MICROSECOND
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return _EPOCH + timedelta(microseconds=value)
        moment: datetime = value
        return moment.astimezone(UTC)


_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
# SQLite numbers rows by itself only in a column of type INTEGER.
Id = BigInteger().with_variant(Integer(), "sqlite")

conversations = Table(
    "conversations",
    metadata,
    Column("key", String(300), primary_key=True),
    # A message that could not be handled holds its conversation back until then.
    Column("held_until", Moment),
    # Only where a channel has a window: when he last wrote, and how often he was written to since.
    Column("heard_at", Moment),
    Column("said", Integer, nullable=False, server_default="0"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(60), nullable=False),
    Column("dedupe", String(300), nullable=False),
    Column("conversation", String(300), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("body_json", Text, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("handled_at", Moment),
    Column("outcome", String(60)),
    Column("case_id", Id),
    UniqueConstraint("channel", "dedupe"),
)
Partial(
    "ix_inbox_unhandled",
    inbox.c.id,  # in the order of arrival: what comes next is written beside what came last
    where=inbox.c.handled_at.is_(None),
)
# Written when a message is handled and not while somebody waits for it to be accepted.
Partial("ix_inbox_said", inbox.c.conversation, inbox.c.id, where=inbox.c.handled_at.is_not(None))

cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("area", String(100), nullable=False),
    Column("status", String(20), nullable=False),
    Column("level", String(20), nullable=False),
    Column("mode", String(20), nullable=False),
    Column("intent", String(40), nullable=False),
    Column("category", String(40), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("words", Text, nullable=False),
    Column("reporter", String(300), nullable=False),
    Column("reported_channel", String(60), nullable=False),
    Column("reported_chat", String(200), nullable=False),
    Column("reported_group", Boolean, nullable=False),
    Column("assignee", String(100), nullable=False),
    Column("rules", String(20), nullable=False),
    Column("source", String(20), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("building", String(40), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("room", String(40), nullable=False),
    Column("floor", String(40), nullable=False),
    Column("place", String(200), nullable=False),
    Column("unverified", Boolean, nullable=False),
    Column("result", Text, nullable=False),
    Column("photos", Integer, nullable=False),
    Column("reporters", Integer, nullable=False),
    Column("reopened", Integer, nullable=False),
    Column("escalations", Integer, nullable=False),
    Column("extended", Integer, nullable=False),
    Column("supervised", Boolean, nullable=False),
    Column("overdue", Boolean, nullable=False),
    Column("satisfaction", String(30), nullable=False),
    Column("accepted_at", Moment),
    Column("arrived_at", Moment),
    Column("finished_at", Moment),
    Column("closed_at", Moment),
    Column("respond_soon_at", Moment),
    Column("respond_due_at", Moment),
    Column("arrive_due_at", Moment),
    Column("finish_soon_at", Moment),
    Column("finish_due_at", Moment),
    Column("verify_due_at", Moment),
    Column("hazard", String(20), nullable=False, server_default=""),
    Column("urged", Integer, nullable=False, server_default="0"),
    Column("urge_at", Moment),
)
_alive = cases.c.closed_at.is_(None)
Partial("ix_cases_assignee", cases.c.assignee, where=_alive)
Index("ix_cases_reporter", cases.c.reporter, cases.c.id)
Partial("ix_cases_reporter_alive", cases.c.reporter, where=_alive)

Partial("ix_cases_area_alive", cases.c.area, cases.c.opened_at, where=_alive)

# All reporters of a case that several neighbours reported; any other case knows its only one.
reporters = Table(
    "reporters",
    metadata,
    Column("case_id", Id, primary_key=True, autoincrement=False),
    Column("person", String(300), primary_key=True),
    Column("channel", String(60), nullable=False),
    Column("chat", String(200), nullable=False),
    Column("is_group", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
    Column("answer", String(30), nullable=False),
    Column("report_json", Text, nullable=False),
)
Index("ix_reporters_person", reporters.c.person)

events = Table(
    "events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("by", String(300), nullable=False),
    Column("data_json", Text, nullable=False),
    UniqueConstraint("case_id", "version"),
)

timers = Table(
    "timers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("subject", Id, nullable=False),
    Column("due_at", Moment, nullable=False),
    UniqueConstraint("kind", "subject"),
)
Index("ix_timers_due", timers.c.due_at, timers.c.id)

questions = Table(
    "questions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation", String(300), nullable=False),
    Column("person", String(300), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("data_json", Text, nullable=False),
    UniqueConstraint("conversation", "person"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("once", String(400), nullable=False, unique=True),
    Column("channel", String(60), nullable=False),
    Column("chat", String(200), nullable=False),
    Column("is_group", Boolean, nullable=False),
    Column("template", String(100), nullable=False),
    Column("context_json", Text, nullable=False),
    Column("handle_json", Text, nullable=False),
    Column("to_json", Text, nullable=False),
    Column("instead_json", Text, nullable=False),  # where to say it when this address is dead
    Column("case_id", Id),
    Column("priority", Integer, nullable=False),
    # waiting | sending | sent | rerouted | held (until he writes again) | dead | stale (too late)
    Column("state", String(20), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("claimed_until", Moment),
    Column("sent_at", Moment),
    Column("platform_id", String(300)),
    Column("error", String(300)),
    Column("route", String(40), nullable=False, server_default=""),  # why this way was taken
)
# Literals: SQLite uses a partial index only where a query says its condition word for word, and
# makes a statement anew each time where a value that such an index asks about is bound.
UNSENT = text("outbox.state IN ('waiting', 'sending')")
WAITING = text("outbox.state = 'waiting'")
SENDING = text("outbox.state = 'sending'")
DEAD = text("outbox.state = 'dead'")
HELD = text("outbox.state = 'held'")
_unsent = outbox.c.state.in_(("waiting", "sending"))
_dead = outbox.c.state == "dead"
_held = outbox.c.state == "held"
Partial("ix_outbox_unsent", outbox.c.channel, outbox.c.due_at, where=_unsent)
Partial("ix_outbox_dead", outbox.c.id, where=_dead)
Partial("ix_outbox_held", outbox.c.channel, outbox.c.chat, where=_held)

buckets = Table(
    "buckets",
    metadata,
    Column("channel", String(60), primary_key=True),
    Column("chat", String(200), primary_key=True),
    Column("seconds", Integer, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("tokens_milli", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("holder", String(100), nullable=False),
    Column("until", Moment, nullable=False),
)
