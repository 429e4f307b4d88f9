"""A dry run: which open cases a change of calendar or law moves, from which day to which."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from jobs.deriving import matter_from
from models import Case, Deadline
from models import Event as EventRow
from rules.deadlines import derive_many
from rules.rulebook import Rulebook

_CHUNK = 500
# The screen shows so many; the count says how many there are.
SHOWN = 200


@dataclass(frozen=True)
class Move:
    """An open case's deadline that the change moves; `old` is None for one that is new."""

    number: str
    rule: str
    old: date | None
    new: date | None


@dataclass(frozen=True)
class Preview:
    """What the change would do: the first moves, their number, and the cases looked at."""

    moves: Sequence[Move]
    total: int
    cases: int


def moved(session: Session, changed: Rulebook, which: ColumnElement[bool], today: date) -> Preview:
    """What the deadlines of these open cases would become; nothing is written."""
    moves: list[Move] = []
    cases = 0
    # A session of its own, for looking only: a large bureau must not stay in memory.
    with Session(session.connection()) as looking:
        for chunk in _chunks(looking, which):
            cases += len(chunk)
            moves += _moves(looking, chunk, changed, today)
            looking.expunge_all()
    return Preview(moves[:SHOWN], len(moves), cases)


def _chunks(session: Session, which: ColumnElement[bool]) -> Iterator[list[Case]]:
    last = 0
    while True:
        query = (
            select(Case)
            .where(which, Case.state == "open", col(Case.id) > last)
            .order_by(col(Case.id))
            .limit(_CHUNK)
        )
        chunk = list(session.exec(query))
        if not chunk:
            return
        last = chunk[-1].id or 0
        yield chunk


def _moves(
    session: Session, cases: Sequence[Case], rulebook: Rulebook, today: date
) -> Iterator[Move]:
    ids = [case.id for case in cases]
    events = _by_case(session, select(EventRow).where(col(EventRow.case_id).in_(ids)))
    stored = _by_case(session, select(Deadline).where(col(Deadline.case_id).in_(ids)))
    matters = [matter_from(case, events.get(case.id, [])) for case in cases]
    for case, derivation in zip(cases, derive_many(matters, rulebook, today), strict=True):
        before = {(row.rule, row.seq): row for row in stored.get(case.id, [])}
        for clock in derivation.clocks:
            row = before.get((clock.rule, clock.seq))
            if row is None:
                if clock.state == "running":
                    yield Move(case.number, clock.rule, None, clock.due_on)
            elif row.state == "running" and row.due_on != clock.due_on:
                yield Move(case.number, clock.rule, row.due_on, clock.due_on)


def _by_case(session: Session, query: Any) -> dict[Any, list[Any]]:
    rows: dict[Any, list[Any]] = {}
    for row in session.exec(query):
        rows.setdefault(row.case_id, []).append(row)
    return rows
