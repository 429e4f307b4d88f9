"""What the account commands do, with errors in the words of the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import click
from sqlmodel import Session, col, select

from models import Unit, User
from models.user import Role
from service import people, tokens
from service.cases.problems import InvalidInput


@dataclass(frozen=True)
class NewPerson:
    """A person as the command line names them; no unit code means the top of the tree."""

    username: str
    name: str
    role: str
    unit_code: str | None
    email: str | None
    receives_reports: bool


@contextmanager
def _problems_as_errors() -> Iterator[None]:
    try:
        yield
    except InvalidInput as error:
        messages = (f"{problem.field}: {problem.message}" for problem in error.problems)
        raise click.ClickException(" ".join(messages)) from error


def _unit(session: Session, code: str | None) -> Unit:
    wanted = col(Unit.parent_id).is_(None) if code is None else Unit.code == code
    unit = session.exec(select(Unit).where(wanted).order_by(col(Unit.id))).first()
    if unit is None:
        known = ", ".join(session.exec(select(Unit.code).order_by(col(Unit.path))))
        raise click.ClickException(f"there is no unit {code or 'yet'}; known: {known or 'none'}")
    return unit


def add(session: Session, person: NewPerson) -> str:
    """Add a person; returns the password for the first log-in."""
    entered = people.PersonInput(
        username=person.username,
        name=person.name,
        role=cast("Role", person.role),
        unit_id=cast("int", _unit(session, person.unit_code).id),
        email=person.email,
        receives_reports=person.receives_reports,
    )
    with _problems_as_errors():
        return people.add_person(session, None, entered)[1]


def add_token(session: Session, username: str, name: str) -> str:
    """Give a program a token that may do what this person may; returns it."""
    user = session.exec(select(User).where(User.username == username)).one_or_none()
    if user is None:
        raise click.ClickException(f"there is nobody with the user name {username}")
    with _problems_as_errors():
        token = tokens.create_token(session, user, name)
    session.commit()
    return token
