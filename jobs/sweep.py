"""Finds what is due soon and what is overdue, and says so once per clock, stage and date.

Duties of the bureau itself are raised first and alerted beside the clocks of cases. One statement
a stage over the partial index of alertable due dates, so that a sweep costs
what is due and not what exists. A parties' own limit is never alertable.
"""

from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple, cast

import sqlalchemy
from sqlalchemy import ColumnElement, Select, exists, literal, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlmodel import Session, col, select

from jobs import duties, recompute
from jobs.rulebooks import current
from jobs.settings import JobSettings
from models import Alert, BureauDuty, Case, Deadline
from models.base import Moment, utc_now
from rules.calendar import add_calendar_days
from rules.indicators import AlertPolicy
from rules.rulebook import Rulebook

OVERDUE = "overdue"
ESCALATED = "escalated"
# As the partial index has it: SQLite uses the index only for the very same words.
_ALERTABLE = text("deadline.alertable AND deadline.due_on IS NOT NULL")
_COLUMNS = ["case_id", "rule", "seq", "stage", "due_on", "created_at"]
_OF_DUTIES = ["duty_id", *_COLUMNS[1:]]


class Stage(NamedTuple):
    """A name and the due dates it speaks of, as seen from one day; both included."""

    name: str
    first: date | None
    last: date

    def holds(self, due: Any) -> ColumnElement[bool]:
        """Is a due date one of these?"""
        found: ColumnElement[bool] = due <= self.last
        return found if self.first is None else due.between(self.first, self.last)


def run(session: Session, today: date, settings: JobSettings) -> dict[str, int]:
    """Bring what changes by itself up to date, then raise the alerts of `today`.

    Returns how many cases were refreshed, how many duties of the bureau raised, and how many
    alerts each stage raised. Running it again changes nothing. Commits.
    """
    rulebook = current(session)
    result = {"refreshed": refresh_changed(session, rulebook, today)}
    result |= duties.bring_up_to_date(session, rulebook, today, settings)
    for stage in stages(rulebook.policy.alerts, today):
        result[stage.name] = raise_alerts(session, stage)
    session.commit()
    return result


def refresh_changed(session: Session, rulebook: Rulebook, today: date) -> int:
    """Recompute the cases that change on or before `today` with no new event."""
    ids = session.exec(select(col(Case.id)).where(col(Case.changes_on) <= today)).all()
    for start in range(0, len(ids), recompute.CHUNK):
        chunk = ids[start : start + recompute.CHUNK]
        cases = session.exec(select(Case).where(col(Case.id).in_(chunk)).with_for_update()).all()
        recompute.refresh_many(session, cases, rulebook, today)
        session.commit()
    return len(ids)


def stages(policy: AlertPolicy, today: date) -> list[Stage]:
    """The stages of the day. Each clock lies in one of those before its due date: who was
    away for a week is told where it stands now, not all it has missed."""
    before = [*policy.due_soon.calendar_days_before, -1]
    found = [
        Stage(
            f"due_soon_{days}",
            add_calendar_days(today, nearer + 1),
            add_calendar_days(today, days),
        )
        for days, nearer in pairwise(before)
    ]
    escalated_on = add_calendar_days(today, -policy.escalation.calendar_days_overdue)
    yesterday = add_calendar_days(today, -1)
    return [*found, Stage(OVERDUE, None, yesterday), Stage(ESCALATED, None, escalated_on)]


def raise_alerts(session: Session, stage: Stage) -> int:
    """Insert the alerts of a stage that do not stand yet; returns how many."""
    dialect = session.get_bind().dialect.name
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    count = 0
    for columns, found in ((_COLUMNS, missing(stage)), (_OF_DUTIES, missing_of_duties(stage))):
        statement = build(Alert).from_select(columns, found).on_conflict_do_nothing()
        # The number of rows inserted is kept only when asked for.
        keeping = statement.execution_options(preserve_rowcount=True)
        count += cast("CursorResult[Any]", session.execute(keeping)).rowcount
    return count


def missing(stage: Stage) -> Select[*tuple[Any, ...]]:
    """What `raise_alerts` inserts: alertable clocks of the stage that have no alert of it."""
    raised = exists().where(
        col(Alert.case_id) == col(Deadline.case_id),
        col(Alert.rule) == col(Deadline.rule),
        col(Alert.seq) == col(Deadline.seq),
        col(Alert.stage) == stage.name,
        col(Alert.due_on) == col(Deadline.due_on),
    )
    return sqlalchemy.select(
        col(Deadline.case_id),
        col(Deadline.rule),
        col(Deadline.seq),
        literal(stage.name),
        col(Deadline.due_on),
        literal(utc_now(), Moment),
    ).where(_ALERTABLE, stage.holds(col(Deadline.due_on)), ~raised)


def missing_of_duties(stage: Stage) -> Select[*tuple[Any, ...]]:
    """The same for the open duties of the bureau itself."""
    raised = exists().where(
        col(Alert.duty_id) == col(BureauDuty.id),
        col(Alert.stage) == stage.name,
        col(Alert.due_on) == col(BureauDuty.due_on),
    )
    return sqlalchemy.select(
        col(BureauDuty.id),
        col(BureauDuty.rule),
        literal(1),
        literal(stage.name),
        col(BureauDuty.due_on),
        literal(utc_now(), Moment),
    ).where(col(BureauDuty.alertable), stage.holds(col(BureauDuty.due_on)), ~raised)
