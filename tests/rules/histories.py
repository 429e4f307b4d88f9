"""Random histories, lawful and not, the same for the same seed and policy.

Each is told around one rule of the policy: something starts it where and when it is in force, then
happens what the rule and its procedure know. So every rule is started, ended, paused, restarted
and extended without anything being listed here.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from rules.event_types import EventType
from rules.matter import Event, FactValue, Matter
from rules.policy import Policy, events_of
from rules.rulebook import builtin_rulebook
from rules.schema import Condition, Fact, Rule

TODAY = date(2026, 11, 22)
FIRST = date(2018, 6, 1)
SPAN = 3_000
NOT_ACTING = ("off", "negative", "dead")
# Roughly, in calendar days: how far apart the events around a limit of this unit lie.
DAYS_OF = {"months": 30, "years": 365, "quarters": 91, "hours": 1 / 24}
# About the thresholds.
NUMBERS = (1, 9, 10, 40)
GAPS = (1, 2, 5, 9, 14, 23, 31, 45)


def acting(policy: Policy) -> list[Rule]:
    """The rules that bind someone."""
    return [rule for rule in policy.rules.values() if rule.use not in NOT_ACTING]


def histories(number: int, seed: int, policy: Policy | None = None) -> Iterator[Matter]:
    """`number` matters, their events shuffled."""
    teller = Teller(policy or builtin_rulebook().policy, Random(seed))
    for _ in range(number):
        yield teller.matter()


def happenings(policy: Policy, procedure: str) -> list[str]:
    """Every event that some acting rule of a procedure speaks of."""
    found = [events_of(rule) for rule in acting(policy) if rule.procedure == procedure]
    return sorted(set().union(*found))


def met_by(condition: Condition) -> tuple[FactValue, ...]:
    """Values of its fact that meet a condition, about a threshold some that may not."""
    if condition.threshold is not None:
        return NUMBERS
    if condition.least is not None:
        return (condition.least,)
    return condition.values


class Teller:
    """Tells histories of one policy."""

    def __init__(self, policy: Policy, random: Random) -> None:
        self.policy, self.random = policy, random
        self.rules = acting(policy)
        self.places = {
            name: [place for place in policy.jurisdictions if name in policy.chain(place)]
            for name in policy.jurisdictions
        }
        self.happenings = {name: happenings(policy, name) for name in policy.procedures}
        self.anything = sorted(policy.events)

    def matter(self) -> Matter:
        """One more."""
        rule = self.random.choice(self.rules)
        events = list(self._events(rule))
        self.random.shuffle(events)
        place = self.random.choice(self.places[rule.jurisdiction])
        return Matter(rule.procedure, place, tuple(events), self._facts(rule))

    def _facts(self, rule: Rule) -> dict[str, FactValue]:
        facts: dict[str, FactValue] = {}
        for name, fact in self.policy.facts.items():
            if rule.procedure in fact.procedures and self.random.random() < 0.6:
                facts[name] = self._value(name, fact)
        if self.random.random() < 0.8:
            for one in rule.requires:
                facts[one.fact] = self.random.choice(met_by(one))
        return facts

    def _value(self, name: str, fact: Fact) -> FactValue:
        if fact.type == "flag":
            return self.random.random() < 0.7
        if fact.type == "whole":
            return self.random.choice(NUMBERS)
        tested = [
            value
            for rule in self.rules
            for one in rule.conditions
            for value in one.values
            if one.fact == name and isinstance(value, str)
        ]
        return self.random.choice([*fact.choices, *tested] or ["other"])

    def _events(self, rule: Rule) -> Iterator[Event]:
        """What starts it, then what may happen to it and around it."""
        random = self.random
        day = self._begins(rule)
        around = self.happenings[rule.procedure]
        for _ in range(random.randrange(3)):
            yield self._event(random.choice(around), day, rule)
        if random.random() < 0.95:
            yield self._event(random.choice(rule.starts_on), day, rule)
        own = _own(rule)
        for _ in range(random.randrange(10)):
            if random.random() < 0.65:
                day += timedelta(days=self._gap(rule))
            chance = random.random()
            group = random.choice(own) if chance < 0.6 else around
            if chance > 0.98:
                group = self.anything
            yield self._event(random.choice(group), day, rule)

    def _begins(self, rule: Rule) -> date:
        """A day on which it is in force, mostly."""
        version = self.random.choice(rule.versions)
        first = max(version.from_, FIRST)
        last = min(version.to or TODAY, TODAY)
        if self.random.random() < 0.1 or first > last:
            return FIRST + timedelta(days=self.random.randrange(SPAN))
        return first + timedelta(days=self.random.randint(0, (last - first).days))

    def _gap(self, rule: Rule) -> int:
        period = rule.versions[-1].period
        length = int(period.length * DAYS_OF.get(period.unit, 1))
        return self.random.choice((*GAPS, self.random.randint(0, max(1, length // 2))))

    def _event(self, name: str, day: date, rule: Rule) -> Event:
        """With what its kind takes; it lies ahead only where it may."""
        random, known = self.random, self.policy.events[name]
        on = day + timedelta(days=random.randrange(40)) if known.appointment else min(day, TODAY)
        takes = known.fields
        return Event(
            name,
            on,
            days=random.choice((1, 5, 7, 10, 15, 20, 30)) if takes.days else None,
            rule=self._named(rule) if takes.rule else None,
            until=day + timedelta(days=random.randint(-5, 60)) if takes.until else None,
            pay_by=day + timedelta(days=random.randrange(40)) if takes.pay_by else None,
            ground=self._ground(known, rule.procedure) if takes.ground else None,
            at=random.choice((None, "09:00", "16:30")) if takes.at else None,
        )

    def _ground(self, known: EventType, procedure: str) -> str | None:
        """One that the event knows there, or none."""
        return self.random.choice((None, None, *known.grounds.get(procedure, ())))

    def _named(self, rule: Rule) -> str | None:
        """The rule that an extension names: none, this one, or any."""
        return self.random.choice((None, None, None, rule.id, self.random.choice(self.rules).id))


def _own(rule: Rule) -> list[Sequence[str]]:
    """The rule's own events by what they do, the frequent more often."""
    pauses = [pause.from_ for pause in rule.pauses]
    resumes = [pause.to for pause in rule.pauses]
    often = [pauses, pauses, resumes, rule.restarts_on, rule.extended_by, rule.extended_by]
    return [
        group for group in (*often, rule.discharged_by, rule.cancelled_by, rule.starts_on) if group
    ]
