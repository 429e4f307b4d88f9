"""What a case is in law: facts entered for it, and decisions

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_IN_FORCE = sa.text("taken_back_at IS NULL")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "case_circumstances",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("known", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_case_circumstances_case_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_circumstances")),
    )
    op.create_table(
        "classification_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("by_rules", sa.String(length=4), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_because", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_classification_decision_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_classification_decision_decided_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by_id"],
            ["user_account.id"],
            name=op.f("fk_classification_decision_taken_back_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classification_decision")),
    )
    op.create_index(
        op.f("ix_classification_decision_case_id"), "classification_decision", ["case_id"]
    )
    op.create_index(
        "ix_classification_decision_in_force",
        "classification_decision",
        ["case_id", "code"],
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("classification_decision")
    op.drop_table("case_circumstances")
