"""The tree of offices: added, renamed, closed. Nothing is deleted: cases keep their unit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from sqlmodel import Session, col, func, select

from models import Case, Unit, User
from models.unit import UnitKind
from service import audit
from service.access import Actor, NotFound, require
from service.cases.problems import InvalidInput, Problem, invalid
from service.transactions import one_transaction

_CODE = re.compile(r"^[A-Z0-9]{1,12}$")
_NAME_LIMIT = 80
KINDS: tuple[UnitKind, ...] = get_args(UnitKind)


@dataclass(frozen=True)
class UnitInput:
    """A unit as it is entered; `code` begins its case numbers, `parent_id` None is the top."""

    code: str
    name_zh: str
    name_en: str
    kind: UnitKind
    parent_id: int | None


@one_transaction
def add_unit(session: Session, actor: Actor | None, unit: UnitInput) -> Unit:
    """Add an office below another; an actor of None is the command line."""
    _require(actor)
    problems = _name_problems(unit.name_zh, unit.name_en) + _place_problems(session, actor, unit)
    if problems:
        raise InvalidInput(problems)
    parent = session.get(Unit, unit.parent_id) if unit.parent_id is not None else None
    row = Unit(
        parent_id=unit.parent_id,
        path="",
        code=unit.code.strip().upper(),
        name_zh=unit.name_zh.strip(),
        name_en=unit.name_en.strip(),
        kind=unit.kind,
    )
    session.add(row)
    session.flush()
    row.path = f"{parent.path if parent else '/'}{row.id}/"
    _note(session, actor, "unit.add", row)
    return row


@one_transaction
def rename_unit(
    session: Session, actor: Actor | None, unit_id: int, name_zh: str, name_en: str
) -> Unit:
    """Give an office other names. Its code stays, because case numbers begin with it."""
    _require(actor)
    unit = _unit(session, actor, unit_id)
    problems = _name_problems(name_zh, name_en)
    if problems:
        raise InvalidInput(problems)
    before: dict[str, Any] = {"name_zh": unit.name_zh, "name_en": unit.name_en}
    unit.name_zh, unit.name_en = name_zh.strip(), name_en.strip()
    _note(session, actor, "unit.rename", unit, **before)
    return unit


@one_transaction
def close_unit(session: Session, actor: Actor | None, unit_id: int, closed_on: date) -> Unit:
    """Close an office that has no open case, nobody and no open unit below it any more.

    Its past cases stay where they are and in every rate.
    """
    _require(actor)
    unit = _unit(session, actor, unit_id)
    busy = _busy(session, unit)
    if any(busy.values()):
        raise invalid("unit_id", "unit_busy", **busy)
    unit.closed_on = unit.closed_on or closed_on
    _note(session, actor, "unit.close", unit)
    return unit


@one_transaction
def reopen_unit(session: Session, actor: Actor | None, unit_id: int) -> Unit:
    """Take back the closing of an office whose parent is open."""
    _require(actor)
    unit = _unit(session, actor, unit_id)
    parent = session.get(Unit, unit.parent_id) if unit.parent_id is not None else None
    if parent is not None and parent.closed_on is not None:
        raise invalid("unit_id", "unit_parent")
    unit.closed_on = None
    _note(session, actor, "unit.reopen", unit)
    return unit


def units(session: Session, actor: Actor, *, closed: bool = False) -> Sequence[Unit]:
    """The units this person sees, from the top down; the closed ones only when asked for."""
    query = select(Unit).where(col(Unit.id).in_(actor.unit_ids)).order_by(col(Unit.path))
    if not closed:
        query = query.where(col(Unit.closed_on).is_(None))
    return sorted(session.exec(query), key=lambda unit: [int(part) for part in _parts(unit)])


def _parts(unit: Unit) -> list[str]:
    return unit.path.strip("/").split("/")


def _busy(session: Session, unit: Unit) -> dict[str, int]:
    """What still keeps an office open."""
    cases = select(func.count()).where(Case.unit_id == unit.id, Case.state == "open")
    people = select(func.count()).where(User.unit_id == unit.id, col(User.disabled_at).is_(None))
    below = select(func.count()).where(Unit.parent_id == unit.id, col(Unit.closed_on).is_(None))
    return {
        "cases": session.exec(cases).one(),
        "people": session.exec(people).one(),
        "units": session.exec(below).one(),
    }


def _require(actor: Actor | None) -> None:
    if actor is not None:
        require(actor, "admin.units")


def _note(session: Session, actor: Actor | None, action: str, unit: Unit, **detail: Any) -> None:
    user_id = actor.user_id if actor else None
    audit.record(session, user_id, action, subject=f"unit:{unit.id}", **detail)


def _unit(session: Session, actor: Actor | None, unit_id: int) -> Unit:
    unit = session.get(Unit, unit_id)
    if unit is None or (actor is not None and unit.id not in actor.unit_ids):
        raise NotFound("unit")
    return unit


def _name_problems(name_zh: str, name_en: str) -> list[Problem]:
    given = {"name_zh": name_zh, "name_en": name_en}
    return [
        Problem(field, "unit_name", {"limit": _NAME_LIMIT})
        for field, name in given.items()
        if not 0 < len(name.strip()) <= _NAME_LIMIT
    ]


def _place_problems(session: Session, actor: Actor | None, unit: UnitInput) -> list[Problem]:
    problems = []
    code = unit.code.strip().upper()
    if not _CODE.match(code):
        problems.append(Problem("code", "unit_code"))
    if session.exec(select(Unit.id).where(Unit.code == code)).first() is not None:
        problems.append(Problem("code", "unit_code_taken"))
    if unit.kind not in KINDS:
        problems.append(Problem("kind", "unit_kind"))
    if not _may_stand_below(session, actor, unit.parent_id):
        problems.append(Problem("parent_id", "unit_parent"))
    return problems


def _may_stand_below(session: Session, actor: Actor | None, parent_id: int | None) -> bool:
    """An administrator adds below units they see; the command line may add a top."""
    if parent_id is None:
        return actor is None
    parent = session.get(Unit, parent_id)
    if parent is None or parent.closed_on is not None:
        return False
    return actor is None or parent.id in actor.unit_ids
