"""The tables of visits and leave; times are UTC, days are dates in Shanghai."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

from store.tables import Id, Moment, metadata

visits = Table(
    "visits",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(300), nullable=False),  # kind, subject, period: planned twice, once there
    Column("kind", String(20), nullable=False),
    Column("subject", String(200), nullable=False),  # a place's name, a person's or a grid's id
    Column("name", String(200), nullable=False),
    Column("area", String(60), nullable=False),
    Column("worker", String(60), nullable=False),
    Column("rhythm", String(20), nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("reason_json", Text, nullable=False),
    Column("status", String(20), nullable=False),  # planned | done | missed | cancelled
    Column("done_at", Moment),
    Column("done_by", String(200), nullable=False, default=""),
    Column("words", Text, nullable=False, default=""),
    Column("finding", Text, nullable=False, default=""),
    Column("photos", Integer, nullable=False, default=0),
    Column("letter_id", Id),
    Column("case_id", Id),
    Column("flagged", String(20), nullable=False, default=""),  # words | photo
    Column("listed", Boolean, nullable=False, default=False),
    Column("version", Integer, nullable=False, default=1),
    UniqueConstraint("key"),
)
Index("ix_visits_area", visits.c.area, visits.c.last)
Index("ix_visits_worker", visits.c.worker, visits.c.due_at)
Index("ix_visits_done", visits.c.done_by, visits.c.done_at)
Index("ix_visits_standing", visits.c.status, visits.c.last)
Index("ix_visits_due", visits.c.due_at)

# What happened to visits, append-only: the forms are read from it. `visit_id` is empty for words
# that fitted none.
visit_events = Table(
    "visit_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("visit_id", Id),
    Column("at", Moment, nullable=False),
    Column("by", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("data_json", Text, nullable=False),
)
Index("ix_visit_events_visit", visit_events.c.visit_id, visit_events.c.id)
Index("ix_visit_events_at", visit_events.c.at)

leaves = Table(
    "leaves",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person", String(60), nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("substitute", String(60), nullable=False),
    Column("status", String(20), nullable=False),  # asked | approved | refused | ended
    Column("asked_at", Moment, nullable=False),
    Column("decided_by", String(60), nullable=False, default=""),
)
Index("ix_leaves_last", leaves.c.last)
