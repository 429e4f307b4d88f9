"""From a start day to a due day under one version of a rule: the counting codes C1 to C7.

`pauses` are disjoint stretches `(suspended, resumed)` in order, of which the days after the
first up to and including the second do not count (assumption A-4). Inside, days are ordinals.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from rules.calendar import (
    Calendar,
    add_calendar_days,
    add_months,
    calendar_days_between,
    check_countable,
    days_of_hours,
    end_of_quarter,
    months_of_years,
)
from rules.common import Citation
from rules.policy import Policy
from rules.schema import Rule, Version

Stretch = tuple[date, date]
# No holiday can change their days.
_UNCALENDARED = ("same_day", "hours", "stated", "quarters")
_Days = Sequence[tuple[int, int]]


class DueDates(NamedTuple):
    """The day before and after roll-over, the day to warn on, and whether it is provisional;
    `version` is that of the rule by which they were counted."""

    version: date
    raw_on: date
    due_on: date
    warn_on: date
    provisional: bool


# As `DueDates`, plain.
Dates = tuple[date, date, date, date, bool]
# As `DueDates`, in ordinals and without the version.
_Due = tuple[int, int, int, bool]


class Measure:
    """How one version of one rule is counted, with the readings the policy switches on."""

    __slots__ = (
        "after",
        "backward",
        "calendar",
        "extension",
        "first",
        "last",
        "length",
        "lenient",
        "per_matter",
        "roll",
        "unit",
        "version",
    )

    def __init__(
        self, version: Version, policy: Policy, calendar: Calendar, *, rolls: bool = True
    ) -> None:
        counting = policy.counting[version.counting]
        self.version = version
        self.calendar = calendar
        self.first, self.last = version.from_, version.to or date.max
        self.length = _length(version)
        self.unit = _unit(version, policy)
        self.backward = counting.direction == "backward"
        self.after = version.reached == "day_after"
        self.roll = _roll(version, policy) if rolls else "none"
        self.extension = version.extension
        self.lenient = policy.reading("A-6") == "rolled_base"
        self.per_matter = policy.reading("A-10") == "per_matter"
        if self.backward and self.unit == "working_days" and self._clear_days(policy):
            self.length += 1

    def _clear_days(self, policy: Policy) -> bool:
        return policy.reading("A-5") == "clear_days"

    @property
    def times(self) -> int | None:
        """How often it may be extended; None where the law does not say."""
        return self.extension.times if self.extension else None

    @property
    def by_event(self) -> bool:
        """Does its day depend on more than the day of the event that begins it?"""
        return self.unit in ("hours", "stated")

    def cap_in(self, places: Sequence[str]) -> int | None:
        """The most that it may be extended by in all, in the first of the places that knows a
        cap; None where the law names none."""
        if self.extension is None:
            return 0
        caps = self.extension.caps
        return next((caps[place] for place in places if place in caps), self.extension.cap)

    @property
    def notice(self) -> bool:
        """Is it counted back from an appointment, so many working days before it?"""
        return self.backward and self.unit == "working_days"

    def due(self, start: date, extended: int = 0, pauses: Sequence[Stretch] = ()) -> DueDates:
        """The dates of a clock started on `start`. Raises OutOfCalendarError, never guesses."""
        return DueDates(*self.dates(start, extended, pauses))

    def dates(self, start: date, extended: int = 0, pauses: Sequence[Stretch] = ()) -> Dates:
        """As `due`, in a plain tuple."""
        stopped = [(since.toordinal(), until.toordinal()) for since, until in pauses]
        raw, day, warn, provisional = self._due(start.toordinal(), extended, stopped)
        raw_on = date.fromordinal(raw)
        due_on = raw_on if day == raw else date.fromordinal(day)
        warn_on = raw_on if warn == raw else date.fromordinal(warn)
        return self.first, raw_on, due_on, warn_on, provisional

    def agreed_on(self, until: date) -> DueDates:
        """The dates of a clock that runs to a day agreed on, or set by a document."""
        # No holiday moves it, published or not; a day outside the calendar is refused all the same.
        check_countable(until)
        return DueDates(self.version.from_, until, until, until, False)

    def _due(self, start: int, extended: int, pauses: _Days) -> _Due:
        raw, day, warn, provisional = self._period(start, extended, pauses)
        return (raw + self.after, day + self.after, warn + self.after, provisional)

    def _period(self, start: int, extended: int, pauses: _Days) -> _Due:
        """The last day of the period itself."""
        if self.backward:
            return self._before(start)
        if self.unit == "working_days":
            return self._working(start, extended, pauses)
        return self._calendar(start, extended, pauses)

    def _working(self, start: int, extended: int, pauses: _Days) -> _Due:
        calendar = self.calendar
        reached = calendar.count_to(start)
        last = reached + self.length + extended
        for suspended, resumed in pauses:
            if calendar.count_to(suspended) >= last:
                break
            last += calendar.count_to(resumed) - calendar.count_to(suspended)
        day = calendar.nth(last)
        return (day, day, day, calendar.provisional(start + 1, day))

    def _calendar(self, start: int, extended: int, pauses: _Days) -> _Due:
        stopped = sum(resumed - suspended for suspended, resumed in pauses)
        if self.unit == "months":
            raw = add_months(start, self.length) + stopped
        elif self.unit == "quarters":
            raw = end_of_quarter(start + 1, self.length)
        elif self.unit == "hours":
            raw = start + days_of_hours(self.length)
        else:
            raw = start + self.length + stopped
        if extended and self.lenient:
            raw = self._rolled(raw)
        raw += extended
        due = self._rolled(raw)
        looked_up = self.unit not in _UNCALENDARED and self.calendar.provisional(raw, due)
        # What does not roll, as the day of deemed service, stands whatever the holidays are.
        return (raw, due, raw, looked_up and self.roll != "none")

    def _rolled(self, day: int) -> int:
        if self.roll == "forward":
            return self.calendar.roll_forward(day)
        return day

    def _before(self, appointed: int) -> _Due:
        calendar = self.calendar
        if self.unit == "working_days":
            day = calendar.working_days_back(appointed, self.length)
            warn = calendar.working_days_back(day, 1)
            return (day, day, warn, calendar.provisional(day, appointed))
        day = calendar.roll_backward(appointed - self.length)
        return (appointed - self.length, day, day, calendar.provisional(day, appointed))

    def ends_on(self, on: date) -> date:
        """The last day of the period, rolled or not, that makes this the due day: the day before
        it, where what is due comes after the period."""
        return add_calendar_days(on, -1) if self.after else on

    def left(self, on: date, raw_on: date) -> int:
        """What is left of the period on the day it was stopped, in its own unit, when it would
        have run out on `raw_on`. Months leave calendar days."""
        if self.unit == "working_days":
            return max(0, self.calendar.working_days_between(on, raw_on))
        return max(0, calendar_days_between(on, raw_on))

    def over_on(self, on: date, left: int) -> date:
        """The day on which so much of the period, as `left` says it, has run out, if it is set
        going again on a day."""
        if self.unit != "working_days":
            return date.fromordinal(self._rolled(add_calendar_days(on, left).toordinal()))
        return self.calendar.working_day_after(on, left) if left else on


def _length(version: Version) -> int:
    length = version.period.length
    return months_of_years(length) if version.period.unit == "years" else length


def _unit(version: Version, policy: Policy) -> str:
    unit = version.period.unit
    if unit == "years":
        return "months"
    if version.both_readings and policy.reading("A-8") == "working_days":
        return "working_days"
    return unit


def _roll(version: Version, policy: Policy) -> str:
    counting = policy.counting[version.counting]
    by_analogy = "A-3" in counting.assumptions
    if by_analogy and counting.roll == "forward" and policy.reading("A-3") == "no_roll":
        return "none"
    return counting.roll


def _since(basis: Iterable[Citation], policy: Policy) -> date:
    """The first day of the oldest instrument cited; of one whose day is not known, the first of
    all days."""
    spans = [policy.sources[one.source].in_force for one in basis]
    return min(span.from_ if span else date.min for span in spans)


class Measures:
    """The measures of every version of every rule, made once."""

    def __init__(self, policy: Policy, calendar: Calendar) -> None:
        self._of = {
            rule.id: tuple(
                # service is deemed made on the N-th day itself, whatever day that is.
                Measure(version, policy, calendar, rolls=rule.kind != "deemed_date")
                for version in rule.versions
            )
            for rule in policy.rules.values()
        }

        self._by_version = {
            (name, measure.first): measure for name, made in self._of.items() for measure in made
        }
        # By rule, and event or number of a pause: since when there is an article for it.
        self._restarting = {
            (rule.id, event): _since(basis, policy)
            for rule in policy.rules.values()
            for event, basis in rule.restart_basis.items()
        }
        self._stopping = {
            (rule.id, number): _since(pause.basis, policy)
            for rule in policy.rules.values()
            for number, pause in enumerate(rule.pauses)
        }
        # By rule and day: most cases begin on a day on which others began too. There are some
        # forty thousand days a calendar can reach.
        self._plain: dict[str, dict[date, Dates | None]] = {name: {} for name in self._of}
        self._extended: dict[str, dict[tuple[date, int], DueDates]] = {
            name: {} for name in self._of
        }

    def known(self, rule: Rule) -> dict[date, Dates | None]:
        """The dates that `dates` has found for a rule so far; it goes on filling them in."""
        return self._plain[rule.id]

    def dates(self, rule: Rule, on: date) -> Dates | None:
        """As `plain`, in a plain tuple."""
        known = self._plain[rule.id]
        if on not in known:
            measure = self.on(rule, on)
            known[on] = None if measure is None else measure.dates(on)
        return known[on]

    def plain(self, rule: Rule, on: date) -> DueDates | None:
        """The dates of a clock that began on a day and was left alone; None as for `on`."""
        found = self.dates(rule, on)
        return None if found is None else DueDates(*found)

    def extended(self, rule: Rule, on: date, days: int) -> DueDates:
        """The dates of a clock that began on a day, was extended, and left alone otherwise."""
        known = self._extended[rule.id]
        found = known.get((on, days))
        if found is None:
            measure = self.on(rule, on)
            if measure is None:
                raise KeyError(f"{rule.id} was not in force on {on}")
            found = known[on, days] = measure.due(on, days)
        return found

    def on(self, rule: Rule, on: date) -> Measure | None:
        """The measure of the version in force on a day; None before the first and after
        the last."""
        for measure in self._of[rule.id]:
            if measure.first <= on <= measure.last:
                return measure
        return None

    def restarts_since(self, rule: Rule, event: str) -> date:
        """From which day on the law knows that this event begins the period anew."""
        return self._restarting[rule.id, event]

    def stops_since(self, rule: Rule, number: int) -> date:
        """From which day on the law knows this pause of the rule."""
        return self._stopping[rule.id, number]

    def before(self, rule: Rule, version: date) -> Measure | None:
        """The measure of the version before the one in force from a day on; None for the first."""
        earlier = [measure for measure in self._of[rule.id] if measure.first < version]
        return earlier[-1] if earlier else None

    def of_version(self, rule: Rule, version: date) -> Measure:
        """The measure of the version in force from a day on. Raises KeyError for no such one."""
        return self._by_version[rule.id, version]
