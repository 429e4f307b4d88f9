"""When matters come in: on working days, more before Spring Festival, of each kind its share."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from models.case import CaseKind
from rules.calendar import Calendar, add_months
from rules.rulebook import Rulebook

MONTHS = 18
# Of a hundred cases; an arbitration that follows a failed mediation comes by itself.
_SHARES: dict[CaseKind, float] = {
    "mediation": 43.0,
    "arbitration": 8.6,
    "complaint": 20.5,
    "report": 8.5,
    "person": 10.5,
    "household": 3.0,
    "petition": 3.2,
    "work_injury": 3.0,
    "wage_arrears": 2.6,
}
_SEASON = {1: 1.75, 2: 0.8, 6: 1.05, 7: 1.1, 11: 1.1, 12: 1.45}
# Complaints are taken on every day of the year.
_ON_REST_DAYS = {"complaint": 0.12, "report": 0.2}


@dataclass(frozen=True)
class Intake:
    """How many of each kind come in on each day from `first` to `last`."""

    first: date
    last: date
    kinds: dict[date, dict[CaseKind, int]]


def planned(rng: Random, rulebook: Rulebook, today: date, cases: int) -> Intake:
    """About `cases` cases over a year and a half up to the day before `today`."""
    first = date.fromordinal(add_months(today.toordinal(), -MONTHS)).replace(day=1)
    last = today - timedelta(days=1)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    total = sum(_SHARES.values()) + _followed()
    kinds: dict[date, dict[CaseKind, int]] = {}
    for kind, share in _SHARES.items():
        weights = [_weight(kind, day, rulebook.calendar) for day in days]
        chosen = rng.choices(days, weights, k=max(1, round(cases * share / total)))
        for day, count in Counter(chosen).items():
            kinds.setdefault(day, {})[kind] = count
    return Intake(first, last, kinds)


def _followed() -> float:
    """The arbitrations that follow mediations, in the same hundredths."""
    return 0.17 * _SHARES["mediation"]


def _weight(kind: str, day: date, calendar: Calendar) -> float:
    season = _SEASON.get(day.month, 1.0)
    return season if calendar.is_working_day(day) else season * _ON_REST_DAYS.get(kind, 0.0)
