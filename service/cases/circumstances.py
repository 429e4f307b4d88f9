"""The facts that classify a case, as they were entered: asked, checked, kept."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from models import CaseCircumstances, plain_rows, table_of
from rules.policy import Policy
from rules.thresholds import CaseQuestion
from service.cases.problems import Problem

_KNOWN = select(table_of(CaseCircumstances).c.known).where(
    table_of(CaseCircumstances).c.case_id == bindparam("case_id")
)


def questions(procedure: str, jurisdiction: str, policy: Policy) -> dict[str, CaseQuestion]:
    """What is asked in cases of a procedure and place, by name, in the order of the policy."""
    places = policy.chain(jurisdiction)
    return {
        name: asked
        for name, asked in policy.classifications.questions.items()
        if asked.type and procedure in asked.procedures and asked.jurisdiction in places
    }


def as_asked(values: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    """Answers as a program sends them: a whole number is an amount too, where one is asked."""
    kinds = policy.classifications.questions
    return {
        name: Decimal(value)
        if type(value) is int and name in kinds and kinds[name].type == "yuan"
        else value
        for name, value in values.items()
    }


def check(asked: Mapping[str, CaseQuestion], values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the answers; `asked` are the questions of the case."""
    problems = []
    for name, value in values.items():
        field = f"circumstances-{name}"
        if name not in asked:
            problems.append(Problem(field, "detail_unknown", {"name": name}))
        elif value is not None and not asked[name].allows(value):
            params = {"least": asked[name].least}
            problems.append(Problem(field, f"answer_{asked[name].type}", params))
    return problems


def stored(session: Session, case_id: int | None) -> Mapping[str, Any]:
    """What is known of a case as it is stored: amounts are text."""
    rows: Sequence[Any] = plain_rows(session, _KNOWN, {"case_id": case_id})
    return rows[0].known if rows else {}


def read(session: Session, case_id: int | None, policy: Policy) -> dict[str, Any]:
    """What is known of a case: true or false, whole numbers, amounts as Decimal."""
    kinds = policy.classifications.questions
    return {
        name: Decimal(value) if kinds[name].type == "yuan" else value
        for name, value in stored(session, case_id).items()
        if name in kinds
    }


def save(session: Session, case_id: int, values: Mapping[str, Any]) -> None:
    """Make these all that is known of a case; what is None is not known."""
    known = {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in values.items()
        if value is not None
    }
    row = session.get(CaseCircumstances, case_id)
    if row is not None:
        row.known = known
    elif known:
        session.add(CaseCircumstances(case_id=case_id, known=known))
