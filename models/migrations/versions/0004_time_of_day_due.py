"""The time of day a deadline ends at

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.String(length=5), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_column("due_at")
