"""Rows that stand once whoever writes them first."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session


def add(session: Session, table: type[Any], rows: Sequence[dict[str, Any]]) -> int:
    """Insert the rows whose unique key does not stand yet; returns how many were new."""
    if not rows:
        return 0
    dialect = session.get_bind().dialect.name
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = build(table).on_conflict_do_nothing().returning(table.id)
    # Given beside the statement, so that it is compiled once and not for each number of rows.
    return len(session.execute(statement, list(rows)).all())
