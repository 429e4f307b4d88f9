"""The units and people that a case can be given to."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from models import Unit, User, plain_rows
from service.access import Actor

Choice = tuple[int, str]

_SEEN: Any = bindparam("units", expanding=True)
_UNITS = (
    select(Unit.id, Unit.name_zh, Unit.name_en)
    .where(col(Unit.id).in_(_SEEN), col(Unit.closed_on).is_(None))
    .order_by(col(Unit.path))
)
_HANDLERS = select(User.id, User.name).where(
    col(User.unit_id).in_(_SEEN),
    col(User.role).in_(("caseworker", "supervisor")),
    col(User.disabled_at).is_(None),
)


def units(session: Session, actor: Actor, language: str) -> list[Choice]:
    """The open units of this person, their own first, then in the order of the tree."""
    rows = plain_rows(session, _UNITS, {"units": actor.unit_ids})
    named = ((id_, zh if language == "zh" else en) for id_, zh, en in rows)
    return _first(actor.unit_id, named)


def handlers(session: Session, actor: Actor) -> list[Choice]:
    """Those who do casework in this person's units, the person first."""
    rows = plain_rows(session, _HANDLERS, {"units": actor.unit_ids})
    return _first(actor.user_id, sorted(rows, key=lambda user: user[1]))


def _first(own: int, found: Iterable[tuple[int | None, str]]) -> list[Choice]:
    """The choices with the person's own before the others."""
    return sorted(((id_ or 0, name) for id_, name in found), key=lambda choice: choice[0] != own)
