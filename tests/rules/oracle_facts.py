"""What facts say, for the oracle: does a condition hold, and which events end a rule then?"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from rules.matter import Matter
from rules.policy import Policy
from rules.schema import Condition, Rule
from rules.thresholds import ThresholdVersion


def holds(condition: Condition, matter: Matter, policy: Policy) -> bool:
    """As stated, as defined by other facts, or as assumed."""
    fact = policy.facts[condition.fact]
    value: object = matter.facts.get(condition.fact, fact.default)
    if value is None and fact.holds_if:
        value = any(all(holds(one, matter, policy) for one in way) for way in fact.holds_if)
    if condition.at_least is not None:
        least = condition.at_least
        if isinstance(least, str):
            least = _number(policy.thresholds[least].versions, matter, policy)
        return isinstance(value, int) and least is not None and value >= least
    if condition.one_of is not None:
        return value in condition.one_of
    return value == condition.equals


def _number(versions: Sequence[ThresholdVersion], matter: Matter, policy: Policy) -> Decimal | None:
    """What a threshold is on the day that the matter was accepted, or else received, by the law
    of its own place or else of the next one around it."""
    procedure = policy.procedures[matter.procedure]
    received = {name for kind in procedure.kinds.values() for name in kind.opening_events}
    accepted = [one.on for one in matter.events if one.type in procedure.accepting]
    opened = [one.on for one in matter.events if one.type in received]
    day = min(accepted or opened or [one.on for one in matter.events] or [date.max])
    place: str | None = matter.jurisdiction
    while place is not None:
        for one in versions:
            if one.jurisdiction == place and one.from_ <= day <= (one.to or date.max):
                return one.value
        place = policy.jurisdictions[place].within
    return None


def with_its_ends(rule: Rule, matter: Matter, policy: Policy) -> Rule:
    """With those events alone that end it on what is known of the matter."""
    void = {
        event
        for event, conditions in rule.ends_if.items()
        if not all(holds(one, matter, policy) for one in conditions)
    }
    if not void:
        return rule
    ends = {
        name: tuple(event for event in getattr(rule, name) if event not in void)
        for name in ("discharged_by", "cancelled_by")
    }
    return rule.model_copy(update=ends)
