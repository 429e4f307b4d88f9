"""Derived: one row a clock, rewritten from the events by `jobs.recompute` alone."""

from datetime import date
from typing import Literal

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

# "overdue" is running with `due_on` before today: it is read, never stored.
ClockState = Literal["running", "paused", "met", "met_late", "cancelled"]


class Deadline(SQLModel, table=True):
    """One clock of one case. `seq` tells apart the clocks of one rule (restarts, hearings).

    `key` (`case:rule:seq`) names the clock in alerts and survives recomputing.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("case_id", "rule", "seq"),
        Index(
            "ix_deadline_alertable_due_on",
            "due_on",
            "case_id",
            sqlite_where=text("alertable AND due_on IS NOT NULL"),
            postgresql_where=text("alertable AND due_on IS NOT NULL"),
        ),
        # How often a commitment was kept is counted along it.
        Index(
            "ix_deadline_rule_settled_on",
            "rule",
            "settled_on",
            "case_id",
            sqlite_where=text("settled_on IS NOT NULL"),
            postgresql_where=text("settled_on IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id")
    rule: str = Field(max_length=48)
    seq: int = 1
    # The day from which the version of the rule that was applied is in force.
    version: date
    kind: str = Field(max_length=16)
    state: ClockState = Field(sa_type=String(10))
    started_on: date
    raw_due_on: date | None = None
    due_on: date | None = None
    # The time of day ("17:30") where hours count and the beginning's is known.
    due_at: str | None = Field(default=None, max_length=5)
    warn_on: date | None = None
    days_left: int | None = None
    extended_days: int = 0
    ended_on: date | None = None
    ended_by: str | None = Field(default=None, max_length=48)
    # Ours and not discarded: the earlier of ending and falling due. While it runs that is the
    # due day, on which it may still be kept.
    settled_on: date | None = None
    provisional: bool = False
    # Ours to keep and still running, in an open case: what the sweep looks at.
    alertable: bool = False
