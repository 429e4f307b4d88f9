"""`anqi check-policy`: is the policy whole, and what is in it? Reads files only."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TextIO

from rules.policy import POLICY_DIR, Policy
from rules.rulebook import Rulebook, load_rulebook
from rules.schema import Rule
from rules.yaml_lines import PolicyError

_NOTHING = "–"


def run(out: TextIO, today: date | None = None, directory: Path = POLICY_DIR) -> int:
    """Load and check the policy and say what it holds; 1 when a file is wrong.

    A problem is one line, `file:line: reason`. With `today`, plans that have run out by then
    are named; without, those that have an end.
    """
    try:
        rulebook = load_rulebook(directory)
    except PolicyError as error:
        out.write(f"{error}\n")
        return 1
    out.writelines(f"{line}\n" for line in report(rulebook, today))
    return 0


def report(rulebook: Rulebook, today: date | None) -> Iterator[str]:
    """The lines of the report."""
    policy = rulebook.policy
    yield f"policy {rulebook.fingerprint}: no problem found"
    yield _counts(policy)
    yield f"calendars published: {', '.join(map(str, sorted(rulebook.calendar.years)))}"
    yield ""
    yield from _table(policy)
    yield ""
    yield "readings switched on:"
    for code, assumption in policy.assumptions.items():
        others = [name for name in assumption.readings if name != assumption.reading]
        instead = f" (or {', '.join(others)})" if others else ""
        yield f"  {code:<5} {assumption.reading}{instead}"
    yield ""
    yield from _plans(policy, today)


def _counts(policy: Policy) -> str:
    versions = sum(len(rule.versions) for rule in policy.rules.values())
    articles = sum(len(source.articles) for source in policy.sources.values())
    return (
        f"{len(policy.rules)} rules in {versions} versions, {len(policy.events)} events, "
        f"{len(policy.sources)} sources with {articles} articles, "
        f"{len(policy.procedures)} procedures, {len(policy.jurisdictions)} jurisdictions"
    )


def _table(policy: Policy) -> Iterator[str]:
    """Rules by procedure and verification mark, one column a mark."""
    known = [(rule.procedure, mark_of(rule)) for rule in policy.rules.values()]
    known += [(one.procedure, one.verified) for one in policy.statements.values()]
    marks = sorted({mark for _, mark in known})
    counted = Counter(known)
    yield "rules by procedure and verification mark:"
    yield "  ".join([f"  {'':<13}", *(f"{mark:>6}" for mark in marks), "   all"])
    for procedure in policy.procedures:
        numbers = [counted[procedure, mark] for mark in marks]
        cells = [f"{number or _NOTHING:>6}" for number in [*numbers, sum(numbers)]]
        yield "  ".join([f"  {procedure:<13}", *cells])


def mark_of(rule: Rule) -> str:
    """How the version in force now was verified."""
    return rule.versions[-1].verified if rule.versions else "UNVERIFIED"


def _plans(policy: Policy, today: date | None) -> Iterator[str]:
    """Plans whose time has run out: their targets are carried over."""
    plans = policy.indicators.plans
    over = {
        name: plan.in_force.to
        for name, plan in plans.items()
        if today is None or plan.in_force.to < today
    }
    said = "plans that have run out" if today else "plans that end"
    yield f"{said}:" if over else f"{said}: none"
    for name, to in over.items():
        yield f"  {name:<16} {to} (its targets are carried over until the next plan)"
