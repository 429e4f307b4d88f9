"""The rulebook in force: the built-in one with what an administrator entered:
holiday years, new versions of rules, commitments."""

import threading
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from models import CalendarYear, RuleChange, plain_rows, table_of
from rules.amendments import Amendment
from rules.calendar import HolidayYear
from rules.rulebook import Rulebook, builtin_rulebook

# Made once, for plain rows: every page asks them.
_ENTERED = select(table_of(CalendarYear)).order_by(col(CalendarYear.year))
_CHANGES = (
    select(table_of(RuleChange))
    .where(col(RuleChange.undone_at).is_(None))
    .order_by(col(RuleChange.id))
)
_Entered = tuple[list[HolidayYear], list[Amendment]]
_lock = threading.Lock()
# What was entered when the kept rulebook was made, and that rulebook.
_kept: tuple[_Entered, Rulebook] | None = None


def current(session: Session) -> Rulebook:
    """The rulebook to derive with now; made anew only when something entered was changed.

    Costs two queries of a few rows. Entered years stand before the built-in ones.
    """
    global _kept
    entered = (
        [as_year(row) for row in plain_rows(session, _ENTERED)],
        [as_amendment(row) for row in plain_rows(session, _CHANGES)],
    )
    if entered == ([], []):
        return builtin_rulebook()
    with _lock:
        if _kept is None or _kept[0] != entered:
            _kept = (entered, _made(*entered))
        return _kept[1]


def with_changes(session: Session, amendments: Sequence[Amendment]) -> Rulebook:
    """The rulebook as it would be with these changes in place of those entered. Raises
    AmendmentError for one that cannot be."""
    return _made([as_year(row) for row in plain_rows(session, _ENTERED)], amendments)


def without_year(session: Session, year: int) -> Rulebook:
    """The rulebook as it would be, had this year not been entered."""
    years = [as_year(row) for row in plain_rows(session, _ENTERED) if row.year != year]
    return _made(years, [as_amendment(row) for row in plain_rows(session, _CHANGES)])


def _made(years: Sequence[HolidayYear], amendments: Sequence[Amendment]) -> Rulebook:
    rulebook = builtin_rulebook().with_amendments(amendments)
    return rulebook.with_years(years) if years else rulebook


def as_amendment(row: RuleChange) -> Amendment:
    """A stored change as the rules take it."""
    return Amendment(
        id=str(row.id or 0),
        kind=row.kind,
        rule=row.rule,
        from_on=row.from_on,
        length=row.length,
        cap=row.cap,
        place=row.place,
        instrument=row.instrument,
        article=row.article,
        words=row.words,
        verified=row.verified,
    )


def as_year(row: CalendarYear) -> HolidayYear:
    """A stored holiday year as the calendar takes it. Raises ValueError for a wrong date."""
    return HolidayYear(
        year=row.year,
        notice=row.notice,
        days_off=frozenset(date.fromisoformat(day) for day in row.days_off),
        make_up_workdays=frozenset(date.fromisoformat(day) for day in row.make_up_workdays),
    )
