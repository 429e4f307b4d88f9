"""Alerts as one person received them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select, update

from models import Alert, AlertReceipt, BureauDuty, Case
from service.access import Actor, visible_cases

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Received:
    """An alert in the inbox; `number` and `title` are empty when the case is out of sight. One
    of a duty of the bureau has `duty_id` and its period."""

    receipt_id: int
    stage: str
    rule: str
    due_on: date
    created_at: datetime
    read_at: datetime | None
    number: str
    title: str
    duty_id: int | None = None
    event: str | None = None
    ended_on: date | None = None


def received(
    session: Session, actor: Actor, *, unread_only: bool, page: int
) -> tuple[list[Received], bool]:
    """One page of the inbox, the newest first, and whether another follows; one query."""
    query: Any = (
        select(  # type: ignore[call-overload]
            AlertReceipt, Alert, Case.number, Case.title, BureauDuty
        )
        .join(Alert, col(Alert.id) == col(AlertReceipt.alert_id))
        .outerjoin(Case, (col(Case.id) == col(Alert.case_id)) & visible_cases(actor))
        .outerjoin(BureauDuty, col(BureauDuty.id) == col(Alert.duty_id))
        .where(AlertReceipt.user_id == actor.user_id)
        .order_by(col(AlertReceipt.id).desc())
    )
    if unread_only:
        query = query.where(col(AlertReceipt.read_at).is_(None))
    rows = session.exec(query.limit(PAGE_SIZE + 1).offset((page - 1) * PAGE_SIZE)).all()
    return [_received(*row) for row in rows[:PAGE_SIZE]], len(rows) > PAGE_SIZE


def _received(
    receipt: AlertReceipt,
    alert: Alert,
    number: str | None,
    title: str | None,
    duty: BureauDuty | None,
) -> Received:
    return Received(
        receipt_id=receipt.id or 0,
        stage=alert.stage,
        rule=alert.rule,
        due_on=alert.due_on,
        created_at=receipt.created_at,
        read_at=receipt.read_at,
        number=number or "",
        title=title or "",
        duty_id=alert.duty_id,
        event=duty.event if duty else None,
        ended_on=duty.ended_on if duty else None,
    )


def mark_read(session: Session, actor: Actor, receipt_id: int | None, now: datetime) -> int:
    """Mark one alert, or all when none is named, as read by this person; how many changed."""
    change = (
        update(AlertReceipt)
        .where(col(AlertReceipt.user_id) == actor.user_id, col(AlertReceipt.read_at).is_(None))
        .values(read_at=now)
    )
    if receipt_id is not None:
        change = change.where(col(AlertReceipt.id) == receipt_id)
    return int(session.exec(change).rowcount)
