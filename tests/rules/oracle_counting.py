"""How the oracle counts: a period walked over day by day."""

from datetime import date

from rules.policy import Policy
from tests.rules.oracle_clocks import Running
from tests.rules.oracle_days import DAY, Days, months_after


class Counting:
    """Counts by the codes of a policy, in its readings."""

    policy: Policy
    days: Days

    def _count(self, clock: Running, pauses: list[tuple[date, date]]) -> tuple[date, date, bool]:
        start, days = clock.started_on, self.days
        code, length = clock.version.counting, clock.version.period.length
        if code in ("same_day", "hours", "stated", "each_period"):
            due = self._uncounted(clock)
            return due, due, False
        if code == "C7":
            due = days.on_or_before(start)
            return start, due, days.unsure(due, start)
        if code == "C5":
            due = self._back(start, length)
            return due, due, days.unsure(due, start)
        undefined = code == "C6" or clock.version.undefined_days
        working = self.policy.reading("A-8") == "working_days" and undefined
        if code == "C2" or working:
            due = self._walk(start, length + clock.extended, pauses)
            return due, due, days.unsure(start + DAY, due)
        months = 12 * length if clock.version.period.unit == "years" else length
        raw = months_after(start, months) if code == "C4" else start
        steps = 0 if code == "C4" else length
        for suspended, resumed in pauses:
            steps += (resumed - suspended).days
        for _ in range(steps):
            raw += DAY
        if clock.rule.kind == "deemed_date":
            return raw, raw, False
        return self._rolled(raw, clock.extended, code)

    def _uncounted(self, clock: Running) -> date:
        """What no holiday moves: the same day, hours, the day stated, a quarter's end."""
        day, code = clock.started_on, clock.version.counting
        if code == "stated":
            return clock.stated or day
        if code == "hours":
            for _ in range(clock.version.period.length // 24):
                day += DAY
        if code == "each_period":
            for _ in range(clock.version.period.length):
                day += DAY
                while (day + DAY).day != 1 or day.month % 3:
                    day += DAY
        return day

    def _rolled(self, raw: date, extended: int, code: str) -> tuple[date, date, bool]:
        days = self.days
        rolls = code == "C1" or self.policy.reading("A-3") == "roll"
        if extended and rolls and self.policy.reading("A-6") == "rolled_base":
            raw = days.on_or_after(raw)
        for _ in range(extended):
            raw += DAY
        due = days.on_or_after(raw) if rolls else raw
        return raw, due, rolls and days.unsure(raw, due)

    def _walk(self, start: date, number: int, pauses: list[tuple[date, date]]) -> date:
        day, counted = start, 0
        while counted < number:
            day += DAY
            stopped = any(suspended < day <= resumed for suspended, resumed in pauses)
            if self.days.worked(day) and not stopped:
                counted += 1
        return day

    def _back(self, appointed: date, number: int) -> date:
        if self.policy.reading("A-5") == "clear_days":
            number += 1
        day, counted = appointed, 0
        while counted < number:
            day -= DAY
            if self.days.worked(day):
                counted += 1
        return day
