"""The tables of what a message really was: what staff said, and what a second opinion says."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from store.tables import Id, Moment, metadata

# What staff said a message really was, beside what the bot had taken it for.
corrections = Table(
    "corrections",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(300), nullable=False),
    Column("letter_id", Id),
    Column("case_id", Id, nullable=False),
    Column("text", Text, nullable=False),  # masked
    Column("label_json", Text, nullable=False),
    Column("before_json", Text, nullable=False),
)
Index("ix_corrections_case", corrections.c.case_id)

# A message that waits for a second opinion; gone once it is handled.
advice = Table(
    "advice",
    metadata,
    Column("letter", Id, primary_key=True, autoincrement=False),
    Column("conversation", String(300), nullable=False),
    Column("until", Moment, nullable=False),  # its conversation is held back no longer than this
    Column("taken", Boolean, nullable=False),
    Column("answer_json", Text),
)

advice_months = Table(
    "advice_months",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("asked", Integer, nullable=False),
    Column("tokens", BigInteger, nullable=False),
)
