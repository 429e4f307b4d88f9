"""The log-ins of the demonstration, shown on the log-in page of a demo installation alone."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from models import User
from service.config import Settings


def shown(settings: Settings, session: Session) -> Sequence[Any]:
    """User name, password and role of each that there is; nothing in a real installation."""
    if not settings.demo:
        return ()
    from service.demo import LOGINS

    names = [login.username for login in LOGINS]
    # A demo that was loaded by an earlier version has fewer.
    there = set(session.exec(select(User.username).where(col(User.username).in_(names))))
    return [login for login in LOGINS if login.username in there]
