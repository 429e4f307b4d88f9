"""Changing a case's details; what stood there is kept and shown."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session, col, select
from wtforms import HiddenField
from wtforms.validators import Length

from models import Case, Claim
from models.case import CaseKind
from service.access import get_case, sees_numbers, sees_reporter
from service.casepages.blueprint import blueprint
from service.casepages.page import back_to, stale_message
from service.cases import circumstances, editing, revealing
from service.cases import details as case_details
from service.cases.known import Known
from service.cases.partychanges import linked
from service.cases.problems import Conflict, InvalidInput
from service.fields import PlainField, Required
from service.register import reading
from service.register.circumstances import answers, asking
from service.register.forms import FORMS, GROUPS, RegisterForm
from service.register.opening import name_facts
from service.register.parts import chosen_parties
from service.web import clock, database, drafts, identity, rulebook
from service.web.gate import needs


class _EditFields:
    """What an edit asks besides the details themselves."""

    title = PlainField(_l("Title"), [Length(max=120, message=_l("At most 120 characters."))])
    reason = PlainField(
        _l("Why it is changed"),
        [Required(_l("Say why; the old values are kept with it.")), Length(max=200)],
    )
    revision = HiddenField()


_EDIT_FORMS: dict[CaseKind, type[RegisterForm]] = {
    kind: type(f"Edit{form.__name__}", (_EditFields, form), {}) for kind, form in FORMS.items()
}
# What is changed by a correcting event or by handing over, never by an edit.
_NOT_EDITED = (
    "received_on",
    "unit_id",
    "handler_id",
    "linked_number",
    "opening",
    "injured_on",
    "pay_by",
)


@blueprint.route("/<number>/edit", methods=["GET", "POST"])
@needs("case.edit")
def edit(number: str) -> Any:
    """The details of a case, to be changed."""
    session, actor = database.session(), identity.actor()
    case = get_case(session, actor, number)
    form = _form(session, case)
    if request.method == "GET":
        if drafts.opened() is None:
            _fill(session, case, form)
        return _page(case, form)
    if "add" in request.form:
        _add_row(form, request.form["add"])
        return _page(case, form)
    if not form.validate():
        return _page(case, form), 422
    return _save(session, case, form)


def _form(session: Session, case: Case) -> RegisterForm:
    form = asking(_EDIT_FORMS[case.kind], case.jurisdiction)
    names = list(_NOT_EDITED)
    if not sees_reporter(session, identity.actor(), case):
        names += case_details.CONFIDENTIAL
    if not sees_numbers(identity.actor(), case):
        names += case_details.PERSONAL
    for name in names:
        if name in form:
            del form[name]
    name_facts(form)
    return form


def _add_row(form: RegisterForm, key: str) -> None:
    group = next((group for group in GROUPS[form.kind] if group.key == key), None)
    if group is not None:
        form.add_row(group)
    elif "claims" in form:
        form["claims"].append_entry()


def _fill(session: Session, case: Case, form: RegisterForm) -> None:
    """The values as they stand; people's numbers stay where they are stored."""
    form["title"].data, form["revision"].data = case.title, str(case.revision)
    form.summary.data = case.summary
    if "worker_count" in form:
        form["worker_count"].data = case.worker_count
    if any(name in form for name in case_details.CONFIDENTIAL):
        # The form shows them: that is a look like any other.
        revealing.reveal_reporter(session, identity.actor(), case)
    details = case_details.as_dict(case.kind, case_details.row_of(session, case))
    for name, value in {**details, **case.facts}.items():
        if name in form:
            form[name].data = value
    if "circumstances" in form:
        known = circumstances.read(session, case.id, rulebook.current().policy)
        for name, value in known.items():
            if name in form["circumstances"].form:
                form["circumstances"].form[name].data = value
    for role, party in linked(session, case):
        row = form.parties.append_entry({"role": role, "kind": party.kind}).form
        row.party_id.data, row.name.data = str(party.id), party.name
        row.credit_code.data, row.address.data = party.credit_code or "", party.address
    if "claims" in form:
        _fill_claims(session, case, form)


def _fill_claims(session: Session, case: Case, form: RegisterForm) -> None:
    claims = session.exec(
        select(Claim).where(Claim.case_id == case.id).order_by(col(Claim.id))
    ).all()
    form["claims"].pop_entry()
    for claim in claims:
        form["claims"].append_entry(
            {"kind": claim.kind, "amount": claim.amount, "note": claim.note}
        )
    if not claims:
        form["claims"].append_entry()


def _page(case: Case, form: RegisterForm) -> str:
    form.complete()
    return render_template(
        "casepages/edit.html",
        case=case,
        form=form,
        kind=case.kind,
        groups=GROUPS[case.kind],
        chosen=_chosen(case, form),
        reveals_numbers=sees_numbers(identity.actor(), case),
    )


def _chosen(case: Case, form: RegisterForm) -> dict[str, Known]:
    """The known parties in the rows; those of the case itself keep their numbers."""
    own = {party.id for _, party in linked(database.session(), case)}
    return {
        key: replace(one, readable=one.readable or one.party.id in own)
        for key, one in chosen_parties(form).items()
    }


def _save(session: Session, case: Case, form: RegisterForm) -> Any:
    rows = reading.typed(form)
    try:
        editing.edit_case(
            session,
            identity.actor(),
            case,
            _edit(case, form, rows),
            rulebook.current(),
            clock.today(),
        )
    except Conflict:
        session.refresh(case)
        form["revision"].data, form["revision"].raw_data = str(case.revision), None
        form.form_errors.append(stale_message())
        return _page(case, form), 409
    except InvalidInput as error:
        reading.place(form, rows, error.problems)
        return _page(case, form), 422
    flash(_("The change is saved; what stood there before is kept."), "success")
    return redirect(back_to(case))


def _edit(case: Case, form: RegisterForm, rows: reading.Typed) -> editing.CaseEdit:
    revision = form["revision"].data or ""
    typed = {**case.facts, **reading.present(form, reading.FACTS)}
    facts = {name: value for name, value in typed.items() if value not in (None, "")}
    return editing.CaseEdit(
        revision=int(revision) if revision.isdecimal() else 0,
        reason=form["reason"].data or "",
        title=form["title"].data,
        summary=form.summary.data or "",
        worker_count=form["worker_count"].data if "worker_count" in form else None,
        facts=facts,
        details=reading.present(form, reading.DETAILS),
        circumstances=answers(form) if "circumstances" in form else None,
        parties=[reading.party_input(entry) for entry in rows.parties],
        claims=[reading.claim_input(entry) for entry in rows.claims] if "claims" in form else None,
    )
