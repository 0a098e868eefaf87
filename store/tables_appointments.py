"""The tables of appointments, volunteers and care; times are UTC, days are dates in Shanghai."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    false,
)

from store.tables import Id, Moment, metadata

appointments = Table(
    "appointments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("area", String(60), nullable=False),
    Column("worker", String(60), nullable=False),
    Column("resident", String(200), nullable=False),
    Column("channel", String(60), nullable=False),
    Column("chat", String(200), nullable=False),
    Column("is_group", Boolean, nullable=False),
    Column("words", Text, nullable=False),
    Column("start_at", Moment, nullable=False),
    Column("state", String(20), nullable=False),  # booked | done | absent | cancelled
    Column("asked", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)
Index("ix_appointments_resident", appointments.c.resident, appointments.c.state)
Index("ix_appointments_worker", appointments.c.worker, appointments.c.state)

# Half hours that are taken: nobody is booked twice, whichever process is asked.
appointment_cells = Table(
    "appointment_cells",
    metadata,
    Column("worker", String(60), primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("appointment_id", Id, nullable=False),
)
Index("ix_appointment_cells_appointment_id", appointment_cells.c.appointment_id)

# What happened to appointments, append-only.
appointment_events = Table(
    "appointment_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("appointment_id", Id, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(200), nullable=False),
    Column("kind", String(20), nullable=False),  # booked | moved | reminded | a state
    Column("start_at", Moment, nullable=False),
)
Index("ix_appointment_events_appointment_id", appointment_events.c.appointment_id)

volunteers = Table(
    "volunteers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person", String(200), nullable=False),
    Column("area", String(60), nullable=False),
    Column("channel", String(60), nullable=False),
    Column("words", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
    UniqueConstraint("person", "area"),
)
Index("ix_volunteers_area", volunteers.c.area, volunteers.c.active)

volunteer_needs = Table(
    "volunteer_needs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("area", String(60), nullable=False),
    Column("words", Text, nullable=False),
    Column("asked_by", String(60), nullable=False),
    Column("state", String(20), nullable=False),  # open | office | worker | taken | done | closed
    Column("helper", String(200), nullable=False),
    Column("channel", String(60), nullable=False),  # where a resident asked
    Column("chat", String(200), nullable=False),
    Column("is_group", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
    Column("taken_at", Moment),
    Column("helper_channel", String(60), nullable=False, server_default=""),  # where he said so
    Column("helper_chat", String(200), nullable=False, server_default=""),
    Column("helper_is_group", Boolean, nullable=False, server_default=false()),
)
Index("ix_volunteer_needs_area", volunteer_needs.c.area, volunteer_needs.c.state)

# Who was asked alone for which need, or took it: nobody is asked for the same one twice.
volunteer_asks = Table(
    "volunteer_asks",
    metadata,
    Column("need_id", Id, primary_key=True, autoincrement=False),
    Column("person", String(200), primary_key=True),
    Column("at", Moment, nullable=False),
)

# Recurring deliveries and calls. `source` is rules:NAME for those of the rules, else who set it up.
care_plans = Table(
    "care_plans",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source", String(200), nullable=False),
    Column("area", String(60), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("what", String(200), nullable=False),
    Column("helper", String(200), nullable=False),
    Column("days", String(20), nullable=False),  # weekdays as digits 1-7, "work" for working days
    Column("at", Time, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
    UniqueConstraint("source"),
)
Index("ix_care_plans_helper", care_plans.c.helper, care_plans.c.active)

# One row for each day of a plan: asked for, confirmed or raised once, however often a job fires.
care_rounds = Table(
    "care_rounds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("plan_id", Id, nullable=False),
    Column("day", Date, nullable=False),
    Column("state", String(20), nullable=False),  # due | done | raised | told | settled
    Column("by", String(200), nullable=False),
    Column("at", Moment),
    Column("visit_id", Id),
    UniqueConstraint("plan_id", "day"),
)
