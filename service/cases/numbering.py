"""Case numbers: per unit, procedure and year; each given out once, however many register."""

from datetime import date
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from models import CaseCounter, Unit, table_of

_DIGITS = 5


def next_number(session: Session, unit: Unit, procedure: str, code: str, received_on: date) -> str:
    """The next free number, for instance `CM-ARB-2026-00012`; `code` stands for the procedure.

    One upsert counts up and reads the count, so two writers never get the same; the counter's
    row stays locked until the transaction ends, and a rolled-back one takes no number.
    """
    count_up = _COUNT_UP[session.get_bind().dialect.name]
    key = {"unit_id": unit.id, "procedure": procedure, "year": received_on.year}
    last = session.execute(count_up, {**key, "last": 1}).scalar_one()
    return case_number(unit.code, code, received_on.year, last)


def case_number(unit_code: str, code: str, year: int, count: int) -> str:
    """The number of the `count`-th case of a unit, procedure and year."""
    return f"{unit_code}-{code}-{year}-{count:0{_DIGITS}d}"


def _count_up(insert: Any) -> Any:
    table = table_of(CaseCounter)
    counted = {"last": table.c.last + 1}
    upsert = insert(table).on_conflict_do_update(index_elements=table.primary_key, set_=counted)
    return upsert.returning(table.c.last)


_COUNT_UP = {"sqlite": _count_up(sqlite.insert), "postgresql": _count_up(postgresql.insert)}
