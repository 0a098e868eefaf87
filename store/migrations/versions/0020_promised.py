"""Where a helper said that he would come, and who was asked; the minutes of meetings."""

import sqlalchemy as sa
from alembic import op

from store.tables import Id, Moment

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and tables; until now the one address was the helper's once he had the need."""
    for column in (
        sa.Column("helper_channel", sa.String(length=60), nullable=False, server_default=""),
        sa.Column("helper_chat", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("helper_is_group", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("volunteer_needs", column)
    op.execute(
        "UPDATE volunteer_needs SET helper_channel = channel, helper_chat = chat,"
        " helper_is_group = is_group, channel = '', chat = '', is_group = (1 = 0)"
        " WHERE helper <> ''"
    )
    op.create_table(
        "volunteer_asks",
        sa.Column("need_id", Id, nullable=False, autoincrement=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("need_id", "person", name=op.f("pk_volunteer_asks")),
    )
    op.create_table(
        "activity_minutes",
        sa.Column("id", Id, nullable=False),
        sa.Column("activity_id", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("photos", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_minutes")),
    )
    op.create_index("ix_activity_minutes_activity_id", "activity_minutes", ["activity_id"])
