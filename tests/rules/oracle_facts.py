"""What facts say, for the oracle: does a condition hold, and which events end a rule then?"""

from rules.matter import Matter
from rules.policy import Policy
from rules.schema import Condition, Rule


def holds(condition: Condition, matter: Matter, policy: Policy) -> bool:
    """As stated, as defined by other facts, or as assumed."""
    fact = policy.facts[condition.fact]
    value: object = matter.facts.get(condition.fact, fact.default)
    if value is None and fact.holds_if:
        value = any(all(holds(one, matter, policy) for one in way) for way in fact.holds_if)
    if condition.at_least is not None:
        return isinstance(value, int) and value >= condition.at_least
    if condition.one_of is not None:
        return value in condition.one_of
    return value == condition.equals


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
