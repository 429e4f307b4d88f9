"""Pages about people: the list, adding, changing, disabling, a new password."""

from typing import Any, cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models import User
from models.user import ROLES, Role
from service import people
from service.access import may_give
from service.admin.blueprint import blueprint
from service.admin.forms import PersonForm, role_choices, unit_choices, unit_name
from service.cases.problems import InvalidInput
from service.units import units
from service.web import identity, leftout, paging
from service.web.database import session
from service.web.forms import add_problems
from service.web.gate import needs

_PAGE_SIZE = 30


@blueprint.get("/people")
@needs("admin.people")
def list_people() -> str:
    """Everybody, by unit; `?q=` looks for part of a name, a user name or a unit."""
    sought, number = request.args.get("q", "").strip(), paging.page_number()
    leftout.say_unless("q", "page")
    found = [
        (person, unit)
        for person, unit in people.people(session(), identity.actor())
        if sought.lower()
        in f"{person.name}\n{person.username}\n{unit.name_zh}\n{unit.name_en}".lower()
    ]
    first = (number - 1) * _PAGE_SIZE
    rows = found[first : first + _PAGE_SIZE]
    return render_template(
        "admin/people.html",
        rows=rows,
        sought=sought,
        page=paging.Page(rows, number, len(found) > first + _PAGE_SIZE),
        unit_name=unit_name,
        manages=lambda person: may_give(identity.actor(), person.role),
    )


@blueprint.route("/people/new", methods=["GET", "POST"])
@needs("admin.people")
def new_person() -> Any:
    """Add a person and show the temporary password, this once."""
    form = _form(PersonForm(unit_id=identity.actor().unit_id))
    if form.validate_on_submit():
        try:
            user, password = people.add_person(session(), identity.actor(), _input(form))
        except InvalidInput as error:
            add_problems(form, error.problems)
        else:
            return render_template("admin/password.html", person=user, password=password)
    page = render_template("admin/person.html", form=form, person=None)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/people/<int:user_id>", methods=["GET", "POST"])
@needs("admin.people")
def person(user_id: int) -> Any:
    """Change a person."""
    user = _person(user_id)
    form = _form(PersonForm(obj=user))
    if form.validate_on_submit():
        try:
            people.change_person(session(), identity.actor(), user_id, _input(form))
        except InvalidInput as error:
            add_problems(form, error.problems)
        else:
            flash(_("The changes are saved."), "success")
            return redirect(url_for("admin.list_people"))
    page = render_template("admin/person.html", form=form, person=user)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/people/<int:user_id>/disable")
@needs("admin.people")
def disable_person(user_id: int) -> Response:
    """End a person's access."""
    try:
        user = people.disable_person(session(), identity.actor(), user_id)
    except InvalidInput as error:
        return _refused(user_id, error)
    flash(_("%(name)s can no longer log in.", name=user.name), "success")
    return redirect(url_for("admin.person", user_id=user_id))


@blueprint.post("/people/<int:user_id>/enable")
@needs("admin.people")
def enable_person(user_id: int) -> Response:
    """Give a person access again."""
    user = people.enable_person(session(), identity.actor(), user_id)
    flash(_("%(name)s can log in again.", name=user.name), "success")
    return redirect(url_for("admin.person", user_id=user_id))


@blueprint.post("/people/<int:user_id>/password")
@needs("admin.people")
def reset_password(user_id: int) -> Any:
    """Give a temporary password and show it, this once."""
    if user_id == identity.current().id:
        return redirect(url_for("account.change_password"))
    password = people.reset_password(session(), identity.actor(), user_id)
    return render_template("admin/password.html", person=_person(user_id), password=password)


def _refused(user_id: int, error: InvalidInput) -> Response:
    for problem in error.problems:
        flash(problem.message, "danger")
    return redirect(url_for("admin.person", user_id=user_id))


def _person(user_id: int) -> User:
    return people.person_of(session(), identity.actor(), user_id)


def _form(form: PersonForm) -> PersonForm:
    actor = identity.actor()
    form.unit_id.choices = unit_choices(units(session(), actor))
    form.role.choices = role_choices(role for role in ROLES if may_give(actor, role))
    return form


def _input(form: PersonForm) -> people.PersonInput:
    return people.PersonInput(
        username=form.username.data or "",
        name=form.name.data or "",
        role=cast("Role", form.role.data),
        unit_id=form.unit_id.data,
        email=form.email.data or None,
        language=form.language.data or None,
        receives_reports=bool(form.receives_reports.data),
    )
