"""Day counting: the only place where days are added to dates, or counted between them.

Days are proleptic ordinals (`date.toordinal()`) inside, dates at the edges. A rest day is a
Saturday or Sunday that is not a make-up workday, or a day the State Council's notice lists
as off (assumption A-2). A year without a published notice counts weekends and the public
holidays on fixed dates as off, and every result that looked at one of its days is provisional.
"""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

# Between these days, both included, dates can be counted.
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)
# Up to this one days are entered: what is counted from it has a year to end in.
LAST_ENTERED = date(2098, 12, 31)
FIRST, LAST = FIRST_DAY.toordinal(), LAST_DAY.toordinal()
_YEARS = range(FIRST_DAY.year, LAST_DAY.year + 1)
_SPAN = f"{FIRST_DAY.year}–{LAST_DAY.year}"
_SATURDAY = 5
_MONTHS_IN_QUARTER = 3


class OutOfCalendarError(ValueError):
    """A day before the first or after the last: no date can be computed, and none is guessed."""


@dataclass(frozen=True)
class HolidayYear:
    """One year of the State Council's notice: days off and make-up workdays."""

    year: int
    notice: str
    days_off: frozenset[date]
    make_up_workdays: frozenset[date]
    source: str = ""


class Calendar:
    """Working days of a set of published years, counted in constant time; `fixed_days` are
    the months and days that are off in every other year."""

    def __init__(
        self, years: Iterable[HolidayYear], fixed_days: Iterable[tuple[int, int]] = ()
    ) -> None:
        self.years: dict[int, HolidayYear] = {year.year: year for year in years}
        self._fixed = tuple(sorted(fixed_days))
        unpublished = [year for year in _YEARS if year not in self.years]
        off = {day.toordinal() for year in self.years.values() for day in year.days_off}
        off |= {day.toordinal() for year in unpublished for day in self._assumed(year)}
        worked = {day.toordinal() for year in self.years.values() for day in year.make_up_workdays}
        self._days: list[int] = []
        self._count: list[int] = [0]
        self._unpublished: list[int] = [0]
        for day in range(FIRST, LAST + 1):
            weekend = (day + 6) % 7 >= _SATURDAY
            if day in worked or (not weekend and day not in off):
                self._days.append(day)
            self._count.append(len(self._days))
        for year in _YEARS:
            step = 0 if year in self.years else 1
            length = days_in_year(year)
            last = self._unpublished[-1]
            self._unpublished += [last + step * n for n in range(1, length + 1)]

    def is_working_day(self, day: date) -> bool:
        """Is work done on this day, make-up days included?"""
        return self.is_working(day.toordinal())

    def is_working(self, day: int) -> bool:
        """As `is_working_day`, for an ordinal."""
        return self.count_to(day) > self.count_to(day - 1)

    def count_to(self, day: int) -> int:
        """Working days from the first day up to and including this ordinal."""
        if not FIRST - 1 <= day <= LAST:
            raise OutOfCalendarError(f"{_name(day)} lies outside {_SPAN}")
        return self._count[day - FIRST + 1]

    def nth(self, number: int) -> int:
        """The ordinal of the `number`-th working day of all, counted from 1."""
        if not 0 < number <= len(self._days):
            raise OutOfCalendarError(f"the period runs outside {_SPAN}")
        return self._days[number - 1]

    def add_working_days(self, start: int, number: int) -> int:
        """The `number`-th working day after `start`, which is not counted itself."""
        return self.nth(self.count_to(start) + number)

    def working_days_back(self, day: int, number: int) -> int:
        """The `number`-th working day before `day`, which is not counted itself (A-5)."""
        return self.nth(self.count_to(day - 1) - number + 1)

    def working_day_after(self, start: date, number: int) -> date:
        """As `add_working_days`, for dates."""
        return date.fromordinal(self.add_working_days(start.toordinal(), number))

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative when reversed."""
        return self.count_to(last.toordinal()) - self.count_to(first.toordinal())

    def roll_forward(self, day: int) -> int:
        """This day, or the first working day after it (民诉法§85)."""
        position = bisect_left(self._days, day)
        return self.nth(position + 1)

    def on_or_after(self, day: date) -> date:
        """As `roll_forward`, for dates."""
        return date.fromordinal(self.roll_forward(day.toordinal()))

    def on_or_before(self, day: date) -> date:
        """As `roll_backward`, for dates."""
        return date.fromordinal(self.roll_backward(day.toordinal()))

    def roll_backward(self, day: int) -> int:
        """This day, or the last working day before it (农民工条例§14)."""
        return self.nth(self.count_to(day))

    def provisional(self, first: int, last: int) -> bool:
        """Does any day from `first` to `last` lie in a year without a published calendar?"""
        if last > LAST or first < FIRST:
            raise OutOfCalendarError(
                f"{_name(first if first < FIRST else last)} lies outside {_SPAN}"
            )
        return self._unpublished[last - FIRST + 1] > self._unpublished[first - FIRST]

    def published(self, year: int) -> bool:
        """Is this year's notice entered?"""
        return year in self.years

    def specials(self, first: date, last: date) -> tuple[list[date], list[date]]:
        """Days off that fall on weekdays, and make-up workdays, between two days inclusive."""
        off: list[date] = []
        worked: list[date] = []
        for year in range(first.year, last.year + 1):
            known = self.years.get(year)
            if known is None:
                continue
            off += [d for d in known.days_off if first <= d <= last and not on_weekend(d)]
            worked += [d for d in known.make_up_workdays if first <= d <= last]
        return sorted([*off, *self.assumed_off(first, last)]), sorted(worked)

    def assumed_off(self, first: date, last: date) -> list[date]:
        """Weekdays between two days inclusive, in order, that count as off although the notice
        of their year is not published: the public holidays on fixed dates."""
        return [
            day
            for year in range(first.year, last.year + 1)
            if year not in self.years
            for day in self._assumed(year)
            if first <= day <= last and not on_weekend(day)
        ]

    def _assumed(self, year: int) -> Iterator[date]:
        return (date(year, month, day) for month, day in self._fixed)


