"""The pages and parts of pages with which a matter is logged."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlmodel import col, select

from jobs.drafts import KEPT
from models import Case
from models.case import KINDS
from service import wording
from service.access import visible_cases
from service.cases import registering
from service.cases.problems import InvalidInput
from service.cases.suggesting import earlier_open_cases
from service.register import drafts, parts, reading
from service.register.forms import GROUPS, RegisterForm
from service.register.opening import add_row, jurisdiction, open_form
from service.register.reading import Typed
from service.web import clock, database, identity, language, rulebook
from service.web import drafts as web_drafts
from service.web.filters import day
from service.web.forms import add_error
from service.web.gate import needs

blueprint = Blueprint("register", __name__, url_prefix="/register", template_folder="templates")
parts.attach(blueprint)
drafts.attach(blueprint)


@blueprint.get("")
@needs("case.register")
def index() -> str:
    """Pick the kind, or go on with a draft."""
    return render_template(
        "register/index.html",
        kinds=[(k, wording.KINDS[k], wording.KIND_HINTS[k]) for k in KINDS],
        drafts=drafts.unfinished(),
        kept_days=KEPT.days,
    )


@blueprint.route("/<kind>", methods=["GET", "POST"])
@database.reads_first
@needs("case.register")
def fill_in(kind: str) -> Any:
    """The form of one kind; sending it registers the case and leads to its page."""
    form = open_form(kind)
    if request.method == "GET":
        if drafts.opened() is None:
            form.received_on.data = clock.today()
        return _page(form)
    if "save" in request.form:
        return drafts.save_and_go_on(form.kind)
    if "add" in request.form:
        add_row(form, request.form["add"])
        return _page(form)
    form.complete()
    if not form.validate():
        _say_the_rest(form)
        return _page(form), 422
    return _save(form)


def _say_the_rest(form: RegisterForm) -> None:
    """Wrong numbers are named in the same answer as what could not be read."""
    if form.unit_id.errors or form.handler_id.errors:
        return
    rows = reading.typed(form)
    wanted = reading.registration(form, rows, clock.today(), jurisdiction())
    session, actor = database.session(), identity.actor()
    found = registering.problems_of(session, actor, wanted, rulebook.current(), clock.today())
    reading.place_rest(form, rows, found)


def _page(form: RegisterForm, unseen: bool = False) -> str:
    form.complete()
    return render_template(
        "register/form.html",
        form=form,
        kind=form.kind,
        title=wording.KINDS[form.kind],
        hint=wording.KIND_HINTS[form.kind],
        groups=GROUPS[form.kind],
        chosen=parts.chosen_parties(form),
        unseen=unseen,
        draft=drafts.opened(),
        **parts.preview_of(form),
    )


def _save(form: RegisterForm) -> Any:
    rows = reading.typed(form)
    linked = _linked(form)
    if form.errors:
        return _page(form), 422
    session, actor = database.session(), identity.actor()
    wanted = reading.registration(form, rows, clock.today(), jurisdiction(), linked)
    earlier = earlier_open_cases(session, actor, wanted.parties)
    if {case.number for case in earlier} - set(request.form.getlist("seen")):
        return _page(form, unseen=True), 422
    book = rulebook.current()
    try:
        writing = database.begin_writing()
        web_drafts.forget(writing)
        case = registering.register_case(writing, actor, wanted, book, clock.today())
    except InvalidInput as error:
        return _refused(form, rows, error)
    flash(_confirmation(case), "success")
    return redirect(url_for("casepages.show", number=case.number))


def _refused(form: RegisterForm, rows: Typed, error: InvalidInput) -> tuple[str, int]:
    reading.place(form, rows, error.problems)
    return _page(form), 422


def _linked(form: RegisterForm) -> int | None:
    """The dispute of the case whose number was typed, with an error where there is none."""
    number = form["linked_number"].data if "linked_number" in form else ""
    if not number:
        return None
    query = select(Case.dispute_id).where(
        col(Case.number) == number, visible_cases(identity.actor())
    )
    found = database.session().exec(query).first()
    if found is None:
        add_error(
            form["linked_number"],
            _("No mediation or arbitration has this number. Compare it, or leave it empty."),
        )
    return found


def _confirmation(case: Case) -> str:
    if case.next_due_on is None or case.next_rule is None:
        return _("%(number)s is registered. No deadline runs yet.", number=case.number)
    rule = rulebook.current().policy.rules[case.next_rule]
    return _(
        "%(number)s is registered. Next deadline: %(rule)s, %(day)s.",
        number=case.number,
        rule=rule.obligation[language.short()],
        day=day(case.next_due_on),
    )
