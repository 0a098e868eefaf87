"""The tables of who is who: a person on several channels, and what a group is for."""

from sqlalchemy import Column, String, Table

from store.tables import Id, Moment, metadata

identities = Table(
    "identities",
    metadata,
    Column("channel", String(60), primary_key=True),
    Column("sender", String(200), primary_key=True),
    Column("person", String(300), nullable=False),  # of the roster, or "channel:sender"
    Column("bound_at", Moment, nullable=False),
    Column("union", String(100)),  # the platform's id over accounts; "" where it was parted
)

# How identities came together and apart: append-only.
identity_events = Table(
    "identity_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(300), nullable=False),
    Column("kind", String(20), nullable=False),  # bound | merged | split | seen
    Column("identity", String(300), nullable=False),
    Column("before", String(300), nullable=False),  # whose it was, "" its own
    Column("after", String(300), nullable=False),
)

codes = Table(
    "codes",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("person", String(300), nullable=False),
    Column("expires_at", Moment, nullable=False),
)

group_bindings = Table(
    "group_bindings",
    metadata,
    Column("channel", String(60), primary_key=True),
    Column("chat", String(200), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("area", String(100), nullable=False),
    Column("bound_by", String(100), nullable=False),
    Column("bound_at", Moment, nullable=False),
)
