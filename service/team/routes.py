"""The supervisor's page, and the inbox of alerts for everybody."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from service import wording
from service.access import may
from service.dutypages.view import open_ones
from service.parties_shown import parties_by_case
from service.provisional import provisional_cases
from service.team.inbox import mark_read, received
from service.team.loads import (
    SHOWN_HANDLERS,
    loads,
    pressing,
    sent_alerts,
    waiting_approvals,
)
from service.web import clock, database, identity, language, leftout, paging, rulebook
from service.web.gate import needs
from service.web.numbers import row_id

blueprint = Blueprint("team", __name__, template_folder="templates")


@blueprint.app_template_global()
def stage_label(stage: str) -> str:
    """What a stage of alerts is called; `due_soon_7` names its days."""
    name, _mark, days = stage.rpartition("_")
    if name == "due_soon" and days.isdecimal():
        return ngettext("Due within %(num)s day", "Due within %(num)s days", int(days))
    return wording.label(wording.STAGES, stage)


@blueprint.get("/team")
@needs("team.read")
def index() -> str:
    """Overdue and due soon by unit and handler, approvals waiting, alerts sent.

    In a large bureau the handlers stand under their units only with `?show=handlers`.
    """
    session, actor, today = database.session(), identity.actor(), clock.today()
    cases = pressing(session, actor, today)
    ids, units = [row.id for row in cases], loads(session, actor, today)
    many = sum(len(unit.handlers) for unit in units) > SHOWN_HANDLERS
    shown = _shown("handlers")
    return render_template(
        "team/index.html",
        units=units,
        each_handler=not many or shown,
        foldable=many,
        cases=cases,
        parties=parties_by_case(session, actor, ids),
        provisional=provisional_cases(session, ids),
        approvals=waiting_approvals(session, actor) if may(actor, "case.approve") else [],
        alerts=sent_alerts(session, actor),
        policy=rulebook.current().policy,
        lang=language.short(),
        may_reassign=may(actor, "case.reassign"),
        duties=open_ones(session, actor, rulebook.current(), today, language.short(), mine=False),
    )


def _shown(what: str) -> bool:
    """Does the address ask by `?show=` for the one thing that it may?"""
    wanted = request.args.get("show")
    leftout.say_unless("show", "page", unreadable=["show"] if wanted not in (None, what) else [])
    return wanted == what


@blueprint.get("/alerts")
@needs("account.own")
def inbox() -> str:
    """My alerts; `?show=unread` leaves out what I read."""
    unread_only = _shown("unread")
    number = paging.page_number()
    alerts, more = received(
        database.session(), identity.actor(), unread_only=unread_only, page=number
    )
    return render_template(
        "team/inbox.html",
        alerts=alerts,
        unread_only=unread_only,
        page=paging.Page(alerts, number, more),
        policy=rulebook.current().policy,
        lang=language.short(),
    )


@blueprint.post("/alerts/read")
@needs("account.own")
def read() -> Any:
    """Mark one alert as read (`receipt`), or all of mine."""
    receipt = request.form.get("receipt", type=row_id)
    changed = mark_read(database.session(), identity.actor(), receipt, clock.now())
    if receipt is None and changed:
        flash(_("All alerts are marked as read."), "success")
    return redirect(url_for("team.inbox", show=request.form.get("show") or None))
