"""The tables. Times are UTC; `*_json` columns hold JSON text that only one module reads."""

from datetime import UTC, datetime
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
            delta = value - _EPOCH
            return (delta.days * 86400 + delta.seconds) * 1_000_000 + delta.microseconds
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            seconds, micros = divmod(value, 1_000_000)
            return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)
        moment: datetime = value
        return moment.astimezone(UTC)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
Index(
    "ix_inbox_unhandled",
    inbox.c.conversation,
    inbox.c.id,
    sqlite_where=inbox.c.handled_at.is_(None),
    postgresql_where=inbox.c.handled_at.is_(None),
)

media = Table(
    "media",
    metadata,
    Column("id", Id, primary_key=True),
    Column("inbox_id", Id, nullable=False),
    Column("channel", String(60), nullable=False),
    Column("conversation", String(300), nullable=False),
    Column("sender", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("name", String(300), nullable=False),
    Column("ref_json", Text, nullable=False),
    Column("key", String(64), nullable=False),
    Column("state", String(20), nullable=False),  # waiting | kept | lost
    Column("tries", Integer, nullable=False, default=0),
    Column("due_at", Moment),
    Column("case_id", Id),
    Column("stage", String(20)),  # report | result
)
Index("ix_media_sender", media.c.conversation, media.c.sender, media.c.at)
Index("ix_media_case", media.c.case_id)
Index(
    "ix_media_waiting",
    media.c.due_at,
    sqlite_where=media.c.state == "waiting",
    postgresql_where=media.c.state == "waiting",
)

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
Index("ix_cases_assignee", cases.c.assignee, sqlite_where=_alive, postgresql_where=_alive)
Index("ix_cases_reporter", cases.c.reporter, cases.c.id)
Index("ix_cases_reporter_alive", cases.c.reporter, sqlite_where=_alive, postgresql_where=_alive)

Index(
    "ix_cases_area_alive",
    cases.c.area,
    cases.c.opened_at,
    sqlite_where=_alive,
    postgresql_where=_alive,
)

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

# What staff said a message really was, beside what the bot had taken it for.
corrections = Table(
    "corrections",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(300), nullable=False),
    Column("letter_id", Id),
    Column("case_id", Id, nullable=False),
    Column("text", Text, nullable=False),  # masked
    Column("label_json", Text, nullable=False),
    Column("before_json", Text, nullable=False),
)
Index("ix_corrections_case", corrections.c.case_id)

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
    # waiting | sending | sent | rerouted | held (until he writes again) | dead
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
# A literal: SQLite uses a partial index only where a query says its condition word for word.
UNSENT = text("outbox.state IN ('waiting', 'sending')")
DEAD = text("outbox.state = 'dead'")
HELD = text("outbox.state = 'held'")
_unsent = outbox.c.state.in_(("waiting", "sending"))
_dead = outbox.c.state == "dead"
_held = outbox.c.state == "held"
Index(
    "ix_outbox_unsent",
    outbox.c.channel,
    outbox.c.due_at,
    sqlite_where=_unsent,
    postgresql_where=_unsent,
)
Index("ix_outbox_dead", outbox.c.id, sqlite_where=_dead, postgresql_where=_dead)
Index("ix_outbox_held", outbox.c.channel, outbox.c.chat, sqlite_where=_held, postgresql_where=_held)

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

identities = Table(
    "identities",
    metadata,
    Column("channel", String(60), primary_key=True),
    Column("sender", String(200), primary_key=True),
    Column("person", String(300), nullable=False),  # of the roster, or "channel:sender"
    Column("bound_at", Moment, nullable=False),
    Column("union", String(100)),  # the platform's id over accounts; "" where it was parted
)

# How identities came together and apart: append-only.
identity_events = Table(
    "identity_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(300), nullable=False),
    Column("kind", String(20), nullable=False),  # bound | merged | split | seen
    Column("identity", String(300), nullable=False),
    Column("before", String(300), nullable=False),  # whose it was, "" its own
    Column("after", String(300), nullable=False),
)

