"""What is particular to a kind of case: its detail row, checked and written."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import LazyString
from sqlalchemy import bindparam, select
from sqlmodel import Session

from models import (
    Case,
    EmploymentDetails,
    InspectionDetails,
    MediationDetails,
    PetitionDetails,
    WageArrearsDetails,
    WorkInjuryDetails,
    plain_rows,
    table_of,
)
from models.case import CaseKind
from service import wording
from service.cases.problems import Problem

DetailRow = (
    InspectionDetails
    | MediationDetails
    | EmploymentDetails
    | PetitionDetails
    | WorkInjuryDetails
    | WageArrearsDetails
)
_TABLES: dict[str, Any] = {
    "inspection": InspectionDetails,
    "arbitration": MediationDetails,
    "mediation": MediationDetails,
    "employment": EmploymentDetails,
    "petition": PetitionDetails,
    "work_injury": WorkInjuryDetails,
    "wage_arrears": WageArrearsDetails,
}
_STORED = {
    procedure: select(table_of(table)).where(table_of(table).c.case_id == bindparam("case_id"))
    for procedure, table in _TABLES.items()
}
_FIELDS: dict[CaseKind, tuple[str, ...]] = {
    "complaint": ("channel", "violation"),
    "report": ("channel", "violation", "reporter_name", "reporter_contact"),
    "arbitration": ("cause", "premediation_offered_on"),
    "mediation": ("cause", "premediation_offered_on"),
    "person": ("category", "skills"),
    "household": ("category", "skills", "household_size"),
    "petition": ("channel", "subject", "passed_on_by", "reference"),
    "work_injury": ("injury_kind", "diagnosis"),
    "wage_arrears": ("channel", "passed_on_by", "reference", "industry", "project"),
}
CONFIDENTIAL: tuple[str, ...] = ("reporter_name", "reporter_contact")
# Read by whoever reads the numbers of the parties.
PERSONAL: tuple[str, ...] = ("diagnosis",)
# Free text about a person: whoever reads no names reads none of it.
TOLD: tuple[str, ...] = ("skills",)
_HOUSEHOLD_LIMIT = 30
# What coded details may be, with what that is called.
CHOICES: Mapping[str, Mapping[str, LazyString]] = {
    "channel": wording.CHANNELS,
    "violation": wording.VIOLATIONS,
    "cause": wording.CAUSES,
    "category": wording.CATEGORIES,
    "subject": wording.SUBJECTS,
    "injury_kind": wording.INJURIES,
    "industry": wording.INDUSTRIES,
}
_TEXTS = frozenset({"skills", "passed_on_by", "reference", "project"})
# How long what is typed may be; where nothing stands there is no limit of its own.
_LONGEST = {"passed_on_by": 120, "reference": 60, "diagnosis": 500, "project": 120}


def check(kind: CaseKind, values: Mapping[str, Any], today: date) -> list[Problem]:
    """What is wrong with the details of a case of this kind."""
    problems = []
    for name, value in values.items():
        field = f"details-{name}"
        if name not in _FIELDS[kind]:
            problems.append(Problem(field, "detail_unknown", {"name": name}))
        elif value is not None:
            problems += _CHECKS.get(name, _check_text)(field, name, value, today)
    return problems


def _check_choice(field: str, name: str, value: Any, _today: date) -> list[Problem]:
    return [] if value in CHOICES[name] else [Problem(field, "choice")]


def _check_text(field: str, name: str, value: Any, _today: date) -> list[Problem]:
    if not isinstance(value, str):
        return [Problem(field, "choice")]
    limit = _LONGEST.get(name)
    too_long = limit is not None and len(value.strip()) > limit
    return [Problem(field, "text_long", {"limit": limit})] if too_long else []


def _check_offered(field: str, _name: str, value: Any, today: date) -> list[Problem]:
    if not isinstance(value, date):
        return [Problem(field, "day")]
    return [Problem(field, "offered_future")] if value > today else []


def _check_size(field: str, _name: str, value: Any, _today: date) -> list[Problem]:
    fits = isinstance(value, int) and 1 <= value <= _HOUSEHOLD_LIMIT
    return [] if fits else [Problem(field, "household_size", {"limit": _HOUSEHOLD_LIMIT})]


_CHECKS: dict[str, Callable[[str, str, Any, date], list[Problem]]] = {
    **dict.fromkeys(CHOICES, _check_choice),
    "premediation_offered_on": _check_offered,
    "household_size": _check_size,
}


def new_row(case: Case, values: Mapping[str, Any]) -> DetailRow:
    """The detail row of a new case; what was left out keeps the table's own value.

    An application to a mediation organisation near the parties is itself the offer of
    mediating first.
    """
    given = _filled(values)
    if case.kind == "mediation":
        given.setdefault("premediation_offered_on", case.received_on)
    row: DetailRow = _TABLES[case.procedure](case_id=case.id or 0, **given)
    return row


def row_of(session: Session, case: Case) -> DetailRow:
    """The detail row of a case."""
    row: DetailRow = session.get_one(_TABLES[case.procedure], case.id)
    return row


def as_dict(kind: CaseKind, row: DetailRow) -> dict[str, Any]:
    """The details that a case of this kind has, by name."""
    return {name: getattr(row, name) for name in _FIELDS[kind]}


def read(session: Session, case: Case) -> dict[str, Any]:
    """The details of a case, by name, to be shown and not changed."""
    (row,) = plain_rows(session, _STORED[case.procedure], {"case_id": case.id})
    return as_dict(case.kind, row)


def change(row: DetailRow, values: Mapping[str, Any]) -> None:
    """Write what was given; what is not named stays."""
    for name, value in values.items():
        setattr(row, name, _stored(name, value))


def _stored(name: str, value: Any) -> Any:
    """A text without blanks at its ends; an empty one is a text too."""
    if value is None and name in _TEXTS:
        return ""
    return value.strip() if isinstance(value, str) else value


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    stripped = {
        name: value.strip() if isinstance(value, str) else value for name, value in values.items()
    }
    return {name: value for name, value in stripped.items() if value not in (None, "")}
