"""The forms of a case's page: what happened, decisions, corrections, edits, handing over."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length

from rules.event_types import EventType
from rules.matter import DETAILS
from service.cases.inputs import EventInput
from service.fields import DayField, PlainField, Required, TimeField, WholeNumberField, options
from service.web.forms import Form

_LONG = Length(max=2000, message=_l("At most 2,000 characters."))


class EventForm(Form):
    """What happened and when. Fields that the type of event does not have are taken out."""

    on = DayField(_l("It happened on"), [Required(_l("Type the day on which it happened."))])
    days = WholeNumberField(_l("Number of days"), [Required(_l("Type how many days."))])
    rule = SelectField(_l("Which deadline"))
    until = DayField(_l("Until"), [Required(_l("Type the day that was agreed."))])
    ground = SelectField(_l("Ground"), [Required(_l("Choose the ground."))])
    pay_by = DayField(_l("To be paid by"), [Required(_l("Type the day that the order sets."))])
    at = TimeField(_l("Time of day"), [Required(_l("Type the time of day."))])
    reason = TextAreaField(_l("Reason"), [Required(_l("Say why it is needed.")), _LONG])
    note = TextAreaField(_l("Note"), [_LONG])
    # The newest event there was when the form was opened.
    seen = HiddenField()

    def entry(self, event_type: EventType, today: date) -> EventInput:
        """The event as the use case takes it."""
        values = {name: self[name].data or None for name in DETAILS if name in self}
        on: date = self["on"].data if "on" in self else today
        note = self.note.data or "" if "note" in self else ""
        return EventInput(type=event_type.id, on=on, note=note, **values)


def optional(field: Any) -> None:
    """Let a field be left empty."""
    field.validators = [one for one in field.validators if not isinstance(one, Required)]
    field.flags.required = False


class DecisionForm(Form):
    """Approve or refuse a request."""

    decided_on = DayField(_l("Decided on"), [Required(_l("Type the day of the decision."))])
    decision_note = TextAreaField(_l("Note on the decision"), [_LONG])


class CorrectionForm(Form):
    """An event that did not happen so: what is wrong, and what counts in its place."""

    reason = TextAreaField(
        _l("What was wrong"), [Required(_l("Say what was wrong; it is kept.")), _LONG]
    )
    # Of a case's opening event alone, and where its kind has several.
    opening = RadioField(_l("What came in"))
    how = RadioField(
        _l("What counts instead"),
        choices=options(
            [
                ("replace", _l("It happened differently: the values below count instead.")),
                ("withdraw", _l("It did not happen at all.")),
            ]
        ),
        default="replace",
    )


class VoidForm(Form):
    """A record made by mistake."""

    reason = TextAreaField(
        _l("Why it was a mistake"), [Required(_l("Say why; auditors can read it.")), _LONG]
    )


class ReassignForm(Form):
    """Who has the case from now on."""

    unit_id = SelectField(_l("Unit"), coerce=int)
    handler_id = SelectField(_l("Handler"), coerce=int)
    reason = PlainField(
        _l("Reason"), [Required(_l("Say why; it is kept with the case.")), Length(max=200)]
    )
