"""The first administrator of a new installation: one account with a one-time password.

`anqi init` and `anqi serve` call `ensure_administrator` and print what it returns. Logging
in with it leads to choosing an own password, after which it is of no more use.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from models import Unit, User
from service.account import passwords as people

USERNAME = "admin"
_ROOT_CODE = "ROOT"


def ensure_administrator(session: Session, now: datetime) -> str | None:
    """A one-time password for the first administrator, made if there is none.

    A new one each time while nobody has used it; None once an administrator has chosen a
    password. Commits.
    """
    if _settled(session):
        return None
    user = session.exec(select(User).where(User.username == USERNAME)).one_or_none()
    if user is None:
        user = _administrator(session)
    password = people.temporary_password()
    user.password_hash = people.hash_password(password)
    user.must_change_password = True
    user.failed_logins, user.locked_until, user.disabled_at = 0, None, None
    user.created_at = now
    session.add(user)
    session.commit()
    return password


def waiting_administrator(session: Session) -> str | None:
    """The user name to log in with while no administrator has chosen a password yet."""
    waiting = not _settled(session)
    return USERNAME if waiting else None


def _settled(session: Session) -> bool:
    statement = select(User.id).where(
        User.role == "administrator", col(User.must_change_password).is_(False)
    )
    return session.exec(statement.limit(1)).first() is not None


def _administrator(session: Session) -> User:
    return User(
        username=USERNAME,
        name=USERNAME,
        role="administrator",
        unit_id=_root(session),
        password_hash="",
    )


def _root(session: Session) -> int:
    """The top of the unit tree; an administrator names it and adds the others."""
    unit = session.exec(select(Unit).where(col(Unit.parent_id).is_(None))).first()
    if unit is None:
        unit = Unit(
            path="/",
            code=_ROOT_CODE,
            name_zh=_ROOT_CODE,
            name_en=_ROOT_CODE,
            kind="district",
        )
        session.add(unit)
        session.flush()
        unit.path = f"/{unit.id}/"
        session.add(unit)
        session.flush()
    if unit.id is None:
        raise ValueError("the unit was not saved")
    return unit.id
