"""Correcting an event, voiding a record, handing a case to somebody else."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlmodel import Session, select

from jobs.deriving import opening_row, read_details
from models import Case, Event
from rules.event_types import EventType
from service.access import NotFound, get_case
from service.casepages.blueprint import blueprint
from service.casepages.forms import CorrectionForm, EventForm, ReassignForm, VoidForm
from service.casepages.page import back_to
from service.casepages.recording import bare_event_form
from service.cases import editing, recording
from service.cases.problems import Conflict, InvalidInput, Unlawful
from service.choices import handlers, units
from service.fields import options
from service.register.opening import openings
from service.web import clock, database, drafts, identity, language, rulebook
from service.web.forms import add_error
from service.web.gate import needs


@blueprint.route("/<number>/events/<int:event_id>/correct", methods=["GET", "POST"])
@needs("case.record")
def correct(number: str, event_id: int) -> Any:
    """Say what was wrong with an event and what counts in its place."""
    session, actor = database.session(), identity.actor()
    case = get_case(session, actor, number)
    event = _event(session, case, event_id)
    form = CorrectionForm()
    opens = _name_openings(session, case, event, form)
    kind = _kind(event, form)
    values = _values_form(session, case, event, kind)
    if request.method == "GET":
        return _correction_page(case, event, opens, form, values)
    replaced = form.how.data == "replace"
    valid = form.validate()
    if replaced:
        valid = values.validate() and valid
    if not valid:
        return _correction_page(case, event, opens, form, values), 422
    replacement = values.entry(kind, clock.today()) if replaced else None
    try:
        recording.correct_event(
            session,
            actor,
            case,
            event_id,
            form.reason.data or "",
            replacement,
            rulebook.current(),
            clock.today(),
        )
    except Unlawful as error:
        named = error.field in values
        field = values[error.field] if named else values.on
        add_error(field, f"{error.message} {error.article}".strip())
        return _correction_page(case, event, opens, form, values), 422
    except InvalidInput as error:
        for problem in error.problems:
            named = replaced and problem.field in values
            add_error(values[problem.field] if named else form.reason, problem.message)
        return _correction_page(case, event, opens, form, values), 422
    flash(_("The event was corrected; the deadlines follow."), "success")
    return redirect(back_to(case))


def _event(session: Session, case: Case, event_id: int) -> Event:
    event = session.get(Event, event_id)
    if event is None or event.case_id != case.id:
        raise NotFound("event")
    return event


def _name_openings(session: Session, case: Case, event: Event, form: CorrectionForm) -> bool:
    """Did this event open the case? Where others could have, the form asks which it was."""
    rows = session.exec(select(Event).where(Event.case_id == case.id)).all()
    opens = opening_row(case, rows, rulebook.current()) is event
    choices = openings(case.kind) if opens else []
    if len(choices) > 1:
        form.opening.choices = options(choices)
        form.opening.data = form.opening.data or event.type
    else:
        del form.opening
    return opens


def _kind(event: Event, form: CorrectionForm) -> EventType:
    """The type of what counts instead. A form that is opened offers all that one of the types
    to choose from could need."""
    known = rulebook.current().policy.events
    if "opening" not in form:
        return known[event.type]
    if request.method == "POST":
        return known.get(form.opening.data, known[event.type])
    offered = [known[str(choice[0])] for choice in form.opening.iter_choices()]
    return max(offered, key=lambda one: len(one.fields.known()))


def _values_form(session: Session, case: Case, event: Event, kind: EventType) -> EventForm:
    """The fields of the event's own type, filled with what was recorded."""
    form = bare_event_form(session, case, kind)
    del form.reason
    del form.seen
    if request.method == "GET" and drafts.opened() is None:
        form.on.data = event.on
        for name, value in read_details(event.details).items():
            if name in form:
                form[name].process_data(value)
    return form


def _correction_page(
    case: Case, event: Event, opens: bool, form: CorrectionForm, values: EventForm
) -> str:
    label = rulebook.current().policy.events[event.type].label[language.short()]
    return render_template(
        "casepages/correct.html",
        case=case,
        event=event,
        label=label,
        form=form,
        values=values,
        is_opening=opens,
    )


@blueprint.route("/<number>/void", methods=["GET", "POST"])
@needs("case.void")
def void(number: str) -> Any:
    """Take out a record made by mistake; the page asks once and names the case."""
    session, actor = database.session(), identity.actor()
    case = get_case(session, actor, number)
    form = VoidForm()
    if request.method == "GET":
        return render_template("casepages/void.html", case=case, form=form)
    if not form.validate():
        return render_template("casepages/void.html", case=case, form=form), 422
    try:
        editing.void_case(session, actor, case, form.reason.data or "")
    except Conflict:
        flash(_("%(number)s was voided already.", number=number), "warning")
    else:
        flash(_("%(number)s is voided. Its number is not used again.", number=number), "success")
    return redirect(url_for("caselist.index"))


@blueprint.route("/<number>/reassign", methods=["GET", "POST"])
@needs("case.reassign")
def reassign(number: str) -> Any:
    """Hand the case to another handler, and to another unit if need be."""
    session, actor = database.session(), identity.actor()
    case = get_case(session, actor, number)
    form = ReassignForm()
    form.unit_id.choices = options(units(session, actor, language.short()))
    form.handler_id.choices = options(handlers(session, actor))
    if request.method == "GET":
        if drafts.opened() is None:
            form.unit_id.data, form.handler_id.data = case.unit_id, case.handler_id
        return render_template("casepages/reassign.html", case=case, form=form)
    if not form.validate() or not _reassigned(session, case, form):
        return render_template("casepages/reassign.html", case=case, form=form), 422
    flash(_("%(number)s was handed over.", number=number), "success")
    return redirect(back_to(case))


def _reassigned(session: Session, case: Case, form: ReassignForm) -> bool:
    """Hand over; False with the problems at their fields when it could not be done."""
    try:
        editing.reassign(
            session,
            identity.actor(),
            case,
            form.handler_id.data,
            form.unit_id.data,
            form.reason.data or "",
        )
    except InvalidInput as error:
        for problem in error.problems:
            add_error(form[problem.field], problem.message)
        return False
    return True
