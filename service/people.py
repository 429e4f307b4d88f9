"""People who use the product: added, changed, disabled and given new passwords.

An actor of None is the command line, whose user has the machine. Nobody is ever deleted:
what they did keeps their name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from models import Unit, User
from models.base import utc_now
from models.user import ROLES, Role
from service import audit
from service.access import Actor, Forbidden, NotFound, may_give, require
from service.cases.problems import InvalidInput, Problem, invalid
from service.config import LANGUAGES
from service.passwords import (
    WeakPassword,
    WrongPassword,
    authenticate,
    change_password,
    hash_password,
    password_hint,
    password_problem,
    set_password,
    temporary_password,
)
from service.tokens import create_token, revoke_token, tokens_of
from service.transactions import one_transaction

__all__ = [
    "PersonInput",
    "WeakPassword",
    "WrongPassword",
    "add_person",
    "authenticate",
    "change_password",
    "change_person",
    "create_token",
    "disable_person",
    "enable_person",
    "hash_password",
    "password_hint",
    "people",
    "person_of",
    "reset_password",
    "revoke_token",
    "temporary_password",
    "tokens_of",
]

_USERNAME = re.compile(r"^[a-z0-9._-]{2,64}$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_NAME_LIMIT = 64
_EMAIL_LIMIT = 254


@dataclass(frozen=True)
class PersonInput:
    """A person as an administrator enters them; `language` None is the installation's."""

    username: str
    name: str
    role: Role
    unit_id: int
    email: str | None = None
    language: str | None = None
    receives_reports: bool = False


@one_transaction
def add_person(
    session: Session,
    actor: Actor | None,
    person: PersonInput,
    password: str | None = None,
) -> tuple[User, str]:
    """Add a person; returns them and the password to hand over.

    It must be changed at the first log-in. Raises Forbidden, or InvalidInput with what is
    wrong.
    """
    _require(actor)
    problems = _problems(session, actor, person, None)
    given = password or temporary_password()
    weak = password_problem(given, person.username.strip())
    if problems or weak:
        raise InvalidInput(problems + ([weak] if weak else []))
    user = User(
        username=person.username.strip().lower(),
        name=person.name.strip(),
        email=(person.email or "").strip() or None,
        role=person.role,
        unit_id=person.unit_id,
        language=person.language,
        receives_reports=person.receives_reports,
        password_hash=hash_password(given),
        must_change_password=True,
    )
    session.add(user)
    session.flush()
    _note(session, actor, "user.add", user)
    return user, given


@one_transaction
def change_person(session: Session, actor: Actor | None, user_id: int, person: PersonInput) -> User:
    """Rename, move, or give another role; sessions end when role or unit changed."""
    _require(actor)
    user = person_of(session, actor, user_id)
    problems = _problems(session, actor, person, user)
    if problems:
        raise InvalidInput(problems)
    if (user.role, user.unit_id) != (person.role, person.unit_id):
        if person.role != "administrator" or user.unit_id != person.unit_id:
            _keep_an_administrator(session, user)
        user.session_version += 1
    user.username = person.username.strip().lower()
    user.name = person.name.strip()
    user.email = (person.email or "").strip() or None
    user.role = person.role
    user.unit_id = person.unit_id
    user.language = person.language
    user.receives_reports = person.receives_reports
    _note(session, actor, "user.change", user)
    return user


@one_transaction
def disable_person(session: Session, actor: Actor | None, user_id: int) -> User:
    """End a person's access at once; their cases and deeds keep their name."""
    _require(actor)
    user = person_of(session, actor, user_id)
    if actor is not None and actor.user_id == user_id:
        raise invalid("user_id", "self_disable")
    _keep_an_administrator(session, user)
    user.disabled_at = user.disabled_at or utc_now()
    user.session_version += 1
    _note(session, actor, "user.disable", user)
    return user


