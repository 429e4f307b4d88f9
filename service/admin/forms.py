"""Forms of the admin pages; what is wrong beyond an empty field the use cases say."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from models import Unit
from models.user import ROLES, Role
from service.config import LANGUAGES
from service.fields import PlainField, Required, options
from service.units import KINDS
from service.web import language
from service.web.filters import LANGUAGE_NAMES, ROLE_LABELS
from service.web.forms import Form

UNIT_KINDS = {
    "district": _l("District bureau"),
    "section": _l("Section"),
    "township": _l("Township"),
    "committee": _l("Mediation committee"),
}


def unit_name(unit: Unit) -> str:
    """A unit's name in the language of the page."""
    return unit.name_en if language.short() == "en" else unit.name_zh


def unit_choices(units: Any) -> list[SelectChoice]:
    """Units for a select field, indented as they stand in the tree."""
    return options((unit.id, "\u2003" * (depth(unit) - 1) + unit_name(unit)) for unit in units)


def role_choices(roles: Iterable[Role]) -> list[SelectChoice]:
    """Roles for a select field."""
    return options((role, ROLE_LABELS[role]) for role in roles)


def depth(unit: Unit) -> int:
    """How deep a unit stands: 1 for the top."""
    return unit.path.strip("/").count("/") + 1


class PersonForm(Form):
    """A person: who, where, and with which role."""

    name = PlainField(_l("Full name"), [Required(_l("Type the person's name."))])
    username = PlainField(
        _l("User name"),
        [Required(_l("Type the name to log in with."))],
        description=_l("Small letters, digits, dots, hyphens and underscores."),
    )
    role = SelectField(_l("Role"), choices=role_choices(ROLES))
    unit_id = SelectField(
        _l("Unit"), coerce=int, description=_l("A person sees this unit and those below it.")
    )
    email = PlainField(_l("Mail address"), description=_l("Alerts are mailed there."))
    language = SelectField(
        _l("Language"),
        choices=options(
            [
                ("", _l("As the installation")),
                *((one, LANGUAGE_NAMES[one]) for one in LANGUAGES),
            ]
        ),
    )
    receives_reports = BooleanField(_l("Gets the monthly report by mail"))


class UnitNameForm(Form):
    """The two names of a unit."""

    name_zh = PlainField(_l("Chinese name"), [Required(_l("Type the unit's Chinese name."))])
    name_en = PlainField(_l("English name"), [Required(_l("Type the unit's English name."))])


class UnitForm(UnitNameForm):
    """A new unit and its place in the tree."""

    code = PlainField(
        _l("Code"),
        [Required(_l("Type a code for case numbers."))],
        description=_l("Capital letters and digits, at most 12. Case numbers begin with it."),
    )
    kind = SelectField(_l("Kind"), choices=options((kind, UNIT_KINDS[kind]) for kind in KINDS))
    parent_id = SelectField(_l("Below"), coerce=int)
