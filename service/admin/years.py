"""A holiday year as an administrator enters it: reading, checking, what it would change."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import or_
from sqlmodel import Session, col, select

from jobs import asking, rulebooks
from jobs.schedule import RECOMPUTE
from models import CalendarYear, Case, Deadline
from models.base import utc_now
from rules.calendar import HolidayYear, days_from, days_in_year, on_weekend, stretches
from rules.rulebook import Rulebook
from service import audit
from service.access import Actor, NotFound, require
from service.admin.moves import Preview, moved
from service.fields import normal
from service.transactions import one_transaction

# 2027-02-05, 2.5 or 2/5 within the year; two of them with a sign between are a stretch.
_DAY = r"(?:\d{4}[-/.])?\d{1,2}[-/.]\d{1,2}"
_ENTRY = re.compile(rf"^({_DAY})(?:\s*(?:~|\.\.|\u81f3|\u2013|\bto\b)\s*({_DAY}))?$")


class UnreadableDaysError(ValueError):
    """A list of days cannot be read; the text says which entry and how to write it."""


def read_days(text: str, year: int) -> list[date]:
    """Days and stretches, separated by commas, semicolons or lines. Raises UnreadableDaysError."""
    entries = re.split(r"[,;\n\uff0c\uff1b\u3001]+", normal(text))
    days: set[date] = set()
    for entry in (one.strip() for one in entries):
        if entry:
            days.update(_stretch(entry, year))
    return sorted(days)


def _stretch(entry: str, year: int) -> Iterator[date]:
    found = _ENTRY.match(entry)
    if found is None:
        raise UnreadableDaysError(
            _("“%(entry)s” is not a day. Type 2027-02-05, or 2027-02-05 ~ 2027-02-12.", entry=entry)
        )
    first = _day(found[1], year)
    last = _day(found[2], year) if found[2] else first
    if last < first:
        raise UnreadableDaysError(
            _("“%(entry)s” ends before it begins. Swap the two days.", entry=entry)
        )
    return days_from(first, last)


def _day(text: str, year: int) -> date:
    parts = [int(part) for part in re.split(r"[-/.]", text)]
    try:
        day = date(*parts) if len(parts) == 3 else date(year, *parts)
    except ValueError as error:
        raise UnreadableDaysError(
            _("“%(entry)s” is not a day of the calendar.", entry=text)
        ) from error
    if day.year != year:
        raise UnreadableDaysError(
            _("%(day)s is not in %(year)s. List only days of this year.", day=day, year=str(year))
        )
    return day


def days_off_problem(days_off: Iterable[date], year: int) -> str | None:
    """Why so many days off cannot be right; None when they can."""
    number, most = len(set(days_off)), days_in_year(year) // 2
    if number <= most:
        return None
    return _(
        "%(number)s days off are more than half of the year. List only the holidays of the"
        " notice: at most %(most)s days.",
        number=number,
        most=most,
    )


def make_up_problem(days_off: Iterable[date], make_up: Iterable[date]) -> str | None:
    """Why these make-up workdays cannot be right; None when they can."""
    off = set(days_off)
    for day in make_up:
        if day in off:
            return _("%(day)s is listed both as a day off and as a make-up workday.", day=day)
        if not on_weekend(day):
            return _(
                "%(day)s is a Monday to Friday, so it is a workday anyway."
                " Make-up workdays are Saturdays and Sundays.",
                day=day,
            )
    return None


def shown_days(days: Iterable[date]) -> str:
    """Days as they are typed, one stretch a line."""
    return "\n".join(
        f"{first}" if first == last else f"{first} ~ {last}" for first, last in stretches(days)
    )


def without(session: Session, year: int) -> Rulebook:
    """The rulebook as it would be, had this year not been entered."""
    return rulebooks.without_year(session, year)


def preview(session: Session, changed: Rulebook, year: int, today: date) -> Preview:
    """What the deadlines would become; nothing is written.

    `changed` is the rulebook with the year as it would be. Only cases with a deadline that
    reaches the year, or runs near enough to roll out of it, are derived anew.
    """
    due_on = col(Deadline.due_on)
    reaching = select(Deadline.case_id).where(
        or_(due_on.is_(None), due_on >= date(year - 1, 12, 1)),
        col(Deadline.started_on) <= date(year, 12, 31),
    )
    usual = rulebooks.current(session)
    return moved(session, usual, changed, col(Case.id).in_(reaching.distinct()), today)


@one_transaction
def save_year(session: Session, actor: Actor, year: HolidayYear) -> CalendarYear:
    """Keep the year, in place of what stood there; a run that moves the dates is asked for."""
    require(actor, "admin.calendar")
    row = session.get(CalendarYear, year.year) or CalendarYear(year=year.year, notice="")
    row.notice = year.notice
    row.days_off = [day.isoformat() for day in sorted(year.days_off)]
    row.make_up_workdays = [day.isoformat() for day in sorted(year.make_up_workdays)]
    row.entered_by_id = actor.user_id
    session.add(row)
    _note(session, actor, "calendar.save", row)
    asking.ask(session, RECOMPUTE, actor.user_id, utc_now())
    return row


@one_transaction
def remove_year(session: Session, actor: Actor, year: int) -> None:
    """Take back a year that was entered: the built-in notice counts again, where there is one.

    What stood there is kept in the audit log. Raises NotFound for a year nobody entered:
    what is built in cannot be removed.
    """
    require(actor, "admin.calendar")
    row = session.get(CalendarYear, year)
    if row is None:
        raise NotFound("year")
    _note(session, actor, "calendar.remove", row)
    session.delete(row)
    asking.ask(session, RECOMPUTE, actor.user_id, utc_now())


def _note(session: Session, actor: Actor, action: str, row: CalendarYear) -> None:
    audit.record(
        session,
        actor.user_id,
        action,
        subject=f"year:{row.year}",
        notice=row.notice,
        days_off=row.days_off,
        make_up_workdays=row.make_up_workdays,
    )
