"""Notices, where each goes, who answered, and who wants personal reminders."""

import sqlalchemy as sa
from alembic import op

from store.tables import Id, Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and their indexes."""
    _notices()
    _targets()
    op.create_table(
        "notice_receipts",
        sa.Column("id", Id, nullable=False),
        sa.Column("notice_id", Id, nullable=False),
        sa.Column("household", sa.String(length=300), nullable=False),
        sa.Column("person", sa.String(length=300), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_receipts")),
        sa.UniqueConstraint(
            "notice_id", "household", name=op.f("uq_notice_receipts_notice_id_household")
        ),
    )
    op.create_table(
        "notice_consents",
        sa.Column("person", sa.String(length=300), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_notice_consents")),
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("author", sa.String(length=300), nullable=False),
        sa.Column("audience_json", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("ready", sa.String(length=40), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("receipts", sa.Boolean(), nullable=False),
        sa.Column("visit", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("rhythm", sa.String(length=100), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("valid_seconds", sa.Integer(), nullable=False),
        sa.Column("approver", sa.String(length=300), nullable=False),
        sa.Column("approved_by", sa.String(length=300), nullable=False),
        sa.Column("approved_at", Moment()),
        sa.Column("corrects", Id, nullable=False),
        sa.Column("parent", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    op.create_index("ix_notices_author", "notices", ["author", "created_at"])
    op.create_index("ix_notices_approver", "notices", ["approver", "created_at"])


def _targets() -> None:
    op.create_table(
        "notice_targets",
        sa.Column("id", Id, nullable=False),
        sa.Column("notice_id", Id, nullable=False),
        sa.Column("once", sa.String(length=400), nullable=False),
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("chat", sa.String(length=200), nullable=False),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("person", sa.String(length=300), nullable=False),
        sa.Column("area", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_targets")),
        sa.UniqueConstraint("once", name=op.f("uq_notice_targets_once")),
    )
    op.create_index("ix_notice_targets_notice", "notice_targets", ["notice_id"])
    op.create_index("ix_notice_targets_chat", "notice_targets", ["channel", "chat", "at"])
    op.create_index("ix_notice_targets_person", "notice_targets", ["person", "at"])
    merged = sa.text("state = 'merged'")
    op.create_index(
        "ix_notice_targets_merged",
        "notice_targets",
        ["id"],
        sqlite_where=merged,
        postgresql_where=merged,
    )
