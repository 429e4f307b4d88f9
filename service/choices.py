"""The units and people that a case can be given to."""

from sqlmodel import Session, col, select

from models import Unit, User
from service.access import Actor

Choice = tuple[int, str]


def units(session: Session, actor: Actor, language: str) -> list[Choice]:
    """The open units of this person, their own first, then in the order of the tree."""
    query = select(Unit).where(col(Unit.id).in_(actor.unit_ids), col(Unit.closed_on).is_(None))
    found = sorted(session.exec(query), key=lambda unit: (unit.id != actor.unit_id, unit.path))
    return [(unit.id or 0, unit.name_zh if language == "zh" else unit.name_en) for unit in found]


def handlers(session: Session, actor: Actor) -> list[Choice]:
    """Those who do casework in this person's units, the person first."""
    query = select(User).where(
        col(User.unit_id).in_(actor.unit_ids),
        col(User.role).in_(("caseworker", "supervisor")),
        col(User.disabled_at).is_(None),
    )
    found = sorted(session.exec(query), key=lambda user: (user.id != actor.user_id, user.name))
    return [(user.id or 0, user.name) for user in found]
