"""What did not start although its event happened: a fact stands against it, or no version of
the rule is entered for that day."""

from collections.abc import Iterator

from rules.facts import Known
from rules.matter import Derivation, Event, Matter
from rules.plans import missed
from rules.rulebook import Rulebook
from rules.schema import Condition, Rule
from rules.wording import Wording


def unstarted(
    matter: Matter, derivation: Derivation, rulebook: Rulebook, language: str
) -> list[str]:
    """A sentence for each event that starts nothing: which rule does not start, and which fact
    stands against it or since when there is a version of it.

    Silent where the event starts another clock in its place, and where a finding says so.
    """
    return list(_Unstarted(matter, derivation, rulebook, language).told())


class _Unstarted:
    """Looks through one matter."""

    def __init__(
        self, matter: Matter, derivation: Derivation, rulebook: Rulebook, language: str
    ) -> None:
        self.matter, self.rulebook = matter, rulebook
        self.known = Known.of(matter, rulebook.policy)
        self.say = Wording(rulebook, language)
        self.began = {(clock.started_by, clock.started_on) for clock in derivation.clocks}
        self.begun = {(one.rule, one.started_by, one.started_on) for one in derivation.clocks}
        # What had happened before starts nothing, whatever the facts are.
        repeated = {
            (one.event, one.on) for one in derivation.findings if one.code == "started_again"
        }
        self.events = [one for one in matter.events if (one.type, one.on) not in repeated]

    def told(self) -> Iterator[str]:
        """All sentences, rule by rule."""
        rules = list(self._rules())
        for rule in rules:
            unmet = [one for one in rule.requires if not self.known.holds(one)]
            for event in self.events:
                if event.type not in rule.starts_on:
                    continue
                entered = self.rulebook.measures.on(rule, event.on) is not None
                if unmet and entered and (event.type, event.on) not in self.began:
                    yield self._kept_from_starting(rule, unmet, event)
                elif not unmet and not entered and self._uncomputed(rule, event, rules):
                    yield self._without_a_version(rule, event)

    def _rules(self) -> Iterator[Rule]:
        """The rules of the matter's procedure and place."""
        chain = self.rulebook.policy.chain(self.matter.jurisdiction)
        happened = {event.type for event in self.matter.events}
        for rule in self.rulebook.policy.rules.values():
            here = rule.procedure == self.matter.procedure and rule.jurisdiction in chain
            applies = not rule.only_after or not happened.isdisjoint(rule.only_after)
            if here and applies and rule.use != "off":
                yield rule

    def _uncomputed(self, rule: Rule, event: Event, rules: list[Rule]) -> bool:
        """Is nothing counted for this rule or one in its place, and no finding says so?"""
        kin = {rule.replaces, *(one.id for one in rules if one.replaces == rule.id)}
        instead = any((name, event.type, event.on) in self.begun for name in kin)
        promised = rule.kind == "commitment"
        return not missed(rule) and not promised and not instead

    def _kept_from_starting(self, rule: Rule, unmet: list[Condition], event: Event) -> str:
        facts = (self.say.fact(one.fact, self.known.value(one.fact)) for one in unmet)
        listed = self.say.template("list_separator").join(facts)
        return self._said("unstarted", rule, event, facts=listed)

    def _without_a_version(self, rule: Rule, event: Event) -> str:
        return self._said("uncomputed", rule, event, versions=self.say.versions(rule, event.on))

    def _said(self, code: str, rule: Rule, event: Event, **values: str) -> str:
        return self.say(
            code,
            on=event.on,
            event=self.say.event(event.type),
            rule=rule.obligation[self.say.language],
            **values,
        )
