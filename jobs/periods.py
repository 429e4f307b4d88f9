"""Months, quarters and years: the periods a figure belongs to."""

from calendar import monthrange
from datetime import date
from typing import NamedTuple

from rules.calendar import quarter_days
from rules.indicators import PeriodKind

_DECEMBER = 12


class Period(NamedTuple):
    """Both days included. A year to date ends with a month; the other kinds are whole."""

    kind: PeriodKind
    starts_on: date
    ends_on: date

    def ended_by(self, today: date) -> bool:
        """Is the last day of the period past?"""
        return self.ends_on < today


def month_of(day: date) -> Period:
    """The month in which the day lies."""
    last = monthrange(day.year, day.month)[1]
    return Period("month", day.replace(day=1), day.replace(day=last))


def quarter_of(day: date) -> Period:
    """The quarter in which the day lies."""
    return Period("quarter", *quarter_days(day))


def year_to_date_of(day: date) -> Period:
    """The year up to the end of the month in which the day lies."""
    return Period("year_to_date", day.replace(month=1, day=1), month_of(day).ends_on)


def year_of(day: date) -> Period:
    """The year in which the day lies."""
    return Period("year", day.replace(month=1, day=1), day.replace(month=_DECEMBER, day=31))


def periods_of(month: date) -> list[Period]:
    """The four periods that are computed with a month: it, its quarter, its year so far, its
    year."""
    return [month_of(month), quarter_of(month), year_to_date_of(month), year_of(month)]


def previous_month(day: date) -> date:
    """The first day of the month before."""
    if day.month == 1:
        return date(day.year - 1, _DECEMBER, 1)
    return date(day.year, day.month - 1, 1)


def months_back(day: date, count: int) -> list[date]:
    """The first days of `count` months up to the one in which `day` lies, oldest first."""
    months = [day.replace(day=1)]
    while len(months) < count:
        months.append(previous_month(months[-1]))
    return months[::-1]
