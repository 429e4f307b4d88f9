"""`anqi check-policy`: is the policy whole, and what is in it? Reads files only."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import TextIO, get_args

from rules.engine import MOST_RULES_A_FACT, busiest
from rules.policy import POLICY_DIR, Policy
from rules.rulebook import Rulebook, load_rulebook
from rules.schema import Rule, Use
from rules.worked import CASES_DIR, load_cases, unshown
from rules.yaml_lines import PolicyError, load, named

_NOTHING = "–"


def run(
    out: TextIO,
    today: date | None = None,
    directory: Path = POLICY_DIR,
    cases: Path = CASES_DIR,
    language: str = "en",
) -> int:
    """Load and check the policy and say what it holds; 1 when a file is wrong, or when the
    worked cases do not show what they must.

    A problem is one line, `file:line: reason`; where the shape of a file is wrong, in `language`.
    With `today`, plans that have run out by then
    are named; without, those that have an end.
    """
    try:
        rulebook = load_rulebook(directory)
        worked = load_cases(cases)
    except PolicyError as error:
        out.write(f"{error.told(language)}\n")
        return 1
    lacking = unshown(rulebook.policy, worked) if worked else {}
    out.writelines(f"{line}\n" for line in _lacking(lacking, directory))
    if lacking:
        return 1
    out.writelines(f"{line}\n" for line in report(rulebook, today, len(worked)))
    return 0


def _matching(policy: Policy) -> str:
    """How near the engine is to what it bears."""
    event, number = max((busiest(policy, one) for one in policy.procedures), key=itemgetter(1))
    most = f"at most {number} rules of the engine match one event ({event})"
    return f"{most}; it bears {MOST_RULES_A_FACT}"


def _lacking(lacking: Mapping[str, Sequence[str]], directory: Path) -> Iterator[str]:
    """A line for each rule with what no worked case shows of it."""
    places = _places(directory) if lacking else {}
    for rule, aspects in lacking.items():
        file, line = places[rule]
        listed = ", ".join(aspects)
        yield f"{file}:{line}: {rule}: no worked case shows {listed}; add one to tests/law"


def _places(directory: Path) -> dict[str, tuple[str, int]]:
    """File and line of each rule."""
    found: dict[str, tuple[str, int]] = {}
    for path in (directory / "deadlines").glob("*.yaml"):
        items, line_of = load(path)
        found |= {item["id"]: (named(path), line_of((at,))) for at, item in enumerate(items)}
    return found


def report(rulebook: Rulebook, today: date | None, worked: int) -> Iterator[str]:
    """The lines of the report; `worked` is the number of worked cases."""
    policy = rulebook.policy
    yield f"policy {rulebook.fingerprint}: no problem found"
    yield _counts(policy)
    yield _numbers(policy)
    yield f"calendars published: {', '.join(map(str, sorted(rulebook.calendar.years)))}"
    yield _worked(worked)
    yield _matching(policy)
    yield ""
    marks = [(rule.procedure, mark_of(rule)) for rule in policy.rules.values()]
    marks += [(one.procedure, one.verified) for one in policy.statements.values()]
    yield from _table(policy, "verification mark", marks, sorted({mark for _, mark in marks}))
    yield ""
    uses = [(rule.procedure, str(rule.use)) for rule in policy.rules.values()]
    uses += [(one.procedure, one.use) for one in policy.statements.values()]
    yield from _table(policy, "use", uses, get_args(Use))
    yield ""
    yield "readings switched on:"
    for code, assumption in policy.assumptions.items():
        others = [name for name in assumption.readings if name != assumption.reading]
        instead = f" (or {', '.join(others)})" if others else ""
        yield f"  {code:<5} {assumption.reading}{instead}"
    yield ""
    yield from _plans(policy, today)


def _numbers(policy: Policy) -> str:
    """What cases are classified by, and how much of it could not be verified."""
    wages = policy.minimum_wages
    versions = [one for each in policy.thresholds.values() for one in each.versions]
    gaps = sum(one.gap is not None for one in versions)
    return (
        f"{len(policy.classifications.classifications)} classifications by "
        f"{len(policy.thresholds)} thresholds ({gaps} numbers not verified) and "
        f"{len(wages)} minimum wages ({sum(not wage.certain for wage in wages)} decide nothing)"
    )


def _counts(policy: Policy) -> str:
    versions = sum(len(rule.versions) for rule in policy.rules.values())
    articles = sum(len(source.articles) for source in policy.sources.values())
    return (
        f"{len(policy.rules)} rules in {versions} versions, {len(policy.events)} events, "
        f"{len(policy.sources)} sources with {articles} articles, "
        f"{len(policy.procedures)} procedures, {len(policy.jurisdictions)} jurisdictions"
    )


def _worked(number: int) -> str:
    if not number:
        return "worked cases: none are installed, so nothing is said about them"
    return f"worked cases: {number}; every rule that binds somebody has those it needs"


def _table(
    policy: Policy, by: str, known: Sequence[tuple[str, str]], columns: Sequence[str]
) -> Iterator[str]:
    """Limits by procedure and something else, which has a column each."""
    counted = Counter(known)
    widths = [max(6, len(column)) for column in columns]
    heads = [f"{column:>{width}}" for column, width in zip(columns, widths, strict=True)]
    yield f"rules by procedure and {by}:"
    yield "  ".join([f"  {'':<13}", *heads, "   all"])
    for procedure in policy.procedures:
        numbers = [counted[procedure, column] for column in columns]
        cells = [f"{number or _NOTHING:>{w}}" for number, w in zip(numbers, widths, strict=True)]
        yield "  ".join([f"  {procedure:<13}", *cells, f"{sum(numbers) or _NOTHING:>6}"])


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
