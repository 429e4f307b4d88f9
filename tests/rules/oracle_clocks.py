"""What the oracle keeps of a clock, and says about it."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from rules.schema import Rule, Version


class Row(NamedTuple):
    """What the oracle says about one clock."""

    rule: str
    state: str
    started_on: date
    raw_due_on: date | None
    due_on: date | None
    days_left: int | None
    extended: int
    provisional: bool


@dataclass
class Running:
    """One running of a rule."""

    rule: Rule
    version: Version
    started_on: date
    paused_by: set[int] = field(default_factory=set)
    paused_since: date | None = None
    pauses: list[tuple[date, date]] = field(default_factory=list)
    extended: int = 0
    times: int = 0
    until: date | None = None
    stated: date | None = None
    at: str | None = None
    state: str = "running"
    ended_on: date | None = None
    begun_by: str | None = None
