"""The form of a kind with what was sent, and more rows in it."""

from typing import Any

from flask import abort, current_app
from flask_babel import gettext as _

from models.case import CaseKind
from service import wording
from service.cases.inputs import PROCEDURES
from service.choices import handlers, units
from service.fields import options
from service.register.circumstances import asking
from service.register.forms import FORMS, GROUPS, MOST_ROWS, RECEIVED, Group, RegisterForm
from service.web import database, identity, language, rulebook

CLAIMS = "claims"


def open_form(kind: str) -> RegisterForm:
    """The form of a kind with what was sent, its choices filled in. Aborts for no such kind."""
    if kind not in FORMS:
        abort(404)
    form = asking(FORMS[kind], jurisdiction())
    form.received_on.label.text = str(RECEIVED[form.kind])
    session, actor = database.session(), identity.actor()
    form.unit_id.choices = options(units(session, actor, language.short()))
    form.handler_id.choices = options(handlers(session, actor))
    if "opening" in form:
        form["opening"].choices = options(openings(form.kind))
    name_facts(form)
    return form


def openings(kind: CaseKind) -> list[tuple[str, str]]:
    """The events of which one opens a case of this kind, with their names."""
    policy = rulebook.current().policy
    known = policy.procedures[PROCEDURES[kind]].opening[kind]
    return [(event, policy.events[event].label[language.short()]) for event in known]


def name_facts(form: RegisterForm) -> None:
    """The choices of the facts that the policy itself names; none of them is a choice too."""
    for name, fact in rulebook.current().policy.facts.items():
        if fact.called and name in form:
            lang = language.short()
            named = [(code, wording.at_the_head(fact.called[code][lang])) for code in fact.choices]
            none = _("Not known") if name == "applied_by" else _("Not decided yet")
            form[name].choices = options([("", none), *named])


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
