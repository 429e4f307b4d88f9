"""Changing a case's details, voiding it, handing it to somebody else.

What stood there before is kept (`CaseRevision`, encrypted); what happened is changed by
correcting events (`service.cases.recording`), never here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, delete, select

from jobs import recompute
from models import Case, CaseRevision, Claim, Unit
from models.base import utc_now
from rules.rulebook import Rulebook
from service import audit
from service.access import Actor, lock, require
from service.cases import circumstances
from service.cases import details as case_details
from service.cases.checking import check_claims, check_facts, check_shape
from service.cases.inputs import ClaimInput, PartyInput
from service.cases.partychanges import parties_as_dicts, replace_parties
from service.cases.problems import Conflict, InvalidInput, invalid
from service.cases.recording import refuse_voided
from service.cases.registering import may_handle
from service.transactions import one_transaction


@dataclass(frozen=True)
class CaseEdit:
    """New values for a case; what is None stays as it is.

    `revision` is the one that was read (`Case.revision`): when the case is not at it any
    more, nothing is saved. `parties` and `claims` replace all there were; a party that
    stays names its `party_id`, and numbers it leaves empty are kept.
    """

    revision: int
    reason: str
    title: str | None = None
    summary: str | None = None
    worker_count: int | None = None
    facts: Mapping[str, Any] | None = None
    details: Mapping[str, Any] | None = None
    circumstances: Mapping[str, Any] | None = None
    parties: Sequence[PartyInput] | None = None
    claims: Sequence[ClaimInput] | None = None


@one_transaction
def edit_case(
    session: Session,
    actor: Actor,
    case: Case,
    edit: CaseEdit,
    rulebook: Rulebook,
    today: date,
) -> Case:
    """Change details, keep the old ones, derive anew.

    Raises Conflict when somebody else was quicker, InvalidInput with what is wrong.
    """
    lock(session, case)
    require(actor, "case.edit", case)
    refuse_voided(case)
    if case.revision != edit.revision:
        raise Conflict("changed_meanwhile")
    _check(case, edit, rulebook, today)
    _keep(session, actor, case, edit.reason)
    _apply(session, actor, case, edit, today)
    session.flush()
    recompute.refresh(session, case, rulebook, today)
    audit.record(
        session,
        actor.user_id,
        "case.edit",
        case=case,
        revision=case.revision,
        changed=[name for name in vars(edit) if name not in _NOT_FIELDS and _given(edit, name)],
    )
    return case


_NOT_FIELDS = ("revision", "reason")


def _given(edit: CaseEdit, name: str) -> bool:
    return getattr(edit, name) is not None


def _check(case: Case, edit: CaseEdit, rulebook: Rulebook, today: date) -> None:
    title = case.title if edit.title is None else edit.title
    workers = case.worker_count if edit.worker_count is None else edit.worker_count
    problems = check_shape(title, workers)
    changed = {
        name: value for name, value in (edit.facts or {}).items() if case.facts.get(name) != value
    }
    problems += check_facts(case.procedure, changed, rulebook)
    asked = circumstances.questions(case.procedure, case.jurisdiction, rulebook.policy)
    problems += circumstances.check(asked, edit.circumstances or {})
    problems += case_details.check(case.kind, edit.details or {}, today)
    problems += check_claims(edit.claims or ())
    if not edit.reason.strip():
        problems += invalid("reason", "reason").problems
    if any(problem.level == "error" for problem in problems):
        raise InvalidInput(problems)


def _keep(session: Session, actor: Actor, case: Case, reason: str) -> None:
    """Save the details as they stand, under the revision that they were."""
    before = {
        "title": case.title,
        "summary": case.summary,
        "worker_count": case.worker_count,
        "facts": case.facts,
        "unit_id": case.unit_id,
        "handler_id": case.handler_id,
        "circumstances": dict(circumstances.stored(session, case.id)),
        "details": case_details.as_dict(case.kind, case_details.row_of(session, case)),
        "parties": parties_as_dicts(session, case),
        "claims": _claims_as_dicts(session, case),
    }
    session.add(
        CaseRevision(
            case_id=case.id or 0,
            revision=case.revision,
            changed_by_id=actor.user_id,
            reason=reason.strip(),
            before=json.dumps(before, ensure_ascii=False, default=str),
        )
    )
    case.revision += 1


def _claims_as_dicts(session: Session, case: Case) -> list[dict[str, Any]]:
    rows = session.exec(select(Claim).where(Claim.case_id == case.id).order_by(col(Claim.id)))
    return [{"kind": row.kind, "amount": row.amount, "note": row.note} for row in rows]


def _apply(session: Session, actor: Actor, case: Case, edit: CaseEdit, today: date) -> None:
    if edit.title is not None and edit.title.strip():
        case.title = edit.title.strip()
    if edit.summary is not None:
        case.summary = edit.summary.strip()
    if edit.worker_count is not None:
        case.worker_count = edit.worker_count
    if edit.facts is not None:
        case.facts = dict(edit.facts)
    if edit.details is not None:
        case_details.change(case_details.row_of(session, case), edit.details)
    if edit.circumstances is not None:
        circumstances.save(session, case.id or 0, edit.circumstances)
    if edit.parties is not None:
        replace_parties(session, actor, case, edit.parties, today)
    if edit.claims is not None:
        session.exec(delete(Claim).where(col(Claim.case_id) == case.id))
        session.add_all(
            Claim(case_id=case.id or 0, kind=one.kind, amount=one.amount, note=one.note.strip())
            for one in edit.claims
        )


@one_transaction
def void_case(session: Session, actor: Actor, case: Case, reason: str) -> Case:
    """Take out a record made by mistake: auditors alone still see it, no rate counts it.

    Its number is not given out again.
    """
    lock(session, case)
    require(actor, "case.void", case)
    refuse_voided(case)
    if not reason.strip():
        raise invalid("reason", "reason")
    case.voided_at = utc_now()
    case.voided_by_id = actor.user_id
    case.void_reason = reason.strip()
    recompute.void(session, case)
    audit.record(session, actor.user_id, "case.void", case=case)
    return case


@one_transaction
def reassign(
    session: Session,
    actor: Actor,
    case: Case,
    handler_id: int,
    unit_id: int | None,
    reason: str,
) -> Case:
    """Hand a case to another handler and, with `unit_id`, to another unit.

    The number stays. The unit is one the actor sees; the handler works for it.
    """
    lock(session, case)
    require(actor, "case.reassign", case)
    refuse_voided(case)
    if not reason.strip():
        raise invalid("reason", "reason")
    unit = session.get(Unit, case.unit_id if unit_id is None else unit_id)
    if unit is None or unit.id not in actor.unit_ids or unit.closed_on is not None:
        raise invalid("unit_id", "unit_choice")
    if not may_handle(session, handler_id, unit):
        raise invalid("handler_id", "handler_choice")
    before: dict[str, Any] = {"from_handler": case.handler_id, "from_unit": case.unit_id}
    _keep(session, actor, case, reason)
    case.handler_id = handler_id
    case.unit_id = unit.id or case.unit_id
    audit.record(
        session,
        actor.user_id,
        "case.reassign",
        case=case,
        **before,
        to_handler=handler_id,
        to_unit=case.unit_id,
    )
    return case
