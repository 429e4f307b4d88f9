"""From a case's events and clocks to the values of its derived rows: no database here.

Nothing depends on the day it is computed on, except what the rules themselves deem to have
happened: whether a running clock is overdue is read, never stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from models import Case
from models import Event as EventRow
from models.case import CaseKind
from rules.closing import closing_of, ended_with_case, first_of, shown_clocks
from rules.matter import DAYS, DETAILS, OURS, Clock, Derivation, Event, Matter
from rules.rulebook import Rulebook

CORRECTION = "correction"
# What a deadline's row takes over from its clock.
DEADLINE_COLUMNS = (
    "rule",
    "seq",
    "version",
    "kind",
    "state",
    "started_on",
    "raw_due_on",
    "due_on",
    "due_at",
    "warn_on",
    "days_left",
    "extended_days",
    "ended_on",
    "ended_by",
    "provisional",
)


class BrokenHistoryError(ValueError):
    """A case without its opening event: nothing can be derived from it."""


@dataclass(frozen=True)
class Derived:
    """What the derived rows of one case hold: column values, one dict a deadline row."""

    columns: dict[str, Any]
    deadlines: list[dict[str, Any]]


class Recorded(Protocol):
    """A stored event, of a case or of a duty of the bureau."""

    id: int | None
    type: str
    on: date
    details: dict[str, Any]
    corrects_id: int | None


R = TypeVar("R", bound=Recorded)


def counting_events(rows: Iterable[R]) -> list[R]:
    """The events that count: without corrections and without what they took back."""
    listed = list(rows)
    taken_back = {row.corrects_id for row in listed}
    return [row for row in listed if row.type != CORRECTION and row.id not in taken_back]


def as_event(row: Recorded) -> Event:
    """A stored event as the rules take it."""
    return event_of(row.type, row.on, row.details)


def event_of(event_type: str, on: date, details: Mapping[str, Any]) -> Event:
    """An event from its stored details, of which the rules know some."""
    known = {name: details[name] for name in DETAILS if name in details}
    return Event(event_type, on, **read_details(known))


def read_details(details: Mapping[str, Any]) -> dict[str, Any]:
    """Stored details with the days in them as dates: they are kept as ISO strings."""
    return {
        name: date.fromisoformat(value) if value and name in DAYS else value
        for name, value in details.items()
    }


def facts_of(kind: CaseKind, facts: Mapping[str, Any], worker_count: int) -> dict[str, Any]:
    """What rule conditions may test: in a dispute the workers are the claimants, and a tip-off
    has no complainant. A bureau's units mediate as townships do, not as an enterprise's committee,
    unless a case says so."""
    known: Mapping[CaseKind, dict[str, Any]] = {
        "arbitration": {"claimants": worker_count},
        "mediation": {"claimants": worker_count, "mediation_body": "other"},
        "complaint": {"has_complainant": True},
        "report": {"has_complainant": False},
    }
    return {**known.get(kind, {}), **facts}


def matter_from(case: Case, rows: Iterable[EventRow]) -> Matter:
    """The matter that the rules are asked about, corrections applied."""
    return Matter(
        procedure=case.procedure,
        jurisdiction=case.jurisdiction,
        events=tuple(as_event(row) for row in counting_events(rows)),
        facts=facts_of(case.kind, case.facts, case.worker_count),
    )


def derived(
    kind: str, matter: Matter, derivation: Derivation, rulebook: Rulebook, *, voided: bool = False
) -> Derived:
    """All derived rows of a case. Raises BrokenHistoryError without an opening event."""
    procedure = rulebook.policy.procedures[matter.procedure]
    opening = opening_of(kind, matter, rulebook)
    if opening is None:
        wanted = " or ".join(procedure.opening[kind])
        raise BrokenHistoryError(f"a case of kind {kind} needs the event {wanted}")
    closing = closing_of(matter, rulebook)
    accepted = first_of(matter, rulebook, procedure.accepting)
    clocks = shown_clocks(matter, derivation, rulebook)
    columns = {
        "received_on": opening.on,
        "accepted_on": accepted.on if accepted else None,
        "changes_on": derivation.changes_on,
        "derived_with": rulebook.fingerprint,
        **_ending(closing),
        **_next_due(clocks, still_open=closing is None),
        **_limit(_standing(derivation.clocks, closing, rulebook), procedure.principal),
    }
    if voided:
        columns |= voided_columns()
    rows = [
        _deadline(
            clock,
            alertable=not voided
            and (closing is None or rulebook.policy.rules[clock.rule].outlives_case),
        )
        for clock in clocks
    ]
    return Derived(columns, rows)


def voided_columns() -> dict[str, Any]:
    """What a voided case shows: none of the days that rates and lists are made of."""
    emptied = (
        "accepted_on",
        "closed_on",
        "outcome",
        "next_due_on",
        "next_rule",
        "limit_rule",
        "limit_due_on",
        "limit_settled_on",
        "limit_kept",
        "changes_on",
    )
    return {"state": "voided", "paused": False, **dict.fromkeys(emptied)}


def opening_of(kind: str, matter: Matter, rulebook: Rulebook) -> Event | None:
    """The event that opened a case of this kind: the earliest of those that can."""
    return first_of(matter, rulebook, rulebook.policy.procedures[matter.procedure].opening[kind])


def opening_row(case: Case, rows: Iterable[EventRow], rulebook: Rulebook) -> EventRow | None:
    """The same among the stored events of a case."""
    openings = rulebook.policy.procedures[case.procedure].opening[case.kind]
    found = [row for row in counting_events(rows) if row.type in openings]
    ranks = rulebook.policy.events
    return min(found, key=lambda row: (row.on, ranks[row.type].rank, row.id), default=None)


def _ending(closing: Event | None) -> dict[str, Any]:
    if closing is None:
        return {"state": "open", "closed_on": None, "outcome": None}
    return {"state": "closed", "closed_on": closing.on, "outcome": closing.type}


def _next_due(clocks: Sequence[Clock], *, still_open: bool) -> dict[str, Any]:
    """The day the case is next due on, by our own clocks, and whether one is stopped."""
    ours = [clock for clock in clocks if still_open and clock.kind in OURS]
    due = [(clock.due_on, clock.rule) for clock in ours if clock.state == "running"]
    first = min(((on, rule) for on, rule in due if on is not None), default=(None, None))
    return {
        "next_due_on": first[0],
        "next_rule": first[1],
        "paused": any(clock.state == "paused" for clock in ours),
    }


def _limit(clocks: Sequence[Clock], principal: Iterable[str]) -> dict[str, Any]:
    """The principal limit: the clock that stands last, its day, and whether it was kept.

    It is settled on the earlier of its ending and its falling due; while it runs that is the
    due day, and `limit_kept` stays empty.
    """
    rules = frozenset(principal)
    candidates = [clock for clock in clocks if clock.rule in rules]
    if not candidates:
        empty = ("limit_rule", "limit_due_on", "limit_settled_on", "limit_kept")
        return dict.fromkeys(empty)
    clock = max(candidates, key=lambda one: (one.started_on, one.seq))
    kept = None
    if clock.ended_on is not None:
        kept = clock.due_on is None or clock.ended_on <= clock.due_on
    return {
        "limit_rule": clock.rule,
        "limit_due_on": clock.due_on,
        "limit_settled_on": _settled_on(clock),
        "limit_kept": kept,
    }


def _standing(clocks: Iterable[Clock], closing: Event | None, rulebook: Rulebook) -> list[Clock]:
    """Without the clocks that a restart discarded: those settle nothing."""
    kept = (clock for clock in clocks if clock.state != "cancelled")
    return [ended_with_case(clock, closing, rulebook) for clock in kept]


def _deadline(clock: Clock, *, alertable: bool) -> dict[str, Any]:
    row = {name: getattr(clock, name) for name in DEADLINE_COLUMNS}
    ours = clock.kind in OURS
    return row | {
        "alertable": alertable and ours and clock.state == "running",
        "settled_on": _settled_on(clock) if ours and clock.state != "cancelled" else None,
    }


def _settled_on(clock: Clock) -> date | None:
    """The earlier of ending and falling due."""
    days = [day for day in (clock.ended_on, clock.due_on) if day is not None]
    return min(days, default=None)
