"""What the rules are asked about: a matter, its facts and what happened to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

# "overdue" is running with its day in the past: `Clock.status(today)` says so.
State = Literal["running", "paused", "met", "met_late", "cancelled"]
Status = Literal["running", "paused", "met", "met_late", "overdue", "cancelled"]
FactValue = str | int | bool


# As `ARRIVING` of the schema, which this module does not need otherwise.
_ARRIVING = frozenset({"deemed_date", "earliest", "term", "retention"})
# Kinds of clocks that are the bureau's to keep: alerted, and ended with the case. Others go on.
OURS = frozenset({"duty", "target", "service_target", "recurring", "commitment"})


class Event(NamedTuple):
    """`type` (of `rules/policy/events/`) happened on `on`; the rest as the type allows.

    `days` is in the unit of the rule it extends, `rule` names that rule where several
    clocks could be meant, `until` is the day agreed, `pay_by` the day an order sets, `at` the
    time of day ("17:30") where hours count.
    """

    type: str
    on: date
    days: int | None = None
    rule: str | None = None
    until: date | None = None
    ground: str | None = None
    pay_by: date | None = None
    at: str | None = None


# What an event may say beside its type and day, and what of it are days.
DETAILS = Event._fields[2:]
DAYS = frozenset({"until", "pay_by"})


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter under one procedure, in a jurisdiction or a district's pack of it."""

    procedure: str
    jurisdiction: str
    events: Sequence[Event]
    facts: Mapping[str, FactValue] = field(default_factory=dict)


class Clock(NamedTuple):
    """One running of one rule. `seq` counts the clocks of the rule within the matter.

    `raw_due_on` is the day before any roll-over. While paused both dates are None and
    `days_left` stands in the unit of the rule. `ended_by` is the event that ended it. `due_at`
    is the time of day where hours count and the time of the beginning is known.
    """

    rule: str
    seq: int
    version: date
    kind: str
    state: State
    started_on: date
    started_by: str
    raw_due_on: date | None = None
    due_on: date | None = None
    warn_on: date | None = None
    days_left: int | None = None
    extended_days: int = 0
    ended_on: date | None = None
    ended_by: str | None = None
    provisional: bool = False
    pauses: tuple[tuple[date, date | None], ...] = ()
    extensions: tuple[tuple[date, int], ...] = ()
    due_at: str | None = None

    def status(self, today: date) -> Status:
        """The state as of `today`."""
        return status(self.kind, self.state, self.due_on, today)


def status(kind: str, state: State, due_on: date | None, today: date) -> Status:
    """A clock's state as of `today`: a day is overdue from the day after its due date. What
    comes of itself (a term, a retention period, an earliest day) is met then."""
    if state == "running" and due_on is not None and due_on < today:
        return "met" if kind in _ARRIVING else "overdue"
    return state


class Finding(NamedTuple):
    """A contradiction in a history: a code of `policy/wording.yaml` and what it speaks of.

    `detail` is a day, a number, or the other events meant (`a,b`), one of them with its day
    (`a 2025-06-03`).
    """

    code: str
    event: str
    on: date
    rule: str | None = None
    detail: str = ""


class Derivation(NamedTuple):
    """All clocks of a matter, what contradicts itself in it, and when it next changes
    with no new event (service deemed to have taken place); None when it does not."""

    clocks: tuple[Clock, ...]
    findings: tuple[Finding, ...] = ()
    changes_on: date | None = None
