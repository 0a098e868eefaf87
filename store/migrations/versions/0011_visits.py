"""Visits, what happened to them, and leave."""

import sqlalchemy as sa
from alembic import op

from store.tables import Id, Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and their indexes."""
    op.create_table(
        "visits",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("worker", sa.String(length=60), nullable=False),
        sa.Column("rhythm", sa.String(length=20), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("reason_json", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("done_at", Moment()),
        sa.Column("done_by", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("photos", sa.Integer(), nullable=False),
        sa.Column("letter_id", Id),
        sa.Column("case_id", Id),
        sa.Column("flagged", sa.String(length=20), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("key", name=op.f("uq_visits_key")),
    )
    op.create_index("ix_visits_area", "visits", ["area", "last"])
    op.create_index("ix_visits_worker", "visits", ["worker", "due_at"])
    op.create_index("ix_visits_done", "visits", ["done_by", "done_at"])
    op.create_index("ix_visits_standing", "visits", ["status", "last"])
    op.create_index("ix_visits_due", "visits", ["due_at"])
    op.create_table(
        "visit_events",
        sa.Column("id", Id, nullable=False),
        sa.Column("visit_id", Id),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("data_json", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_events")),
    )
    op.create_index("ix_visit_events_visit", "visit_events", ["visit_id", "id"])
    op.create_index("ix_visit_events_at", "visit_events", ["at"])
    op.create_table(
        "leaves",
        sa.Column("id", Id, nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("substitute", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
    )
    op.create_index("ix_leaves_last", "leaves", ["last"])
