"""Whether a worked case shows what it says it shows, found from its dates and the calendar alone.

`shown` knows each label of `shows`; what it does not know it answers with None.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from rules.closing import settled
from rules.deadlines import derive
from rules.matter import Clock, Derivation, Matter
from rules.rulebook import Rulebook, builtin_rulebook

ONE = timedelta(days=1)
# Nothing in particular.
TOLD = "ordinary"
MOST_CLAIMANTS_OF_ONE = 9


class Case:
    """A worked case, derived: what became of one of its rules."""

    def __init__(self, matter: Matter, rule: str, today: date) -> None:
        self.book: Rulebook = builtin_rulebook()
        self.matter, self.rule, self.today = matter, self.book.policy.rules[rule], today
        self.found: Derivation = settled(matter, self.book, today)
        self.clocks = [one for one in self.found.clocks if one.rule == rule]

    @property
    def claimants(self) -> int:
        """How many workers there are; one if that is not said."""
        number = self.matter.facts.get("claimants", 1)
        return number if isinstance(number, int) else 1

    def said(self, code: str) -> bool:
        """Is there such a finding about the rule?"""
        return any(one.code == code and one.rule == self.rule.id for one in self.found.findings)

    def spoken_of(self, event: str) -> bool:
        """Is there a finding about the event?"""
        return any(one.event == event for one in self.found.findings)

    def last(self, clock: Clock) -> date | None:
        """The last day of the period, rolled."""
        measure = self.book.measures.of_version(self.rule, clock.version)
        return measure.ends_on(clock.due_on) if clock.due_on else None

    def spans(self) -> Iterator[tuple[date, date]]:
        """From the beginning of each clock to its last day, or the other way round."""
        for clock in self.clocks:
            last = self.last(clock)
            if last is not None:
                yield min(clock.started_on, last), max(clock.started_on, last)


def shown(matter: Matter, rule: str, aspect: str, today: date) -> bool | None:
    """Does the case show this of the rule? None where that is nothing in particular."""
    if aspect == TOLD:
        return None
    name, _, event = aspect.partition(":")
    case = Case(matter, rule, today)
    return _EVENTS[name](case, event) if event else _LABELS[aspect](case)


@cache
def _festival(year: int, first: date, last: date) -> frozenset[date]:
    """The days off around the one that lies in a span: a run without a gap."""
    published = builtin_rulebook().calendar.years.get(year)
    off = published.days_off if published else frozenset()
    run = {day for day in off if first <= day <= last}
    while grown := {day for one in run for day in (one - ONE, one + ONE) if day in off} - run:
        run |= grown
    return frozenset(run)


def _spring(year: int) -> frozenset[date]:
    # The first day of the lunar year lies in it.
    return _festival(year, date(year, 1, 21), date(year, 2, 20))


def _national(year: int) -> frozenset[date]:
    return _festival(year, date(year, 10, 1), date(year, 10, 1))


def _met(case: Case, festival: Callable[[int], frozenset[date]]) -> bool:
    """Does a clock lie over the festival?"""
    return any(
        first <= day <= last
        for first, last in case.spans()
        for year in {first.year, last.year}
        for day in festival(year)
    )


def _make_up(case: Case) -> bool:
    """Is the last day made up for, or one of the working days that were counted?"""
    made_up = {day for year in case.book.calendar.years.values() for day in year.make_up_workdays}
    for clock in case.clocks:
        last = case.last(clock)
        measure = case.book.measures.of_version(case.rule, clock.version)
        counted = measure.unit == "working_days" and last is not None
        first, end = sorted((clock.started_on, last)) if last else (None, None)
        if last in made_up or (
            counted and first and end and any(first <= day <= end for day in made_up)
        ):
            return True
    return False


def _clamped(case: Case) -> bool:
    """Had the month no corresponding day?"""
    for clock in case.clocks:
        measure = case.book.measures.of_version(case.rule, clock.version)
        raw = measure.ends_on(measure.due(clock.started_on).raw_on)
        if raw.day < clock.started_on.day and (raw + ONE).day == 1:
            return True
    return False


def _approved(case: Case) -> Sequence[date]:
    return [
        event.on
        for event in case.matter.events
        if event.type == "extension_approved" and event.rule in (None, case.rule.id)
    ]


def _on_due_day(case: Case) -> bool:
    """Was an extension that counts approved on what was the last day without it?"""
    for on in (on for clock in case.clocks for on, _ in clock.extensions):
        kept = [
            one for one in case.matter.events if (one.type, one.on) != ("extension_approved", on)
        ]
        before = derive(replace(case.matter, events=tuple(kept)), case.book, case.today).clocks
        if any(one.rule == case.rule.id and one.due_on == on for one in before):
            return True
    return False


def _agreed(case: Case) -> bool:
    until = {event.until for event in case.matter.events if event.type == "extension_agreed"}
    return bool(until) and any(clock.due_on in until for clock in case.clocks)


def _day_after(case: Case, clock: Clock) -> bool:
    """Did it end on the next day, or the next that is worked?"""
    day = clock.due_on
    while day and clock.ended_on and day < clock.ended_on:
        day += ONE
        if case.book.calendar.is_working_day(day):
            break
    return day == clock.ended_on or clock.ended_on == (clock.due_on or date.max) + ONE


def _in_state(case: Case, state: str) -> Iterator[Clock]:
    return (one for one in case.clocks if one.status(case.today) == state)


_LABELS: dict[str, Callable[[Case], bool]] = {
    "spring_festival": lambda case: _met(case, _spring),
    "national_day": lambda case: _met(case, _national),
    "make_up": _make_up,
    "month_clamp": _clamped,
    "extension": lambda case: any(clock.extended_days for clock in case.clocks),
    "extension_twice": lambda case: len(_approved(case)) > 1,
    "extension_over_cap": lambda case: case.said("extended_over_cap"),
    "extension_late": lambda case: case.said("extended_late"),
    "extension_on_due_day": _on_due_day,
    "agreed": _agreed,
    "provisional": lambda case: any(clock.provisional for clock in case.clocks),
    "contradiction": lambda case: bool(case.found.findings),
    "not_started": lambda case: not case.clocks,
    "hours": lambda case: any(one.period.unit == "hours" for one in case.rule.versions),
    "leap_day": lambda case: any(
        first <= date(2024, 2, 29) <= last for first, last in case.spans()
    ),
    "collective": lambda case: case.claimants > MOST_CLAIMANTS_OF_ONE,
    "last_day": lambda case: any(one.ended_on == one.due_on for one in _in_state(case, "met")),
    "day_after": lambda case: any(_day_after(case, one) for one in _in_state(case, "met_late")),
    "overdue": lambda case: any(_in_state(case, "overdue")),
}
_EVENTS: dict[str, Callable[[Case, str], bool]] = {
    "pause": lambda case, event: (
        case.spoken_of(event)
        or any(
            since <= one.on <= (until or case.today) or one.on < since == clock.started_on
            for clock in case.clocks
            for since, until in clock.pauses
            for one in case.matter.events
            if one.type == event
        )
    ),
    # It happened while the clock ran, which went on.
    "spared": lambda case, event: any(
        clock.started_on <= one.on <= (clock.ended_on or case.today) and clock.ended_by != event
        for clock in case.clocks
        for one in case.matter.events
        if one.type == event
    ),
    "cancel": lambda case, event: any(
        clock.ended_by == event for clock in _in_state(case, "cancelled")
    ),
    "restart": lambda case, event: (
        case.spoken_of(event) or any(clock.started_by == event for clock in case.clocks)
    ),
}
