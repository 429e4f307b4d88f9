"""From the names that programs use (unit codes, user names, case numbers) to ours."""

from typing import Any

from sqlmodel import Session, select

from models import Unit, User
from rules.rulebook import builtin_rulebook
from service.access import Actor, NotFound, get_case
from service.api import schemas
from service.cases.circumstances import as_asked
from service.cases.inputs import ClaimInput, PartyInput, Registration
from service.cases.problems import invalid
from service.cases.textsearch import holds_personal_number


def is_personal(text: str) -> bool:
    """Is this search text somebody's ID number, phone or credit code?"""
    return holds_personal_number(text)


def unit_id(session: Session, code: str | None) -> int | None:
    """The id of the unit with this code. Raises InvalidInput when there is none."""
    if code is None:
        return None
    found = session.exec(select(Unit.id).where(Unit.code == code)).first()
    if found is None:
        raise invalid("unit", "unit_choice")
    return found


def user_id(session: Session, username: str | None) -> int | None:
    """The id of the person with this user name. Raises InvalidInput when there is none."""
    if username is None:
        return None
    found = session.exec(select(User.id).where(User.username == username)).first()
    if found is None:
        raise invalid("handler", "handler_choice")
    return found


def visible_unit(session: Session, actor: Actor, code: str | None) -> Unit:
    """The unit with this code, or the actor's own; NotFound for one they do not see."""
    if code is None:
        return session.get_one(Unit, actor.unit_id)
    unit = session.exec(select(Unit).where(Unit.code == code)).first()
    if unit is None or (actor.role != "auditor" and unit.id not in actor.unit_ids):
        raise NotFound("unit")
    return unit


def registration(
    session: Session, actor: Actor, body: schemas.RegistrationIn, jurisdiction: str
) -> Registration:
    """What the use case takes, from what a program sent."""
    return Registration(
        kind=body.kind,
        unit_id=unit_id(session, body.unit) or 0,
        handler_id=user_id(session, body.handler) or actor.user_id,
        received_on=body.received_on,
        summary=body.summary,
        title=body.title,
        worker_count=body.worker_count,
        facts=body.facts,
        parties=[PartyInput(**party.model_dump()) for party in body.parties],
        claims=[ClaimInput(**claim.model_dump()) for claim in body.claims],
        details=body.details.model_dump(exclude_none=True),
        circumstances=as_asked(body.circumstances, builtin_rulebook().policy),
        dispute_id=_dispute_id(session, actor, body.same_dispute_as),
        jurisdiction=body.jurisdiction or jurisdiction,
        opening=body.opening,
        injured_on=body.injured_on,
        pay_by=body.pay_by,
    )


def _dispute_id(session: Session, actor: Actor, number: str | None) -> int | None:
    if number is None:
        return None
    try:
        found: Any = get_case(session, actor, number)
    except NotFound as error:
        raise invalid("same_dispute_as", "dispute_choice") from error
    if found.dispute_id is None:
        raise invalid("same_dispute_as", "dispute_choice")
    return found.dispute_id  # type: ignore[no-any-return]
