"""What did not start although its event happened: a fact stands against it."""

from collections.abc import Iterator

from rules.facts import fact_value
from rules.matter import Derivation, FactValue, Matter
from rules.rulebook import Rulebook
from rules.schema import Condition, Rule
from rules.wording import Wording


def unstarted(
    matter: Matter, derivation: Derivation, rulebook: Rulebook, language: str
) -> list[str]:
    """A sentence for each event that starts nothing because of a fact: which rule does not
    start, and which fact stands against it.

    Silent where the event starts another clock: a rule for some matters only, such as the
    collective ones, is not missed in the others.
    """
    say = Wording(rulebook, language)
    began = {(clock.started_by, clock.started_on) for clock in derivation.clocks}
    found = []
    for rule in _conditional(matter, rulebook):
        unmet = [one for one in rule.requires if not one.holds(_value(one, matter, rulebook))]
        for event in matter.events:
            missed = event.type in rule.starts_on and (event.type, event.on) not in began
            if unmet and missed and rulebook.measures.on(rule, event.on) is not None:
                facts = (say.fact(one.fact, _value(one, matter, rulebook)) for one in unmet)
                found.append(
                    say(
                        "unstarted",
                        on=event.on,
                        event=say.event(event.type),
                        rule=rule.obligation[say.language],
                        facts=say.template("list_separator").join(facts),
                    )
                )
    return found


def _conditional(matter: Matter, rulebook: Rulebook) -> Iterator[Rule]:
    """The rules of the matter's procedure and place that only some matters have."""
    chain = rulebook.policy.chain(matter.jurisdiction)
    for rule in rulebook.policy.rules.values():
        here = rule.procedure == matter.procedure and rule.jurisdiction in chain
        if here and rule.requires and rule.use != "off":
            yield rule


def _value(condition: Condition, matter: Matter, rulebook: Rulebook) -> FactValue | None:
    return fact_value(condition.fact, matter.facts, rulebook.policy.facts)
