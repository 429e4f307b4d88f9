"""What a case begins with: the event that opens it, and what is told of the time before."""

from datetime import date

from rules.calendar import OutOfCalendarError, check_countable
from rules.matter import Event
from rules.rulebook import Rulebook
from service.cases.inputs import Registration
from service.cases.problems import Problem

_INJURY, _FINDING = "injury_occurred", "injury_application_received"


def opening_type(registration: Registration, rulebook: Rulebook) -> str:
    """The event that was chosen, or the usual one of the kind."""
    openings = rulebook.policy.procedures[registration.procedure].opening[registration.kind]
    return registration.opening or openings[0]


def begun_with(registration: Registration, rulebook: Rulebook) -> tuple[Event, ...]:
    """The events that registering records, the opening one last."""
    kind, on = opening_type(registration, rulebook), registration.received_on
    opening = Event(kind, on, pay_by=registration.pay_by)
    injured_on = registration.injured_on
    return (opening,) if injured_on is None else (Event(_INJURY, injured_on), opening)


def check_beginning(registration: Registration, rulebook: Rulebook) -> list[Problem]:
    """What is wrong with the event that was chosen, and with what belongs to it."""
    openings = rulebook.policy.procedures[registration.procedure].opening[registration.kind]
    if registration.opening not in (None, *openings):
        return [Problem("opening", "choice")]
    return _check_injury(registration, rulebook) + _check_order(registration, rulebook)


def _check_injury(registration: Registration, rulebook: Rulebook) -> list[Problem]:
    injured_on = registration.injured_on
    if injured_on is None:
        return []
    if opening_type(registration, rulebook) != _FINDING:
        return [Problem("injured_on", "injured_elsewhere")]
    if injured_on > registration.received_on:
        return [Problem("injured_on", "injured_after")]
    return _uncountable("injured_on", injured_on)


def _check_order(registration: Registration, rulebook: Rulebook) -> list[Problem]:
    """The day that an order sets, with an order alone."""
    pay_by = registration.pay_by
    wanted = rulebook.policy.events[opening_type(registration, rulebook)].fields.pay_by
    if pay_by is None:
        return [Problem("pay_by", "pay_by_missing")] if wanted == "required" else []
    if wanted is None:
        return [Problem("pay_by", "pay_by_elsewhere")]
    if pay_by < registration.received_on:
        return [Problem("pay_by", "pay_by_before")]
    return _uncountable("pay_by", pay_by)


def _uncountable(field: str, day: date) -> list[Problem]:
    try:
        check_countable(day)
    except OutOfCalendarError:
        return [Problem(field, "day_uncountable")]
    return []
