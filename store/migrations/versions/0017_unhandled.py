"""What is unhandled is found in the order of its arrival."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_UNHANDLED = sa.text("handled_at IS NULL")


def upgrade() -> None:
    """Make the index anew."""
    op.drop_index("ix_inbox_unhandled", "inbox")
    op.create_index(
        "ix_inbox_unhandled",
        "inbox",
        ["id"],
        sqlite_where=_UNHANDLED,
        postgresql_where=_UNHANDLED,
    )
