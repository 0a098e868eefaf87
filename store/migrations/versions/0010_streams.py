"""Answers on their way to a robot whose platform comes to fetch them."""

import sqlalchemy as sa
from alembic import op

from store.tables import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and its index."""
    op.create_table(
        "streams",
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("letter", sa.String(length=300), nullable=False),
        sa.Column("chat", sa.String(length=200), nullable=False),
        sa.Column("sender", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("once", sa.String(length=400), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "name", name=op.f("pk_streams")),
    )
    op.create_index("ix_streams_sender", "streams", ["channel", "sender", "opened_at"])
