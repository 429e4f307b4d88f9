"""Passwords: what a good one is, argon2, and a lock-out that is counted in the database."""

import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session, col, func, select, update

from models import User
from service import audit
from service.cases.problems import Problem

SHORTEST = 10
_LONGEST = 128
_FEWEST_DIFFERENT = 5
TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
_NAME_LENGTH_THAT_COUNTS = 3
# No 0, o, 1, l and i: temporary passwords are read out and typed.
_LEGIBLE = "23456789abcdefghjkmnpqrstuvwxyz"
_TEMPORARY_GROUPS, _GROUP = 3, 4
# What is tried first, wherever it stands in the password.
_COMMON = ("password", "12345678", "87654321", "qwertyui", "11111111", "abcd1234", "iloveyou")


class WrongPassword(ValueError):  # noqa: N818 - named as people say it
    """The present password was not given."""


class WeakPassword(ValueError):  # noqa: N818
    """The new password is not good enough; the text says why, in the request's language."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem

    def __str__(self) -> str:
        return self.problem.message


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """The hash that is checked for a name nobody has, so that it takes as long."""
    return hash_password(secrets.token_urlsafe())


def hash_password(password: str) -> str:
    """What is stored instead of a password (argon2id with its own salt)."""
    return _hasher().hash(password)


def is_password(password_hash: str, password: str) -> bool:
    """Is this the password? An empty or damaged hash has none."""
    try:
        return _hasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def temporary_password() -> str:
    """A password to hand over once, easy to read out: `k7fm-22xq-9hpd`."""
    groups = (
        "".join(secrets.choice(_LEGIBLE) for _ in range(_GROUP)) for _ in range(_TEMPORARY_GROUPS)
    )
    return "-".join(groups)


def password_hint() -> str:
    """What a new password must be, for under the field."""
    from service.cases.messages import text

    return text("password_short", {"limit": SHORTEST})


def password_problem(password: str, username: str, field: str = "password") -> Problem | None:
    """Why this is no good password for that person; None when it is."""
    lowered = password.lower()
    if len(password) < SHORTEST:
        return Problem(field, "password_short", {"limit": SHORTEST})
    if len(password) > _LONGEST:
        return Problem(field, "password_long", {"limit": _LONGEST})
    if len(username) >= _NAME_LENGTH_THAT_COUNTS and username.lower() in lowered:
        return Problem(field, "password_name")
    if any(common in lowered for common in _COMMON):
        return Problem(field, "password_common")
    if len(set(lowered)) < _FEWEST_DIFFERENT:
        return Problem(field, "password_simple")
    return None


def authenticate(session: Session, username: str, password: str, now: datetime) -> User | None:
    """The person with this name and password; None when either is wrong. Commits.

    After `TRIES` wrong passwords the name is locked for `LOCKED_FOR`, also for the right one.
    Nothing in the answer or in its duration tells whether the name exists, is locked or is
    somebody's who may not log in: each refusal checks a password and writes a row.
    """
    named = select(User).where(User.username == username.strip().lower())
    user = session.exec(named.execution_options(populate_existing=True)).one_or_none()
    right = is_password(user.password_hash if user else _nobody(), password)
    if user is None or user.disabled_at is not None or _locked(user, now):
        _refused(session)
    elif right:
        return _logged_in(session, user, password, now)
    else:
        _failed(session, user, now)
    return None


def _locked(user: User, now: datetime) -> bool:
    return user.locked_until is not None and user.locked_until > now


def _logged_in(session: Session, user: User, password: str, now: datetime) -> User:
    user.failed_logins = 0
    user.locked_until = None
    user.last_login_at = now
    if _hasher().check_needs_rehash(user.password_hash):
        user.password_hash = hash_password(password)
    session.add(user)
    audit.record(session, user.id, "user.log_in")
    session.commit()
    return user


def _refused(session: Session) -> None:
    """Take as long as counting a wrong password does, and change nothing."""
    somebody = select(func.min(col(User.id))).scalar_subquery()
    _raise_failures(session, somebody, by=0)
    session.commit()


def _raise_failures(session: Session, user_id: Any, by: int) -> int:
    """Count up in one statement, so that tries at the same moment all count."""
    counted = (
        update(User)
        .where(col(User.id) == user_id)
        .values(failed_logins=col(User.failed_logins) + by)
        .returning(col(User.failed_logins))
    )
    found = session.exec(counted).first()
    return int(found[0]) if found else 0


def _failed(session: Session, user: User, now: datetime) -> None:
    """Count a wrong password, and lock the name after too many."""
    if _raise_failures(session, user.id, by=1) >= TRIES:
        user.locked_until = now + LOCKED_FOR
        user.failed_logins = 0
        session.add(user)
        audit.record(session, user.id, "user.locked")
    session.commit()


def change_password(session: Session, user: User, old: str, new: str) -> None:
    """Change the own password and end all sessions opened with the old one; the caller commits.

    Raises WrongPassword or WeakPassword.
    """
    if not is_password(user.password_hash, old):
        raise WrongPassword
    if old == new:
        raise WeakPassword(Problem("new", "password_same"))
    problem = password_problem(new, user.username, "new")
    if problem is not None:
        raise WeakPassword(problem)
    set_password(user, new, must_change=False)
    session.add(user)
    audit.record(session, user.id, "user.password", subject=f"user:{user.id}")


def set_password(user: User, password: str, *, must_change: bool) -> None:
    """Store a password, unlock the person and end their sessions."""
    user.password_hash = hash_password(password)
    user.must_change_password = must_change
    user.session_version += 1
    user.failed_logins = 0
    user.locked_until = None
