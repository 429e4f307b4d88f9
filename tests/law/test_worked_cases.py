"""The law by worked cases: every YAML file here, in words a lawyer can check."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.closing import settled
from rules.explain import finding_text, steps
from rules.matter import Clock, Event, Matter
from rules.rulebook import Rulebook, builtin_rulebook
from rules.worked import load_cases, unshown

HERE = Path(__file__).parent
DETAILS = ("days", "rule", "until", "ground", "pay_by", "at")
# The rows of the worked examples of the law that concern the rules in force.
EXAMPLES = {
    "EX01", "EX02", "EX03", "EX04", "EX05", "EX07", "EX10",
    "EX11", "EX15", "EX21", "EX23", "EX26", "EX28", "EX30", "EX35", "EX36", "EX40", "EX46",
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
# Named one by one: `ids` would be escaped anew each time that one process collects them.
NAMED = [
    pytest.param(case, id=f"{stem}: {case['title']['en']} {case['title']['zh']}")
    for stem, case in CASES
]


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


@pytest.mark.parametrize("case", NAMED)
def test_worked_case(case: dict[str, Any], rulebook: Rulebook) -> None:
    matter, today = matter_of(case), case["today"]
    derivation = settled(matter, rulebook, today)
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


@pytest.mark.parametrize("case", NAMED)
def test_worked_case_is_explained_in_both_languages(
    case: dict[str, Any], rulebook: Rulebook
) -> None:
    matter = matter_of(case)
    derivation = settled(matter, rulebook, case["today"])
    for language in ("zh", "en"):
        for clock in derivation.clocks:
            told = steps(clock, matter, rulebook, language)
            assert clock.started_on.isoformat() in told[0]
            if clock.due_on is not None:
                assert any(clock.due_on.isoformat() in step for step in told)
        for finding in derivation.findings:
            assert finding.on.isoformat() in finding_text(finding, rulebook, language)


@pytest.mark.parametrize("case", NAMED)
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


def test_every_rule_in_force_has_its_worked_cases(rulebook: Rulebook) -> None:
    assert unshown(rulebook.policy, load_cases(HERE)) == {}
    shown = {rule for _, case in CASES for rule in case["shows"]}
    assert shown <= set(rulebook.policy.rules)


def test_every_example_of_the_law_is_a_case() -> None:
    named = [case["example"] for _, case in CASES if "example" in case]
    assert sorted(named) == sorted(EXAMPLES)
