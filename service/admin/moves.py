"""A dry run: what a change of calendar or law does to the deadlines of cases, open and closed.

Both sides are derived, with the change and without: what a recompute still has to do moves on
neither. Every open case is looked at; of the closed ones, which only grow in number, the newest,
so that a page of a large bureau answers. How many were left aside is said; `every` gives the moves
of all, one after the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from jobs.deriving import matter_from
from models import Case
from models import Event as EventRow
from rules.closing import shown_clocks
from rules.deadlines import derive_many
from rules.matter import OURS, Clock, Matter
from rules.rulebook import Rulebook

_CHUNK = 500
# The screen shows so many; the count says how many there are.
SHOWN = 200
# Closed cases that one dry run derives: some two seconds.
MOST_CLOSED = 5_000
_Clocks = dict[tuple[str, int], Clock]


@dataclass(frozen=True, slots=True)
class Move:
    """A deadline that the change moves; `old` is None for one that is new, `new` for one that
    is gone. `kept_so_far` and `kept_then` say whether it was met in time, None where that is
    open or nobody's duty; `dropped` is how many granted extensions no longer count."""

    number: str
    rule: str
    old: date | None
    new: date | None
    running: bool
    case_closed: bool
    kept_so_far: bool | None
    kept_then: bool | None
    dropped: int


@dataclass(frozen=True)
class Preview:
    """What the change would do: every move found, how many open and closed cases were looked
    at, and how many closed ones it reaches."""

    every: Sequence[Move]
    cases: int
    closed_looked_at: int
    closed_reached: int

    @property
    def running(self) -> list[Move]:
        """The deadlines of open cases that are still running, before or then."""
        return [move for move in self.every if move.running]

    @property
    def moves(self) -> list[Move]:
        """The first of them, as the screen shows them."""
        return self.running[:SHOWN]

    @property
    def total(self) -> int:
        """How many of them there are."""
        return len(self.running)

    @property
    def ended(self) -> list[Move]:
        """The deadlines that have ended, with their step or with their case."""
        return [move for move in self.every if not move.running]

    @property
    def closed_cases(self) -> int:
        """The closed cases among these."""
        return len({move.number for move in self.ended if move.case_closed})

    @property
    def become_late(self) -> int:
        """Deadlines that have ended, so far kept in time, and late then."""
        return sum(move.kept_so_far is True and move.kept_then is False for move in self.ended)

    @property
    def become_kept(self) -> int:
        """Deadlines that have ended, so far late, and kept in time then."""
        return sum(move.kept_so_far is False and move.kept_then is True for move in self.ended)

    @property
    def dropped(self) -> int:
        """Extensions that were granted and no longer count."""
        return sum(move.dropped for move in self.every)


def moved(
    session: Session,
    usual: Rulebook,
    changed: Rulebook,
    which: ColumnElement[bool],
    today: date,
) -> Preview:
    """What the deadlines of these cases would become; nothing is written."""
    moves: list[Move] = []
    reached = _reached(session, which)
    looked_at = [*reached["open"], *reached["closed"][:MOST_CLOSED]]
    # A session of its own, for looking only: a large bureau must not stay in memory.
    with Session(session.connection()) as looking:
        for first in range(0, len(looked_at), _CHUNK):
            chunk = looked_at[first : first + _CHUNK]
            moves += _moves_of(looking, chunk, usual, changed, today)
    closed = len(reached["closed"])
    return Preview(moves, len(reached["open"]), min(closed, MOST_CLOSED), closed)


def every(
    session: Session,
    usual: Rulebook,
    changed: Rulebook,
    which: ColumnElement[bool],
    today: date,
) -> Iterator[Move]:
    """The moves of all these cases, open and closed, the newest case first: however many they are,
    a chunk of them is in memory."""
    query = select(Case.id).where(which, Case.state != "voided").order_by(col(Case.id).desc())
    reached = session.exec(query.execution_options(yield_per=_CHUNK))
    with Session(session.connection()) as looking:
        for chunk in reached.partitions():
            yield from _moves_of(looking, chunk, usual, changed, today)


def _moves_of(
    looking: Session,
    ids: Sequence[int | None],
    usual: Rulebook,
    changed: Rulebook,
    today: date,
) -> Iterator[Move]:
    """The moves of some cases, which are forgotten after."""
    chunk = col(Case.id).in_(ids)
    cases = looking.exec(select(Case).where(chunk).order_by(col(Case.id).desc())).all()
    yield from _moves(looking, cases, usual, changed, today)
    looking.expunge_all()


def _reached(session: Session, which: ColumnElement[bool]) -> dict[str, list[int]]:
    """The ids of the cases by state, the newest first: what reaches them is asked once."""
    found: dict[str, list[int]] = {"open": [], "closed": []}
    query = select(Case.id, Case.state).where(which, Case.state != "voided")
    for case_id, state in session.exec(query.order_by(col(Case.id).desc())):
        found[state].append(case_id or 0)
    return found


def _moves(
    session: Session, cases: Sequence[Case], usual: Rulebook, changed: Rulebook, today: date
) -> Iterator[Move]:
    ids = [case.id for case in cases]
    events = _by_case(session, select(EventRow).where(col(EventRow.case_id).in_(ids)))
    matters = [matter_from(case, events.get(case.id, [])) for case in cases]
    so_far, then = (_clocks(matters, rulebook, today) for rulebook in (usual, changed))
    for case, before, after in zip(cases, so_far, then, strict=True):
        for key in {**before, **after}:
            move = _move(case, before.get(key), after.get(key), today)
            if move is not None:
                yield move


def _clocks(matters: Sequence[Matter], rulebook: Rulebook, today: date) -> Iterator[_Clocks]:
    derivations = derive_many(matters, rulebook, today)
    for matter, derivation in zip(matters, derivations, strict=True):
        shown = shown_clocks(matter, derivation, rulebook)
        yield {(clock.rule, clock.seq): clock for clock in shown}


def _move(case: Case, before: Clock | None, after: Clock | None, today: date) -> Move | None:
    """The move of one deadline; None where it stays as it is, or counts on neither side."""
    sides = [clock for clock in (before, after) if clock is not None]
    if all(clock.state == "cancelled" for clock in sides):
        return None
    old, new = (clock.due_on if clock else None for clock in (before, after))
    kept_so_far, kept_then = (_kept(clock, today) for clock in (before, after))
    if len(sides) > 1 and (old, kept_so_far) == (new, kept_then):
        return None
    running = case.state == "open" and any(clock.state == "running" for clock in sides)
    return Move(
        case.number,
        sides[0].rule,
        old,
        new,
        running,
        case.state == "closed",
        kept_so_far,
        kept_then,
        _dropped(before, after),
    )


def _kept(clock: Clock | None, today: date) -> bool | None:
    """Was a deadline of ours met in time? None where that is open."""
    if clock is None or clock.kind not in OURS:
        return None
    return {"met": True, "met_late": False, "overdue": False}.get(clock.status(today))


def _dropped(before: Clock | None, after: Clock | None) -> int:
    """Granted extensions that counted so far and no longer do."""
    if before is None or after is None:
        return 0
    return len(set(before.extensions) - set(after.extensions))


def _by_case(session: Session, query: Any) -> dict[Any, list[Any]]:
    rows: dict[Any, list[Any]] = {}
    for row in session.exec(query):
        rows.setdefault(row.case_id, []).append(row)
    return rows
