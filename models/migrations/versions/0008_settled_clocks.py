"""The day on which each of the bureau's own limits was settled, to count commitments by it.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INDEX = "ix_deadline_rule_settled_on"
# As `jobs.deriving` writes it; nothing has to be recomputed.
_FILL = """
    UPDATE deadline SET settled_on = CASE
        WHEN ended_on IS NOT NULL AND (due_on IS NULL OR ended_on < due_on) THEN ended_on
        ELSE due_on
    END
    WHERE state <> 'cancelled'
        AND kind IN ('duty', 'target', 'service_target', 'recurring', 'commitment')
"""


def upgrade() -> None:
    """Apply."""
    op.add_column("deadline", sa.Column("settled_on", sa.Date(), nullable=True))
    op.execute(_FILL)
    op.create_index(
        _INDEX,
        "deadline",
        ["rule", "settled_on", "case_id"],
        sqlite_where=sa.text("settled_on IS NOT NULL"),
        postgresql_where=sa.text("settled_on IS NOT NULL"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index(_INDEX, "deadline")
    op.drop_column("deadline", "settled_on")
