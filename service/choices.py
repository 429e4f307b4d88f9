"""The units and people that a case can be given to."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from models import Unit, User
from service.access import Actor

Choice = tuple[int, str]


def units(session: Session, actor: Actor, language: str) -> list[Choice]:
    """The open units of this person, their own first, then in the order of the tree."""
    name = col(Unit.name_zh if language == "zh" else Unit.name_en)
    query = (
        select(Unit.id, name)
        .where(col(Unit.id).in_(actor.unit_ids), col(Unit.closed_on).is_(None))
        .order_by(col(Unit.path))
    )
    return _first(actor.unit_id, session.exec(query))


def handlers(session: Session, actor: Actor) -> list[Choice]:
    """Those who do casework in this person's units, the person first."""
    query = select(User.id, User.name).where(
        col(User.unit_id).in_(actor.unit_ids),
        col(User.role).in_(("caseworker", "supervisor")),
        col(User.disabled_at).is_(None),
    )
    return _first(actor.user_id, sorted(session.exec(query), key=lambda user: user[1]))


def _first(own: int, found: Iterable[tuple[int | None, str]]) -> list[Choice]:
    """The choices with the person's own before the others."""
    return sorted(((id_ or 0, name) for id_, name in found), key=lambda choice: choice[0] != own)
