"""What is particular to work injuries.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "work_injury_details",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("applied_by", sa.String(length=16), nullable=False),
        sa.Column("injury_kind", sa.String(length=32), nullable=False),
        sa.Column("diagnosis", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"]),
        sa.PrimaryKeyConstraint("case_id"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("work_injury_details")
