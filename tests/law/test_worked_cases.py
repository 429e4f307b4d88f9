"""The law by worked cases: every YAML file here, in words a lawyer can check."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.deadlines import derive
from rules.explain import finding_text, steps
from rules.matter import Clock, Event, Matter
from rules.rulebook import Rulebook, builtin_rulebook
from rules.schema import ARRIVING, Rule

HERE = Path(__file__).parent
DETAILS = ("days", "rule", "until", "ground", "pay_by", "at")
# The rows of the worked examples of the law that concern the rules in force.
EXAMPLES = {
    "EX01", "EX02", "EX03", "EX04", "EX05", "EX07", "EX10",
    "EX11", "EX15", "EX26", "EX28", "EX30", "EX35", "EX36", "EX40", "EX46",
}  # fmt: skip
ALWAYS = {"ordinary", "last_day", "day_after", "overdue"}
CALENDAR = {"spring_festival", "national_day", "make_up"}
EXTENSION = {
    "extension", "extension_twice", "extension_over_cap", "extension_on_due_day",
    "extension_late",
}  # fmt: skip
STATES = {"last_day": "met", "day_after": "met_late", "overdue": "overdue"}


def _cases() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(HERE.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for case in data["cases"]:
            common = {
                name: data[name] for name in ("procedure", "jurisdiction", "facts") if name in data
            }
            yield path.stem, {"jurisdiction": "national", "facts": {}, **common, **case}


CASES = list(_cases())
NAMES = [f"{stem}: {case['title']['en']} {case['title']['zh']}" for stem, case in CASES]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return builtin_rulebook()


def matter_of(case: dict[str, Any]) -> Matter:
    events = tuple(_event(dict(entry)) for entry in case["events"])
    return Matter(case["procedure"], case["jurisdiction"], events, case["facts"])


def _event(entry: dict[str, Any]) -> Event:
    details = {name: entry.pop(name) for name in DETAILS if name in entry}
    ((kind, on),) = entry.items()
    return Event(kind, on, **details)


def _shown(clock: Clock, today: date, keys: list[str]) -> dict[str, Any]:
    whole = {**clock._asdict(), "state": clock.status(today)}
    return {key: whole[key] for key in keys}


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=NAMES)
def test_worked_case(case: dict[str, Any], rulebook: Rulebook) -> None:
    matter, today = matter_of(case), case["today"]
    derivation = derive(matter, rulebook, today)
    for rule in dict.fromkeys(row["rule"] for row in case["expected"]):
        rows = [row for row in case["expected"] if row["rule"] == rule]
        clocks = [clock for clock in derivation.clocks if clock.rule == rule]
        assert len(clocks) == len(rows), rule
        for clock, row in zip(clocks, rows, strict=True):
            assert _shown(clock, today, list(row)) == row, steps(clock, matter, rulebook, "en")
    named = {clock.rule for clock in derivation.clocks}
    assert not named & set(case.get("absent", []))
    found = [f"{one.code} {one.event}" for one in derivation.findings]
    assert sorted(found) == sorted(case.get("findings", []))


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=NAMES)
def test_worked_case_is_explained_in_both_languages(
    case: dict[str, Any], rulebook: Rulebook
) -> None:
    matter = matter_of(case)
    derivation = derive(matter, rulebook, case["today"])
    for language in ("zh", "en"):
        for clock in derivation.clocks:
            told = steps(clock, matter, rulebook, language)
            assert clock.started_on.isoformat() in told[0]
            if clock.due_on is not None:
                assert any(clock.due_on.isoformat() in step for step in told)
        for finding in derivation.findings:
            assert finding.on.isoformat() in finding_text(finding, rulebook, language)


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=NAMES)
def test_worked_case_is_complete(case: dict[str, Any]) -> None:
    assert set(case) <= {
        "title", "example", "shows", "procedure", "jurisdiction", "facts", "events", "today",
        "expected", "absent", "findings", "reasoning", "article", "confidence",
    }  # fmt: skip
    for name in ("reasoning", "article", "confidence"):
        assert case[name].strip()
    assert set(case["title"]) == {"zh", "en"}
    for rule, aspects in case["shows"].items():
        rows = [row for row in case["expected"] if row["rule"] == rule]
        kinds = {next(iter(set(entry) - set(DETAILS))) for entry in case["events"]}
        for aspect in aspects:
            assert aspect not in STATES or STATES[aspect] in {row["state"] for row in rows}
            if ":" in aspect:
                assert aspect.partition(":")[2] in kinds


def needed(rule: Rule) -> set[str]:
    """What must be shown of a rule."""
    version = rule.versions[-1]
    found = {"ordinary"} if rule.kind in ARRIVING else set(ALWAYS)
    if version.counting not in ("same_day", "hours", "stated", "each_period"):
        found |= CALENDAR
    if version.counting == "C4":
        found.add("month_clamp")
    if version.extension:
        capped = version.extension.cap or version.extension.caps
        found |= EXTENSION if capped else EXTENSION - {"extension_over_cap"}
    if version.agreed_extension:
        found.add("agreed")
    found |= {f"pause:{pause.from_}" for pause in rule.pauses}
    return found | {f"restart:{event}" for event in rule.restarts_on}


def test_every_rule_in_force_has_its_worked_cases(rulebook: Rulebook) -> None:
    shown: dict[str, set[str]] = defaultdict(set)
    for _, case in CASES:
        for rule, aspects in case["shows"].items():
            shown[rule] |= set(aspects)
    missing = {
        rule.id: sorted(needed(rule) - shown[rule.id])
        for rule in rulebook.policy.rules.values()
        if rule.use in ("law", "target", "advisory")
        if needed(rule) - shown[rule.id]
    }
    assert not missing
    assert set(shown) <= set(rulebook.policy.rules)


def test_every_example_of_the_law_is_a_case() -> None:
    named = [case["example"] for _, case in CASES if "example" in case]
    assert sorted(named) == sorted(EXAMPLES)
