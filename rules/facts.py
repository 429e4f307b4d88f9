"""What a fact of a matter comes to: as stated, by its definition, or as assumed, with the
thresholds of the day and the place that the matter is judged by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.calendar import add_calendar_days
from rules.matter import FactValue, Matter
from rules.policy import Policy
from rules.schema import Condition, Rule


def judged_on(matter: Matter, policy: Policy) -> date | None:
    """The day of which the law says what a matter is: its acceptance, before that its receipt,
    as far as recorded; else the first thing that happened. None where nothing has.

    Of a stored case, `accepted_on or received_on`: what `classify` is asked of.
    """
    procedure = policy.procedures[matter.procedure]
    for types in (procedure.accepting, procedure.openings):
        first = min((event.on for event in matter.events if event.type in types), default=None)
        if first is not None:
            return first
    return min((event.on for event in matter.events), default=None)


def threshold_changes(policy: Policy) -> list[date]:
    """The days from which a threshold that a condition names may be another number somewhere, in
    their order, behind the first day of all."""
    conditions = [one for rule in policy.rules.values() for one in rule.conditions]
    conditions += [one for fact in policy.facts.values() for way in fact.holds_if for one in way]
    found = {date.min}
    for name in {one.threshold for one in conditions if one.threshold is not None}:
        for version in policy.thresholds[name].versions:
            found.add(version.from_)
            if version.to is not None:
                found.add(add_calendar_days(version.to, 1))
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Known:
    """What is stated, and the day and places (from the particular to the general) of the law
    that says what it comes to."""

    stated: Mapping[str, FactValue]
    policy: Policy
    on: date
    places: Sequence[str]

    @classmethod
    def of(cls, matter: Matter, policy: Policy) -> "Known":
        """Of a matter; by the law that stands where nothing has happened."""
        on = judged_on(matter, policy) or date.max
        return cls(matter.facts, policy, on, policy.chain(matter.jurisdiction))

    def value(self, name: str) -> FactValue | None:
        """The value of a fact; None where nothing says it."""
        if name in self.stated:
            return self.stated[name]
        fact = self.policy.facts[name]
        if fact.holds_if:
            return self.defining(name) is not None
        return fact.default

    def defining(self, name: str) -> Sequence[Condition] | None:
        """The first list of a fact's definition of which every condition holds; None where none
        does."""
        return next((way for way in self.policy.facts[name].holds_if if self.all_hold(way)), None)

    def all_hold(self, conditions: Iterable[Condition]) -> bool:
        """Is every condition met?"""
        return all(map(self.holds, conditions))

    def holds(self, one: Condition) -> bool:
        """Is the condition met? None is by a threshold that is not in force."""
        value = self.value(one.fact)
        least = self.least(one)
        if least is None:
            return one.threshold is None and value in one.values
        return isinstance(value, int) and value >= least

    def least(self, one: Condition) -> Decimal | int | None:
        """The number that the fact must reach, here and on the day."""
        if one.threshold is None:
            return one.least
        version = self.policy.thresholds[one.threshold].on(self.on, self.places)
        return None if version is None else version.value

    def discharging(self, rule: Rule) -> tuple[str, ...]:
        """The events that meet the rule's limit."""
        ends = rule.ends_if
        return tuple(event for event in rule.discharged_by if self.all_hold(ends.get(event, ())))
