"""The sentences that explain a date or name a contradiction, in one language."""

from collections.abc import Iterable
from datetime import date

from rules.calendar import stretches
from rules.matter import FactValue
from rules.rulebook import Rulebook
from rules.schema import Condition, Rule
from rules.thresholds import ThresholdVersion


class Wording:
    """The sentences of `policy/wording.yaml` in one language (`zh` or `en`)."""

    def __init__(self, rulebook: Rulebook, language: str) -> None:
        self.rulebook = rulebook
        self.language = "zh" if language.startswith("zh") else "en"

    def __call__(self, code: str, /, **values: object) -> str:
        return self.template(code).format(**values)

    def template(self, code: str) -> str:
        """The sentence with its braces. Raises KeyError for an unknown code."""
        return self.rulebook.policy.wording[code][self.language]

    def event(self, event_type: str) -> str:
        """An event's label; its id where the policy does not know it."""
        known = self.rulebook.policy.events.get(event_type)
        return known.label[self.language] if known else event_type

    def fact(self, name: str, value: FactValue | None) -> str:
        """A fact with its value: `Track: simplified`; None is one that was not stated."""
        label = self.rulebook.policy.facts[name].label[self.language]
        return self("fact", label=label, value=self.fact_value(name, value))

    def fact_value(self, name: str, value: FactValue | None) -> str:
        """The value alone: `simplified`, `yes`, `12`."""
        known = self.rulebook.policy.facts[name]
        if value is not None and (called := known.called.get(str(value))) is not None:
            return called[self.language]
        named = value is None or known.type in ("flag", "choice")
        return self.template(f"fact_{str(value).lower()}") if named else str(value)

    def answer(self, value: object) -> str:
        """Yes or no; a number or an amount as it is."""
        return self.template(f"fact_{value}".lower()) if isinstance(value, bool) else str(value)

    def condition(self, one: Condition) -> str:
        """A condition, with what its fact comes from where it is defined by others."""
        fact = self.rulebook.policy.facts[one.fact]
        label = fact.label[self.language]
        if one.at_least is not None:
            return self("condition_at_least", label=label, value=self._least(one))
        if one.one_of is not None:
            named = self._listed(self.fact_value(one.fact, value) for value in one.one_of)
            return self("condition_one_of", label=label, value=named)
        told = self.fact(one.fact, one.equals)
        ways = [self._listed(map(self.condition, way)) for way in fact.holds_if]
        if not ways:
            return told
        return self("condition_defined", told=told, ways=self.template("or_separator").join(ways))

    def _least(self, one: Condition) -> str:
        """The number that a fact must reach: where a threshold is not the same everywhere and
        at any time, each with its place and first day."""
        if one.threshold is None:
            return str(one.least)
        versions = self.rulebook.policy.thresholds[one.threshold].versions
        told = [f"{version.value}" for version in versions]
        if len({*told}) == 1:
            return told[0]
        return self._listed(
            self("number_from", value=value, place=self._place(version), day=version.from_)
            for value, version in zip(told, versions, strict=True)
        )

    def _place(self, version: ThresholdVersion) -> str:
        place = self.rulebook.policy.jurisdictions[version.jurisdiction]
        return place.label[self.language]

    def numeral(self, number: int) -> str:
        """A small number as it stands for a paragraph or an item: `六`, `6`."""
        known = self.template("numerals").split()
        return known[number - 1] if 0 < number <= len(known) else str(number)

    def ending(self, rule: Rule, event_type: str) -> str:
        """An event that ends a rule's limit, with what must hold for it to do so."""
        told, conditions = self.event(event_type), rule.ends_if.get(event_type)
        if conditions is None:
            return told
        return self("ending_if", event=told, facts=self._listed(map(self.condition, conditions)))

    def _listed(self, texts: Iterable[str]) -> str:
        return self.template("list_separator").join(texts)

    def weekday(self, day: date) -> str:
        """The day of the week."""
        return self.template("weekdays").split()[day.weekday()]

    def unit(self, unit: str, number: int | None = None) -> str:
        """A unit of counting, to stand behind a number; behind one, in the singular."""
        code = f"unit_{unit}"
        single = f"{code}_1"
        known = self.rulebook.policy.wording
        return self.template(single if number == 1 and single in known else code)

    def versions(self, rule: Rule, on: date) -> str:
        """Why no version of a rule holds on a day: from when the first does, or the last's end."""
        first, last = rule.versions[0].from_, rule.versions[-1].to
        if on < first or last is None:
            return self("versions_from", day=first)
        return self("versions_to", day=last)

    def days(self, days: Iterable[date]) -> str:
        """A list of days, runs of neighbours joined."""
        runs = (
            f"{first}" if first == last else f"{first}…{last}" for first, last in stretches(days)
        )
        return self._listed(runs)