def on_weekend(day: date) -> bool:
    """Is it a Saturday or a Sunday, whatever the notice of its year makes of it?"""
    return day.weekday() >= _SATURDAY


def check_countable(day: date) -> None:
    """Raise OutOfCalendarError for a day of which nothing can be counted."""
    if not FIRST <= day.toordinal() <= LAST:
        raise OutOfCalendarError(f"{day} lies outside {_SPAN}")


def add_months(start: int, months: int) -> int:
    """The corresponding day, or the month's last where there is none (民法典§202)."""
    day = date.fromordinal(start)
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)).toordinal()


def months_of_years(years: int) -> int:
    """So many years in months."""
    return years * 12


def end_of_quarter(day: int, number: int) -> int:
    """The last day of the `number`-th calendar quarter from that of `day` on, counted from 1."""
    first = _first_of_quarter(date.fromordinal(day)).toordinal()
    return add_months(first, _MONTHS_IN_QUARTER * number) - 1


def quarter_number(day: date) -> int:
    """Which quarter of its year a day lies in, 1 to 4."""
    return (day.month - 1) // _MONTHS_IN_QUARTER + 1


def quarter_days(day: date) -> tuple[date, date]:
    """The first and the last day of the calendar quarter that a day lies in."""
    return _first_of_quarter(day), date.fromordinal(end_of_quarter(day.toordinal(), 1))


def _first_of_quarter(day: date) -> date:
    return date(day.year, _MONTHS_IN_QUARTER * (quarter_number(day) - 1) + 1, 1)


def days_of_hours(hours: int) -> int:
    """Whole days in so many hours. Raises ValueError for a part of a day."""
    days, rest = divmod(hours, 24)
    if rest:
        raise ValueError(f"{hours} hours are not whole days")
    return days


def add_calendar_days(start: date, days: int) -> date:
    """`days` calendar days after `start`; before it when negative."""
    return date.fromordinal(start.toordinal() + days)


def calendar_days_between(first: date, last: date) -> int:
    """Calendar days after `first` up to and including `last`; negative when reversed."""
    return last.toordinal() - first.toordinal()


def days_in_year(year: int) -> int:
    """365, or 366 in a leap year."""
    return 366 if monthrange(year, 2)[1] == 29 else 365


def days_from(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included; none when reversed."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def stretches(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Runs of neighbouring days as their first and last day, in order."""
    first = last = None
    for day in sorted(set(days)):
        if first is None or last is None:
            first = day
        elif day != add_calendar_days(last, 1):
            yield first, last
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last


def _name(day: int) -> str:
    return date.fromordinal(day).isoformat() if day > 0 else str(day)
