"""Appointments, volunteers and care."""

import sqlalchemy as sa
from alembic import op

from store.tables import Id, Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and their indexes."""
    op.create_table(
        "appointments",
        sa.Column("id", Id, nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("worker", sa.String(length=60), nullable=False),
        sa.Column("resident", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("chat", sa.String(length=200), nullable=False),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("start_at", Moment(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
    )
    op.create_index("ix_appointments_resident", "appointments", ["resident", "state"])
    op.create_index("ix_appointments_worker", "appointments", ["worker", "state"])
    op.create_table(
        "appointment_cells",
        sa.Column("worker", sa.String(length=60), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("appointment_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("worker", "at", name=op.f("pk_appointment_cells")),
    )
    op.create_index("ix_appointment_cells_appointment_id", "appointment_cells", ["appointment_id"])
    op.create_table(
        "appointment_events",
        sa.Column("id", Id, nullable=False),
        sa.Column("appointment_id", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("start_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_events")),
    )
    op.create_index(
        "ix_appointment_events_appointment_id", "appointment_events", ["appointment_id"]
    )
    op.create_table(
        "volunteers",
        sa.Column("id", Id, nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteers")),
        sa.UniqueConstraint("person", "area", name=op.f("uq_volunteers_person_area")),
    )
    op.create_index("ix_volunteers_area", "volunteers", ["area", "active"])
    op.create_table(
        "volunteer_needs",
        sa.Column("id", Id, nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("helper", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("chat", sa.String(length=200), nullable=False),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("taken_at", Moment()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_needs")),
    )
    op.create_index("ix_volunteer_needs_area", "volunteer_needs", ["area", "state"])
    op.create_table(
        "care_plans",
        sa.Column("id", Id, nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("helper", sa.String(length=200), nullable=False),
        sa.Column("days", sa.String(length=20), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_plans")),
        sa.UniqueConstraint("source", name=op.f("uq_care_plans_source")),
    )
    op.create_index("ix_care_plans_helper", "care_plans", ["helper", "active"])
    op.create_table(
        "care_rounds",
        sa.Column("id", Id, nullable=False),
        sa.Column("plan_id", Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", Moment()),
        sa.Column("visit_id", Id),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_rounds")),
        sa.UniqueConstraint("plan_id", "day", name=op.f("uq_care_rounds_plan_id_day")),
    )
