"""What templates may call: days and amounts in words, states, and who is looking."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from babel.dates import format_skeleton
from flask import Flask, current_app, request
from flask_babel import LazyString, format_datetime, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from rules.calendar import calendar_days_between
from service import access
from service.web import clock, identity, navigation, paging, rulebook
from service.web.once import once_a_request

Urgency = Literal["late", "soon", "calm", "quiet"]

# By the category of a message (`flash`); there is no other category.
FLASH_ICONS = {"success": "check", "info": "info", "warning": "alert", "danger": "alert"}

STATUSES: dict[str, LazyString] = {
    "running": _l("Running"),
    "paused": _l("Paused"),
    "met": _l("Met in time"),
    "met_late": _l("Met late"),
    "lapsed": _l("Ended, its premise gone"),
    "overdue": _l("Overdue"),
    "cancelled": _l("Cancelled"),
    "open": _l("Open"),
    "closed": _l("Closed"),
    "voided": _l("Voided"),
    "waiting": _l("Waiting"),
    "queued": _l("Queued"),
    "approved": _l("Approved"),
    "refused": _l("Refused"),
    "taken_back": _l("Taken back"),
    "done": _l("Done"),
    "failed": _l("Failed"),
}
ROLE_LABELS: dict[str, LazyString] = {
    "caseworker": _l("Caseworker"),
    "supervisor": _l("Supervisor"),
    "analyst": _l("Analyst"),
    "administrator": _l("Administrator"),
    "auditor": _l("Auditor"),
}
# Each language under its own name, whatever the language of the page.
LANGUAGE_NAMES = {"zh_CN": "\u4e2d\u6587", "en": "English"}


def day(value: date | None) -> str:
    """A day in the language of the page, with the weekday; a dash where there is none."""
    return _day_in_words(value, "yMMMEd")


def short_day(value: date | None) -> str:
    """A day in digits, for tables: 2026-03-09."""
    return value.isoformat() if value is not None else "–"


def month(value: date) -> str:
    """The month a day is in, in the language of the page."""
    return _day_in_words(value, "yMMMM")


def _day_in_words(value: date | None, skeleton: str) -> str:
    return _formatted(skeleton, value, locale=get_locale()) if value is not None else "–"


# A report offers two years of months.
_formatted = lru_cache(maxsize=256)(format_skeleton)


def moment(value: datetime | None) -> str:
    """A moment in the bureau's time zone, to the minute."""
    return format_datetime(value, "y-MM-dd HH:mm") if value is not None else "–"


def yuan(value: Decimal | int | None) -> str:
    """An amount in yuan with thousands separators: `¥12,500.00`."""
    return f"¥{value:,.2f}" if value is not None else "–"


def days_left_words(item: Any, today: date | None = None) -> str:
    """How long there is: "2 working days left", "overdue 3 days", "paused", "met late".

    `item` is a clock, a deadline row or a case row (`next_due_on`), or just a due day.
    """
    today = today or clock.today()
    state, due_on = _state(item), _due_on(item)
    if state not in ("running", "open", "overdue"):
        return str(STATUSES.get(state, state))
    if due_on is None:
        return _("nothing due")
    if due_on < today:
        late = calendar_days_between(due_on, today)
        return ngettext("overdue %(num)s day", "overdue %(num)s days", late)
    if due_on == today:
        return _("due today")
    left = rulebook.current().calendar.working_days_between(today, due_on)
    if left == 0:
        return _("due on a day off, no working day left")
    return ngettext("%(num)s working day left", "%(num)s working days left", left)


def days_left(item: Any) -> Markup:
    """How long there is, coloured by urgency."""
    return _days_left_until(item) if isinstance(item, date) else _days_left(item)


def _days_left(item: Any) -> Markup:
    return _DAYS_LEFT.format(urgency(item), days_left_words(item))


_DAYS_LEFT = Markup('<span class="days-left days-{}">{}</span>')
_days_left_until = once_a_request(_days_left)


def urgency(item: Any, today: date | None = None) -> Urgency:
    """How a deadline is coloured; the same bounds for every page."""
    today = today or clock.today()
    due_on = _due_on(item)
    if _state(item) not in ("running", "open", "overdue") or due_on is None:
        return "quiet"
    if due_on < today:
        return "late"
    days_before = rulebook.current().policy.alerts.due_soon.calendar_days_before
    return "soon" if calendar_days_between(today, due_on) <= max(days_before, default=0) else "calm"


def _due_on(item: Any) -> date | None:
    if isinstance(item, date) or item is None:
        return item
    found: date | None = getattr(item, "due_on", None) or getattr(item, "next_due_on", None)
    return found


def _state(item: Any) -> str:
    if getattr(item, "paused", False):
        return "paused"
    return str(getattr(item, "state", "running"))


def status_label(status: str) -> str:
    """A state in words; an unknown one as it is."""
    return str(STATUSES.get(status, status))


@once_a_request
def status_tag(status: str) -> Markup:
    """A state of a clock or a case: always in words, the colour only repeats them."""
    return _STATUS_TAG.format(status.replace("_", "-"), status_label(status))


_STATUS_TAG = Markup('<span class="status-tag status-{}">{}</span>')


def role_label(role: str) -> str:
    """A role in words."""
    return str(ROLE_LABELS.get(role, role))


def may(action: str, case: Any = None) -> bool:
    """May the user of this request do it? For showing or leaving out a button."""
    user = identity.current_or_none()
    return user is not None and access.may(identity.actor(), action, case)


def this_address() -> str:
    """The address of this page, to come back to it; the first page after a form was sent."""
    return request.full_path.rstrip("?") if request.method == "GET" else ""


def options(choices: Iterable[tuple[object, object]], chosen: object = None) -> Markup:
    """The options of a select; what is no Markup is escaped."""
    return _options(tuple((str(value), str(text)) for value, text in choices), str(chosen))


@lru_cache(maxsize=256)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> Markup:
    # Kept, as every list names all the people of the bureau twice.
    plain = Markup('<option value="{}">{}</option>')
    ticked = Markup('<option value="{}" selected>{}</option>')
    return Markup("").join(
        (ticked if value == chosen else plain).format(value, text) for value, text in choices
    )


def has_page(endpoint: str) -> bool:
    """Does this installation have the page?"""
    return endpoint in current_app.view_functions


def init_app(app: Flask) -> None:
    """Give all of it to the templates."""
    for function in (day, short_day, moment, month, yuan):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.filters["masked"] = access.masked
    app.jinja_env.globals.update(
        user=identity.current_or_none,
        today=clock.today,
        navigation=navigation.links,
        unread_alerts=navigation.unread_alerts,
        page_url=paging.page_url,
        language_name=LANGUAGE_NAMES.__getitem__,
        flash_icon=FLASH_ICONS.__getitem__,
        status_tag=status_tag,
        days_left=days_left,
        role_label=role_label,
        may=may,
        this_address=this_address,
        has_page=has_page,
        options=options,
    )
