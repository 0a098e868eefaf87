"""Several reporters of one case, and the index by which a neighbour's case is found."""

import sqlalchemy as sa
from alembic import op

from store.tables import Id, Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and the index."""
    op.create_table(
        "reporters",
        sa.Column("case_id", Id, autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=300), nullable=False),
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("chat", sa.String(length=200), nullable=False),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("answer", sa.String(length=30), nullable=False),
        sa.Column("report_json", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "person", name=op.f("pk_reporters")),
    )
    op.create_index("ix_reporters_person", "reporters", ["person"], unique=False)
    op.create_index(
        "ix_cases_area_alive",
        "cases",
        ["area", "opened_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
