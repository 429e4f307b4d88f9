"""Pages about the tree of units: the list, adding, renaming, closing."""

from typing import Any, cast

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models import Unit
from models.unit import UnitKind
from service import units
from service.access import NotFound
from service.admin.blueprint import blueprint
from service.admin.forms import UNIT_KINDS, UnitForm, UnitNameForm, depth, unit_choices, unit_name
from service.cases.problems import InvalidInput
from service.web import clock, identity
from service.web.database import session
from service.web.forms import add_problems
from service.web.gate import needs


@blueprint.get("/units")
@needs("admin.units")
def list_units() -> str:
    """The tree, closed units included."""
    rows = units.units(session(), identity.actor(), closed=True)
    return render_template(
        "admin/units.html", rows=rows, unit_name=unit_name, depth=depth, kinds=UNIT_KINDS
    )


@blueprint.route("/units/new", methods=["GET", "POST"])
@needs("admin.units")
def new_unit() -> Any:
    """Add a unit below another."""
    form = UnitForm(kind="township")
    form.parent_id.choices = unit_choices(units.units(session(), identity.actor()))
    if form.validate_on_submit():
        try:
            unit = units.add_unit(session(), identity.actor(), _input(form))
        except InvalidInput as error:
            add_problems(form, error.problems)
        else:
            flash(_("%(name)s is added.", name=unit_name(unit)), "success")
            return redirect(url_for("admin.list_units"))
    page = render_template("admin/unit.html", form=form, unit=None)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/units/<int:unit_id>", methods=["GET", "POST"])
@needs("admin.units")
def unit(unit_id: int) -> Any:
    """Rename a unit."""
    found = _unit(unit_id)
    form = UnitNameForm(obj=found)
    if form.validate_on_submit():
        names = (form.name_zh.data or "", form.name_en.data or "")
        try:
            units.rename_unit(session(), identity.actor(), unit_id, *names)
        except InvalidInput as error:
            add_problems(form, error.problems)
        else:
            flash(_("The changes are saved."), "success")
            return redirect(url_for("admin.list_units"))
    page = render_template("admin/unit.html", form=form, unit=found, name=unit_name(found))
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/units/<int:unit_id>/close")
@needs("admin.units")
def close_unit(unit_id: int) -> Response:
    """Close a unit that has nothing open any more."""
    try:
        closed = units.close_unit(session(), identity.actor(), unit_id, clock.today())
    except InvalidInput as error:
        return _refused(unit_id, error)
    flash(_("%(name)s is closed.", name=unit_name(closed)), "success")
    return redirect(url_for("admin.list_units"))


@blueprint.post("/units/<int:unit_id>/reopen")
@needs("admin.units")
def reopen_unit(unit_id: int) -> Response:
    """Take back the closing."""
    try:
        opened = units.reopen_unit(session(), identity.actor(), unit_id)
    except InvalidInput as error:
        return _refused(unit_id, error)
    flash(_("%(name)s is open again.", name=unit_name(opened)), "success")
    return redirect(url_for("admin.list_units"))


def _refused(unit_id: int, error: InvalidInput) -> Response:
    for problem in error.problems:
        flash(problem.message, "danger")
    return redirect(url_for("admin.unit", unit_id=unit_id))


def _unit(unit_id: int) -> Unit:
    found = session().get(Unit, unit_id)
    if found is None or found.id not in identity.actor().unit_ids:
        raise NotFound("unit")
    return found


def _input(form: UnitForm) -> units.UnitInput:
    return units.UnitInput(
        code=form.code.data or "",
        name_zh=form.name_zh.data or "",
        name_en=form.name_en.data or "",
        kind=cast("UnitKind", form.kind.data),
        parent_id=form.parent_id.data,
    )
