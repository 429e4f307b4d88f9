"""What a fact of a matter comes to: as stated, by its definition, or as assumed."""

from collections.abc import Iterable, Mapping, Sequence

from rules.matter import FactValue
from rules.schema import Condition, Fact, Rule


def fact_value(
    name: str, stated: Mapping[str, FactValue], known: Mapping[str, Fact]
) -> FactValue | None:
    """The value of a fact; `known` are those of the policy. None where nothing says it."""
    if name in stated:
        return stated[name]
    fact = known[name]
    if fact.holds_if:
        return defined_by(fact, stated, known) is not None
    return fact.default


def defined_by(
    fact: Fact, stated: Mapping[str, FactValue], known: Mapping[str, Fact]
) -> Sequence[Condition] | None:
    """The first list of a definition of which every condition holds; None where none does."""
    return next((way for way in fact.holds_if if all_hold(way, stated, known)), None)


def all_hold(
    conditions: Iterable[Condition], stated: Mapping[str, FactValue], known: Mapping[str, Fact]
) -> bool:
    """Does a matter of which this is stated meet every condition?"""
    return all(one.holds(fact_value(one.fact, stated, known)) for one in conditions)


def discharging(
    rule: Rule, stated: Mapping[str, FactValue], known: Mapping[str, Fact]
) -> tuple[str, ...]:
    """The events that meet the rule's limit in a matter of which this is stated."""
    ends = rule.ends_if
    return tuple(
        event for event in rule.discharged_by if all_hold(ends.get(event, ()), stated, known)
    )
