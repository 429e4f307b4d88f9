"""The facts that decide a clock, in words: those that it applies by, and those that kept what
usually ends it from doing so."""

from collections.abc import Iterable, Iterator
from datetime import date

from rules.deadlines import ordered_events
from rules.facts import Known
from rules.matter import Clock, Matter
from rules.rulebook import Rulebook
from rules.schema import Condition
from rules.wording import Wording


def facts_told(
    conditions: Iterable[Condition], matter: Matter, rulebook: Rulebook, say: Wording
) -> Iterator[str]:
    """What is tested, as stated; else what it follows from, or that it is assumed."""
    known = Known.of(matter, rulebook.policy)
    for condition in conditions:
        name = condition.fact
        fact = rulebook.policy.facts[name]
        if name in matter.facts:
            yield say("fact_given", fact=say.fact(name, matter.facts[name]))
        elif fact.holds_if:
            defining = known.defining(name) or ()
            yield from facts_told(defining, matter, rulebook, say)
        elif fact.assumed is not None:
            yield say("fact_assumed", text=fact.assumed[say.language])


def not_ended(clock: Clock, matter: Matter, rulebook: Rulebook, say: Wording) -> Iterator[str]:
    """What usually ends the clock and did not, with the facts that stand against it."""
    rule = rulebook.policy.rules[clock.rule]
    if not rule.ends_if:
        return
    meeting = Known.of(matter, rulebook.policy).discharging(rule)
    spared = {event for event in rule.discharged_by if event not in meeting}
    for event in ordered_events(matter, rulebook):
        if event.type in spared and clock.started_on <= event.on <= (clock.ended_on or date.max):
            yield say("not_ended", on=event.on, event=say.event(event.type))
            yield from facts_told(rule.ends_if[event.type], matter, rulebook, say)
