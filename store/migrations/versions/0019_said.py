"""What was said in a chat lately is found by an index, not by walking through all chats."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.create_index(
        "ix_inbox_said",
        "inbox",
        ["conversation", "id"],
        sqlite_where=sa.text("handled_at IS NOT NULL"),
        postgresql_where=sa.text("handled_at IS NOT NULL"),
    )
