"""The rulebook in force: the built-in one with the holiday years an administrator entered."""

import threading
from datetime import date

from sqlmodel import Session, col, select

from models import CalendarYear
from rules.calendar import HolidayYear
from rules.rulebook import Rulebook, builtin_rulebook

# Made once: every page asks it.
_ENTERED = select(CalendarYear).order_by(col(CalendarYear.year))
_lock = threading.Lock()
# The entered years the kept rulebook was made with, and that rulebook.
_kept: tuple[list[HolidayYear], Rulebook] | None = None


def current(session: Session) -> Rulebook:
    """The rulebook to derive with now; made anew only when a holiday year was changed.

    Costs one query of a few rows. Entered years stand before the built-in ones.
    """
    global _kept
    rows = session.exec(_ENTERED).all()
    years = [as_year(row) for row in rows]
    if not years:
        return builtin_rulebook()
    with _lock:
        if _kept is None or _kept[0] != years:
            _kept = (years, builtin_rulebook().with_years(years))
        return _kept[1]


def as_year(row: CalendarYear) -> HolidayYear:
    """A stored holiday year as the calendar takes it. Raises ValueError for a wrong date."""
    return HolidayYear(
        year=row.year,
        notice=row.notice,
        days_off=frozenset(date.fromisoformat(day) for day in row.days_off),
        make_up_workdays=frozenset(date.fromisoformat(day) for day in row.make_up_workdays),
    )
