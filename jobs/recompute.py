"""The one writer of the derived rows: events → deadlines, case columns, dispute columns.

Recording one event and recomputing a million cases run the same code. Only rows that differ
are written, so recomputing what is right already changes nothing.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy
from sqlalchemy import delete, insert, or_, update
from sqlmodel import Session, col, select

from jobs import duties, rulebooks
from jobs.deriving import Derived, derived, matter_from, voided_columns
from jobs.disputes import DISPUTED, add_dispute, refresh_disputes
from jobs.settings import JobSettings
from models import Case, Deadline, insert_row, table_of
from models import Event as EventRow
from rules.deadlines import derive, derive_many
from rules.matter import Derivation, Matter
from rules.rulebook import Rulebook

CHUNK = 500
# Between two chunks others may write: on SQLite there is one writer, and who waits looks again
# after a tenth of a second at most.
PAUSE = 0.15
_DEADLINES = table_of(Deadline)
_INSERT = insert(_DEADLINES)


def matter_of(session: Session, case: Case) -> Matter:
    """What the rules are asked about this case, with the corrections applied."""
    session.flush()
    return matter_from(case, _events(session, [_id(case)])[_id(case)])


def refresh(session: Session, case: Case, rulebook: Rulebook, today: date) -> Derivation:
    """Rewrite the derived rows of one case and of its dispute; the caller commits."""
    matter = matter_of(session, case)
    derivation = derive(matter, rulebook, today)
    _save(session, [(case, _derived(case, matter, derivation, rulebook))])
    refresh_disputes(session, [case.dispute_id])
    session.flush()
    return derivation


def begin(
    session: Session,
    case: Case,
    details: Any,
    events: Sequence[EventRow],
    matter: Matter,
    rulebook: Rulebook,
    today: date,
) -> None:
    """Save a new case with the row of its details, its first events (which `matter` holds) and
    what follows from it; the caller commits.

    What `refresh` comes to afterwards, without asking for what cannot be there yet.
    """
    result = _derived(case, matter, derive(matter, rulebook, today), rulebook)
    _set(case, result.columns)
    joins = case.dispute_id is not None
    if not joins and case.procedure in DISPUTED:
        case.dispute_id = add_dispute(session, case, details.premediation_offered_on)
    session.add(case)
    session.flush()
    for row in (details, *events):
        row.case_id = _id(case)
        insert_row(session, row)
    _write(session, [], [], [row | {"case_id": case.id} for row in result.deadlines])
    if joins:
        refresh_disputes(session, [case.dispute_id])


def void(session: Session, case: Case) -> None:
    """Take a case that was just voided out of lists, sweeps and rates; the caller commits."""
    _set(case, voided_columns())
    session.execute(
        update(Deadline).where(col(Deadline.case_id) == case.id).values(alertable=False)
    )
    session.flush()
    refresh_disputes(session, [case.dispute_id])
    session.flush()


def run(session: Session, today: date, settings: JobSettings) -> dict[str, int]:
    """Recompute what an older policy or calendar derived, and what a date alone changes.

    Commits after each chunk: a stopped run is taken up where it ended. Returns how many
    cases were recomputed, and what became of the duties of the bureau.
    """
    rulebook = rulebooks.current(session)
    of_duties = duties.bring_up_to_date(session, rulebook, today, settings)
    session.commit()
    done, last = 0, 0
    while cases := _stale(session, rulebook, today, after=last, limit=CHUNK):
        refresh_many(session, cases, rulebook, today)
        last = _id(cases[-1])
        done += len(cases)
        session.commit()
        # A million cases must not stay in memory.
        session.expunge_all()
        if len(cases) == CHUNK:
            time.sleep(PAUSE)
    return {"recomputed": done, **of_duties}


def refresh_many(session: Session, cases: Sequence[Case], rulebook: Rulebook, today: date) -> None:
    """`refresh` for many cases with a fixed number of queries; the caller commits."""
    events = _events(session, [_id(case) for case in cases])
    matters = [matter_from(case, events[_id(case)]) for case in cases]
    derivations = derive_many(matters, rulebook, today)
    results = [
        (case, _derived(case, matter, derivation, rulebook))
        for case, matter, derivation in zip(cases, matters, derivations, strict=True)
    ]
    _save(session, results)
    session.flush()
    refresh_disputes(session, [case.dispute_id for case in cases])
    session.flush()


def _stale(
    session: Session, rulebook: Rulebook, today: date, *, after: int, limit: int
) -> list[Case]:
    made_otherwise = or_(
        col(Case.derived_with).is_(None),
        col(Case.derived_with) != rulebook.fingerprint,
        col(Case.changes_on) <= today,
    )
    query = (
        select(Case)
        .where(col(Case.id) > after, made_otherwise)
        .order_by(col(Case.id))
        .limit(limit)
        .with_for_update()
    )
    return list(session.exec(query))


def _events(session: Session, case_ids: Sequence[int]) -> dict[int, list[EventRow]]:
    query = (
        select(EventRow)
        .where(col(EventRow.case_id).in_(case_ids))
        .order_by(col(EventRow.on), col(EventRow.id))
    )
    events: dict[int, list[EventRow]] = defaultdict(list)
    for row in session.exec(query):
        events[row.case_id].append(row)
    return events


def _derived(case: Case, matter: Matter, derivation: Derivation, rulebook: Rulebook) -> Derived:
    voided = case.voided_at is not None
    return derived(case.kind, matter, derivation, rulebook, voided=voided)


def _save(session: Session, results: Sequence[tuple[Case, Derived]]) -> None:
    stored = _stored_deadlines(session, [_id(case) for case, _ in results])
    gone: list[int] = []
    changed: list[dict[str, Any]] = []
    added: list[dict[str, Any]] = []
    for case, result in results:
        _set(case, result.columns)
        before = stored[_id(case)]
        for row in result.deadlines:
            old = before.pop((row["rule"], row["seq"]), None)
            if old is None:
                added.append(row | {"case_id": case.id})
            elif any(old[name] != value for name, value in row.items()):
                changed.append(row | {"id": old["id"]})
        gone.extend(row["id"] for row in before.values())
    _write(session, gone, changed, added)


def _write(
    session: Session,
    gone: Sequence[int],
    changed: Sequence[dict[str, Any]],
    added: Sequence[dict[str, Any]],
) -> None:
    if gone:
        session.execute(delete(Deadline).where(col(Deadline.id).in_(gone)))
    if changed:
        session.execute(update(Deadline), changed)
    if added:
        session.execute(_INSERT, added)


def _stored_deadlines(
    session: Session, case_ids: Iterable[int]
) -> dict[int, dict[tuple[str, int], dict[str, Any]]]:
    query = sqlalchemy.select(_DEADLINES).where(col(Deadline.case_id).in_(list(case_ids)))
    stored: dict[int, dict[tuple[str, int], dict[str, Any]]] = defaultdict(dict)
    for row in session.execute(query).mappings():
        stored[row["case_id"]][row["rule"], row["seq"]] = dict(row)
    return stored


def _set(case: Case, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        if getattr(case, name) != value:
            setattr(case, name, value)


def _id(case: Case) -> int:
    if case.id is None:
        raise ValueError("the case was not saved yet")
    return case.id
