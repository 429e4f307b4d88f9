"""From alerts to the inbox and the outbox: each alert once, in one transaction."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

import sqlalchemy
from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from jobs import mail_texts
from jobs.recipients import people
from jobs.settings import JobSettings
from models import Alert, AlertReceipt, Case, Message, User
from models.base import utc_now
from rules.calendar import calendar_days_between
from rules.rulebook import Rulebook

BATCH = 500


class Found(NamedTuple):
    """An alert that nobody has received yet."""

    id: int
    rule: str
    stage: str
    due_on: date
    number: str
    handler_id: int


def deliver_alerts(
    session: Session, rulebook: Rulebook, today: date, settings: JobSettings
) -> dict[str, int]:
    """Put every waiting alert into the inboxes and its mail into the outbox.

    Receipts, messages and the mark on the alert stand in one transaction, so that each
    receipt is written once whatever stops the process. Commits after each batch.
    """
    counts = {"alerts": 0, "receipts": 0, "queued": 0}
    while found := _waiting(session):
        told = people(session, {alert.handler_id for alert in found})
        pairs = [
            (alert, user_id)
            for alert in found
            for user_id in sorted(told.of(alert.handler_id, alert.stage))
        ]
        mails = [
            _message(alert, told.users[user_id], rulebook, today, settings)
            for alert, user_id in pairs
            if told.users[user_id].email
        ]
        add(session, AlertReceipt, [_receipt(alert, user_id) for alert, user_id in pairs])
        add(session, Message, mails)
        session.execute(
            update(Alert)
            .where(col(Alert.id).in_([alert.id for alert in found]))
            .values(delivered_at=utc_now())
        )
        session.commit()
        for name, rows in (("alerts", found), ("receipts", pairs), ("queued", mails)):
            counts[name] += len(rows)
    return counts


def add(session: Session, table: type[Any], rows: Sequence[dict[str, Any]]) -> int:
    """Insert the rows whose unique key does not stand yet; returns how many were new."""
    if not rows:
        return 0
    dialect = session.get_bind().dialect.name
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = build(table).on_conflict_do_nothing().returning(table.id)
    # Given beside the statement, so that it is compiled once and not for each number of rows.
    return len(session.execute(statement, list(rows)).all())


def _waiting(session: Session) -> list[Found]:
    query = (
        sqlalchemy.select(
            col(Alert.id),
            col(Alert.rule),
            col(Alert.stage),
            col(Alert.due_on),
            col(Case.number),
            col(Case.handler_id),
        )
        .join(Case, col(Case.id) == col(Alert.case_id))
        .where(col(Alert.delivered_at).is_(None))
        .order_by(col(Alert.id))
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Alert)
    )
    return [Found(*row) for row in session.execute(query)]


def _receipt(alert: Found, user_id: int) -> dict[str, Any]:
    return {"alert_id": alert.id, "user_id": user_id, "created_at": utc_now()}


def _message(
    alert: Found, user: User, rulebook: Rulebook, today: date, settings: JobSettings
) -> dict[str, Any]:
    language = mail_texts.language_of(user.language, settings)
    text = mail_texts.write(
        mail_texts.alert_kind(alert.stage, alert.due_on, today),
        language,
        number=alert.number,
        duty=rulebook.policy.rules[alert.rule].obligation[language],
        due_on=alert.due_on.isoformat(),
        days=abs(calendar_days_between(today, alert.due_on)),
        url=f"{settings.public_url}/cases/{quote(alert.number)}",
    )
    message_id = f"<alert.{alert.id}.{user.id}@{settings.mail_domain}>"
    return message_row(message_id, user, text, alert_id=alert.id)


def message_row(
    message_id: str,
    user: User,
    text: mail_texts.Mail,
    *,
    alert_id: int | None = None,
    attachment: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A waiting mail to a person who has an address."""
    now = utc_now()
    return {
        "message_id": message_id,
        "user_id": user.id,
        "alert_id": alert_id,
        "recipient": user.email,
        "subject": text.subject,
        "body": text.body,
        "attachment": attachment,
        "state": "waiting",
        "attempts": 0,
        "created_at": now,
        "next_try_at": now,
    }
