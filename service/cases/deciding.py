"""Who decides a request for approval, and which request stands behind a recorded event."""

from collections.abc import Sequence

from sqlmodel import Session, select

from models import Approval, Case, Event
from service.access import Actor, supervises


def may_decide(session: Session, actor: Actor, approval: Approval | None, case: Case) -> bool:
    """May this person decide this request (None: one that was not kept) of the case?"""
    if approval is not None and actor.user_id == approval.requested_by_id:
        return False
    return supervises(session, actor, case.handler_id)


def request_behind(session: Session, rows: Sequence[Event], event: Event) -> Approval | None:
    """The request whose approval recorded this event, or the one that it took the place of.

    `rows` are all events of the case.
    """
    replaced = {
        row.details["replacement_id"]: row.corrects_id
        for row in rows
        if "replacement_id" in row.details
    }
    first = event.id
    while first in replaced:
        first = replaced[first]
    return session.exec(select(Approval).where(Approval.event_id == first)).one_or_none()
