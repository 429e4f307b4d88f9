"""The filters of the list of cases as conditions on `Case`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from jobs import commitments, rulebooks
from jobs.indicators_sql import PARTS, condition
from models import Case, Unit
from rules.calendar import add_calendar_days
from rules.commitments import counted
from service.access import Actor, NotFound
from service.cases.inputs import PROCEDURES
from service.cases.problems import invalid

if TYPE_CHECKING:
    from service.cases.searching import CaseFilter

_SOON_CALENDAR_DAYS = 7


def last_day_soon(today: date) -> date:
    """The last due day that lists and counts call soon: a week from today."""
    return add_calendar_days(today, _SOON_CALENDAR_DAYS)


def conditions(session: Session, wanted: CaseFilter, today: date) -> list[ColumnElement[bool]]:
    """One condition for each filter that is set, but for text and unit (see `units_of`)."""
    found = _equal(wanted) + _periods(wanted)
    if wanted.due is not None:
        found += due_condition(wanted.due, today)
    if wanted.indicator is not None:
        found.append(_behind(session, wanted, today))
    return found


def hints(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """What follows from the filters and helps to count by an index, adding nothing."""
    return [] if wanted.kind is None else [col(Case.procedure) == PROCEDURES[wanted.kind]]


def units_of(session: Session, actor: Actor, wanted: CaseFilter) -> tuple[int, ...]:
    """The units whose cases are looked for: those the actor sees, within the one asked for."""
    seen = set(actor.unit_ids)
    if actor.role == "auditor":
        seen = {one for one in session.exec(select(Unit.id)) if one is not None}
    # A number of the report counts disputes by their own unit, not by that of each case.
    if wanted.unit_id is not None and wanted.indicator is None:
        path = session.exec(select(Unit.path).where(Unit.id == wanted.unit_id)).first()
        below = select(Unit.id).where(col(Unit.path).startswith(path or "-", autoescape=True))
        seen &= {one for one in session.exec(below) if one is not None}
    return tuple(sorted(seen))


def _behind(session: Session, wanted: CaseFilter, today: date) -> ColumnElement[bool]:
    """The cases behind a number of the report, counted for the unit and those below it."""
    if not (wanted.indicator and wanted.period_from and wanted.period_to):
        raise invalid("indicator", "indicator_period")
    policy = rulebooks.current(session).policy
    kept = counted(policy).get(wanted.indicator)
    if (kept is None and wanted.indicator not in policy.indicators) or wanted.part not in PARTS:
        raise invalid("indicator", "choice")
    days = (wanted.period_from, wanted.period_to, today)
    path = None
    if wanted.unit_id is not None:
        unit = session.get(Unit, wanted.unit_id)
        if unit is None:
            raise NotFound("unit")
        path = unit.path
    if kept is not None:
        return commitments.condition(kept, wanted.part, *days, unit_path=path)
    return condition(policy.indicators[wanted.indicator], wanted.part, *days, unit_path=path)


def _equal(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    given: list[tuple[Any, Any]] = [
        (Case.kind, wanted.kind),
        (Case.state, wanted.state),
        (Case.handler_id, wanted.handler_id),
    ]
    return [col(column) == value for column, value in given if value is not None]


def _periods(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.closed_from or wanted.closed_to:
        # Names the first column of the index on the day of closing.
        found.append(col(Case.procedure).in_(sorted(set(PROCEDURES.values()))))
    if wanted.received_from:
        found.append(col(Case.received_on) >= wanted.received_from)
    if wanted.received_to:
        found.append(col(Case.received_on) <= wanted.received_to)
    if wanted.closed_from:
        found.append(col(Case.closed_on) >= wanted.closed_from)
    if wanted.closed_to:
        found.append(col(Case.closed_on) <= wanted.closed_to)
    return found


def due_condition(due: str, today: date) -> list[ColumnElement[bool]]:
    """Open cases whose next due day is past, today, within the coming seven days, or later."""
    on: Any = col(Case.next_due_on)
    is_open = col(Case.state) == "open"
    week = last_day_soon(today)
    ranges: dict[str, ColumnElement[bool]] = {
        "overdue": on < today,
        "today": on == today,
        "week": (on > today) & (on <= week),
        "later": on > week,
    }
    return [is_open, ranges[due]]
