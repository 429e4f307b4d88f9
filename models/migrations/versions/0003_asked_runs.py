"""Runs of jobs that were asked for, and schedulers that are there

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("job_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_job_run_asked_by_id"), "user_account", ["asked_by_id"], ["id"]
        )
        batch_op.create_index(
            "ix_job_run_asked",
            ["id"],
            sqlite_where=sa.text("asked_by_id IS NOT NULL"),
            postgresql_where=sa.text("asked_by_id IS NOT NULL"),
        )
    op.create_table(
        "scheduler_beat",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_scheduler_beat")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("scheduler_beat")
    with op.batch_alter_table("job_run", schema=None) as batch_op:
        batch_op.drop_index("ix_job_run_asked")
        batch_op.drop_constraint(batch_op.f("fk_job_run_asked_by_id"), type_="foreignkey")
        batch_op.drop_column("asked_by_id")
