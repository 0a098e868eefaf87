"""The tables of notices; times are UTC."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from store.partial import Partial
from store.tables import Id, Moment, metadata

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),  # its message, plan or firing
    Column("author", String(300), nullable=False),  # a person's id; "" for a plan of the rules
    Column("audience_json", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("ready", String(40), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("receipts", Boolean, nullable=False),
    Column("visit", Boolean, nullable=False),
    # waiting | standing | sent | cancelled | expired
    Column("status", String(20), nullable=False),
    Column("rhythm", String(100), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("valid_seconds", Integer, nullable=False),
    Column("approver", String(300), nullable=False),
    Column("approved_by", String(300), nullable=False),
    Column("approved_at", Moment),
    Column("corrects", Id, nullable=False),
    Column("parent", Id, nullable=False),
)
Index("ix_notices_author", notices.c.author, notices.c.created_at)
Index("ix_notices_approver", notices.c.approver, notices.c.created_at)

# Each place a notice goes to, once; `once` is its row of the outbox.
notice_targets = Table(
    "notice_targets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("notice_id", Id, nullable=False),
    Column("once", String(400), nullable=False, unique=True),
    Column("channel", String(60), nullable=False),
    Column("chat", String(200), nullable=False),
    Column("is_group", Boolean, nullable=False),
    Column("person", String(300), nullable=False),  # "" for a group
    Column("area", String(100), nullable=False),
    Column("name", String(200), nullable=False),
    Column("state", String(20), nullable=False),  # queued | merged | listed | dropped
    Column("at", Moment, nullable=False),
)
Index("ix_notice_targets_notice", notice_targets.c.notice_id)
Index(
    "ix_notice_targets_chat", notice_targets.c.channel, notice_targets.c.chat, notice_targets.c.at
)
Index("ix_notice_targets_person", notice_targets.c.person, notice_targets.c.at)
_merged = notice_targets.c.state == "merged"
Partial("ix_notice_targets_merged", notice_targets.c.id, where=_merged)

# Who has answered 收到; one for each household, or person where no household is known.
notice_receipts = Table(
    "notice_receipts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("notice_id", Id, nullable=False),
    Column("household", String(300), nullable=False),
    Column("person", String(300), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("notice_id", "household"),
)

# Who wants personal reminders, and who does not; the last word counts (H3).
notice_consents = Table(
    "notice_consents",
    metadata,
    Column("person", String(300), primary_key=True),
    Column("agreed", Boolean, nullable=False),
    Column("channel", String(60), nullable=False),
    Column("at", Moment, nullable=False),
)
