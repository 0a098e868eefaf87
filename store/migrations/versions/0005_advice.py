"""Second opinions: what waits for one, and how many were asked for in a month."""

import sqlalchemy as sa
from alembic import op

from store.tables import Id, Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the two tables."""
    op.create_table(
        "advice",
        sa.Column("letter", Id, autoincrement=False, nullable=False),
        sa.Column("conversation", sa.String(length=300), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("answer_json", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("letter", name=op.f("pk_advice")),
    )
    op.create_table(
        "advice_months",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_advice_months")),
    )
