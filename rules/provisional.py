"""Why a date is provisional: which years' holidays are missing, and what was assumed of them."""

from collections.abc import Iterator, Sequence
from datetime import date

from rules.rulebook import Rulebook
from rules.wording import Wording

_Stretches = Sequence[tuple[date, date]]


def why_provisional(stretches: _Stretches, rulebook: Rulebook, say: Wording) -> Iterator[str]:
    """Of the stretches of days of which it mattered whether they are off, first and last day."""
    yield from _missing(stretches, rulebook, say)
    days = [day for first, last in stretches for day in rulebook.calendar.assumed_off(first, last)]
    if days:
        known = rulebook.policy.fixed_days.years
        named = say.days(days)
        yield say("assumed_off", days=named, first=min(known), last=max(known))


def _missing(stretches: _Stretches, rulebook: Rulebook, say: Wording) -> Iterator[str]:
    """Years to come have no notice yet; those before the first one entered had theirs."""
    calendar = rulebook.calendar
    entered = min(calendar.years)
    years = {year for first, last in stretches for year in range(first.year, last.year + 1)}
    if min(years) < entered:
        yield say("provisional_before", year=entered)
    if any(year > entered and not calendar.published(year) for year in years):
        yield say("provisional")
