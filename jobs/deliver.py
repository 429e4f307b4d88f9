"""Outbox to inbox and mail server: the inbox exactly once, mail at least once.

A mail is claimed in a short transaction, sent with no transaction open, and then marked. A
process that dies in between leaves its claim to run out; whoever comes next sends the mail
again under the same message id. Several deliverers may run at once.
"""

import logging
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import func, text, update
from sqlmodel import Session, col, select

from jobs import mail, workbook
from jobs.mail import Attachment, Letter, MailError
from jobs.outbox import deliver_alerts
from jobs.rulebooks import current
from jobs.settings import JobSettings
from models import Message
from models.base import utc_now
from rules.indicators import MailPolicy

_log = logging.getLogger(__name__)
BATCH = 20
# As the partial index has it: with a bound value SQLite would not use the index.
_WAITING = text("message.state = 'waiting'")


class Claimed(NamedTuple):
    """A mail to be sent by this process. `attempts` are those before."""

    id: int
    message_id: str
    recipient: str
    subject: str
    body: str
    attachment: dict[str, Any] | None
    attempts: int


def run(
    session: Session, today: date, settings: JobSettings, *, now: datetime | None = None
) -> dict[str, Any]:
    """Deliver what waits. `now` is the moment it counts as (default: the present).

    Returns how many alerts were received and queued, mails sent, failed, given up and kept,
    and under `mail` whether there is a mail server at all. Commits.
    """
    rulebook = current(session)
    result: dict[str, Any] = dict(deliver_alerts(session, rulebook, today, settings))
    session.commit()
    if settings.mail_host:
        result |= send_mail(session, settings, rulebook.policy.alerts.mail, now)
    result["kept"] = _kept(session)
    result["mail"] = "sent" if settings.mail_host else "no mail server: the outbox keeps mail"
    session.commit()
    return result


def send_mail(
    session: Session, settings: JobSettings, policy: MailPolicy, now: datetime | None = None
) -> dict[str, int]:
    """Send what is due to be sent, batch by batch; stops when a whole batch fails."""
    counts = {"sent": 0, "failed": 0, "given_up": 0}
    while claimed := claim(session, policy, now or utc_now()):
        results = [_send_one(session, message, settings, policy, now) for message in claimed]
        for state in results:
            counts[state] += 1
        if "sent" not in results:
            break
    return counts


def claim(session: Session, policy: MailPolicy, now: datetime) -> list[Claimed]:
    """Take up to a batch of mails for this process alone, for as long as the policy says."""
    columns = [col(getattr(Message, name)) for name in Claimed._fields]
    rows = session.execute(
        sqlalchemy.select(*columns)
        .where(_WAITING, col(Message.next_try_at) <= now)
        .order_by(col(Message.next_try_at), col(Message.id))
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    claimed = [Claimed(*row) for row in rows]
    session.execute(
        update(Message)
        .where(col(Message.id).in_([one.id for one in claimed]))
        .values(
            attempts=col(Message.attempts) + 1,
            next_try_at=now + timedelta(minutes=policy.claim_minutes),
        )
    )
    # From here on no lock is held.
    session.commit()
    return claimed


def _send_one(
    session: Session,
    message: Claimed,
    settings: JobSettings,
    policy: MailPolicy,
    now: datetime | None,
) -> str:
    attachment = _attachment(session, message, settings)
    letter = Letter(*message[1:5], attachment)
    try:
        mail.send(letter, settings)
    except MailError as error:
        return _failed(session, message, str(error), policy, now or utc_now())
    _mark(session, message, state="sent", sent_at=now or utc_now(), last_error=None)
    return "sent"


def _attachment(session: Session, message: Claimed, settings: JobSettings) -> Attachment | None:
    if message.attachment is None:
        return None
    month = date.fromisoformat(f"{message.attachment['month']}-01")
    content = workbook.monthly(
        session,
        month,
        message.attachment["unit_id"],
        settings,
        language=message.attachment["language"],
    )
    # Reading took a transaction; none is open while the mail server answers.
    session.commit()
    return Attachment(f"anqi-{message.attachment['month']}.xlsx", content)


def _failed(
    session: Session, message: Claimed, reason: str, policy: MailPolicy, now: datetime
) -> str:
    attempts = message.attempts + 1
    _log.warning("mail %s failed (attempt %d): %s", message.id, attempts, reason)
    if attempts >= policy.give_up_after_attempts:
        _mark(session, message, state="given_up", last_error=reason)
        return "given_up"
    wait = timedelta(minutes=policy.wait_minutes(attempts))
    _mark(session, message, next_try_at=now + wait, last_error=reason)
    return "failed"


def _mark(session: Session, message: Claimed, **values: Any) -> None:
    session.execute(
        update(Message)
        .where(col(Message.id) == message.id, col(Message.state) == "waiting")
        .values(**values)
    )
    session.commit()


def _kept(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Message).where(_WAITING)).one()
