"""Case numbers: per unit, procedure and year; each given out once, however many register."""

from datetime import date
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from models import CaseCounter, Unit

_DIGITS = 5


def next_number(session: Session, unit: Unit, procedure: str, code: str, received_on: date) -> str:
    """The next free number, for instance `CM-ARB-2026-00012`; `code` stands for the procedure.

    One upsert counts up and reads the count, so two writers never get the same; the counter's
    row stays locked until the transaction ends, and a rolled-back one takes no number.
    """
    last = session.execute(_count_up(session, unit.id, procedure, received_on.year)).scalar_one()
    return case_number(unit.code, code, received_on.year, last)


def case_number(unit_code: str, code: str, year: int, count: int) -> str:
    """The number of the `count`-th case of a unit, procedure and year."""
    return f"{unit_code}-{code}-{year}-{count:0{_DIGITS}d}"


def _count_up(session: Session, unit_id: int | None, procedure: str, year: int) -> Any:
    dialect = session.get_bind().dialect.name
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    key = {"unit_id": unit_id, "procedure": procedure, "year": year}
    table = CaseCounter.__table__  # type: ignore[attr-defined]
    statement = insert(table).values(**key, last=1)
    return statement.on_conflict_do_update(
        index_elements=list(key), set_={"last": table.c.last + 1}
    ).returning(table.c.last)
