"""The table of the activity log (活动台账); times are UTC, days are dates in Shanghai."""

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text

from store.tables import Id, Moment, metadata

# Nothing is deleted: what was wrong is taken back, and by whom stays in the row.
activities = Table(
    "activities",
    metadata,
    Column("id", Id, primary_key=True),
    Column("area", String(60), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("day", Date, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(300), nullable=False),
    Column("words", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Column("data_json", Text, nullable=False),  # amounts, stages, who took part, who was missing
    Column("letter_id", Id),
    Column("back_by", String(300), nullable=False, default=""),
)
# What was said at a meeting, in as many parts as it took; a part may be pictures alone.
activity_minutes = Table(
    "activity_minutes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("activity_id", Id, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(300), nullable=False),
    Column("words", Text, nullable=False),
    Column("photos", Integer, nullable=False),
)
Index("ix_activity_minutes_activity_id", activity_minutes.c.activity_id)

Index("ix_activities_area", activities.c.area, activities.c.day)
