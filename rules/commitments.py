"""What a bureau promised, as something to be counted: how often it was kept, beside the law."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rules.amendments import beside_of
from rules.policy import Policy
from rules.schema import Period, Rule, Version

# Of the clocks that were settled (ended, or fell due without ending) in a period, those that
# ended by their due day. Change the counting, change the version, and old figures keep theirs.
COUNTING = "kept_over_settled@2026-11-29"


@dataclass(frozen=True)
class Kept:
    """How often one limit was kept: by the clocks of `rule` that began on `since` or later."""

    rule: Rule
    since: date

    @property
    def id(self) -> str:
        """The name of its figures: that of the rule, which no indicator has."""
        return self.rule.id

    def definition(self, starts_on: date, ends_on: date) -> str:
        """The counting with the lengths in force in a period, as it is stored beside the figure:
        a later promise gives the months before it no other definition."""
        return definition(self.rule, starts_on, ends_on)


@dataclass(frozen=True)
class Commitment:
    """A limit that the bureau set itself, and the legal one that a promise stands with."""

    kept: Kept
    legal: Kept | None = None

    @property
    def counted(self) -> tuple[Kept, ...]:
        """Both limits, or the one."""
        return (self.kept, self.legal) if self.legal else (self.kept,)


def commitments(
    policy: Policy,
    place: str | None = None,
    starts_on: date = date.min,
    ends_on: date = date.max,
) -> list[Commitment]:
    """The commitments of a place, or of all, in force on some day of a period, in policy order.

    Of the legal limit those clocks count that a promise stands with: begun since it was made.
    """
    places = policy.jurisdictions if place is None else policy.chain(place)
    return [
        _commitment(rule, policy.rules.get(beside_of(rule.id) or ""))
        for rule in policy.rules.values()
        if rule.kind == "commitment" and rule.use == "target" and rule.jurisdiction in places
        if any(_versions(rule, starts_on, ends_on))
    ]


def counted(policy: Policy) -> dict[str, Kept]:
    """Every limit that is counted for a commitment, by the name of its figures."""
    return {kept.id: kept for one in commitments(policy) for kept in one.counted}


def definition(rule: Rule, starts_on: date, ends_on: date) -> str:
    """See `Kept.definition`."""
    lengths = [str(one.period.length) for one in _versions(rule, starts_on, ends_on)]
    return f"{COUNTING}/{'+'.join(lengths)}"


def lengths(defined: str, rule: Rule) -> list[Period]:
    """The lengths that a stored definition names, in the unit of the rule."""
    given, unit = defined.partition("/")[2], rule.versions[-1].period.unit
    return [Period(length=int(one), unit=unit) for one in given.split("+") if one]


def _commitment(rule: Rule, legal: Rule | None) -> Commitment:
    since = rule.versions[0].from_
    return Commitment(Kept(rule, since), Kept(legal, since) if legal else None)


def _versions(rule: Rule, starts_on: date, ends_on: date) -> Iterator[Version]:
    for one in rule.versions:
        if one.from_ <= ends_on and (one.to is None or one.to >= starts_on):
            yield one
