"""How long the drafts of forms are kept."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from models import Draft

KEPT = timedelta(days=14)


def forget_expired(session: Session, now: datetime) -> int:
    """Delete the drafts nobody has saved for longer than they are kept; returns how many.

    The caller commits.
    """
    old = delete(Draft).where(col(Draft.saved_at) < now - KEPT)
    return len(session.execute(old.returning(col(Draft.id))).all())
