"""The worked cases of the law: `tests/law/*.yaml`, shipped with the rules as `rules/cases`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rules.common import Data, Identifier, Text
from rules.matter import DETAILS, Event, Matter
from rules.policy import Policy
from rules.schema import ARRIVING, Rule
from rules.yaml_lines import load, not_valid

CASES_DIR = Path(__file__).parent / "cases"
# What is to be shown of every limit, of those that a calendar moves, and of extensions.
_ALWAYS = frozenset({"ordinary", "last_day", "day_after", "overdue"})
_CALENDAR = frozenset({"spring_festival", "national_day", "make_up"})
_EXTENSION = frozenset(
    {
        "extension",
        "extension_twice",
        "extension_over_cap",
        "extension_on_due_day",
        "extension_late",
    }
)
_UNCALENDARED = ("same_day", "hours", "stated", "each_period")
# The uses whose rules bind somebody.
_BINDING = ("law", "target", "advisory")


class WorkedCase(Data):
    """What happened, on which day one looks, what is then due, and why.

    `events` map one event type to its day, with details beside it; `expected` holds of each
    clock what matters; `shows` names what is shown of which rule.
    """

    title: Text
    example: str | None = None
    shows: Mapping[Identifier, tuple[str, ...]]
    procedure: Identifier
    jurisdiction: Identifier = "national"
    facts: Mapping[str, Any] = {}
    events: tuple[Mapping[str, Any], ...]
    today: date
    expected: tuple[Mapping[str, Any], ...]
    absent: tuple[Identifier, ...] = ()
    findings: tuple[str, ...] = ()
    reasoning: str
    article: str
    confidence: str

    def matter(self) -> Matter:
        """The matter that the case tells of."""
        events = tuple(Event(kind, on, **details) for kind, on, details in self.happened())
        return Matter(self.procedure, self.jurisdiction, events, dict(self.facts))

    def happened(self) -> Iterator[tuple[str, date, dict[str, Any]]]:
        """Type, day and details of each event."""
        for entry in self.events:
            details = {name: entry[name] for name in DETAILS if name in entry}
            ((kind, on),) = ((key, value) for key, value in entry.items() if key not in details)
            yield kind, on, details


def load_cases(directory: Path = CASES_DIR) -> list[WorkedCase]:
    """All cases, file after file. Raises PolicyError with file and line."""
    found: list[WorkedCase] = []
    for path in sorted(directory.glob("*.yaml")):
        data, line_of = load(path)
        common = {key: value for key, value in data.items() if key != "cases"}
        for index, case in enumerate(data["cases"]):
            try:
                found.append(TypeAdapter(WorkedCase).validate_python({**common, **case}))
            except ValidationError as error:
                raise not_valid(path, line_of, error, ("cases", index)) from error
    return found


def needed(rule: Rule, policy: Policy) -> set[str]:
    """What worked cases must show of a rule, by the names of `shows`. The holidays of a period
    that ends in years without a calendar are not known."""
    version = rule.versions[-1]
    years = version.period.length if version.period.unit == "years" else 0
    reached = version.from_.year + years <= max(policy.years)
    found = {"ordinary"} if rule.kind in ARRIVING else set(_ALWAYS)
    if reached and version.counting not in _UNCALENDARED:
        found |= _CALENDAR
    if version.counting == "C4":
        found.add("month_clamp")
    if version.extension:
        capped = version.extension.cap or version.extension.caps
        found |= _EXTENSION if capped else _EXTENSION - {"extension_over_cap"}
    if version.agreed_extension:
        found.add("agreed")
    found |= {f"pause:{pause.from_}" for pause in rule.pauses}
    found |= {f"spared:{event}" for event in rule.ends_if if event in rule.discharged_by}
    found |= {f"cancel:{event}" for event in rule.cancelled_by}
    return found | {f"restart:{event}" for event in rule.restarts_on}


def unshown(policy: Policy, cases: Iterable[WorkedCase]) -> dict[str, list[str]]:
    """By rule that binds somebody, what no worked case shows of it yet."""
    shown: dict[str, set[str]] = defaultdict(set)
    for case in cases:
        for rule, aspects in case.shows.items():
            shown[rule].update(aspects)
    lacking = {
        rule.id: sorted(needed(rule, policy) - shown[rule.id])
        for rule in policy.rules.values()
        if rule.use in _BINDING
    }
    return {rule: aspects for rule, aspects in lacking.items() if aspects}
