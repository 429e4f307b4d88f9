"""Can what a rule says be meant? Values that no case has, lengths and caps that are slips."""

from collections.abc import Iterable, Iterator, Mapping

from rules.cross_checks import unknown
from rules.policy import Policy
from rules.schema import Condition, Rule, Version
from rules.thresholds import Threshold

# No law: beyond these a number is a slip of the pen. A longer one that is meant moves the bound.
_LONGEST = {
    "calendar_days": 366,
    "working_days": 250,
    "months": 24,
    "years": 30,
    "hours": 240,
    "quarters": 8,
}
# Nothing is counted: the day itself, the one that a document sets, or the last before it.
_OF_NO_LENGTH = ("same_day", "stated")
_MAY_BE_NOTHING = (*_OF_NO_LENGTH, "C7")


def longest(unit: str) -> int | None:
    """The most that a period in this unit can be meant to have; None where nothing is counted."""
    return _LONGEST.get(unit)


def senseless(rule: Rule, policy: Policy) -> Iterator[str]:
    """Reasons why the rule cannot be meant as it stands, each with its remedy."""
    yield from impossible(rule.conditions, policy)
    for one in rule.conditions:
        fact = policy.facts.get(one.fact)
        if fact is not None and rule.procedure not in fact.procedures:
            yield f"the fact {one.fact} is not listed for the procedure {rule.procedure}"
    if rule.kind == "deemed_date" and not rule.discharged_by:
        yield "a deemed_date needs the event that it stands for in discharged_by"
    yield from _replacing(rule, policy)
    for version in rule.versions:
        yield from _length(version)
        yield from _caps(version, policy)
    yield from _deemed_ends(rule, policy)


def impossible(conditions: Iterable[Condition], policy: Policy) -> Iterator[str]:
    """A reason for each condition that no value of its fact can meet, or that cannot be judged."""
    for one in conditions:
        if one.threshold is not None:
            yield from _unjudged(one.threshold, policy.thresholds)
        fact = policy.facts.get(one.fact)
        if fact is None:
            continue
        if one.at_least is not None and fact.type != "whole":
            yield f"{one.fact} is no number, so it is never at least {one.at_least}; use equals"
        for value in one.values:
            if not fact.allows(value):
                yield f"{one.fact} is never {value!r}; give {fact.expected()}"


def _unjudged(name: str, thresholds: Mapping[str, Threshold]) -> Iterator[str]:
    """A threshold that a condition names is a number everywhere and at any time."""
    if name not in thresholds:
        yield f"there is no threshold {name!r} in thresholds.yaml"
        return
    versions = thresholds[name].versions
    if all(one.value is None for one in versions if one.jurisdiction == "national"):
        yield "a threshold it names has no national value"
    for one in versions:
        if one.value is None:
            yield f"{name} has no value in {one.jurisdiction} from {one.from_}; give it one"


def _replacing(rule: Rule, policy: Policy) -> Iterator[str]:
    replaced = policy.rules.get(rule.replaces or "")
    if replaced is None:
        return
    if replaced.procedure != rule.procedure:
        yield f"it replaces {replaced.id} of another procedure; name one of {rule.procedure}"
    seen = {rule.id}
    while replaced is not None and replaced.id not in seen:
        seen.add(replaced.id)
        replaced = policy.rules.get(replaced.replaces or "")
    if replaced is not None:
        yield "it replaces itself in the end; leave out one of the `replaces`"


def _length(version: Version) -> Iterator[str]:
    length, unit = version.period.length, version.period.unit
    if version.counting in _OF_NO_LENGTH:
        if length:
            yield f"{version.counting} has no length; write 0, not {length}"
    elif not length and version.counting not in _MAY_BE_NOTHING:
        yield f"a period of 0 {unit} is over before it begins; write its length, or use same_day"
    elif length > _LONGEST[unit]:
        yield f"{length} {unit} is longer than any period ({_LONGEST[unit]}); correct the number"


def _caps(version: Version, policy: Policy) -> Iterator[str]:
    extension = version.extension
    if extension is None:
        return
    yield from unknown(extension.caps, policy.jurisdictions, "jurisdiction")
    for cap in (extension.cap, *extension.caps.values()):
        if cap is not None and cap > version.period.length and not extension.longer_than_period:
            yield (
                f"an extension by {cap} is longer than the period of {version.period.length};"
                " correct it, or state `longer_than_period: true` where the text allows it"
            )


def _deemed_ends(rule: Rule, policy: Policy) -> Iterator[str]:
    """A pause that ends of itself does so by the event of a deemed date."""
    for pause in rule.pauses:
        ending = policy.rules.get(pause.ends_after or "")
        if ending is None:
            continue
        if ending.kind != "deemed_date" or pause.to not in ending.discharged_by:
            yield f"{ending.id} is no deemed_date of {pause.to}, which ends the pause; name one"
