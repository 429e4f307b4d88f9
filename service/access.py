"""The one gate: who may see and do what. Every read of a case goes through here."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import ColumnElement, false, true
from sqlmodel import Session, col, select

from models import Case, Unit, User, plain_rows
from models.user import Role
from service import audit

Action = Literal[
    "case.read",
    "case.register",
    "case.record",
    "case.approve",
    "case.edit",
    "case.void",
    "case.reassign",
    "duty.read",
    "duty.record",
    "team.read",
    "report.read",
    "report.compute",
    "admin.people",
    "admin.units",
    "admin.calendar",
    "admin.jobs",
    "admin.policy",
    "admin.duties",
    "policy.read",
    "audit.read",
    "account.own",
]
ACTIONS: tuple[str, ...] = get_args(Action)

# What is no number is not asked for: PostgreSQL refuses some characters.
_CASE_NUMBER = re.compile(r"[A-Z0-9-]{1,40}")

# Statements that every page asks are made once: building one costs more than running it.
_TREE = select(Unit.id, Unit.path)

_EVERYBODY = frozenset({"policy.read", "account.own"})
_CASEWORK = _EVERYBODY | {
    "case.read",
    "case.register",
    "case.record",
    "case.edit",
    "duty.read",
    "duty.record",
    "report.read",
}
_ALLOWED: dict[Role, frozenset[str]] = {
    "caseworker": _CASEWORK,
    "supervisor": _CASEWORK
    | {"case.approve", "case.void", "case.reassign", "team.read", "report.compute"},
    "analyst": _EVERYBODY | {"case.read", "duty.read", "report.read", "report.compute"},
    "administrator": _EVERYBODY
    | {
        "admin.people",
        "admin.units",
        "admin.calendar",
        "admin.jobs",
        "admin.policy",
        "admin.duties",
    },
    "auditor": _EVERYBODY | {"case.read", "duty.read", "team.read", "report.read", "audit.read"},
}
# What reaches the whole bureau, whichever unit one is in: done at its top alone.
_OF_THE_TOP = frozenset({"admin.calendar", "admin.jobs", "admin.policy", "admin.duties"})
# Roles that see the whole bureau: given, and held in hand, at its top alone.
_SEE_ALL: frozenset[Role] = frozenset({"auditor"})


class NotFound(LookupError):  # noqa: N818 - named as the pages say it
    """There is no such thing, or this person may not know that there is."""


class Forbidden(PermissionError):  # noqa: N818
    """This person's role or unit does not allow the action."""

    def __init__(self, action: str) -> None:
        super().__init__(f"not allowed: {action}")
        self.action = action


@dataclass(frozen=True)
class Actor:
    """Who is doing something: a person with one role, in one unit of the tree.

    `unit_ids` are that unit and all below it, closed ones included, and `sees_all` says that
    there is no other; `language` is the one that refusals are worded in ("zh" or "en").
    """

    user_id: int
    role: Role
    unit_id: int
    unit_path: str
    name: str
    unit_ids: tuple[int, ...] = ()
    language: str = "zh"
    sees_all: bool = False

    @property
    def at_the_top(self) -> bool:
        """Is it a unit with none above?"""
        return self.unit_path == f"/{self.unit_id}/"


def actor_for(session: Session, user: User, language: str | None = None) -> Actor:
    """The actor that a logged-in person is, with the units they see; one query of the tree."""
    paths = {_id(unit_id): path for unit_id, path in plain_rows(session, _TREE)}
    own = paths[user.unit_id]
    below = sorted(unit_id for unit_id, path in paths.items() if path.startswith(own))
    return Actor(
        user_id=_id(user.id),
        role=user.role,
        unit_id=user.unit_id,
        unit_path=own,
        name=user.name,
        unit_ids=tuple(below),
        language=(language or user.language or "zh")[:2],
        sees_all=len(below) == len(paths),
    )


