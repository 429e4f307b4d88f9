"""Checks that registering and editing share."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from rules.calendar import FIRST_DAY
from rules.rulebook import Rulebook
from service import wording
from service.cases import circumstances
from service.cases.inputs import ClaimInput, Registration
from service.cases.problems import Problem
from service.cases.titles import TITLE_LIMIT

# Before this year no date can be counted.
_EARLIEST_YEAR = FIRST_DAY.year
_WORKERS_LIMIT = 100_000
_NOTE_LIMIT = 200
_LARGEST_AMOUNT = Decimal("999999999999.99")


def check_common(registration: Registration, rulebook: Rulebook, today: date) -> list[Problem]:
    """Day of receipt, jurisdiction, title, number of workers and facts."""
    problems = check_shape(registration.title, registration.worker_count)
    problems += check_facts(registration.procedure, registration.facts, rulebook)
    if registration.jurisdiction in rulebook.policy.jurisdictions:
        asked = circumstances.questions(
            registration.procedure, registration.jurisdiction, rulebook.policy
        )
        problems += circumstances.check(asked, registration.circumstances)
    if registration.received_on > today:
        problems.append(Problem("received_on", "received_future"))
    if registration.received_on.year < _EARLIEST_YEAR:
        problems.append(Problem("received_on", "received_early", {"year": _EARLIEST_YEAR}))
    if registration.jurisdiction not in rulebook.policy.jurisdictions:
        name = registration.jurisdiction
        problems.append(Problem("jurisdiction", "jurisdiction", {"name": name}))
    return problems


def check_shape(title: str, worker_count: int) -> list[Problem]:
    """A title's length and a possible number of workers."""
    problems = []
    if len(title.strip()) > TITLE_LIMIT:
        problems.append(Problem("title", "title_long", {"limit": TITLE_LIMIT}))
    if not 1 <= worker_count <= _WORKERS_LIMIT:
        problems.append(Problem("worker_count", "worker_count", {"limit": _WORKERS_LIMIT}))
    return problems


def check_facts(procedure: str, facts: Mapping[str, Any], rulebook: Rulebook) -> list[Problem]:
    """Facts are those the rules ask about, with a value the policy allows."""
    asked = rulebook.policy.facts.items()
    known = {name: fact for name, fact in asked if procedure in fact.procedures}
    problems = []
    for name, value in facts.items():
        if name not in known:
            problems.append(Problem(f"facts-{name}", "facts_unknown", {"name": name}))
        elif known[name].holds_if:
            problems.append(Problem(f"facts-{name}", "facts_decided", {"name": name}))
        elif not known[name].allows(value):
            problems.append(Problem(f"facts-{name}", "choice"))
    return problems


def check_claims(claims: Sequence[ClaimInput]) -> list[Problem]:
    """Kinds from the list, amounts in yuan and fen, short notes."""
    problems = []
    for index, claim in enumerate(claims):
        if claim.kind not in wording.CLAIM_KINDS:
            problems.append(Problem(f"claims-{index}-kind", "claim_kind"))
        if claim.amount is not None and not _is_amount(claim.amount):
            problems.append(Problem(f"claims-{index}-amount", "claim_amount"))
        if len(claim.note.strip()) > _NOTE_LIMIT:
            field = f"claims-{index}-note"
            problems.append(Problem(field, "claim_note_long", {"limit": _NOTE_LIMIT}))
    return problems


def _is_amount(amount: Decimal) -> bool:
    if not amount.is_finite() or not 0 <= amount <= _LARGEST_AMOUNT:
        return False
    return amount == amount.quantize(Decimal("0.01"))
