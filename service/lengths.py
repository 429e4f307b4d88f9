"""Numbers of days with the unit that their rule counts in, and the grounds of a pause."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from rules.policy import Policy
from service.web import language, rulebook


def days_in(unit: str, number: int) -> str:
    """A number of days in the unit that a rule counts in."""
    if unit == "working_days":
        return ngettext("%(num)s working day", "%(num)s working days", number)
    return ngettext("%(num)s calendar day", "%(num)s calendar days", number)


def unit_of_extension(
    policy: Policy, procedure: str, event_type: str, details: Mapping[str, Any], today: date
) -> str:
    """The unit in which the `days` of an event count: that of the rule which the event names,
    else that of the procedure's rule which it lengthens, its principal rule first."""
    principal = policy.procedures[procedure].principal
    own = [rule.id for rule in policy.rules.values() if rule.procedure == procedure]
    for name in (details.get("rule"), *principal, *own):
        rule = policy.rules.get(name or "")
        if rule is not None and event_type in rule.extended_by:
            version = rule.version_on(today) or rule.versions[-1]
            return version.period.unit
    return "calendar_days"


def ground_label(event_type: str, procedure: str, code: str) -> str:
    """What a ground of an event is called; one in somebody's own words stays as it is."""
    event = rulebook.current().policy.events.get(event_type)
    known = event.grounds.get(procedure, {}) if event is not None else {}
    return known[code][language.short()] if code in known else code


def ground_told(event_type: str, procedure: str, code: str) -> str:
    """The ground in a line; where it says which of several the event answers, with that."""
    ground = ground_label(event_type, procedure, code)
    event = rulebook.current().policy.events.get(event_type)
    if event is None or event.asks is None:
        return _("Ground: %(ground)s", ground=ground)
    return _("%(name)s: %(value)s", name=event.asks[language.short()], value=ground)
