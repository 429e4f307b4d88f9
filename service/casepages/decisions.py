"""Requests for approval: approve, refuse, take back."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from service.access import get_case
from service.casepages.blueprint import blueprint
from service.casepages.forms import DecisionForm
from service.casepages.page import back_to, case_page
from service.cases import approving
from service.cases.problems import Conflict, InvalidInput, Unlawful
from service.web import clock, database, identity, rulebook
from service.web.forms import add_error
from service.web.gate import needs


@blueprint.post("/<number>/approvals/<int:approval_id>")
@needs("case.approve")
def decide(number: str, approval_id: int) -> Any:
    """Approve or refuse, as the pressed button says; approving records the event."""
    session, actor = database.session(), identity.actor()
    case = get_case(session, actor, number)
    form = DecisionForm()
    if not form.validate():
        return case_page(case, form, approval_id), 422
    approve = request.form.get("decision") == "approve"
    try:
        approving.decide(
            session,
            actor,
            approval_id,
            approve,
            form.decision_note.data or "",
            form.decided_on.data or clock.today(),
            rulebook.current(),
            clock.today(),
        )
    except Unlawful as error:
        add_error(form.decided_on, f"{error.message} {error.article}".strip())
        return case_page(case, form, approval_id), 422
    except InvalidInput as error:
        for problem in error.problems:
            add_error(form.decided_on, problem.message)
        return case_page(case, form, approval_id), 422
    except Conflict:
        flash(_("Somebody else has already decided this request."), "warning")
        return redirect(back_to(case))
    flash(_("Approved and recorded.") if approve else _("Refused."), "success")
    to_team = request.form.get("back") == "team"
    return redirect(url_for("team.index") if to_team else back_to(case))


@blueprint.post("/<number>/approvals/<int:approval_id>/take-back")
@needs("case.record")
def take_back(number: str, approval_id: int) -> Any:
    """Withdraw a request that nobody decided yet."""
    session, actor = database.session(), identity.actor()
    case = get_case(session, actor, number)
    try:
        approving.take_back(session, actor, approval_id)
    except Conflict:
        flash(_("Somebody else has already decided this request."), "warning")
    else:
        flash(_("The request was taken back."), "success")
    return redirect(back_to(case))
