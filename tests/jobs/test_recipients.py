"""Who is told about an alert."""

import pytest
from sqlmodel import Session

from jobs.recipients import people
from models import Unit, User
from models.base import utc_now
from tests.support.bureau import Bureau


def told(session: Session, handler: User, stage: str = "overdue") -> set[str]:
    found = people(session, {handler.id or 0})
    return {session.get_one(User, one).username for one in found.of(handler.id or 0, stage)}


@pytest.fixture
def handler(bureau: Bureau) -> User:
    """district (with a supervisor) → section (with two) → team (with none) → the handler."""
    district = bureau.unit("district")
    section = bureau.unit("section", district)
    bureau.user("director", district, "supervisor")
    bureau.user("head", section, "supervisor")
    bureau.user("deputy", section, "supervisor")
    bureau.user("clerk", section)
    bureau.user("stranger", bureau.unit("elsewhere", district), "supervisor")
    return bureau.user("handler", bureau.unit("team", section))


def test_the_handler_and_the_nearest_supervisors_are_told(session: Session, handler: User) -> None:
    assert told(session, handler) == {"handler", "head", "deputy"}
    assert told(session, handler, "due_soon_3") == {"handler", "head", "deputy"}


def test_the_supervisors_of_the_own_unit_come_before_those_above(
    session: Session, bureau: Bureau, handler: User
) -> None:
    bureau.user("leader", session.get_one(Unit, handler.unit_id), "supervisor")
    assert told(session, handler) == {"handler", "leader"}
    assert told(session, handler, "escalated") == {"head", "deputy"}


def test_an_escalated_alert_goes_to_the_supervisors_above(session: Session, handler: User) -> None:
    assert told(session, handler, "escalated") == {"director"}


def test_a_disabled_person_is_not_told(session: Session, handler: User) -> None:
    handler.disabled_at = utc_now()
    session.add(handler)
    session.flush()
    assert told(session, handler) == {"head", "deputy"}


def test_with_nobody_above_an_escalated_alert_is_not_lost(session: Session, bureau: Bureau) -> None:
    top = bureau.unit("top")
    bureau.user("chief", top, "supervisor")
    alone = bureau.user("alone", bureau.unit("lonely"))
    assert told(session, bureau.user("handler", top), "escalated") == {"chief"}
    assert told(session, alone, "escalated") == {"alone"}
