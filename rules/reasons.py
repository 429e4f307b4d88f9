"""What a classification is made of: the facts, the sentences, what they rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from rules.common import Citation, Text
from rules.policy import Policy
from rules.thresholds import Bounds, ThresholdVersion

# "part": of some items only.
Holds = Literal["yes", "part", "no", "ask"]


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is known of a case; None is not known. Amounts in yuan; `items` are the amounts of
    the items claimed (None: of no account), `items_in_doubt` the numbers of those that may or
    may not count, `unpaid_one` and `unpaid_months` those of the worker
    owed longest. With `minimum_wage` or `minimum_wage_tier` entered, what the sources lack is not
    asked for.
    `over_age_matter`: does the provision name it (pay, rest, safety, injury for arbitration;
    pay, overtime, minimum wage for inspection)?
    """

    procedure: str
    claimants: int | None = None
    common_claim: bool | None = None
    collective_contract: bool = False
    representatives: int | None = None
    track: str | None = None
    amount: Decimal | None = None
    average_wage: Decimal | None = None
    facts_clear: bool | None = None
    both_agree: bool | None = None
    public_interest: bool | None = None
    social_impact: bool | None = None
    respondent_missing: bool | None = None
    items: tuple[Decimal | None, ...] = ()
    items_in_doubt: tuple[int, ...] = ()
    minimum_wage: Decimal | None = None
    minimum_wage_tier: int | None = None
    unpaid_workers: int | None = None
    unpaid_months: int | None = None
    unpaid_one: Decimal | None = None
    unpaid_total: Decimal | None = None
    group_or_extreme: bool | None = None
    order_expired_unpaid: bool | None = None
    over_age: bool | None = None
    over_age_matter: bool | None = None
    advance_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """Does the case fall under `code` (of `policy/classifications.yaml`)? `why` in sentences,
    `basis` the articles it rests on, `verified` how they were; `asks` names the fields of
    `CaseFacts` that would decide it, which may be empty where a source is missing. Where
    somebody decided it, `holds` is the decision and `by_rules` what the rules say."""

    code: str
    holds: Holds
    why: Text
    basis: tuple[Citation, ...]
    verified: str
    asks: tuple[str, ...] = ()
    by_rules: Holds | None = None


@dataclass
class Reasons:
    """Judges one code: collects why, on what basis, and what is still to be asked."""

    code: str
    facts: CaseFacts
    places: Sequence[str]
    on: date
    policy: Policy
    earlier: Mapping[str, Classification]
    said: list[Text] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    used: list[ThresholdVersion] = field(default_factory=list)
    rested_on: list[Classification] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    def says(self, sentence: str, **values: object) -> None:
        """Add a sentence of the classification."""
        data = self.policy.classifications.classifications[self.code]
        self.said.append(_filled(data.says[sentence], values))

    def common(self, sentence: str, **values: object) -> None:
        """Add a sentence that all classifications share."""
        self.said.append(self.shared(sentence, **values))

    def shared(self, sentence: str, **values: object) -> Text:
        """Words that all classifications share."""
        return _filled(self.policy.classifications.common[sentence], values)

    def ask(self, *names: str) -> Holds:
        """These facts would decide it."""
        self.asked += [name for name in names if name not in self.asked]
        return "ask"

    def number(self, threshold: str) -> ThresholdVersion:
        """The threshold's version here and today; it joins the basis. Raises LookupError when
        none is in force although the classification is."""
        version = self.policy.thresholds[threshold].on(self.on, self.places)
        if version is None:
            raise LookupError(f"no version of {threshold} is in force on {self.on}")
        self.used.append(version)
        return version

    def known(self, threshold: str) -> ThresholdVersion | None:
        """The same, None where no version of that day was entered."""
        there = self.policy.thresholds[threshold].on(self.on, self.places) is not None
        return self.number(threshold) if there else None

    def value(self, threshold: str) -> Decimal:
        """The number of a threshold that has one."""
        found = self.number(threshold).value
        if found is None:
            raise LookupError(f"{threshold} has no value on {self.on}")
        return found

    def bounds(self, threshold: str) -> Bounds | None:
        """Where a threshold's number lies for certain; a gap is said."""
        version = self.number(threshold)
        if version.gap is not None and version.gap not in [one.gap for one in self.used[:-1]]:
            self.common("gap", gap=version.gap)
        return self.policy.thresholds[threshold].bounds(self.on, self.places)

    def assumed(self, fact: str) -> object:
        """The default of a fact of the rules, which is said."""
        known = self.policy.facts[fact]
        if known.assumed is not None:
            self.says("assumed", assumed=known.assumed)
        return known.default

    def result(self, holds: Holds) -> Classification:
        """The classification, with what is to be asked at the end of why."""
        if holds == "ask" and self.asked:
            questions = self.policy.classifications.questions
            self.common("missing", facts=tuple(questions[name].label for name in self.asked))
        data = self.policy.classifications.classifications[self.code]
        cited = [*data.basis, *(one for version in self.used for one in version.basis)]
        cited += [one for other in self.rested_on for one in other.basis]
        marks = [*self.marks]
        marks += [version.verified for version in self.used if version.gap is None]
        marks += [other.verified for other in self.rested_on]
        return Classification(
            self.code,
            holds,
            Text(zh="".join(one.zh for one in self.said), en=" ".join(one.en for one in self.said)),
            tuple(dict.fromkeys(cited)),
            min([data.verified, *marks], key=_strength),
            tuple(self.asked) if holds == "ask" else (),
        )


def _filled(template: Text, values: Mapping[str, object]) -> Text:
    """The words with their values, in both languages."""
    said = {
        language: template[language].format(
            **{name: _shown(value, language) for name, value in values.items()}
        )
        for language in ("zh", "en")
    }
    return Text(**said)


def _strength(marks: str) -> int:
    """The weakest mark comes first: what was quoted is weaker than what was read."""
    return 0 if marks.startswith("P") else 1


def _shown(value: object, language: str) -> object:
    """A value in a sentence: texts in the language, amounts without needless digits."""
    if isinstance(value, Text):
        return value[language]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value == value.to_integral_value() else f"{value:.2f}"
    if isinstance(value, tuple):
        separators = ("；", "; ") if isinstance(value[0], Text) else ("、", ", ")
        separator = separators[language == "en"]
        return separator.join(str(_shown(one, language)) for one in value)
    return value


def both(*parts: Holds) -> Holds:
    """Do all hold?"""
    if "no" in parts:
        return "no"
    return "ask" if "ask" in parts else "yes"


def either(*parts: Holds) -> Holds:
    """Does one hold?"""
    if "yes" in parts:
        return "yes"
    return "ask" if "ask" in parts else "no"


def truth(value: bool | None) -> Holds:
    """A fact that may not be known."""
    return "ask" if value is None else "yes" if value else "no"


def reaches(value: Decimal | int | None, bounds: Bounds | None) -> Holds:
    """Does it reach a number of which only this is certain?"""
    if value is None or bounds is None:
        return "ask"
    least, most = bounds
    return "yes" if value >= most else "no" if value < least else "ask"


def within(value: Decimal, bounds: Bounds) -> Holds:
    """Is it at most a number of which only this is certain?"""
    least, most = bounds
    return "yes" if value <= least else "no" if value > most else "ask"
