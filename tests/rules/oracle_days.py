"""Days as the oracle sees them: one at a time."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from rules.calendar import HolidayYear

DAY = timedelta(days=1)


class Days:
    """Which days are worked, asked one day at a time. `fixed` are the days, like `10-01`, that
    are off in a year that is not among the years."""

    def __init__(self, years: Mapping[int, HolidayYear], fixed: Collection[str]) -> None:
        self.years = set(years)
        self.fixed = set(fixed)
        self.off = {day for year in years.values() for day in year.days_off}
        self.made_up = {day for year in years.values() for day in year.make_up_workdays}

    def worked(self, day: date) -> bool:
        if day in self.made_up:
            return True
        if day.year not in self.years and day.strftime("%m-%d") in self.fixed:
            return False
        return day.weekday() < 5 and day not in self.off

    def on_or_after(self, day: date) -> date:
        while not self.worked(day):
            day += DAY
        return day

    def on_or_before(self, day: date) -> date:
        while not self.worked(day):
            day -= DAY
        return day

    def unsure(self, first: date, last: date) -> bool:
        return any(year not in self.years for year in range(first.year, last.year + 1))


def months_after(day: date, months: int) -> date:
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month > 12:
            year, month = year + 1, 1
    number = day.day
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1
