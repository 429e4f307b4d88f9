"""Pages about who has charge of the bureau's own recurring duties."""

from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from jobs import duties as job
from rules.schema import Rule
from service import duties, units
from service.access import NotFound
from service.admin.blueprint import blueprint
from service.admin.forms import unit_choices
from service.cases.problems import InvalidInput
from service.choices import handlers
from service.dutypages.view import charge_names
from service.fields import options
from service.web import identity, language, rulebook
from service.web.database import session
from service.web.forms import Form, add_problems
from service.web.gate import needs


class ChargeForm(Form):
    """Who has charge of a duty."""

    unit_id = SelectField(
        _l("Unit"),
        coerce=int,
        description=_l("Its supervisors, and those above, see the duty and may record it."),
    )
    handler_id = SelectField(
        _l("Person in charge"),
        coerce=int,
        description=_l("Somebody of this unit or below it, who is told and may record it too."),
    )


@blueprint.get("/duties")
@needs("admin.duties")
def list_duties() -> str:
    """The recurring duties that count here, each with who has charge of it."""
    rules = _rules()
    charges = job.charges(session(), list(rules))
    names = charge_names(session(), list(charges.values()), language.short())
    return render_template(
        "admin/duties.html",
        rules=rules.values(),
        charges=charges,
        names=names,
        lang=language.short(),
    )


@blueprint.route("/duties/<rule>", methods=["GET", "POST"])
@needs("admin.duties")
def duty(rule: str) -> Any:
    """Choose who has charge of a duty."""
    known = _rules().get(rule)
    if known is None:
        raise NotFound("duty")
    form, actor = ChargeForm(data=_present(rule)), identity.actor()
    form.unit_id.choices = unit_choices(units.units(session(), actor))
    nobody = (0, _("nobody in particular: the unit's supervisors"))
    form.handler_id.choices = options([nobody, *handlers(session(), actor)])
    if form.validate_on_submit():
        try:
            duties.give_charge(
                session(), actor, rule, form.unit_id.data, form.handler_id.data or None
            )
        except InvalidInput as error:
            add_problems(form, error.problems)
        else:
            flash(_("The changes are saved."), "success")
            return redirect(url_for("admin.list_duties"))
    page = render_template("admin/duty.html", form=form, rule=known, lang=language.short())
    return page, 422 if form.is_submitted() else 200


def _rules() -> dict[str, Rule]:
    place = current_app.config["SETTINGS"].jurisdiction
    return {rule.id: rule for rule in job.recurring(rulebook.current(), place)}


def _present(rule: str) -> dict[str, int]:
    charge = job.charges(session(), [rule]).get(rule)
    return {"unit_id": charge.unit_id, "handler_id": charge.handler_id or 0} if charge else {}
