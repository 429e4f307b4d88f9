"""Who applied for an injury finding decides whose limit is met: it stands among the case's facts.

Revision ID: 0013
Revises: 0012
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_FACT = "applied_by"
_CHUNK = 1000
_CASE = sa.table("case_record", sa.column("id", sa.Integer), sa.column("facts", sa.JSON))
_DETAILS = sa.table(
    "work_injury_details", sa.column("case_id", sa.Integer), sa.column(_FACT, sa.String)
)


def upgrade() -> None:
    """Apply. The policy changes with this version, so that the deadlines are derived anew."""
    _rewrite(lambda facts, applied_by: {**facts, _FACT: applied_by})
    op.drop_column("work_injury_details", _FACT)


def downgrade() -> None:
    """Take back. Where nothing is known the worker applied, as was taken for granted."""
    column = sa.Column(_FACT, sa.String(length=16), nullable=False, server_default="worker")
    op.add_column("work_injury_details", column)
    known = sa.select(_CASE.c.id, _CASE.c.facts).join(_DETAILS, _DETAILS.c.case_id == _CASE.c.id)
    rows = op.get_bind().execute(known).all()
    told = [{"row": row.id, "value": row.facts[_FACT]} for row in rows if _FACT in row.facts]
    _in_chunks(
        sa.update(_DETAILS)
        .where(_DETAILS.c.case_id == sa.bindparam("row"))
        .values({_FACT: sa.bindparam("value")}),
        told,
    )
    _rewrite(lambda facts, _applied_by: {k: v for k, v in facts.items() if k != _FACT})
    with op.batch_alter_table("work_injury_details") as batch_op:
        batch_op.alter_column(_FACT, existing_type=sa.String(length=16), server_default=None)


def _rewrite(changed: Callable[[dict[str, Any], str], dict[str, Any]]) -> None:
    """The facts of every work-injury case."""
    known = sa.select(_CASE.c.id, _CASE.c.facts, _DETAILS.c.applied_by).join(
        _DETAILS, _DETAILS.c.case_id == _CASE.c.id
    )
    rows = op.get_bind().execute(known).all()
    _in_chunks(
        sa.update(_CASE)
        .where(_CASE.c.id == sa.bindparam("row"))
        .values(facts=sa.bindparam("value", type_=sa.JSON)),
        [{"row": row.id, "value": changed(row.facts or {}, row.applied_by)} for row in rows],
    )


def _in_chunks(statement: sa.Update, rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), _CHUNK):
        op.get_bind().execute(statement, rows[first : first + _CHUNK])
