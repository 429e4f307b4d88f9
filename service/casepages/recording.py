"""Recording what happened, and asking for what a supervisor must approve."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from sqlmodel import Session, col, func, select

from jobs import recompute
from models import Case, Deadline, Event
from rules.event_types import EventType
from rules.matter import DETAILS
from service.access import get_case
from service.casepages.blueprint import blueprint
from service.casepages.forms import EventForm, optional
from service.casepages.offers import Offer, discharging, offers
from service.casepages.page import back_to, stale_message
from service.cases import approving, recording
from service.cases.problems import InvalidInput, Unlawful
from service.fields import options
from service.web import clock, database, drafts, identity, language, rulebook
from service.web.filters import day
from service.web.forms import add_error
from service.web.gate import needs


@blueprint.route("/<number>/record", methods=["GET", "POST"])
@needs("case.record")
def record(number: str) -> Any:
    """The form of one type of event; without a type, the list of those lawful now.

    `?type=award_issued` names the event, `?rule=arb_award` the deadline it is to meet.
    """
    session, actor = database.session(), identity.actor()
    case = get_case(session, actor, number)
    chosen = _chosen(session, case)
    if chosen is None:
        return render_template("casepages/choose.html", case=case, offers=_lawful(session, case))
    form = event_form(session, case, chosen)
    if request.method == "GET":
        if drafts.opened() is None:
            _begin(session, case, form, chosen)
        return _page(case, form, chosen)
    if not form.validate():
        return _page(case, form, chosen), 422
    return _save(session, case, form, chosen)


def _begin(session: Session, case: Case, form: EventForm, chosen: EventType) -> None:
    """What a new form begins with: the usual day, and the last event it knows of."""
    if "on" in form:
        form.on.data = None if chosen.appointment else clock.today()
    form.seen.data = str(_last_event(session, case))


def _chosen(session: Session, case: Case) -> EventType | None:
    """The type that the address names, or the usual one for the deadline that it names."""
    known = rulebook.current().policy.events
    wanted = request.args.get("type", "")
    if wanted:
        return known[wanted] if wanted in known else abort(404)
    rule = request.args.get("rule", "")
    if rule not in rulebook.current().policy.rules:
        return None
    lawful = {offer.type for offer in _lawful(session, case)}
    meeting = [one for one in discharging(rulebook.current(), rule) if one in lawful]
    return known[meeting[0]] if meeting else None


def _lawful(session: Session, case: Case) -> list[Offer]:
    matter = recompute.matter_of(session, case)
    return offers(matter, rulebook.current(), clock.today(), language.short())


def _running(session: Session, case: Case) -> list[str]:
    query = select(Deadline.rule).where(Deadline.case_id == case.id, Deadline.state == "running")
    return list(session.exec(query.order_by(col(Deadline.due_on))))


def event_form(session: Session, case: Case, chosen: EventType) -> EventForm:
    """The form for recording an event, or for asking for one that needs approval."""
    form = bare_event_form(session, case, chosen)
    if chosen.approval:
        del form.on
    else:
        del form.reason
    return form


def bare_event_form(session: Session, case: Case, chosen: EventType) -> EventForm:
    """The form with those details that this type of event has."""
    form = EventForm()
    taken = chosen.fields.known()
    for name in DETAILS:
        if name not in taken:
            del form[name]
        elif taken[name] == "optional":
            optional(form[name])
    if "rule" in form:
        form.rule.choices = options(_rules(session, case, chosen))
    if "ground" in form:
        form.ground.choices = options(_grounds(case, chosen))
        if chosen.asks is not None:
            form.ground.label.text = chosen.asks[language.short()]
    return form


def _grounds(case: Case, chosen: EventType) -> list[tuple[str, str]]:
    """The grounds that the event knows in the case's procedure."""
    known = chosen.grounds.get(case.procedure, {})
    words = ((code, text[language.short()]) for code, text in known.items())
    return [("", _("Choose")), *words]


def _rules(session: Session, case: Case, chosen: EventType) -> list[tuple[str, str]]:
    """The running deadlines that the event can lengthen; needed when there are several."""
    rules = rulebook.current().policy.rules
    names = {
        rule: rules[rule].obligation[language.short()]
        for rule in _running(session, case)
        if chosen.id in rules[rule].extended_by
    }
    return [("", _("The one that can be extended")), *names.items()]


def _last_event(session: Session, case: Case) -> int:
    query = select(func.max(Event.id)).where(Event.case_id == case.id)
    return session.exec(query).one() or 0


def _page(case: Case, form: EventForm, chosen: EventType, article: str = "") -> str:
    return render_template(
        "casepages/record.html",
        case=case,
        form=form,
        event=chosen,
        label=chosen.label[language.short()],
        others=_others(case, chosen),
        article=article,
    )


def _others(case: Case, chosen: EventType) -> Sequence[Offer]:
    return [one for one in _lawful(database.session(), case) if one.type != chosen.id]


def _save(session: Session, case: Case, form: EventForm, chosen: EventType) -> Any:
    latest = str(_last_event(session, case))
    if form.seen.data and form.seen.data != latest:
        form.seen.data, form.seen.raw_data = latest, None
        form.form_errors.append(stale_message())
        return _page(case, form, chosen), 409
    try:
        _record(session, case, form, chosen)
    except Unlawful as error:
        add_error(_field(form, error.field), error.message)
        return _page(case, form, chosen, error.article), 422
    except InvalidInput as error:
        for problem in error.problems:
            add_error(_field(form, problem.field), problem.message)
        return _page(case, form, chosen), 422
    flash(_saved(case, chosen), "success")
    return redirect(back_to(case))


def _record(session: Session, case: Case, form: EventForm, chosen: EventType) -> None:
    actor, book, today = identity.actor(), rulebook.current(), clock.today()
    entry = form.entry(chosen, today)
    if chosen.approval:
        reason = form.reason.data or ""
        approving.request_approval(session, actor, case, entry, reason, book, today)
    else:
        recording.record_event(session, actor, case, entry, book, today)


def _field(form: EventForm, name: str) -> Any:
    """The field that is wrong; what belongs to none stands at the first one."""
    if name in form and form[name].type != "HiddenField":
        return form[name]
    return next(field for field in form if field.type not in ("HiddenField", "CSRFTokenField"))


def _saved(case: Case, chosen: EventType) -> str:
    label = chosen.label[language.short()]
    if chosen.approval:
        return _("“%(event)s” was asked for. A supervisor decides.", event=label)
    if case.state == "closed":
        return _("“%(event)s” is recorded. The case is closed.", event=label)
    if case.next_due_on is None:
        return _("“%(event)s” is recorded. No deadline of ours runs.", event=label)
    return _("“%(event)s” is recorded. Next due: %(day)s.", event=label, day=day(case.next_due_on))
