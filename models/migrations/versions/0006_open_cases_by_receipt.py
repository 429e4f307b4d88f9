"""The index of open cases holds the day of receipt too.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NAME = "ix_case_record_unit_state_due"
_COLUMNS = ["unit_id", "state", "next_due_on"]


def upgrade() -> None:
    """Apply."""
    op.drop_index(_NAME, "case_record")
    op.create_index(_NAME, "case_record", [*_COLUMNS, "received_on"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(_NAME, "case_record")
    op.create_index(_NAME, "case_record", _COLUMNS)
