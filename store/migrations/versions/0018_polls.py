"""Polls asked with a notice, and their answers."""

import sqlalchemy as sa
from alembic import op

from store.tables import Id, Moment

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "polls",
        sa.Column("notice_id", Id, nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("area", sa.String(length=100), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("questions_json", sa.Text(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_polls")),
    )
    op.create_table(
        "poll_answers",
        sa.Column("notice_id", Id, nullable=False, autoincrement=False),
        sa.Column("voice", sa.String(length=300), nullable=False),
        sa.Column("marks", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", "voice", name=op.f("pk_poll_answers")),
    )