codes = Table(
    "codes",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("person", String(300), nullable=False),
    Column("expires_at", Moment, nullable=False),
)

group_bindings = Table(
    "group_bindings",
    metadata,
    Column("channel", String(60), primary_key=True),
    Column("chat", String(200), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("area", String(100), nullable=False),
    Column("bound_by", String(100), nullable=False),
    Column("bound_at", Moment, nullable=False),
)

# A message that waits for a second opinion; gone once it is handled.
advice = Table(
    "advice",
    metadata,
    Column("letter", Id, primary_key=True, autoincrement=False),
    Column("conversation", String(300), nullable=False),
    Column("until", Moment, nullable=False),  # its conversation is held back no longer than this
    Column("taken", Boolean, nullable=False),
    Column("answer_json", Text),
)

advice_months = Table(
    "advice_months",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("asked", Integer, nullable=False),
    Column("tokens", BigInteger, nullable=False),
)

# Access tokens of the platforms: one for each secret, shared by all processes.
tokens = Table(
    "tokens",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("token", Text, nullable=False),
    Column("ends_at", Moment, nullable=False),
)

# Where reading a platform's stream of messages stands.
cursors = Table(
    "cursors",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("value", Text, nullable=False),
)

# Who outside the corp agreed that what he writes is kept; a place is a group or a member.
archive_consents = Table(
    "archive_consents",
    metadata,
    Column("channel", String(60), primary_key=True),
    Column("place", String(200), primary_key=True),
    Column("person", String(200), primary_key=True),
    Column("answer", String(20), nullable=False),  # agreed | refused | unknown
    Column("changed_at", Moment, nullable=False),  # when he said so, as the platform tells it
    Column("asked_at", Moment, nullable=False),  # when we last learned of it
    Column("ever", Boolean, nullable=False),  # agreed once: something of his may be kept
)
Index("ix_archive_consents_person", archive_consents.c.channel, archive_consents.c.person)

# Messages to customer groups: nothing is posted before the group's owner has tapped.
group_tasks = Table(
    "group_tasks",
    metadata,
    Column("channel", String(60), primary_key=True),
    Column("once", String(400), primary_key=True),
    Column("msgid", String(200), nullable=False),
    Column("chat", String(200), nullable=False),
    Column("sender", String(200), nullable=False),
    Column("state", String(20), nullable=False),  # waiting | sent | refused | expired
    Column("created_at", Moment, nullable=False),
    Column("asked_at", Moment, nullable=False),  # when the sender was last asked to tap
    Column("asks", Integer, nullable=False),
    Column("looked_at", Moment, nullable=False),  # when the platform was last asked how it stands
    Column("settled_at", Moment),
)
Index("ix_group_tasks_chat", group_tasks.c.channel, group_tasks.c.chat, group_tasks.c.created_at)
Index(
    "ix_group_tasks_waiting",
    group_tasks.c.channel,
    group_tasks.c.looked_at,
    sqlite_where=group_tasks.c.state == "waiting",
    postgresql_where=group_tasks.c.state == "waiting",
)

# Answers on their way to a robot whose platform comes to fetch them; kept for two hours.
streams = Table(
    "streams",
    metadata,
    Column("channel", String(60), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("letter", String(300), nullable=False),  # inbox.dedupe of the message
    Column("chat", String(200), nullable=False),
    Column("sender", String(200), nullable=False),
    Column("state", String(20), nullable=False),  # held | open | ready | taken | closed
    Column("url", Text, nullable=False),  # a secret: speaks once as the robot; "" once it did
    Column(
        "once", String(400), nullable=False
    ),  # outbox.once of the answer, "" while there is none
    Column("answer", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),  # when the platform last waited or asked for it
)
Index("ix_streams_sender", streams.c.channel, streams.c.sender, streams.c.opened_at)
