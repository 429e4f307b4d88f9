"""The form of a kind with what was sent, and more rows in it."""

from typing import Any, cast

from flask import abort, current_app

from models.case import CaseKind
from service.choices import handlers, units
from service.fields import options
from service.register.forms import FORMS, GROUPS, MOST_ROWS, RECEIVED, Group, RegisterForm
from service.web import database, identity, language

CLAIMS = "claims"


def open_form(kind: str) -> RegisterForm:
    """The form of a kind with what was sent, its choices filled in. Aborts for no such kind."""
    if kind not in FORMS:
        abort(404)
    form = FORMS[cast("CaseKind", kind)]()
    form.received_on.label.text = str(RECEIVED[form.kind])
    session, actor = database.session(), identity.actor()
    form.unit_id.choices = options(units(session, actor, language.short()))
    form.handler_id.choices = options(handlers(session, actor))
    return form


def add_row(form: RegisterForm, key: str) -> Any:
    """A blank row of a group of parties or of the claims. Aborts when there are too many."""
    group = next((group for group in GROUPS[form.kind] if group.key == key), None)
    rows = form.parties if group else form[CLAIMS] if key == CLAIMS and CLAIMS in form else ()
    if rows == () or len(rows) >= MOST_ROWS:
        abort(400)
    return form.add_row(group) if group else rows.append_entry()


def jurisdiction() -> str:
    """The jurisdiction this installation works in."""
    return str(current_app.config["SETTINGS"].jurisdiction)


def group_of(form: RegisterForm, entry: Any) -> Group:
    """The group a row of parties stands in. Aborts for a row that fits none."""
    fitting = (group for group in GROUPS[form.kind] if entry in form.rows(group))
    return next(fitting, None) or abort(400)
