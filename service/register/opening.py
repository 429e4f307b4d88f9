"""The form of a kind with what was sent, and more rows in it."""

from typing import Any

from flask import abort, current_app

from service.choices import handlers, units
from service.fields import options
from service.register.forms import FORMS, GROUPS, MOST_ROWS, RECEIVED, Group, RegisterForm
from service.web import database, identity, language

CLAIMS = "claims"


def open_form(kind: str) -> RegisterForm:
    """The form of a kind with what was sent, its choices filled in. Aborts for no such kind."""
    if kind not in FORMS:
        abort(404)
    form = FORMS[kind]()
    form.received_on.label.text = str(RECEIVED[form.kind])
    session, actor = database.session(), identity.actor()
    form.unit_id.choices = options(units(session, actor, language.short()))
    form.handler_id.choices = options(handlers(session, actor))
    return form


def add_row(form: RegisterForm, key: str) -> Any:
    """A blank row of a group of parties or of the claims. Aborts when there are too many."""
    if key == CLAIMS and CLAIMS in form:
        return _room_in(form[CLAIMS]).append_entry()
    group = next((group for group in GROUPS[form.kind] if group.key == key), None)
    if group is None:
        abort(400)
    _room_in(form.parties)
    return form.add_row(group)


def _room_in(rows: Any) -> Any:
    return rows if len(rows) < MOST_ROWS else abort(400)


def jurisdiction() -> str:
    """The jurisdiction this installation works in."""
    return str(current_app.config["SETTINGS"].jurisdiction)


def group_of(form: RegisterForm, entry: Any) -> Group:
    """The group a row of parties stands in. Aborts for a row that fits none."""
    fitting = (group for group in GROUPS[form.kind] if entry in form.rows(group))
    return next(fitting, None) or abort(400)
