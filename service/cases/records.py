"""The whole record of one case, as this person may see it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from jobs.deriving import matter_from
from models import (
    Approval,
    AuditEntry,
    Case,
    CaseRevision,
    Claim,
    Deadline,
    Event,
    Party,
    User,
    plain_rows,
    table_of,
)
from models.case import CaseKind, CaseState
from models.party import PartyKind
from rules.matter import Matter
from service.access import (
    Actor,
    masked,
    masked_name,
    sees_numbers,
    sees_personal_data,
    sees_reporter,
    visible_cases,
)
from service.cases import details as case_details
from service.cases.partychanges import linked


@dataclass(frozen=True)
class PartyView:
    """A party with what this person may read of it.

    Numbers are masked: `service.cases.revealing` shows them in full. An analyst reads no name
    of a person either.
    """

    party_id: int
    kind: PartyKind
    role: str
    name: str
    id_number: str
    phone: str
    credit_code: str
    address: str


@dataclass(frozen=True)
class EventView:
    """One line of the timeline, with who recorded it when.

    `corrected_by` is the correction that took it back; `replacement_id` the event that a
    correction put in its place.
    """

    id: int
    type: str
    on: date
    recorded_at: datetime
    recorded_by: str
    details: dict[str, Any]
    corrects_id: int | None
    corrected_by: int | None
    replacement_id: int | None


@dataclass(frozen=True)
class ApprovalView:
    """A request with the names of who asked and who decided.

    `reason` and `decision_note` may name people: empty for who reads no personal data.
    """

    approval: Approval
    reason: str
    decision_note: str
    requested_by: str
    decided_by: str


@dataclass(frozen=True)
class RevisionView:
    """What stood there before a change, and who changed it."""

    revision: int
    changed_at: datetime
    changed_by: str
    reason: str
    before: dict[str, Any]


class LinkedCase(NamedTuple):
    """Another case of the same dispute."""

    number: str
    kind: CaseKind
    state: CaseState


# The statements of a case's page, made once: building one costs more than running it.
_CASE: Any = bindparam("case_id")
_RECORDED = select(Event.recorded_by_id).where(Event.case_id == _CASE)
_ASKED = select(Approval.requested_by_id).where(Approval.case_id == _CASE)
_DECIDED = select(Approval.decided_by_id).where(Approval.case_id == _CASE)
_NAMES = select(User.id, User.name).where(
    col(User.id).in_(_RECORDED)
    | col(User.id).in_(_ASKED)
    | col(User.id).in_(_DECIDED)
    | (col(User.id) == bindparam("handler_id"))
)
_CLAIMS = select(Claim).where(Claim.case_id == _CASE).order_by(col(Claim.id))
_EVENTS = (
    select_columns(table_of(Event))
    .where(col(Event.case_id) == _CASE)
    .order_by(col(Event.on), col(Event.id))
)
_APPROVALS = select(Approval).where(Approval.case_id == _CASE).order_by(col(Approval.id))
_LINKED = (
    select(Case.number, Case.kind, Case.state)
    .where(col(Case.dispute_id) == bindparam("dispute_id"), col(Case.id) != _CASE)
    .order_by(col(Case.received_on), col(Case.id))
)


@dataclass(frozen=True)
class CaseRecord:
    """A case with everything beside it, apart from its deadlines. `handler` is the handler's
    name; `matter` is what the rules are asked about it."""

    case: Case
    handler: str
    parties: list[PartyView]
    claims: list[Claim]
    details: dict[str, Any]
    events: list[EventView]
    matter: Matter
    approvals: list[ApprovalView]
    linked_cases: list[LinkedCase]


def load(session: Session, actor: Actor, case: Case) -> CaseRecord:
    """Everything about a case that came through `get_case`, in a fixed number of queries."""
    names = _names(session, case)
    events = plain_rows(session, _EVENTS, {"case_id": case.id})
    return CaseRecord(
        case=case,
        handler=names.get(case.handler_id, ""),
        parties=[party_view(actor, role, party) for role, party in linked(session, case)],
        claims=_claims(session, actor, case),
        details=_details(session, actor, case),
        events=_event_views(actor, events, names),
        matter=matter_from(case, events),
        approvals=_approvals(session, actor, case, names),
        linked_cases=_linked_cases(session, actor, case),
    )


def _names(session: Session, case: Case) -> dict[int | None, str]:
    """The names of everybody whom the page of this case names."""
    params = {"case_id": case.id, "handler_id": case.handler_id}
    return dict(plain_rows(session, _NAMES, params))


def party_view(actor: Actor, role: str, party: Party) -> PartyView:
    """A party with its numbers masked."""
    named = party.kind == "employer" or sees_personal_data(actor)
    return PartyView(
        party_id=party.id or 0,
        kind=party.kind,
        role=role,
        name=party.name if named else masked_name(party.name),
        id_number=masked(party.id_number) if named else "",
        phone=masked(party.phone) if named else "",
        credit_code=party.credit_code or "",
        address=party.address if named else "",
    )


def _claims(session: Session, actor: Actor, case: Case) -> list[Claim]:
    """What is claimed; a note may name people, so analysts get copies without."""
    claims = list(session.exec(_CLAIMS, params={"case_id": case.id}))
    if sees_personal_data(actor):
        return claims
    return [
        Claim(id=one.id, case_id=one.case_id, kind=one.kind, amount=one.amount) for one in claims
    ]


def _details(session: Session, actor: Actor, case: Case) -> dict[str, Any]:
    """The details of the kind, without a reporter's identity, which is revealed apart; what was
    injured, and what is told of a person, only for those who may read it."""
    details = case_details.read(session, case)
    hidden = case_details.CONFIDENTIAL
    if not sees_numbers(actor, case):
        hidden += case_details.PERSONAL
    if not sees_personal_data(actor):
        hidden += case_details.TOLD
    return {name: value for name, value in details.items() if name not in hidden}


def deadlines_of(session: Session, case: Case) -> list[Deadline]:
    """The stored clocks, in the order they started."""
    query = (
        select(Deadline)
        .where(Deadline.case_id == case.id)
        .order_by(col(Deadline.started_on), col(Deadline.rule), col(Deadline.seq))
    )
    return list(session.exec(query))


def _event_views(
    actor: Actor, rows: Sequence[Event], names: dict[int | None, str]
) -> list[EventView]:
    corrected: dict[int | None, int | None] = {
        row.corrects_id: row.id for row in rows if row.corrects_id
    }
    return [_event_view(actor, row, names, corrected) for row in rows]


def _event_view(
    actor: Actor,
    row: Event,
    names: dict[int | None, str],
    corrected: dict[int | None, int | None],
) -> EventView:
    details = dict(row.details)
    replacement = details.pop("replacement_id", None)
    details.pop("recorded_with", None)
    if not sees_personal_data(actor):
        details.pop("note", None)
    return EventView(
        id=row.id or 0,
        type=row.type,
        on=row.on,
        recorded_at=row.recorded_at,
        recorded_by=names.get(row.recorded_by_id, ""),
        details=details,
        corrects_id=row.corrects_id,
        corrected_by=corrected.get(row.id),
        replacement_id=replacement,
    )


def _approvals(
    session: Session, actor: Actor, case: Case, names: dict[int | None, str]
) -> list[ApprovalView]:
    personal = sees_personal_data(actor)
    return [
        ApprovalView(
            row,
            row.reason if personal else "",
            row.decision_note if personal else "",
            names.get(row.requested_by_id, ""),
            names.get(row.decided_by_id, ""),
        )
        for row in session.exec(_APPROVALS, params={"case_id": case.id})
    ]


def _linked_cases(session: Session, actor: Actor, case: Case) -> list[LinkedCase]:
    """The other cases of the same dispute that this person may see."""
    if case.dispute_id is None:
        return []
    params = {"dispute_id": case.dispute_id, "case_id": case.id}
    found = plain_rows(session, _LINKED.where(visible_cases(actor)), params)
    return [LinkedCase(*row) for row in found]


def revisions(session: Session, actor: Actor, case: Case) -> Sequence[RevisionView]:
    """What stood there before each change, the newest first; only for those who read numbers
    and a reporter's identity, since both may stand in it. Others get none."""
    # A case that was never changed is at its first revision.
    if case.revision == 1 or not sees_reporter(session, actor, case):
        return []
    query = (
        select(CaseRevision, User.name)
        .join(User, col(User.id) == CaseRevision.changed_by_id)
        .where(CaseRevision.case_id == case.id)
        .order_by(col(CaseRevision.revision).desc())
    )
    return [
        RevisionView(row.revision, row.changed_at, name, row.reason, json.loads(row.before))
        for row, name in session.exec(query)
    ]


def reads(session: Session, case: Case, limit: int = 100) -> list[AuditEntry]:
    """The newest audit entries of a case, for auditors."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.case_id == case.id)
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
    )
    return list(session.exec(query.limit(limit)))
