"""The tables of deliberation: proposals, what was done with them, and the households' votes."""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text, UniqueConstraint

from store.tables import Id, Moment, metadata

proposals = Table(
    "proposals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("area", String(100), nullable=False),
    Column("author", String(300), nullable=False),
    Column("words", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("stage", String(20), nullable=False),
    Column("round", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("vote_until", Moment),
)

# Append-only, like `events`.
proposal_events = Table(
    "proposal_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("proposal", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(300), nullable=False),
    Column("act", String(20), nullable=False),
    Column("words", Text, nullable=False),
    UniqueConstraint("proposal", "version"),
)

ballots = Table(
    "ballots",
    metadata,
    Column("proposal", Id, primary_key=True, autoincrement=False),
    Column("household", String(300), primary_key=True),
    Column("choice", String(20), nullable=False),
    Column("by", String(300), nullable=False),
    Column("at", Moment, nullable=False),
)
