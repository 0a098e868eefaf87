"""Proposals, what was done with them, and the households' votes."""

import sqlalchemy as sa
from alembic import op

from store.tables import Id, Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "proposals",
        sa.Column("id", Id, nullable=False),
        sa.Column("area", sa.String(length=100), nullable=False),
        sa.Column("author", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("vote_until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_table(
        "proposal_events",
        sa.Column("id", Id, nullable=False),
        sa.Column("proposal", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_events")),
        sa.UniqueConstraint(
            "proposal", "version", name=op.f("uq_proposal_events_proposal_version")
        ),
    )
    op.create_table(
        "ballots",
        sa.Column("proposal", Id, autoincrement=False, nullable=False),
        sa.Column("household", sa.String(length=300), nullable=False),
        sa.Column("choice", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("proposal", "household", name=op.f("pk_ballots")),
    )
