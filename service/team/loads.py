"""What a supervisor looks at: who carries how much, what is late, what was alerted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import case as sql_case
from sqlmodel import Session, col, func, select

from models import Alert, AlertReceipt, Approval, BureauDuty, Case, Unit, User
from service.access import Actor, visible_cases
from service.cases.approving import waiting_for
from service.cases.filters import last_day_soon
from service.cases.searching import ROWS, CaseRow, as_rows
from service.duties import seen

SHOWN_ALERTS = 10
SHOWN_CASES = 12
# Where more people than this share the work, the table shows the units and opens on demand.
SHOWN_HANDLERS = 12


@dataclass(frozen=True, slots=True)
class Load:
    """The open cases of one handler in one unit, counted."""

    unit_id: int
    unit_zh: str
    unit_en: str
    handler_id: int
    handler: str
    open: int
    overdue: int
    due_soon: int
    paused: int


@dataclass(frozen=True, slots=True)
class UnitLoads:
    """One unit with its handlers, the most overdue first.

    `alone`: no other unit with open cases lies below it, so that a list of its cases, which
    always takes in the units below, holds just these.
    """

    unit_id: int
    unit_zh: str
    unit_en: str
    alone: bool
    handlers: tuple[Load, ...]

    def total(self, what: str) -> int:
        """The sum of one count (`open`, `overdue`, `due_soon`, `paused`) over the handlers."""
        return sum(getattr(load, what) for load in self.handlers)


def loads(session: Session, actor: Actor, today: date) -> list[UnitLoads]:
    """Open cases by unit and handler, in one query; due soon is within seven days."""
    due = col(Case.next_due_on)
    overdue = func.sum(sql_case((due < today, 1), else_=0))
    soon = func.sum(sql_case((due.between(today, last_day_soon(today)), 1), else_=0))
    paused = func.sum(sql_case((col(Case.paused), 1), else_=0))
    counted: Any = (
        select(  # type: ignore[call-overload]
            Case.unit_id, Case.handler_id, func.count(), overdue, soon, paused
        )
        .where(visible_cases(actor), col(Case.state) == "open")
        .group_by(col(Case.unit_id), col(Case.handler_id))
        .order_by(overdue.desc(), soon.desc())
    )
    rows = session.exec(counted).all()
    units = _units(session, {row[0] for row in rows})
    names = _names(session, {row[1] for row in rows})
    by_unit: dict[int, list[Load]] = defaultdict(list)
    for unit_id, handler_id, *counts in rows:
        unit = units[unit_id]
        by_unit[unit_id].append(
            Load(unit_id, unit.name_zh, unit.name_en, handler_id, names[handler_id], *counts)
        )
    return [
        UnitLoads(
            unit_id,
            units[unit_id].name_zh,
            units[unit_id].name_en,
            not any(
                other.id != unit_id and other.path.startswith(units[unit_id].path)
                for other in units.values()
            ),
            tuple(handlers),
        )
        for unit_id, handlers in by_unit.items()
    ]


def _units(session: Session, ids: set[int]) -> dict[int, Unit]:
    found = session.exec(select(Unit).where(col(Unit.id).in_(ids)))
    return {unit.id: unit for unit in found if unit.id is not None}


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    wanted = select(User.id, User.name).where(col(User.id).in_(ids))
    return {row[0]: row[1] for row in session.exec(wanted) if row[0] is not None}


def pressing(session: Session, actor: Actor, today: date) -> list[CaseRow]:
    """The open cases that are overdue or due within seven days, the most pressing first."""
    due = col(Case.next_due_on)
    query = (
        ROWS.where(visible_cases(actor), col(Case.state) == "open", due <= last_day_soon(today))
        .order_by(due, col(Case.id))
        .limit(SHOWN_CASES)
    )
    return as_rows(actor, session.execute(query))


@dataclass(frozen=True, slots=True)
class WaitingApproval:
    """Asked for and not decided, with its case and who asked."""

    approval: Approval
    case: Case
    requested_by: str


def waiting_approvals(session: Session, actor: Actor) -> list[WaitingApproval]:
    """The requests that wait for this person's decision, the oldest first."""
    query = (
        select(Approval, Case, User.name)
        .join(Case, col(Case.id) == col(Approval.case_id))
        .join(User, col(User.id) == col(Approval.requested_by_id))
        .where(waiting_for(actor))
        .order_by(col(Approval.requested_at))
    )
    return [WaitingApproval(row[0], row[1], row[2]) for row in session.exec(query)]


@dataclass(slots=True)
class SentAlert:
    """An alert that went out, with who has read it and who has not; of a case, or of a duty of
    the bureau and its period."""

    id: int
    number: str | None
    title: str | None
    rule: str
    stage: str
    due_on: date
    created_at: datetime
    duty_id: int | None = None
    event: str | None = None
    ended_on: date | None = None
    read_by: list[str] = field(default_factory=list)
    unread_by: list[str] = field(default_factory=list)


def sent_alerts(session: Session, actor: Actor) -> list[SentAlert]:
    """The newest alerts of the cases and duties this person sees; two queries for them, and those
    that find the duties."""
    duties = {one.duty.id: one.duty for one in seen(session, actor)}
    wanted: Any = (
        select(Alert, Case.number, Case.title)
        .outerjoin(Case, col(Case.id) == col(Alert.case_id))
        .where(
            (col(Alert.case_id).is_not(None) & visible_cases(actor))
            | col(Alert.duty_id).in_(duties.keys())
        )
        .order_by(col(Alert.id).desc())
        .limit(SHOWN_ALERTS)
    )
    alerts = {
        alert.id or 0: _sent(alert, number, title, duties.get(alert.duty_id))
        for alert, number, title in session.exec(wanted)
    }
    for alert_id, name, read_at in _receipts(session, list(alerts)):
        (alerts[alert_id].read_by if read_at else alerts[alert_id].unread_by).append(name)
    return list(alerts.values())


def _sent(
    alert: Alert, number: str | None, title: str | None, duty: BureauDuty | None
) -> SentAlert:
    return SentAlert(
        id=alert.id or 0,
        number=number,
        title=title,
        rule=alert.rule,
        stage=alert.stage,
        due_on=alert.due_on,
        created_at=alert.created_at,
        duty_id=alert.duty_id,
        event=duty.event if duty else None,
        ended_on=duty.ended_on if duty else None,
    )


def _receipts(
    session: Session, alert_ids: Sequence[int]
) -> Sequence[tuple[int, str, datetime | None]]:
    wanted = (
        select(AlertReceipt.alert_id, User.name, AlertReceipt.read_at)
        .join(User, col(User.id) == col(AlertReceipt.user_id))
        .where(col(AlertReceipt.alert_id).in_(alert_ids))
    )
    return [(row[0], row[1], row[2]) for row in session.exec(wanted)]
