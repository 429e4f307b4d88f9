"""Passwords: what a good one is, argon2, and a lock-out that is counted in the database."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session, col, select, update

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


@dataclass(frozen=True)
class Locked:
    """Too many wrong passwords: nobody logs in with this name until then."""

    until: datetime


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


def authenticate(
    session: Session, username: str, password: str, now: datetime
) -> User | Locked | None:
    """The person with this name and password; None when either is wrong. Commits.

    After `TRIES` wrong passwords the name is locked for `LOCKED_FOR`, also for the right one.
    Nothing in the answer or in its duration tells whether the name exists.
    """
    named = select(User).where(User.username == username.strip().lower())
    user = session.exec(named.execution_options(populate_existing=True)).one_or_none()
    right = is_password(user.password_hash if user else _nobody(), password)
    if user is None or user.disabled_at is not None:
        return None
    if user.locked_until is not None and user.locked_until > now:
        return Locked(user.locked_until)
    return _logged_in(session, user, password, now) if right else _failed(session, user, now)


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


def _failed(session: Session, user: User, now: datetime) -> Locked | None:
    """Count up in one statement, so that tries at the same moment all count."""
    counted = (
        update(User)
        .where(col(User.id) == user.id)
        .values(failed_logins=col(User.failed_logins) + 1)
        .returning(col(User.failed_logins))
    )
    failures = session.exec(counted).one()[0]
    locked = None
    if failures >= TRIES:
        locked = Locked(now + LOCKED_FOR)
        user.locked_until = locked.until
        user.failed_logins = 0
        session.add(user)
        audit.record(session, user.id, "user.locked")
    session.commit()
    session.refresh(user)
    return locked


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
