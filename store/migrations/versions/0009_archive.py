"""Consent to the message archive."""

import sqlalchemy as sa
from alembic import op

from store.tables import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and its index."""
    op.create_table(
        "archive_consents",
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("ever", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "place", "person", name=op.f("pk_archive_consents")),
    )
    op.create_index("ix_archive_consents_person", "archive_consents", ["channel", "person"])
