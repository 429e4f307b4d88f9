"""The day on which a request for approval was made: no decision lies before it.

Revision ID: 0015
Revises: 0013
"""

from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

_CHUNK = 1000
_HERE = ZoneInfo("Asia/Shanghai")
_APPROVAL = sa.table(
    "approval",
    sa.column("id", sa.Integer),
    sa.column("requested_at", Moment),
    sa.column("requested_on", sa.Date),
)


def upgrade() -> None:
    """Apply: the day that it was in Shanghai when the request was made."""
    op.add_column("approval", sa.Column("requested_on", sa.Date(), nullable=True))
    made = sa.select(_APPROVAL.c.id, _APPROVAL.c.requested_at)
    rows = [
        {"row": row.id, "day": row.requested_at.astimezone(_HERE).date()}
        for row in op.get_bind().execute(made)
    ]
    statement = (
        sa.update(_APPROVAL)
        .where(_APPROVAL.c.id == sa.bindparam("row"))
        .values(requested_on=sa.bindparam("day"))
    )
    for first in range(0, len(rows), _CHUNK):
        op.get_bind().execute(statement, rows[first : first + _CHUNK])
    with op.batch_alter_table("approval") as batch_op:
        batch_op.alter_column("requested_on", existing_type=sa.Date(), nullable=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("approval") as batch_op:
        batch_op.drop_column("requested_on")
