"""The tables of polls: what was asked with a notice, and who answered what."""

from sqlalchemy import Column, String, Table, Text

from store.tables import Id, Moment, metadata

# A poll has the number of the notice that asks it.
polls = Table(
    "polls",
    metadata,
    Column("notice_id", Id, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("area", String(100), nullable=False),
    Column("title", Text, nullable=False),
    Column("questions_json", Text, nullable=False),
    Column("closed_at", Moment),
)

# One row for each household, or each person of a quiz; the last answer counts.
poll_answers = Table(
    "poll_answers",
    metadata,
    Column("notice_id", Id, primary_key=True, autoincrement=False),
    Column("voice", String(300), primary_key=True),
    Column("marks", String(40), nullable=False),
    Column("by", String(300), nullable=False),
    Column("at", Moment, nullable=False),
)
