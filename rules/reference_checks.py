"""Does what the texts, questions and indicators name exist? Each problem with file and place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from rules.common import Text
from rules.cross_checks import Problem, unknown
from rules.event_types import FieldUse
from rules.indicators import Indicator
from rules.matter import Status
from rules.policy import Policy
from rules.schema import Kind, Period, Use
from rules.sense_checks import impossible
from rules.yaml_lines import Path_

# What the program can fill in for the names in braces.
_FILLED = frozenset(
    {
        "approver", "article", "at", "cap", "closed", "code", "day", "days", "detail",
        "due", "event", "fact", "facts", "first", "from_on", "ground", "how", "inserted", "item",
        "known", "label", "last", "length", "names", "needed", "number", "on", "other", "other_on",
        "paragraph", "place", "quarter", "raw", "raw_weekday", "rule", "source", "start", "text",
        "to_on", "today", "told", "total", "unit", "value", "verified", "versions", "ways",
        "weekday", "words", "year",
    }
)  # fmt: skip
_FILLED_IN_BOOK = frozenset(
    {
        "approver",
        "cap",
        "details",
        "from_",
        "on",
        "place",
        "text",
        "times",
        "to",
        "unit",
        "value",
        "verified",
    }
)
_UNITS = frozenset(get_args(Period.model_fields["unit"].annotation))
_NAME = re.compile(r"\{(\w+)\}")
_ASSUMPTION = re.compile(r"\bA-\d+\b")


def dangling(policy: Policy) -> Iterator[Problem]:
    """Everything that names what is not there."""
    yield from _wording(policy)
    yield from _book(policy)
    yield from _facts(policy)
    yield from _questions(policy)
    yield from _assumptions(policy)
    yield from _indicators(policy)


def unknown_assumptions(texts: Iterable[Text | None], policy: Policy) -> Iterator[str]:
    """A reason for each assumption that a text speaks of and nobody made."""
    told = [one[language] for one in texts if one is not None for language in ("zh", "en")]
    yield from _no_assumption(told, policy)


def _no_assumption(told: Iterable[str], policy: Policy) -> Iterator[str]:
    named = {code for text in told for code in _ASSUMPTION.findall(text)}
    yield from unknown(named, policy.assumptions, "assumption")


def _wording(policy: Policy) -> Iterator[Problem]:
    file = "wording.yaml"
    choices = [
        choice for fact in policy.facts.values() for choice in fact.choices if not fact.called
    ]
    needed = [
        *(f"unit_{unit}" for unit in sorted(_UNITS)),
        *(f"fact_{choice}" for choice in choices),
    ]
    for name in needed:
        if name not in policy.wording:
            yield Problem(file, (), f"{name} is missing; write its words")
    for code, text in policy.wording.items():
        reasons = [*_unfilled(text, _FILLED), *_no_assumption(text.values(), policy)]
        for reason in reasons:
            yield Problem(file, (code,), f"{code}: {reason}")


def _unfilled(text: Mapping[str, str], filled: Iterable[str]) -> Iterator[str]:
    names = {name for told in text.values() for name in _NAME.findall(told)}
    yield from unknown(names, filled, "value to fill in for")


def _book(policy: Policy) -> Iterator[Problem]:
    file = "book.yaml"
    needed = [f"use_{use}" for use in get_args(Use)]
    needed += [f"kind_{kind}" for kind in get_args(Kind)]
    needed += [f"state_{state}" for state in get_args(Status)]
    needed += [f"detail_{name}" for name in FieldUse.model_fields]
    for name in needed:
        if name not in policy.book:
            yield Problem(file, (), f"{name} is missing; write its words")
    for code, text in policy.book.items():
        told = {"zh": text.zh, "en": text.en}
        if {*_NAME.findall(text.zh)} != {*_NAME.findall(text.en)}:
            reason = "zh and en do not have the same names in braces"
            yield Problem(file, (code,), f"{code}: {reason}")
        for reason in _unfilled(told, _FILLED_IN_BOOK):
            yield Problem(file, (code,), f"{code}: {reason}")


def _facts(policy: Policy) -> Iterator[Problem]:
    file = "facts.yaml"
    for name, fact in policy.facts.items():
        if (fact.type == "choice") != bool(fact.choices):
            reason = "a choice lists its choices, and nothing else does"
            yield Problem(file, (name, "type"), f"{name}: {reason}")
        for reason in unknown(fact.called, fact.choices, "choice"):
            yield Problem(file, (name, "called"), f"{name}: {reason}")
        for way in fact.holds_if:
            for reason in impossible(way, policy):
                yield Problem(file, (name, "holds_if"), f"{name}: {reason}")


def _questions(policy: Policy) -> Iterator[Problem]:
    limits = [*policy.rules, *policy.statements]
    for index, one in enumerate(policy.questions.values()):
        at: Path_ = (index, "concerns")
        reasons = [*unknown(one.concerns, limits, "rule or statement")]
        reasons += unknown_assumptions([one.text], policy)
        for reason in reasons:
            yield Problem("questions.yaml", at, f"{one.id}: {reason}")


def _assumptions(policy: Policy) -> Iterator[Problem]:
    for code, one in policy.assumptions.items():
        for reason in unknown(one.procedures, policy.procedures, "procedure"):
            yield Problem("assumptions.yaml", (code, "procedures"), f"{code}: {reason}")
    for code, counting in policy.counting.items():
        for reason in unknown_assumptions([counting.text], policy):
            yield Problem("counting.yaml", (code, "text"), f"{code}: {reason}")


def _outcomes(one: Indicator, policy: Policy) -> set[str]:
    """How what it counts may end: a case by an event, a dispute by a class of these."""
    if one.subject == "case":
        known = policy.procedures.get(one.procedure or "")
        return set(known.closing) if known else set()
    return {name for each in policy.procedures.values() for name in each.closing.values()}


def _indicators(policy: Policy) -> Iterator[Problem]:
    file = "indicators.yaml"
    for name, plan in policy.indicators.plans.items():
        for reason in unknown([plan.pack], policy.jurisdictions, "jurisdiction"):
            yield Problem(file, ("plans", name, "pack"), f"{name}: {reason}")
    for name, one in policy.indicators.items():
        at: Path_ = ("indicators", name)
        named = [] if one.procedure is None else [one.procedure]
        for reason in unknown(named, policy.procedures, "procedure"):
            yield Problem(file, (*at, "procedure"), f"{name}: {reason}")
        for reason in unknown(one.limit_rules, policy.rules, "rule"):
            yield Problem(file, (*at, "limit_rules"), f"{name}: {reason}")
        for reason in unknown(one.outcomes, _outcomes(one, policy), "outcome"):
            yield Problem(file, (*at, "outcomes"), f"{name}: {reason}")
