"""The shapes of the files of `policy/calendars`: a year of a notice, the days of every year."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from rules.calendar import HolidayYear
from rules.common import Data, Text

FIXED_DAYS = "fixed_days.yaml"


class HolidayNotice(Data):
    """The State Council notice behind a holiday year."""

    number: str
    title: str
    issued_on: date | None = None


class HolidayFile(Data):
    """A file of `policy/calendars`."""

    year: int
    notice: HolidayNotice
    days_off: tuple[date, ...]
    make_up_workdays: tuple[date, ...]
    source: str
    verified: str

    def as_year(self) -> HolidayYear:
        """As the calendar takes it."""
        return HolidayYear(
            self.year,
            self.notice.number,
            frozenset(self.days_off),
            frozenset(self.make_up_workdays),
            self.source,
        )


class FixedDays(Data):
    """`policy/calendars/fixed_days.yaml`: the public holidays on fixed dates, and the years
    whose notices all give them."""

    days: Annotated[tuple[str, ...], Field(min_length=1)]
    label: Text
    years: Annotated[tuple[int, ...], Field(min_length=1)]
    verified: str

    def as_days(self) -> tuple[tuple[int, int], ...]:
        """Month and day of each."""
        return tuple((int(day[:2]), int(day[3:])) for day in self.days)

    @model_validator(mode="after")
    def _of_every_year(self) -> "FixedDays":
        for day in self.days:
            try:
                date.fromisoformat(f"2023-{day}")
            except ValueError:
                reason = f"{day!r} is not a day of every year; write one like 10-01"
                raise ValueError(reason) from None
        return self
