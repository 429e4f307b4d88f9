"""Day counting once more, from the words of the law alone.

Written from section 1 of the collection of statutes: the counting codes C1-C7 and the assumptions
A-1 to A-8. Imports nothing of the program and reads nothing of its policy but the calendars. It
walks from day to day and is meant to be checked by reading, not to be quick.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import yaml

CALENDARS = Path(__file__).resolve().parents[2] / "rules" / "policy" / "calendars"
ONE = timedelta(days=1)
FIRST, LAST = date(2019, 1, 1), date(2035, 12, 31)
SATURDAY, SUNDAY = 5, 6
# Calendar days, the last one rolled; undefined 日 are calendar days too.
NATURAL = ("C1", "C3", "C6")
Pause = tuple[date, date]


class Limit(NamedTuple):
    """The day a period reaches by counting alone, and the day on which it ends."""

    raw: date
    due: date


class DayCount:
    """Which days are worked: A-2 on the State Council's notices, and where a year has none on the
    holidays that stand on the same date in each of them."""

    def __init__(self, folder: Path = CALENDARS) -> None:
        off: set[date] = set()
        made_up: set[date] = set()
        noticed: set[int] = set()
        for path in folder.glob("20*.yaml"):
            year = yaml.safe_load(path.read_text(encoding="utf-8"))
            noticed.add(year["year"])
            off.update(year["days_off"])
            made_up.update(year["make_up_workdays"])
        fixed = yaml.safe_load((folder / "fixed_days.yaml").read_text(encoding="utf-8"))["days"]
        self.worked: set[date] = set()
        day = FIRST
        while day <= LAST:
            rest = day.weekday() in (SATURDAY, SUNDAY) or day in off
            if day.year not in noticed and f"{day:%m-%d}" in fixed:
                rest = True
            if day in made_up or not rest:
                self.worked.add(day)
            day += ONE

    def forward(self, day: date) -> date:
        """§85: a last day that is a rest day gives way to the first day after it."""
        while day not in self.worked:
            day += ONE
        return day

    def backward(self, day: date) -> date:
        """农民工条例§14: a payday that is a rest day moves before it."""
        while day not in self.worked:
            day -= ONE
        return day

    def limit(
        self,
        code: str,
        start: date,
        length: int,
        extended: int = 0,
        pauses: Sequence[Pause] = (),
        *,
        after: bool = False,
    ) -> Limit:
        """When a period begun by what happened on `start` ends, or what comes after it begins.

        `length` and `extended` stand in the unit of the code; C4 takes months, `hours` hours.
        """
        found = self._limit(code, start, length, extended, pauses)
        # 「十日后」 begins when the tenth day is over, 「满十日」 on it.
        return Limit(found.raw + ONE, found.due + ONE) if after else found

    def _limit(
        self, code: str, start: date, length: int, extended: int, pauses: Sequence[Pause]
    ) -> Limit:
        if code in NATURAL:
            return self._natural(start, length + extended, pauses)
        if code == "C2":
            day = self._worked_days(start, length + extended, pauses)
            return Limit(day, day)
        if code == "C4":
            return self._natural(corresponding(start, length), extended, pauses)
        if code == "C5":
            day = self._back(start, length)
            return Limit(day, day)
        if code == "C7":
            raw = start - length * ONE
            return Limit(raw, self.backward(raw))
        if code == "hours":
            day = start + timedelta(hours=length)
            return Limit(day, day)
        raise ValueError(f"there is no counting code {code}")

    def _natural(self, start: date, number: int, pauses: Iterable[Pause]) -> Limit:
        """C1, C3: the day of the event is excluded; the extension is added to the un-rolled
        base (A-6), the pauses too, each as long as resume minus suspend (A-4); rolled once."""
        raw = start + number * ONE
        for suspended, resumed in pauses:
            raw += resumed - suspended
        return Limit(raw, self.forward(raw))

    def _worked_days(self, start: date, number: int, pauses: Sequence[Pause]) -> date:
        """C2: workdays one by one; those with suspended < d <= resumed are skipped (A-4)."""
        day = start
        while number:
            day += ONE
            stopped = any(suspended < day <= resumed for suspended, resumed in pauses)
            if day in self.worked and not stopped:
                number -= 1
        return day

    def _back(self, appointed: date, number: int) -> date:
        """C5, A-5: the appointed day is excluded, day 1 is the workday before it."""
        day = appointed
        while number:
            day -= ONE
            if day in self.worked:
                number -= 1
        return day


def corresponding(start: date, months: int) -> date:
    """民法典§202: the corresponding day of the month, where there is none its last day."""
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + (start.day - 1) * ONE, after - ONE)
