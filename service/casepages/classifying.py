"""Deciding what a case is in law, against what its facts say, and taking that back."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import Length

from models import Case
from service.access import NotFound, get_case
from service.casepages.blueprint import blueprint
from service.casepages.page import back_to
from service.cases import classifying
from service.cases.problems import InvalidInput
from service.classes_shown import ShownClass, shown_classes
from service.fields import Required, options
from service.web import clock, database, identity, language, rulebook
from service.web.forms import Form, add_problems
from service.web.gate import needs


class ClassifyForm(Form):
    """What is decided, and why."""

    holds = RadioField(
        _l("Decision"), choices=options([("yes", _l("It does apply")), ("no", _l("It does not"))])
    )
    reason = TextAreaField(
        _l("Reason"),
        [
            Required(_l("Say why; it stands with the case.")),
            Length(max=classifying.REASON_LIMIT, message=_l("At most 500 characters.")),
        ],
    )
    # What stood there when the form was opened: somebody else may have been quicker.
    seen = HiddenField()


@blueprint.route("/<number>/classification/<code>", methods=["GET", "POST"])
@needs("case.edit")
def classify(number: str, code: str) -> Any:
    """Decide otherwise than the facts say, or take such a decision back."""
    session, actor = database.session(), identity.actor()
    case = get_case(session, actor, number)
    shown = _shown(session, case, code)
    form = ClassifyForm()
    if shown.decision is not None or shown.holds in ("yes", "no"):
        # There is one thing to be said only: the other answer.
        del form.holds
    standing, opened = _standing(shown), form.seen.data
    form.seen.data, form.seen.raw_data = standing, None
    if request.method == "GET":
        return _page(case, shown, form)
    if opened != standing:
        form.form_errors.append(_("Somebody else decided this in the meantime; look at it again."))
        return _page(case, shown, form), 409
    if not form.validate() or not _done(session, case, shown, form):
        return _page(case, shown, form), 422
    flash(_("Kept with its reason; the deadlines follow."), "success")
    return redirect(back_to(case))


def _shown(session: Session, case: Case, code: str) -> ShownClass:
    book = rulebook.current()
    found = classifying.one_of(session, case, code, book, clock.today())
    return shown_classes([found], book, language.short())[0]


def _standing(shown: ShownClass) -> str:
    """What stands now, to be compared with what the form was opened on."""
    decided_at = shown.decision.decided_at.isoformat() if shown.decision else ""
    return f"{shown.holds} {decided_at}"


def _page(case: Case, shown: ShownClass, form: ClassifyForm) -> str:
    return render_template("casepages/classify.html", case=case, one=shown, form=form)


def _done(session: Session, case: Case, shown: ShownClass, form: ClassifyForm) -> bool:
    """Decide or take back; False with the problems at their fields."""
    actor, book, today = identity.actor(), rulebook.current(), clock.today()
    reason = form.reason.data or ""
    try:
        if shown.decision is not None:
            classifying.take_back(session, actor, case, shown.code, reason, book, today)
        else:
            holds = form["holds"].data == "yes" if "holds" in form else shown.holds == "no"
            classifying.decide(session, actor, case, shown.code, holds, reason, book, today)
    except InvalidInput as error:
        add_problems(form, error.problems)
        return False
    except NotFound:
        form.form_errors.append(_("Somebody else decided this in the meantime; look at it again."))
        return False
    return True
