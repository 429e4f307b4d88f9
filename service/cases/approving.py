"""Extensions and suspensions: asked for by a caseworker, decided by a supervisor."""

from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from jobs import recompute
from jobs.deriving import read_details
from models import Approval, Case, Deadline, User
from models.base import utc_now
from rules.rulebook import Rulebook
from service import audit
from service.access import (
    Actor,
    Forbidden,
    NotFound,
    lock,
    require,
    visible_cases,
)
from service.cases.deciding import may_decide
from service.cases.inputs import EventInput
from service.cases.problems import Conflict, invalid
from service.cases.recording import append, check_type, refuse_unlawful, refuse_voided
from service.transactions import one_transaction


@one_transaction
def request_approval(
    session: Session,
    actor: Actor,
    case: Case,
    entry: EventInput,
    reason: str,
    rulebook: Rulebook,
    today: date,
) -> Approval:
    """Ask for an event that needs approval (`extension_approved`, `suspended` …).

    `entry.on` does not count: the event happens on the day of the decision. What could not
    be recorded today is refused at once, so that nobody waits for the impossible; so is what
    waits for a decision already: two extensions that each keep to the cap may pass it together.
    """
    lock(session, case)
    require(actor, "case.record", case)
    refuse_voided(case)
    if not reason.strip():
        raise invalid("reason", "reason")
    check_type(case, entry.type, rulebook, approval=True)
    refuse_unlawful(
        recompute.matter_of(session, case), replace(entry, on=today), rulebook, today, actor
    )
    _refuse_waiting(session, actor, case, entry, rulebook)
    approval = Approval(
        case_id=case.id or 0,
        event_type=entry.type,
        details=entry.details(),
        reason=reason.strip(),
        requested_by_id=actor.user_id,
        requested_on=today,
    )
    session.add(approval)
    session.flush()
    audit.record(
        session, actor.user_id, "case.request", case=case, type=entry.type, approval=approval.id
    )
    return approval


def _refuse_waiting(
    session: Session, actor: Actor, case: Case, entry: EventInput, rulebook: Rulebook
) -> None:
    """Raise InvalidInput that names the request which waits for the same, if one does."""
    query = (
        select(Approval, User.name)
        .join(User, col(User.id) == col(Approval.requested_by_id))
        .where(Approval.case_id == case.id, Approval.event_type == entry.type)
        .where(Approval.state == "waiting")
        .order_by(col(Approval.id))
    )
    known = rulebook.policy.events[entry.type]
    limits = _limits(session, case, entry.type, entry.rule, rulebook)
    for waiting, name in session.exec(query):
        rule = waiting.details.get("rule")
        meant = _limits(session, case, entry.type, rule, rulebook)
        if known.fields.rule is None or not limits.isdisjoint(meant):
            told = {"event": known.label[actor.language], "name": name}
            if "days" not in waiting.details:
                raise invalid("type", "request_waits", **told)
            raise invalid("days", "request_waits_days", **told, days=waiting.details["days"])


def _limits(
    session: Session, case: Case, event_type: str, rule: str | None, rulebook: Rulebook
) -> set[str]:
    """The rules that a request speaks of: the one it names, else those that it can lengthen."""
    if rule is not None:
        return {rule}
    query = select(Deadline.rule).where(
        Deadline.case_id == case.id, col(Deadline.state).in_(("running", "paused"))
    )
    rules = rulebook.policy.rules
    return {name for name in session.exec(query) if event_type in rules[name].extended_by}


@one_transaction
def decide(
    session: Session,
    actor: Actor,
    approval_id: int,
    approve: bool,
    note: str,
    decided_on: date,
    rulebook: Rulebook,
    today: date,
) -> Approval:
    """Approve or refuse a request; approving records the event on `decided_on`.

    Only a supervisor of the handler's unit or one above decides, and never their own request.
    The decision lies between the day of the request and today: whether an extension was in
    time hangs on it. Raises Unlawful when the law no longer allows the event on that day.
    """
    approval, case = _waiting(session, actor, approval_id)
    if not may_decide(session, actor, approval, case):
        raise Forbidden("case.approve")
    if decided_on > today:
        raise invalid("decided_on", "decided_future")
    if decided_on < approval.requested_on:
        raise invalid("decided_on", "decided_early", day=approval.requested_on.isoformat())
    if approve:
        refuse_voided(case)
        entry = entry_of(approval, decided_on)
        matter = recompute.matter_of(session, case)
        refuse_unlawful(matter, entry, rulebook, today, actor)
        approval.event_id = append(session, actor, case, entry, rulebook).id
    approval.state = "approved" if approve else "refused"
    approval.decided_at = utc_now()
    approval.decided_on = decided_on
    approval.decided_by_id = actor.user_id
    approval.decision_note = note.strip()
    session.flush()
    if approve:
        recompute.refresh(session, case, rulebook, today)
    audit.record(
        session,
        actor.user_id,
        "case.decide",
        case=case,
        approval=approval.id,
        approved=approve,
    )
    return approval


@one_transaction
def take_back(session: Session, actor: Actor, approval_id: int) -> Approval:
    """Withdraw a request that was not decided yet; its author or the case's handler may."""
    approval, case = _waiting(session, actor, approval_id)
    require(actor, "case.record", case)
    if actor.user_id not in (approval.requested_by_id, case.handler_id):
        raise Forbidden("case.record")
    approval.state = "taken_back"
    approval.decided_at = utc_now()
    approval.decided_by_id = actor.user_id
    audit.record(session, actor.user_id, "case.take_back", case=case, approval=approval.id)
    return approval


def waiting_for(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Approval` joined with `Case`: waits for a supervisor to decide.

    Their own requests and those of their own cases wait for somebody else.
    """
    supervised = select(User.id).where(col(User.unit_id).in_(actor.unit_ids))
    return (
        (col(Approval.state) == "waiting")
        & (col(Approval.requested_by_id) != actor.user_id)
        & (col(Case.handler_id) != actor.user_id)
        & col(Case.handler_id).in_(supervised)
        & visible_cases(actor)
    )


def entry_of(approval: Approval, on: date) -> EventInput:
    """The event that a request asks for, on a day."""
    return EventInput(type=approval.event_type, on=on, **read_details(approval.details))


def _waiting(session: Session, actor: Actor, approval_id: int) -> tuple[Approval, Case]:
    """The request and its case, both locked. Raises NotFound or Conflict."""
    case_id = session.exec(select(Approval.case_id).where(Approval.id == approval_id)).first()
    query = select(Case).where(col(Case.id) == case_id, visible_cases(actor))
    case = session.exec(query).one_or_none()
    if case is None:
        raise NotFound("approval")
    lock(session, case)
    approval = session.get_one(Approval, approval_id, with_for_update=True, populate_existing=True)
    if approval.state != "waiting":
        raise Conflict("already_decided")
    return approval, case
