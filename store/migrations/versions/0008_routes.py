"""Ways of a message and their reasons; windows of platforms; one person with many identities."""

import sqlalchemy as sa
from alembic import op

from store.tables import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, widen those that now hold identities, and create the history."""
    op.add_column("conversations", sa.Column("heard_at", Moment(), nullable=True))
    op.add_column(
        "conversations", sa.Column("said", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "outbox", sa.Column("route", sa.String(length=40), nullable=False, server_default="")
    )
    op.create_index(
        "ix_outbox_held",
        "outbox",
        ["channel", "chat"],
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    with op.batch_alter_table("identities") as table:
        table.alter_column("person", existing_type=sa.String(100), type_=sa.String(300))
        table.add_column(sa.Column("union", sa.String(length=100), nullable=True))
    with op.batch_alter_table("codes") as table:
        table.alter_column("person", existing_type=sa.String(100), type_=sa.String(300))
    op.create_table(
        "identity_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("identity", sa.String(length=300), nullable=False),
        sa.Column("before", sa.String(length=300), nullable=False),
        sa.Column("after", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_events")),
    )
