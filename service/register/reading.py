"""From a typed form to what the use case takes, and its problems back to the fields."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from service import wording
from service.cases.identities import errors_of
from service.cases.inputs import ClaimInput, PartyInput, Registration
from service.cases.messages import text
from service.cases.problems import Problem
from service.register.circumstances import answers
from service.register.forms import RegisterForm
from service.register.rows import field_named, used
from service.web.forms import add_error
from service.web.numbers import row_id_or_none

_ROW = re.compile(r"^(parties|claims)-(\d+)-(\w+)$")
_PREFIX = re.compile(r"^(details|facts)-")
# What the use case calls otherwise than the form.
_FIELDS = {"dispute_id": "linked_number"}
# By opening event, what the form hides with it (`cases.css`) and is not asked then.
_HIDDEN: Mapping[str | None, tuple[str, ...]] = {
    "petition_received": ("passed_on_by", "reference"),
    "injury_application_received": ("appraisal_materials_complete",),
    "appraisal_application_received": ("injured_on", "track"),
    "clue_assigned": ("pay_by",),
}
FACTS = (
    "track",
    "common_claim",
    "collective_contract",
    "willing_and_obeys",
    "mediation_body",
    "matter_class",
    "petitioner_reachable",
    "applied_by",
    "appraisal_materials_complete",
)
DETAILS = (
    "channel",
    "violation",
    "reporter_name",
    "reporter_contact",
    "cause",
    "premediation_offered_on",
    "category",
    "skills",
    "household_size",
    "subject",
    "passed_on_by",
    "reference",
    "injury_kind",
    "diagnosis",
    "industry",
    "project",
)


@dataclass(frozen=True, slots=True)
class Typed:
    """The used rows of a form, in the order in which the use case gets them."""

    parties: Sequence[Any]
    claims: Sequence[Any]


def typed(form: RegisterForm) -> Typed:
    """Which rows were used."""
    claims = form["claims"] if "claims" in form else ()  # noqa: SIM401 - a form has no get
    return Typed(used(list(form.parties)), used(list(claims)))


def registration(
    form: RegisterForm,
    rows: Typed,
    today: date,
    jurisdiction: str,
    dispute_id: int | None = None,
) -> Registration:
    """The registration as typed; what is missing for a preview gets its default."""
    parties = [party_input(entry) for entry in rows.parties]
    named = sum(party.kind == "person" for party in parties) if "worker_count" in form else 1
    return Registration(
        kind=form.kind,
        unit_id=form.unit_id.data,
        handler_id=form.handler_id.data,
        received_on=form.received_on.data or today,
        summary=form.summary.data or "",
        # At least those who are named.
        worker_count=max(_value(form, "worker_count") or 1, named),
        facts=filled(form, FACTS),
        parties=parties,
        claims=[claim_input(entry) for entry in rows.claims],
        details=filled(form, DETAILS),
        circumstances=answers(form),
        dispute_id=dispute_id,
        jurisdiction=jurisdiction,
        opening=_value(form, "opening"),
        injured_on=_value(form, "injured_on"),
        pay_by=_value(form, "pay_by"),
    )


def _value(form: RegisterForm, name: str) -> Any:
    return form[name].data if _asked(form, name) else None


def _asked(form: RegisterForm, name: str) -> bool:
    """Does the form ask for it, with the opening event that is chosen in it?"""
    opening = form["opening"].data if "opening" in form else None
    return name in form and name not in _HIDDEN.get(opening, ())


def present(form: RegisterForm, names: Sequence[str]) -> dict[str, Any]:
    """The values of the fields that this kind has and asks for, empty ones included."""
    return {name: form[name].data for name in names if _asked(form, name)}


def filled(form: RegisterForm, names: Sequence[str]) -> dict[str, Any]:
    """The values of the fields that this kind has and that were not left empty."""
    values = present(form, names)
    return {name: value for name, value in values.items() if value not in (None, "")}


def party_input(entry: Any) -> PartyInput:
    """A row of parties as the use case takes it."""
    row = entry.form
    return PartyInput(
        kind=row.kind.data,
        role=row.role.data,
        name=row.name.data or "",
        id_number=row.id_number.data or None,
        phone=row.phone.data or None,
        credit_code=row.credit_code.data or None,
        address=row.address.data or "",
        party_id=row_id_or_none(row.party_id.data),
    )


def claim_input(entry: Any) -> ClaimInput:
    """A row of claims as the use case takes it."""
    row = entry.form
    return ClaimInput(row.kind.data, row.amount.data, row.note.data or "")


def place(form: RegisterForm, rows: Typed, problems: Sequence[Problem]) -> None:
    """Put each error at its field; what belongs to no field stands in the summary."""
    for problem in errors_of(problems):
        field = _field_of(form, rows, problem.field)
        if field is None:
            form.form_errors.append(_message(problem))
        else:
            add_error(field, _message(problem))


def place_rest(form: RegisterForm, rows: Typed, problems: Sequence[Problem]) -> None:
    """The same beside what the form itself found: only at fields that have no error yet."""
    for problem in errors_of(problems):
        field = _field_of(form, rows, problem.field)
        if field is not None and not field.errors:
            add_error(field, _message(problem))


def _message(problem: Problem) -> str:
    if problem.code == "party_missing":
        role = wording.label(wording.ROLES, cast("str", problem.params["role"]))
        return text(problem.code, {"role": role})
    return problem.message


def _field_of(form: RegisterForm, rows: Typed, name: str) -> Any:
    """The field a problem names. Its row numbers count used rows only, ours all rows."""
    row = _ROW.match(name)
    if row is None:
        field = field_named(form, name)
        return (
            field if field is not None and hasattr(field, "errors") and name != "parties" else None
        )
    entries = rows.parties if row[1] == "parties" else rows.claims
    return getattr(entries[int(row[2])].form, row[3], None)
