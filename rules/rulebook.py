"""Policy, calendar and engine made ready together: what every question is put to."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path

from rules.amendments import Amendment, amended
from rules.calendar import Calendar, HolidayYear
from rules.counting import Measures
from rules.engine import Engine
from rules.plans import Planner
from rules.policy import POLICY_DIR, Policy, load_policy


class Rulebook:
    """Made once and shared; `fingerprint` changes with policy or calendar."""

    def __init__(self, policy: Policy, years: Mapping[int, HolidayYear], engine: Engine) -> None:
        self.policy = policy
        self.engine = engine
        self.calendar = Calendar(years.values(), policy.fixed_days.as_days())
        self.measures = Measures(policy, self.calendar)
        self.planner = Planner(policy, engine, self.measures)
        self.ranks = {name: event.rank for name, event in policy.events.items()}
        self.once = frozenset(name for name, event in policy.events.items() if event.once)

    @cached_property
    def comes_to(self) -> dict[str, str]:
        """The event that a limit comes to when it has run out, by the ids of such rules."""
        return {rule.id: rule.expires_as for rule in self.policy.rules.values() if rule.expires_as}

    @cached_property
    def expiring(self) -> frozenset[str]:
        """The procedures in which some limit comes to an event when it has run out."""
        return frozenset(self.policy.rules[name].procedure for name in self.comes_to)

    @cached_property
    def fingerprint(self) -> str:
        """32 hex digits of the policy files and the holiday years."""
        digest = hashlib.sha256(self.policy.files_digest.encode())
        for year in sorted(self.calendar.years):
            entered = self.calendar.years[year]
            days = sorted(entered.days_off), sorted(entered.make_up_workdays)
            digest.update(repr((year, days)).encode())
        return digest.hexdigest()[:32]

    def with_years(self, years: Iterable[HolidayYear]) -> "Rulebook":
        """The same policy with more holiday years; one given again replaces the built-in."""
        merged = {**self.calendar.years, **{year.year: year for year in years}}
        return Rulebook(self.policy, merged, self.engine)

    def with_amendments(self, amendments: Sequence[Amendment]) -> "Rulebook":
        """With the changes that a bureau entered. Raises AmendmentError for one that cannot be."""
        if not amendments:
            return self
        policy = amended(self.policy, amendments)
        return Rulebook(policy, self.calendar.years, Engine(policy))


def load_rulebook(directory: Path = POLICY_DIR) -> Rulebook:
    """Read a policy directory. Raises PolicyError with file, line and reason."""
    policy = load_policy(directory)
    return Rulebook(policy, policy.years, Engine(policy))


@cache
def builtin_rulebook() -> Rulebook:
    """The rulebook that comes with the product, made once per process."""
    return load_rulebook()