@one_transaction
def enable_person(session: Session, actor: Actor | None, user_id: int) -> User:
    """Give a disabled person access again, with the password they had."""
    _require(actor)
    user = person_of(session, actor, user_id)
    user.disabled_at = None
    user.failed_logins, user.locked_until = 0, None
    _note(session, actor, "user.enable", user)
    return user


@one_transaction
def reset_password(
    session: Session, actor: Actor | None, user_id: int, password: str | None = None
) -> str:
    """A password to hand over, to be changed at the next log-in; unlocks and ends sessions."""
    _require(actor)
    user = person_of(session, actor, user_id)
    given = password or temporary_password()
    problem = password_problem(given, user.username)
    if problem is not None:
        raise InvalidInput([problem])
    set_password(user, given, must_change=True)
    _note(session, actor, "user.reset_password", user)
    return given


def people(session: Session, actor: Actor) -> Sequence[tuple[User, Unit]]:
    """Everybody in the units this administrator sees, by unit and name."""
    require(actor, "admin.people")
    query = (
        select(User, Unit)
        .join(Unit, col(Unit.id) == User.unit_id)
        .where(col(User.unit_id).in_(actor.unit_ids))
        .order_by(col(Unit.path), col(User.name), col(User.id))
    )
    return [(user, unit) for user, unit in session.exec(query)]


def _require(actor: Actor | None) -> None:
    if actor is not None:
        require(actor, "admin.people")


def _note(session: Session, actor: Actor | None, action: str, user: User) -> None:
    audit.record(session, actor.user_id if actor else None, action, subject=f"user:{user.id}")


def person_of(session: Session, actor: Actor | None, user_id: int) -> User:
    """A person whom this administrator manages. Raises NotFound, or Forbidden for one whose role
    sees more than the administrator's units: who could reset the password could see it too."""
    user = session.get(User, user_id)
    if user is None or (actor is not None and user.unit_id not in actor.unit_ids):
        raise NotFound("person")
    if actor is not None and not may_give(actor, user.role):
        raise Forbidden("admin.people")
    return user


def _keep_an_administrator(session: Session, user: User) -> None:
    """One stays, and at the top, where there is one: calendar and law are administered there."""
    if user.role != "administrator" or user.disabled_at is not None:
        return
    others = select(func.count()).where(
        User.role == "administrator", col(User.disabled_at).is_(None), User.id != user.id
    )
    if session.get_one(Unit, user.unit_id).parent_id is None:
        at_the_top = select(Unit.id).where(col(Unit.parent_id).is_(None))
        others = others.where(col(User.unit_id).in_(at_the_top))
    if session.exec(others).one() == 0:
        raise invalid("role", "last_administrator")


def _problems(
    session: Session, actor: Actor | None, person: PersonInput, present: User | None
) -> list[Problem]:
    problems = []
    username = person.username.strip().lower()
    if not _USERNAME.match(username):
        problems.append(Problem("username", "username"))
    same = session.exec(select(User.id).where(User.username == username)).first()
    if same is not None and (present is None or same != present.id):
        problems.append(Problem("username", "username_taken"))
    if not 0 < len(person.name.strip()) <= _NAME_LIMIT:
        problems.append(Problem("name", "person_name", {"limit": _NAME_LIMIT}))
    email = (person.email or "").strip()
    if email and (len(email) > _EMAIL_LIMIT or not _EMAIL.match(email)):
        problems.append(Problem("email", "email"))
    return problems + _choice_problems(session, actor, person)


def _choice_problems(session: Session, actor: Actor | None, person: PersonInput) -> list[Problem]:
    problems = []
    if person.role not in ROLES:
        problems.append(Problem("role", "role"))
    elif actor is not None and not may_give(actor, person.role):
        problems.append(Problem("role", "role_of_the_top"))
    if person.language is not None and person.language not in LANGUAGES:
        problems.append(Problem("language", "language"))
    unit = session.get(Unit, person.unit_id)
    foreign = actor is not None and person.unit_id not in actor.unit_ids
    if unit is None or unit.closed_on is not None or foreign:
        problems.append(Problem("unit_id", "unit"))
    return problems
