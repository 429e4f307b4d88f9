"""Duties of the bureau itself, raised for each period, with their alerts.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "bureau_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=48), nullable=False),
        sa.Column("procedure", sa.String(length=16), nullable=False),
        sa.Column("jurisdiction", sa.String(length=16), nullable=False),
        sa.Column("event", sa.String(length=48), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("alertable", sa.Boolean(), nullable=False),
        sa.Column("derived_with", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bureau_duty")),
        sa.UniqueConstraint("rule", "ended_on", name=op.f("uq_bureau_duty_rule_ended_on")),
    )
    op.create_table(
        "duty_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=48), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["bureau_duty.id"], name=op.f("fk_duty_event_duty_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_duty_event_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["duty_event.id"], name=op.f("fk_duty_event_corrects_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_event")),
    )
    op.create_index(op.f("ix_duty_event_duty_id"), "duty_event", ["duty_id"])
    op.create_table(
        "duty_charge",
        sa.Column("rule", sa.String(length=48), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_duty_charge_unit_id")),
        sa.ForeignKeyConstraint(
            ["handler_id"], ["user_account.id"], name=op.f("fk_duty_charge_handler_id")
        ),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_duty_charge")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.alter_column("case_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("duty_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_alert_duty_id"), "bureau_duty", ["duty_id"], ["id"])
        batch_op.create_unique_constraint(
            op.f("uq_alert_duty_id_stage_due_on"), ["duty_id", "stage", "due_on"]
        )


def downgrade() -> None:
    """Take back. What was said of duties goes with them."""
    for table in ("message", "alert_receipt"):
        rows = sa.table(table, sa.column("alert_id"))
        alert = sa.table("alert", sa.column("id"), sa.column("duty_id"))
        said = sa.select(alert.c.id).where(alert.c.duty_id.is_not(None))
        op.execute(sa.delete(rows).where(rows.c.alert_id.in_(said)))
    op.execute("DELETE FROM alert WHERE duty_id IS NOT NULL")
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_alert_duty_id_stage_due_on"), type_="unique")
        batch_op.drop_constraint(op.f("fk_alert_duty_id"), type_="foreignkey")
        batch_op.drop_column("duty_id")
        batch_op.alter_column("case_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("duty_charge")
    op.drop_table("duty_event")
    op.drop_table("bureau_duty")
