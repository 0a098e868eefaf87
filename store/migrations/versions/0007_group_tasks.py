"""Tasks of messages to customer groups that a member has to confirm."""

import sqlalchemy as sa
from alembic import op

from store.tables import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and its index."""
    op.create_table(
        "group_tasks",
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("once", sa.String(length=400), nullable=False),
        sa.Column("msgid", sa.String(length=200), nullable=False),
        sa.Column("chat", sa.String(length=200), nullable=False),
        sa.Column("sender", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.Column("looked_at", Moment(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("channel", "once", name=op.f("pk_group_tasks")),
    )
    op.create_index("ix_group_tasks_chat", "group_tasks", ["channel", "chat", "created_at"])
    op.create_index(
        "ix_group_tasks_waiting",
        "group_tasks",
        ["channel", "looked_at"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
