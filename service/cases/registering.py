"""Logging a matter: one transaction from the number to the deadlines, or nothing."""

from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from jobs import recompute
from jobs.deriving import facts_of
from jobs.disputes import DISPUTED
from models import Case, Claim, Event, Party, Unit, User
from models.case import KINDS
from rules.deadlines import derive
from rules.matter import Derivation, Matter
from rules.matter import Event as RuleEvent
from rules.rulebook import Rulebook
from rules.unstarted import unstarted
from service import audit
from service.access import Actor, require, visible_cases
from service.cases import circumstances
from service.cases import details as case_details
from service.cases.beginning import begun_with, check_beginning
from service.cases.checking import check_claims, check_common
from service.cases.inputs import PROCEDURES, ClaimInput, EventInput, PartyInput, Registration
from service.cases.known import completed
from service.cases.numbering import next_number
from service.cases.parties import (
    CheckedParty,
    check_parties,
    other_names,
    save_parties,
)
from service.cases.problems import InvalidInput, Problem
from service.cases.titles import title_of
from service.transactions import one_transaction

__all__ = [
    "PROCEDURES",
    "ClaimInput",
    "EventInput",
    "PartyInput",
    "Registration",
    "notes",
    "preview",
    "problems_of",
    "register_case",
]


@one_transaction
def register_case(
    session: Session, actor: Actor, registration: Registration, rulebook: Rulebook, today: date
) -> Case:
    """Log a matter: number, case, parties, details, opening event, deadlines, audit.

    Raises Forbidden for a role that may not, InvalidInput with what is wrong; then nothing
    was saved and no number was taken.
    """
    require(actor, "case.register")
    checked, problems = _examine(session, actor, registration, rulebook, today)
    if any(problem.level == "error" for problem in problems):
        raise InvalidInput(problems)
    case = _new_case(session, actor, registration, checked, rulebook)
    details = case_details.new_row(case, registration.details)
    matter = _matter(registration, rulebook)
    events = [_row(actor, event) for event in matter.events]
    recompute.begin(session, case, details, events, matter, rulebook, today)
    session.add_all(_claims(case, registration))
    circumstances.save(session, case.id or 0, registration.circumstances)
    parties = save_parties(session, case.id or 0, checked)
    _check_distinct(parties, checked)
    audit.record(session, actor.user_id, "case.register", case=case)
    return case


def problems_of(
    session: Session, actor: Actor, registration: Registration, rulebook: Rulebook, today: date
) -> list[Problem]:
    """What is wrong or doubtful (level "warning") with an entry; saves nothing."""
    return _examine(session, actor, registration, rulebook, today)[1]


def preview(registration: Registration, rulebook: Rulebook, today: date) -> Derivation:
    """The deadlines that will start; touches no database.

    Raises InvalidInput when the day of receipt or the jurisdiction cannot be used.
    """
    problems = check_common(registration, rulebook, today)
    problems += check_beginning(registration, rulebook)
    if any(problem.level == "error" for problem in problems):
        raise InvalidInput(problems)
    return derive(_matter(registration, rulebook), rulebook, today)


def notes(
    registration: Registration, derivation: Derivation, rulebook: Rulebook, language: str
) -> list[str]:
    """What a fact keeps from starting, in "zh" or "en"; `derivation` is that of `preview`."""
    return unstarted(_matter(registration, rulebook), derivation, rulebook, language)


def _matter(registration: Registration, rulebook: Rulebook) -> Matter:
    return Matter(
        procedure=registration.procedure,
        jurisdiction=registration.jurisdiction,
        events=begun_with(registration, rulebook),
        facts=facts_of(registration.kind, registration.facts, registration.worker_count),
    )


def _examine(
    session: Session, actor: Actor, registration: Registration, rulebook: Rulebook, today: date
) -> tuple[list[CheckedParty], list[Problem]]:
    if registration.kind not in KINDS:
        return [], [Problem("kind", "choice")]
    entered = completed(session, actor, registration.parties)
    checked, problems = check_parties(registration.kind, entered.parties, today)
    problems += entered.problems
    problems += check_common(registration, rulebook, today)
    problems += check_beginning(registration, rulebook)
    problems += check_claims(registration.claims)
    problems += case_details.check(registration.kind, registration.details, today)
    problems += _check_places(session, actor, registration)
    problems += other_names([one.party for one in entered.known], checked)
    return checked, problems


def _check_places(session: Session, actor: Actor, registration: Registration) -> list[Problem]:
    """Unit, handler and dispute: they exist and belong together."""
    problems = []
    unit = session.get(Unit, registration.unit_id)
    if unit is None or unit.id not in actor.unit_ids or unit.closed_on is not None:
        problems.append(Problem("unit_id", "unit_choice"))
    elif not may_handle(session, registration.handler_id, unit):
        problems.append(Problem("handler_id", "handler_choice"))
    if registration.dispute_id is not None and not _joinable(session, actor, registration):
        problems.append(Problem("dispute_id", "dispute_choice"))
    return problems


def may_handle(session: Session, user_id: int, unit: Unit) -> bool:
    """Can this person handle cases of this unit: active, does casework, sees the unit?"""
    handler = session.get(User, user_id)
    if handler is None or handler.disabled_at or handler.role not in ("caseworker", "supervisor"):
        return False
    own = session.get_one(Unit, handler.unit_id)
    return unit.path.startswith(own.path)


def _joinable(session: Session, actor: Actor, registration: Registration) -> bool:
    if registration.kind not in DISPUTED:
        return False
    query = select(Case.id).where(
        col(Case.dispute_id) == registration.dispute_id, visible_cases(actor)
    )
    return session.exec(query.limit(1)).first() is not None


def _new_case(
    session: Session,
    actor: Actor,
    registration: Registration,
    checked: list[CheckedParty],
    rulebook: Rulebook,
) -> Case:
    unit = session.get_one(Unit, registration.unit_id)
    procedure = registration.procedure
    code = rulebook.policy.procedures[procedure].code
    return Case(
        number=next_number(session, unit, procedure, code, registration.received_on),
        kind=registration.kind,
        procedure=procedure,
        jurisdiction=registration.jurisdiction,
        unit_id=registration.unit_id,
        handler_id=registration.handler_id,
        dispute_id=registration.dispute_id,
        title=registration.title.strip() or title_of(registration.kind, checked),
        summary=registration.summary.strip(),
        worker_count=registration.worker_count,
        facts=dict(registration.facts),
        created_by_id=actor.user_id,
        received_on=registration.received_on,
    )


def _check_distinct(parties: list[Party], checked: list[CheckedParty]) -> None:
    """Two entries may turn out to be one known party."""
    seen: set[tuple[Any, str]] = set()
    for index, (party, one) in enumerate(zip(parties, checked, strict=True)):
        key = (party.id, one.given.role)
        if key in seen:
            raise InvalidInput([Problem(f"parties-{index}-name", "party_twice")])
        seen.add(key)


def _claims(case: Case, registration: Registration) -> list[Claim]:
    return [
        Claim(case_id=case.id or 0, kind=one.kind, amount=one.amount, note=one.note.strip())
        for one in registration.claims
    ]


def _row(actor: Actor, event: RuleEvent) -> Event:
    entry = EventInput(event.type, event.on, pay_by=event.pay_by)
    return Event(
        case_id=0,
        type=event.type,
        on=event.on,
        recorded_by_id=actor.user_id,
        details=entry.details(),
    )
