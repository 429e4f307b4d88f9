"""Days on which an invented office acts: within the limits of the policy, or a little late.

No period stands here: every limit is asked of the rulebook, and a day is chosen as a share of
the time that the law gives.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from rules.counting import Measure
from rules.rulebook import Rulebook

Pauses = Sequence[tuple[date, date]]
# Shares of what is done too late: on most days, and of what fell due in the last weeks, so that
# some of it is still open today.
_LATE, _LATE_OF_LATE = 0.011, 0.055
_RECENT = timedelta(days=32)


@dataclass
class Desk:
    """Chance, rulebook and the day up to which things have been written down."""

    rng: Random
    rulebook: Rulebook
    horizon: date

    def limit(
        self, rule: str, start: date, *, extended: int = 0, pauses: Pauses = ()
    ) -> tuple[date, Measure]:
        """The due day of a clock of this rule, and how it is counted."""
        measure = self.rulebook.measures.on(self.rulebook.policy.rules[rule], start)
        if measure is None:
            raise ValueError(f"{rule} is not in force on {start}")
        return measure.due(start, extended, pauses).due_on, measure

    def due(self, rule: str, start: date, *, extended: int = 0, pauses: Pauses = ()) -> date:
        """The due day alone."""
        return self.limit(rule, start, extended=extended, pauses=pauses)[0]

    def cap(self, rule: str, start: date) -> int:
        """By how much the rule may be extended in all."""
        return self.limit(rule, start)[1].cap_in(()) or 0

    def chance(self, share: float) -> bool:
        """True in this share of all cases."""
        return self.rng.random() < share

    def working(self, first: date, day: date) -> date:
        """The last working day up to `day`, but not before `first`."""
        return max(first, self.rulebook.calendar.on_or_before(day))

    def later(self, day: date, fewest: int, most: int) -> date:
        """Some working days later."""
        days = self.rng.randint(fewest, most)
        return self.rulebook.calendar.working_day_after(day, days)

    def between(self, first: date, last: date, low: float, high: float, mode: float) -> date:
        """A working day between two days, at a share of the time that is most often `mode`."""
        share = self.rng.triangular(low, high, mode)
        return self.working(first, first + timedelta(days=int((last - first).days * share + 0.5)))

    def done(self, first: date, due: date, low: float, mode: float) -> date:
        """The day on which something due on `due` was done, sometimes too late."""
        recent = self.horizon - _RECENT <= due
        if self.chance(_LATE_OF_LATE if recent else _LATE):
            return self.later(due, 3, 30) if recent else self.later(due, 1, 9)
        return self.between(first, due, low, 1.0, mode)