def _id(value: int | None) -> int:
    """A stored row's id."""
    if value is None:
        raise ValueError("this row was not saved yet")
    return value


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Case` that holds for the cases this person may see.

    Voided cases are seen by auditors alone; administrators see none.
    """
    if not may(actor, "case.read"):
        return false()
    if actor.role == "auditor":
        return true()
    recorded = col(Case.state) != "voided"
    return recorded if actor.sees_all else col(Case.unit_id).in_(actor.unit_ids) & recorded


def _sees(actor: Actor, case: Case) -> bool:
    if actor.role == "auditor":
        return True
    return case.unit_id in actor.unit_ids and case.state != "voided"


def may(actor: Actor, action: str, case: Case | None = None) -> bool:
    """May this person do it – to this case, where one is given?

    Whether a supervisor may decide a particular request, and who reads a reporter's name,
    hangs on the handler as well: `service.cases.approving` and `sees_reporter` say so.
    """
    if action not in ACTIONS:
        raise ValueError(f"unknown action {action!r}; known: {', '.join(ACTIONS)}")
    if action not in _ALLOWED[actor.role]:
        return False
    if action in _OF_THE_TOP and not actor.at_the_top:
        return False
    return case is None or not action.startswith("case.") or _sees(actor, case)


def require(actor: Actor, action: str, case: Case | None = None) -> None:
    """Raise Forbidden unless `may` says yes."""
    if not may(actor, action, case):
        raise Forbidden(action)


def may_give(actor: Actor, role: Role) -> bool:
    """May this administrator give the role, and manage who has it?"""
    return may(actor, "admin.people") and (actor.at_the_top or role not in _SEE_ALL)


def sees_duty(actor: Actor, unit_id: int, handler_id: int | None) -> bool:
    """May this person see a duty of the bureau itself that this unit, or person, has charge of?"""
    if not may(actor, "duty.read"):
        return False
    return actor.role == "auditor" or unit_id in actor.unit_ids or handler_id == actor.user_id


def keeps_duty(actor: Actor, unit_id: int, handler_id: int | None) -> bool:
    """May this person record it: the one in charge, and the supervisors of the unit or above?"""
    if not may(actor, "duty.record"):
        return False
    supervises_it = actor.role == "supervisor" and unit_id in actor.unit_ids
    return supervises_it or handler_id == actor.user_id


def get_case(
    session: Session, actor: Actor, number_or_id: str | int, *, for_change: bool = False
) -> Case:
    """The case, when this person may see it, and an audit entry of the read.

    A read is committed at once, so that it is kept whatever the page does next. With
    `for_change` the row stays locked for the use case that follows, which writes the audit
    entry of the change. Raises Forbidden for a role that sees no cases, NotFound otherwise.
    """
    require(actor, "case.read")
    if isinstance(number_or_id, str) and not _CASE_NUMBER.fullmatch(number_or_id):
        raise NotFound("case")
    named = Case.id if isinstance(number_or_id, int) else Case.number
    query = select(Case).where(col(named) == number_or_id, visible_cases(actor))
    if for_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    case = session.exec(query).one_or_none()
    if case is None:
        raise NotFound("case")
    if not for_change:
        audit.record(session, actor.user_id, "case.read", case=case)
        session.commit()
    return case


def lock(session: Session, case: Case) -> None:
    """Read the case afresh and keep others from changing it until the transaction ends."""
    session.refresh(case, with_for_update=True)


def sees_personal_data(actor: Actor) -> bool:
    """May this person read names of workers? Analysts work without them."""
    return actor.role in ("caseworker", "supervisor", "auditor")


def sees_numbers(actor: Actor, case: Case) -> bool:
    """May this person read ID numbers and phones in full? The handler and supervisors may."""
    if not _sees(actor, case):
        return False
    return actor.user_id == case.handler_id or actor.role == "supervisor"


def numbers_readable(actor: Actor) -> ColumnElement[bool]:
    """The same as a condition on `Case`: for which cases this person reads numbers in full."""
    if actor.role == "supervisor":
        return visible_cases(actor)
    return visible_cases(actor) & (col(Case.handler_id) == actor.user_id)


def sees_reporter(session: Session, actor: Actor, case: Case) -> bool:
    """A reporter's identity is read by the handler and the handler's supervisors alone."""
    if actor.user_id == case.handler_id and _sees(actor, case):
        return True
    return supervises(session, actor, case.handler_id) and _sees(actor, case)


def supervises(session: Session, actor: Actor, user_id: int) -> bool:
    """Is the actor a supervisor in the unit of that person or in one above it?"""
    if actor.role != "supervisor" or actor.user_id == user_id:
        return False
    path = session.exec(
        select(Unit.path).join(User, col(User.unit_id) == Unit.id).where(User.id == user_id)
    ).one()
    return path.startswith(actor.unit_path)


def masked(number: str | None) -> str:
    """An ID number or phone with only its ends: `310***********1234`, `138****5678`."""
    if not number:
        return ""
    head, tail = 3, 4
    if len(number) <= head + tail:
        return "*" * len(number)
    return number[:head] + "*" * (len(number) - head - tail) + number[-tail:]


def masked_name(name: str) -> str:
    """A name reduced to its first character and two stars."""
    return name[:1] + "**"
