"""The sweep and the month's rates beside bare SQL that does the same work."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Engine, Integer, bindparam, text
from sqlmodel import Session

from jobs import rates, sweep
from jobs.settings import JobSettings
from models.base import Moment, utc_now
from service.db import open_session
from tests.bench.bureaus import TODAY
from tests.bench.measures import Measured, median_of

NEWLY_OVERDUE = 1_000
_RUNS = 5
_LIST = text(
    "SELECT d.case_id, d.rule, d.seq, d.due_on FROM deadline d "
    "WHERE d.alertable AND d.due_on IS NOT NULL AND d.due_on < :today AND NOT EXISTS ("
    "SELECT 1 FROM alert a WHERE a.case_id = d.case_id AND a.rule = d.rule AND a.seq = d.seq "
    "AND a.stage = 'overdue' AND a.due_on = d.due_on)"
).bindparams(bindparam("today", type_=Date))
_INSERT = text(
    "INSERT INTO alert (case_id, rule, seq, stage, due_on, created_at) "
    "VALUES (:case_id, :rule, :seq, 'overdue', :due_on, :created_at)"
).bindparams(bindparam("created_at", type_=Moment))
_LATEST = text(
    "SELECT id, due_on FROM deadline WHERE alertable AND due_on IS NOT NULL "
    "AND due_on > :after ORDER BY due_on DESC LIMIT :count"
).bindparams(bindparam("after", type_=Date))
_LATEST = _LATEST.columns(id=Integer, due_on=Date)
_SET_DUE = text("UPDATE deadline SET due_on = :day WHERE id = :id").bindparams(
    bindparam("day", type_=Date)
)


def swept(engine: Engine, kind: str) -> list[Measured]:
    """A sweep that finds a thousand newly overdue clocks among all there are."""
    with open_session(engine) as session:
        sweep.run(session, TODAY, JobSettings())
        clocks = session.execute(text("SELECT count(*) FROM deadline")).scalar_one()
        bare, ours, counts = [], [], set()
        for _ in range(_RUNS):
            with _overdue(session) as newly:
                bare.append(median_of(1, lambda: _bare_sweep(session)))
            counts.add(newly)
            with _overdue(session):
                ours.append(median_of(1, lambda: sweep.run(session, TODAY, JobSettings())))
    bare_ms, our_ms = (sorted(times)[_RUNS // 2] * 1000 for times in (bare, ours))
    note = f"{clocks:,} deadlines, {max(counts):,} newly overdue"
    return [
        Measured("sweep", f"bare SQL: list and insert ({kind})", bare_ms, "ms", note=note),
        Measured("sweep", f"sweep, all stages ({kind})", our_ms, "ms"),
        Measured("sweep", f"against bare SQL ({kind})", our_ms / bare_ms, "times", 3),
    ]


@contextmanager
def _overdue(session: Session) -> Iterator[int]:
    """Lets a thousand clocks that were due latest have been due yesterday, for a while."""
    after = TODAY + timedelta(days=8)
    rows = session.execute(_LATEST, {"after": after, "count": NEWLY_OVERDUE}).mappings().all()
    last = session.execute(text("SELECT COALESCE(MAX(id), 0) FROM alert")).scalar_one()
    _set_due(session, [{"id": row["id"], "day": TODAY - timedelta(days=1)} for row in rows])
    yield len(rows)
    session.execute(text("DELETE FROM alert WHERE id > :last"), {"last": last})
    _set_due(session, [{"id": row["id"], "day": row["due_on"]} for row in rows])


def _set_due(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.execute(_SET_DUE, rows)
    session.commit()


def _bare_sweep(session: Session) -> None:
    rows = session.execute(_LIST, {"today": TODAY}).mappings().all()
    moment = utc_now()
    if rows:
        session.execute(_INSERT, [{**row, "created_at": moment} for row in rows])
    session.commit()


def rated(engine: Engine, kind: str, month: date) -> list[Measured]:
    """The month with its quarter, year to date and year, for every unit."""
    with open_session(engine) as session:
        cases = session.execute(text("SELECT count(*) FROM case_record")).scalar_one()
        settings = JobSettings()
        rates.run(session, TODAY, settings, month)
        bare = median_of(_RUNS, lambda: _bare_rates(session, month)) * 1000
        ours = median_of(_RUNS, lambda: rates.run(session, TODAY, settings, month)) * 1000
    note = f"{cases:,} cases"
    return [
        Measured("rates", f"bare SQL: the same counts ({kind})", bare, "ms", note=note),
        Measured("rates", f"the month's rates, stored ({kind})", ours, "ms"),
        Measured("rates", f"against bare SQL ({kind})", ours / bare, "times", 1.5),
    ]


def _bare_rates(session: Session, month: date) -> list[Any]:
    """Each indicator by unit for the four periods, as one would write it by hand."""
    from jobs.periods import periods_of

    found: list[Any] = []
    periods = periods_of(month)
    first = min(period.starts_on for period in periods)
    last = max(period.ends_on for period in periods)
    for table, where, parts in _BARE:
        sums = ", ".join(
            f"SUM(CASE WHEN {part.format(a=f':a{n}', b=f':b{n}')} THEN 1 ELSE 0 END)"
            for n in range(len(periods))
            for part in parts
        )
        statement = f"SELECT unit_id, {sums} FROM {table} WHERE {where} GROUP BY unit_id"
        values: dict[str, Any] = {"first": first, "last": last, "today": TODAY}
        for n, period in enumerate(periods):
            values |= {f"a{n}": period.starts_on, f"b{n}": period.ends_on}
        used = {name: value for name, value in values.items() if f":{name}" in statement}
        typed = [bindparam(name, value, type_=Date) for name, value in used.items()]
        found.append(session.execute(text(statement).bindparams(*typed)).all())
    session.commit()
    return found


_CLOSED = "closed_on BETWEEN {a} AND {b}"
_RECEIVED = "received_on BETWEEN {a} AND {b}"
_ON_HAND = "accepted_on <= {b} AND (closed_on IS NULL OR closed_on >= {a})"
_DECIDED = (
    "limit_settled_on BETWEEN {a} AND {b} AND (limit_kept IS NOT NULL OR limit_settled_on < :today)"
)
_RUN_OUT = (
    "limit_due_on BETWEEN {a} AND {b} AND limit_due_on < :today "
    "AND (closed_on IS NULL OR closed_on > limit_due_on OR outcome = 'PLACED')"
)
_ARB = "procedure = 'arbitration'"
_MET_BY = "outcome IN ('grassroots_mediation', 'arbitral_mediation')"
_BARE: list[tuple[str, str, list[str]]] = [
    (
        "case_record",
        f"{_ARB} AND accepted_on <= :last AND (closed_on IS NULL OR closed_on >= :first)",
        [_ON_HAND, f"{_ON_HAND} AND {_CLOSED}"],
    ),
    (
        "case_record",
        f"{_ARB} AND accepted_on IS NOT NULL AND closed_on BETWEEN :first AND :last",
        [_CLOSED, f"{_CLOSED} AND limit_kept"],
    ),
    (
        "case_record",
        f"{_ARB} AND accepted_on BETWEEN :first AND :last",
        ["accepted_on BETWEEN {a} AND {b}"],
    ),
    (
        "case_record",
        f"{_ARB} AND accepted_on IS NOT NULL AND closed_on BETWEEN :first AND :last",
        [_CLOSED],
    ),
    (
        "case_record",
        "limit_rule = 'insp_investigation' AND limit_settled_on BETWEEN :first AND :last",
        [_DECIDED, f"{_DECIDED} AND limit_kept"],
    ),
    *(
        (
            "case_record",
            f"limit_rule = '{rule}' AND limit_due_on BETWEEN :first AND :last",
            [
                _RUN_OUT.replace("PLACED", placed),
                _RUN_OUT.replace("PLACED", placed) + " AND limit_kept",
            ],
        )
        for rule, placed in (
            ("emp_difficult_placement_sh", "placed"),
            ("emp_zero_household_placement_sh", "household_member_placed"),
        )
    ),
    (
        "dispute",
        "received_on BETWEEN :first AND :last",
        [_RECEIVED, f"{_RECEIVED} AND premediation_offered_on IS NOT NULL"],
    ),
    ("dispute", "received_on BETWEEN :first AND :last", [_RECEIVED]),
    (
        "dispute",
        "closed_on BETWEEN :first AND :last AND outcome = 'grassroots_mediation'",
        [_CLOSED],
    ),
    ("dispute", "closed_on BETWEEN :first AND :last", [_CLOSED, f"{_CLOSED} AND {_MET_BY}"]),
]
