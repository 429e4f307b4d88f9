"""The page of the audit log."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from models import AuditEntry
from service.audit_pages.searching import PAGE_SIZE, AuditFilter, entries, known_actions
from service.fields import DayField, PlainField, options
from service.web import clock, language, leftout, rulebook
from service.web.database import session
from service.web.forms import Form
from service.web.gate import needs
from service.web.paging import page_number, read_page

blueprint = Blueprint("audit_pages", __name__, template_folder="templates")

ACTIONS: Mapping[str, LazyString] = {
    "case.read": _l("Case read"),
    "case.search": _l("Searched by text"),
    "case.search_number": _l("Searched by an ID number, phone or credit code"),
    "case.export": _l("List of cases exported"),
    "case.reveal": _l("Personal data shown in full"),
    "case.register": _l("Case registered"),
    "case.event": _l("Event recorded"),
    "case.correct": _l("Event corrected"),
    "case.request": _l("Approval asked for"),
    "case.take_back": _l("Request taken back"),
    "case.decide": _l("Approval decided"),
    "case.edit": _l("Details edited"),
    "case.classify": _l("Classification decided"),
    "case.unclassify": _l("Decision on a classification taken back"),
    "case.reassign": _l("Case handed over"),
    "case.void": _l("Case voided"),
    "user.log_in": _l("Logged in"),
    "user.locked": _l("Locked after wrong passwords"),
    "user.password": _l("Own password changed"),
    "user.add": _l("Person added"),
    "user.change": _l("Person changed"),
    "user.disable": _l("Person disabled"),
    "user.enable": _l("Person enabled"),
    "user.reset_password": _l("Password reset"),
    "token.create": _l("API token made"),
    "token.revoke": _l("API token revoked"),
    "unit.add": _l("Unit added"),
    "unit.rename": _l("Unit renamed"),
    "unit.close": _l("Unit closed"),
    "unit.reopen": _l("Unit opened again"),
    "calendar.save": _l("Holiday year saved"),
    "calendar.remove": _l("Entered holiday year taken back"),
    "policy.change": _l("Change of the law applied"),
    "policy.undo": _l("Change of the law taken back"),
    "duty.done": _l("Duty of the bureau recorded as done"),
    "duty.take_back": _l("Recording of a duty taken back"),
    "duty.charge": _l("Charge of a duty given"),
    "job.run": _l("Job started by hand"),
}


class FilterForm(Form):
    """The parts of the filter, all of them optional, in the address."""

    class Meta:
        """Nothing is changed by it."""

        csrf = False

    number = PlainField(_l("Case number"))
    person = PlainField(_l("Person (name or user name)"))
    action = SelectField(_l("What was done"), default="")
    on = DayField(_l("Day"))


def action_label(action: str) -> str:
    """What an entry says was done; an action without words as it is stored."""
    return str(ACTIONS.get(action, action))


def detail_words(entry: AuditEntry) -> str:
    """What else the entry keeps; an event by its name."""
    events = rulebook.current().policy.events
    parts = [entry.subject] if entry.subject else []
    for name, value in entry.detail.items():
        event = events.get(str(value)) if name == "type" else None
        parts.append(event.label[language.short()] if event else f"{name}: {value}")
    return "; ".join(parts)


@blueprint.get("/audit")
@needs("audit.read")
def index() -> tuple[str, int]:
    """Entries of the log, the newest first, filtered by what the address says."""
    choices = _choices()
    unreadable = [] if request.args.get("action", "") in dict(choices) else ["action"]
    form = FilterForm(leftout.without(unreadable))
    leftout.say_unless(*form.data, "page", unreadable=unreadable)
    form.action.choices = options(choices)
    valid = form.validate()
    wanted = AuditFilter(
        number=form.number.data or "",
        person=form.person.data or "",
        action=form.action.data or "",
        on=form.on.data,
    )
    page = read_page(session(), entries(wanted, clock.zone()), page_number(), PAGE_SIZE)
    html = render_template(
        "audit_pages/index.html",
        form=form,
        page=page,
        action_label=action_label,
        detail_words=detail_words,
    )
    return html, 200 if valid else 422


def _choices() -> list[tuple[str, Any]]:
    """What the log may be filtered by: what was done so far, and what one address asks for."""
    done = {*known_actions(session()), *ACTIONS.keys() & {request.args.get("action", "")}}
    return [("", _l("Everything")), *((action, action_label(action)) for action in sorted(done))]
