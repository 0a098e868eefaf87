"""The table of who is logged in to the pages; times are UTC."""

from sqlalchemy import Column, Index, String, Table

from store.tables import Moment, metadata

# Only a hash is kept: whoever reads the database cannot be anybody by it.
sessions = Table(
    "sessions",
    metadata,
    Column("hash", String(64), primary_key=True),  # SHA-256 of what the browser holds
    Column("identity", String(300), nullable=False),  # whose chat the code was asked in
    Column("began_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
Index("ix_sessions_identity", sessions.c.identity, sessions.c.began_at)
Index("ix_sessions_expires_at", sessions.c.expires_at)
