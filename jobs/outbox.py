"""From alerts to the inbox and the outbox: each alert once, in one transaction."""

from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

import sqlalchemy
from sqlalchemy import update
from sqlmodel import Session, col

from jobs import duties, mail_texts
from jobs.duties import Charge
from jobs.inserting import add
from jobs.recipients import People, people
from jobs.settings import JobSettings
from models import Alert, AlertReceipt, BureauDuty, Case, Message, User
from models.base import utc_now
from rules.calendar import calendar_days_between
from rules.rulebook import Rulebook

BATCH = 500


class Found(NamedTuple):
    """An alert that nobody has received yet: of a case, or of a duty of the bureau itself."""

    id: int
    rule: str
    stage: str
    due_on: date
    number: str | None
    handler_id: int | None
    duty_id: int | None
    event: str | None
    ended_on: date | None


def deliver_alerts(
    session: Session, rulebook: Rulebook, today: date, settings: JobSettings
) -> dict[str, int]:
    """Put every waiting alert into the inboxes and its mail into the outbox.

    Receipts, messages and the mark on the alert stand in one transaction, so that each
    receipt is written once whatever stops the process. Commits after each batch.
    """
    counts = {"alerts": 0, "receipts": 0, "queued": 0}
    while found := _waiting(session):
        charges = duties.charges(session, [alert.rule for alert in found if alert.duty_id])
        told = _people(session, found, charges)
        pairs = [
            (alert, user_id)
            for alert in found
            for user_id in sorted(_told(told, alert, charges.get(alert.rule)))
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


def _waiting(session: Session) -> list[Found]:
    query = (
        sqlalchemy.select(
            col(Alert.id),
            col(Alert.rule),
            col(Alert.stage),
            col(Alert.due_on),
            col(Case.number),
            col(Case.handler_id),
            col(Alert.duty_id),
            col(BureauDuty.event),
            col(BureauDuty.ended_on),
        )
        .outerjoin(Case, col(Case.id) == col(Alert.case_id))
        .outerjoin(BureauDuty, col(BureauDuty.id) == col(Alert.duty_id))
        .where(col(Alert.delivered_at).is_(None))
        .order_by(col(Alert.id))
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Alert)
    )
    return [Found(*row) for row in session.execute(query)]


def _people(session: Session, found: list[Found], charges: dict[str, Charge]) -> People:
    handlers = {alert.handler_id for alert in found} | {one.handler_id for one in charges.values()}
    units = {one.unit_id for one in charges.values()}
    return people(session, {one for one in handlers if one is not None}, units)


def _told(told: People, alert: Found, charge: Charge | None) -> set[int]:
    if alert.handler_id is not None:
        return told.of(alert.handler_id, alert.stage)
    return told.in_charge(*charge, alert.stage) if charge else set()


def _receipt(alert: Found, user_id: int) -> dict[str, Any]:
    return {"alert_id": alert.id, "user_id": user_id, "created_at": utc_now()}


def _message(
    alert: Found, user: User, rulebook: Rulebook, today: date, settings: JobSettings
) -> dict[str, Any]:
    language = mail_texts.language_of(user.language, settings)
    kind, about = _about(alert, rulebook, settings, language)
    rule = rulebook.policy.rules.get(alert.rule)
    text = mail_texts.write(
        kind + mail_texts.alert_kind(alert.stage, alert.due_on, today),
        language,
        duty=rule.obligation[language] if rule else alert.rule,
        due_on=alert.due_on.isoformat(),
        days=abs(calendar_days_between(today, alert.due_on)),
        **about,
    )
    message_id = f"<alert.{alert.id}.{user.id}@{settings.mail_domain}>"
    return message_row(message_id, user, text, alert_id=alert.id)


def _about(
    alert: Found, rulebook: Rulebook, settings: JobSettings, language: str
) -> tuple[str, dict[str, str]]:
    """The family of texts, and what names the case or the duty in them."""
    if alert.number is not None:
        url = f"{settings.public_url}/cases/{quote(alert.number)}"
        return "", {"number": alert.number, "url": url}
    ended_on = alert.ended_on or alert.due_on
    period = duties.period_name(alert.event or "", ended_on, rulebook, language)
    return "duty_", {"period": period, "url": f"{settings.public_url}/duties/{alert.duty_id}"}


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
