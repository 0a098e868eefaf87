"""What an emergency is about, and the clock by which everybody is told of it again."""

import sqlalchemy as sa
from alembic import op

from store.tables import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; emergencies that are open already are not told again."""
    op.add_column(
        "cases", sa.Column("hazard", sa.String(length=20), nullable=False, server_default="")
    )
    op.add_column("cases", sa.Column("urged", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("urge_at", Moment(), nullable=True))
