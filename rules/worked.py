"""The worked cases of the law: `tests/law/*.yaml`, shipped with the rules as `rules/cases`."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rules.common import Data, Identifier, Text
from rules.matter import Event, Matter
from rules.yaml_lines import PolicyError, load

CASES_DIR = Path(__file__).parent / "cases"
# What an event of a case may say beside its type and day.
DETAILS = ("days", "rule", "until", "ground", "pay_by", "at")


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
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"])
                line = line_of(("cases", index, *first["loc"]))
                raise PolicyError(path, line, f"{where}: {first['msg']}") from error
    return found
