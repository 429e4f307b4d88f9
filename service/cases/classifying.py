"""What a case is in law, by its facts or by somebody's decision, and those decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from jobs import recompute
from models import Case, Claim, ClassificationDecision, User, plain_rows, table_of
from models.base import utc_now
from models.case import CaseKind
from rules.classification import CaseFacts, Classification, classify
from rules.deadlines import completed
from rules.matter import Matter
from rules.policy import Policy
from rules.rulebook import Rulebook
from service import audit
from service.access import Actor, NotFound, lock, require
from service.cases import circumstances
from service.cases.inputs import PROCEDURES
from service.cases.problems import invalid
from service.cases.recording import refuse_voided
from service.transactions import one_transaction

REASON_LIMIT = 500
_FINAL = "final_award"
_DECISIONS: Any = (
    select_columns(*table_of(ClassificationDecision).columns, col(User.name))
    .join(User, col(User.id) == ClassificationDecision.decided_by_id)
    .where(col(ClassificationDecision.case_id) == bindparam("case_id"))
    .where(col(ClassificationDecision.taken_back_at).is_(None))
)


class Claimed(Protocol):
    """A claim as it was typed or is stored."""

    @property
    def kind(self) -> str:
        """What is asked for, a code."""

    @property
    def amount(self) -> Decimal | None:
        """How much of it, in yuan."""


class Decision(NamedTuple):
    """A decision in force, and what the rules said then (yes, part, no, ask)."""

    holds: bool
    by_rules: str
    reason: str
    decided_at: datetime
    decided_by: str


@dataclass(frozen=True, slots=True)
class Classified:
    """A classification with the decision on it, if any. `later` is what the standard of a later
    day says, where the law names no day and that says something else."""

    found: Classification
    decision: Decision | None = None
    later: Classification | None = None


def facts_known(
    kind: CaseKind,
    facts: Mapping[str, Any],
    worker_count: int,
    claims: Sequence[Claimed],
    known: Mapping[str, Any],
    policy: Policy,
) -> CaseFacts:
    """What is known of a case, typed or stored; `known` are its circumstances. Amounts owed are
    those of its claims until others are entered."""
    procedure = PROCEDURES[kind]
    amounts = [claim.amount for claim in claims]
    owed = _claimed(claims, "crime_amount", policy)
    total = sum((one for one in owed if one is not None), Decimal())
    values: dict[str, Any] = {
        # Whoever gave a tip is not among the workers concerned.
        "claimants": None if kind == "report" else worker_count,
        "common_claim": facts.get("common_claim"),
        "collective_contract": bool(facts.get("collective_contract")),
        "track": facts.get("track"),
        "amount": sum(filter(None, amounts), Decimal()) if all(amounts) and amounts else None,
        "items": tuple(_claimed(claims, _FINAL, policy)),
        "items_in_doubt": _in_doubt(claims, policy),
    }
    if total and procedure in policy.classifications.classifications["crime_amount"].procedures:
        values |= {"unpaid_workers": worker_count, "unpaid_total": total}
        values["unpaid_one"] = total if worker_count == 1 else None
    return CaseFacts(procedure=procedure, **{**values, **known})


def _claimed(claims: Sequence[Claimed], code: str, policy: Policy) -> list[Decimal | None]:
    """The amounts of the claims that count for a classification, None for the others."""
    kinds = policy.classifications.classifications[code].claims
    return [claim.amount if claim.kind in kinds else None for claim in claims]


def _in_doubt(claims: Sequence[Claimed], policy: Policy) -> tuple[int, ...]:
    """The numbers of the claims of which it is open whether they count for a final award."""
    kinds = policy.classifications.classifications[_FINAL].claims_in_doubt
    return tuple(number for number, claim in enumerate(claims, 1) if claim.kind in kinds)


def classified(
    known: CaseFacts,
    jurisdiction: str,
    on: date,
    policy: Policy,
    decisions: Mapping[str, Decision] | None = None,
    later: date | None = None,
) -> list[Classified]:
    """What may be said of a case by the law of a day. `later` is the other day by which the
    final award may be judged: the day of its end, or today."""
    decided = decisions or {}
    holding = {code: one.holds for code, one in decided.items()}
    then = {}
    if later is not None and later != on:
        found = classify(known, jurisdiction, later, policy, holding)
        then = {one.code: one for one in found if one.code == _FINAL}
    return [
        Classified(one, decided.get(one.code), _otherwise(one, then.get(one.code)))
        for one in classify(known, jurisdiction, on, policy, holding)
    ]


def _otherwise(one: Classification, then: Classification | None) -> Classification | None:
    return then if then is not None and then.holds != one.holds else None


def decisions_on(session: Session, case_id: int | None) -> dict[str, Decision]:
    """The decisions in force on a case, by code."""
    rows = plain_rows(session, _DECISIONS, {"case_id": case_id})
    return {
        row.code: Decision(row.holds, row.by_rules, row.reason, row.decided_at, row.name)
        for row in rows
    }


def of_case(
    session: Session,
    case: Case,
    claims: Sequence[Claimed],
    rulebook: Rulebook,
    today: date,
    matter: Matter,
) -> list[Classified]:
    """What a stored case is, with the decisions on it; `matter` is what the rules are asked
    about it."""
    policy = rulebook.policy
    known = circumstances.read(session, case.id, policy)
    events = {one.type for one in completed(matter, rulebook, today).events}
    if "order_deadline_expired" in events and "arrears_paid" not in events:
        known.setdefault("order_expired_unpaid", True)
    facts = facts_known(case.kind, case.facts, case.worker_count, claims, known, policy)
    return classified(
        facts,
        case.jurisdiction,
        case.accepted_on or case.received_on,
        policy,
        decisions_on(session, case.id),
        case.closed_on or today,
    )


@one_transaction
def decide(
    session: Session,
    actor: Actor,
    case: Case,
    code: str,
    holds: bool,
    reason: str,
    rulebook: Rulebook,
    today: date,
) -> ClassificationDecision:
    """Decide that a case falls under a classification or does not, whatever the rules say; its
    deadlines follow. Raises InvalidInput, NotFound for a classification that cannot matter."""
    lock(session, case)
    require(actor, "case.edit", case)
    refuse_voided(case)
    _check_reason(reason)
    now = one_of(session, case, code, rulebook, today)
    if now.decision is not None:
        raise invalid("holds", "classified_already")
    if now.found.holds == ("yes" if holds else "no"):
        raise invalid("holds", "classified_so")
    row = ClassificationDecision(
        case_id=case.id or 0,
        code=code,
        holds=holds,
        by_rules=now.found.holds,
        reason=reason.strip(),
        decided_by_id=actor.user_id,
    )
    session.add(row)
    _settle(session, case, code, holds, rulebook, today)
    audit.record(
        session,
        actor.user_id,
        "case.classify",
        case=case,
        code=code,
        holds=holds,
        by_rules=row.by_rules,
    )
    return row


@one_transaction
def take_back(
    session: Session,
    actor: Actor,
    case: Case,
    code: str,
    reason: str,
    rulebook: Rulebook,
    today: date,
) -> ClassificationDecision:
    """Take a decision back: what the rules say holds again, and the deadlines follow."""
    lock(session, case)
    require(actor, "case.edit", case)
    refuse_voided(case)
    _check_reason(reason)
    row = session.exec(
        select(ClassificationDecision).where(
            ClassificationDecision.case_id == case.id,
            ClassificationDecision.code == code,
            col(ClassificationDecision.taken_back_at).is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound("decision")
    row.taken_back_at = utc_now()
    row.taken_back_by_id = actor.user_id
    row.taken_back_because = reason.strip()
    _settle(session, case, code, None, rulebook, today)
    audit.record(session, actor.user_id, "case.unclassify", case=case, code=code)
    return row


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise invalid("reason", "reason")
    if len(reason.strip()) > REASON_LIMIT:
        raise invalid("reason", "reason_long", limit=REASON_LIMIT)


def one_of(session: Session, case: Case, code: str, rulebook: Rulebook, today: date) -> Classified:
    """A classification of a case. Raises NotFound for one that cannot matter to it."""
    claims = session.exec(select(Claim).where(Claim.case_id == case.id).order_by(col(Claim.id)))
    matter = recompute.matter_of(session, case)
    found = of_case(session, case, claims.all(), rulebook, today, matter)
    fitting = next((one for one in found if one.found.code == code), None)
    if fitting is None:
        raise NotFound("classification")
    return fitting


def _settle(
    session: Session,
    case: Case,
    code: str,
    holds: bool | None,
    rulebook: Rulebook,
    today: date,
) -> None:
    """Let the rules follow the decision, where they test what it is about."""
    fact = rulebook.policy.classifications.classifications[code].fact
    if fact is not None:
        others = {name: value for name, value in case.facts.items() if name != fact}
        case.facts = others if holds is None else {**others, fact: holds}
    session.flush()
    recompute.refresh(session, case, rulebook, today)
