"""What the codes of the policy are called on the screen."""

from collections.abc import Mapping

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from rules.schema import Period

USES: Mapping[str, LazyString] = {
    "law": _l("Law"),
    "target": _l("Plan target; validity not verified"),
    "advisory": _l("Advice only, never alerted"),
    "off": _l("Switched off"),
    "negative": _l("Recorded as not being law"),
    "dead": _l("No longer in force"),
}
KINDS: Mapping[str, LazyString] = {
    "duty": _l("A duty set by law"),
    "party": _l("A party's own limit; never alerted as ours"),
    "target": _l("A target of the plan"),
    "service_target": _l("A service target"),
    "recurring": _l("The bureau's own recurring duty"),
    "commitment": _l("A commitment of the bureau, not verified as law"),
    "authority": _l("Another authority's limit; never alerted as ours"),
    "bar": _l("A bar: no action may be taken after it"),
    "advisory": _l("For guidance only; never alerted"),
    "deemed_date": _l("A day on which something is deemed to have happened"),
    "earliest": _l("The earliest day on which it may be done"),
    "term": _l("A term that ends of itself"),
    "retention": _l("A period for which something is kept"),
}
CHANGES: Mapping[str, LazyString] = {
    "new": _l("came into force"),
    "ended": _l("no longer in force"),
    "changed": _l("changed"),
    "cited": _l("the same period, cited otherwise"),
}


def period_words(period: Period) -> str:
    """A length with its unit: "45 calendar days"."""
    length = period.length
    if period.unit == "working_days":
        return ngettext("%(num)s working day", "%(num)s working days", length)
    if period.unit == "months":
        return ngettext("%(num)s month", "%(num)s months", length)
    if period.unit == "years":
        return ngettext("%(num)s year", "%(num)s years", length)
    if period.unit == "hours":
        return ngettext("%(num)s hour", "%(num)s hours", length)
    if period.unit == "quarters":
        return ngettext("each quarter", "every %(num)s quarters", length)
    if period.unit == "stated":
        return _("the day that the document sets")
    if period.unit == "calendar_days" and length:
        return ngettext("%(num)s calendar day", "%(num)s calendar days", length)
    return _("the same day")


def days_words(length: int, unit: str) -> str:
    """An extension's cap in the unit of its rule."""
    return period_words(Period.model_validate({"length": length, "unit": unit}))
