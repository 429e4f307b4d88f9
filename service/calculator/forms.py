"""The calculator's form: one matter in the address, with a row for each event."""

import re
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import SelectField
from wtforms.fields import Field

from rules.event_types import EventType
from rules.policy import Policy
from rules.schema import Fact
from service import wording
from service.fields import DayField, FlagField, PlainField, TimeField, WholeNumberField, options
from service.web.forms import Form, add_error

_ROW = re.compile(r"^e(\d+)-type$")
_FACT = "fact_"
MOST_EVENTS = 60


class _Unsent(Form):
    """Nothing is changed by it, so that it needs no token."""

    class Meta:
        """No token."""

        csrf = False


class MatterForm(_Unsent):
    """Which procedure, where, and as of which day."""

    procedure = SelectField(_l("Procedure"), default="arbitration")
    jurisdiction = SelectField(_l("Where"))
    today = DayField(_l("As of"), description=_l("Today, when left empty."))


class EventForm(_Unsent):
    """One event; an empty type leaves the row out."""

    type = SelectField(_l("What happened"), default="")
    on = DayField(_l("Day"))
    days = WholeNumberField(_l("Extended by"), description=_l("in the unit of the limit"))
    until = DayField(_l("Agreed until"))
    pay_by = DayField(_l("To be paid by"))
    at = TimeField(_l("Time of day"))
    rule = SelectField(_l("Of which limit"), default="")
    ground = SelectField(_l("Ground"), default="")

    def check(self, event: EventType | None, today: date) -> None:
        """Say at the fields what the event lacks; to be called on a chosen type."""
        if self.on.data is None and not self.on.errors:
            add_error(self.on, _("Type the day on which it happened."))
        appointment = event is not None and event.appointment
        if self.on.data is not None and self.on.data > today and not appointment:
            add_error(self.on, _("This day is in the future. Type the day on which it happened."))
        for name, use in event.fields.known().items() if event is not None else ():
            field = self[name]
            if use == "required" and field.data in (None, "") and not field.errors:
                add_error(field, _("“%(event)s” needs this.", event=self.label_of_type()))

    def label_of_type(self) -> str:
        """What the chosen event is called."""
        return next((str(one[1]) for one in self.type.iter_choices() if one[2]), "")

    def as_line(self, event: EventType) -> dict[str, Any]:
        """The event as `what-if` reads it, with the details that its type takes."""
        names = ("type", "on", *event.fields.known())
        values = {name: self[name].data for name in names}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
            if value not in (None, "")
        }


def values_of(field: SelectField) -> list[str]:
    """What a select field offers."""
    return [str(one[0]) for one in field.iter_choices()]


def row_indexes(given: MultiDict[str, str]) -> list[int]:
    """Which event rows an address has, in order."""
    found = (_ROW.match(name) for name in given)
    return sorted({int(one[1]) for one in found if one})[:MOST_EVENTS]


def event_form(
    policy: Policy, procedure: str, lang: str, index: int, given: MultiDict[str, str] | None
) -> EventForm:
    """The form of row `index`, offering the events and limits of the procedure."""
    form = EventForm(given, prefix=f"e{index}-")
    events = [one for one in policy.events.values() if procedure in one.procedures]
    form.type.choices = options(
        [("", _("Choose an event")), *((one.id, one.label[lang]) for one in events)]
    )
    limits = [one for one in policy.rules.values() if one.procedure == procedure]
    form.rule.choices = options([("", "–"), *((one.id, one.obligation[lang]) for one in limits)])
    grounds = {
        code: text[lang] for one in events for code, text in one.grounds.get(procedure, {}).items()
    }
    form.ground.choices = options([("", "–"), *grounds.items()])
    return form


def matter_form(
    policy: Policy, lang: str, jurisdiction: str, given: MultiDict[str, str] | None
) -> MatterForm:
    """The form of the matter itself."""
    form = MatterForm(given, data={"jurisdiction": jurisdiction})
    used = {rule.procedure for rule in policy.rules.values()}
    form.procedure.choices = options(
        (one.id, one.label[lang]) for one in policy.procedures.values() if one.id in used
    )
    form.jurisdiction.choices = options(
        (one.id, one.label[lang]) for one in policy.jurisdictions.values()
    )
    return form


def fact_form(
    policy: Policy, procedure: str, lang: str, given: MultiDict[str, str] | None
) -> _Unsent:
    """A form with the facts that the procedure's rules may ask for."""
    fields: dict[str, Any] = {
        _FACT + name: _fact_field(name, fact, lang)
        for name, fact in policy.facts.items()
        if procedure in fact.procedures
    }
    found: _Unsent = type("FactForm", (_Unsent,), fields)(given)
    return found


def _fact_field(name: str, fact: Fact, lang: str) -> Field:
    label = fact.label[lang]
    if fact.type == "whole":
        return WholeNumberField(label)
    if fact.type == "flag":
        return FlagField(label)
    if fact.type == "choice":
        known = [(code, _called(name, code, fact, lang)) for code in fact.choices]
        return SelectField(label, choices=options([("", _("not stated")), *known]), default="")
    return PlainField(label)


def _called(name: str, code: str, fact: Fact, lang: str) -> str:
    if fact.called:
        return wording.at_the_head(fact.called[code][lang])
    return wording.label(wording.FACT_CHOICES[name], code)


def facts_of(form: _Unsent) -> dict[str, Any]:
    """The facts that were stated."""
    return {
        name.removeprefix(_FACT): value
        for name, value in form.data.items()
        if value not in (None, "")
    }
