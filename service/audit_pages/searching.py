"""Finding entries of the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Select, or_
from sqlmodel import Session, col, select

from models import AuditEntry, Case, User
from rules.calendar import add_calendar_days

PAGE_SIZE = 50


@dataclass(frozen=True)
class AuditFilter:
    """What to look for; an empty part leaves everything in."""

    number: str = ""
    person: str = ""
    action: str = ""
    on: date | None = None


def entries(wanted: AuditFilter, zone: ZoneInfo) -> Select[Any]:
    """Rows of (entry, user or None, case number or None), the newest first."""
    statement: Any = (
        select(AuditEntry, User, Case.number)
        .join(User, col(User.id) == AuditEntry.user_id, isouter=True)
        .join(Case, col(Case.id) == AuditEntry.case_id, isouter=True)
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
    )
    if wanted.number:
        statement = statement.where(
            col(AuditEntry.case_id).in_(select(Case.id).where(col(Case.number) == wanted.number))
        )
    if wanted.person:
        statement = statement.where(col(AuditEntry.user_id).in_(_people(wanted.person)))
    if wanted.action:
        statement = statement.where(col(AuditEntry.action) == wanted.action)
    if wanted.on is not None:
        begin, end = _bounds(wanted.on, zone)
        statement = statement.where(col(AuditEntry.at) >= begin, col(AuditEntry.at) < end)
    return cast("Select[Any]", statement)


def _people(text: str) -> Any:
    named = col(User.name).contains(text, autoescape=True)
    return select(User.id).where(or_(col(User.username) == text, named))


def _bounds(on: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moments between which it is this day where the bureau is."""
    begin = datetime.combine(on, time(), zone)
    end = datetime.combine(add_calendar_days(on, 1), time(), zone)
    return begin.astimezone(UTC), end.astimezone(UTC)


def known_actions(session: Session) -> Sequence[str]:
    """Every kind of entry there is, for the filter; reads the index alone."""
    return session.exec(select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()
