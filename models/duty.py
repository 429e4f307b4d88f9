"""What recurs: a duty of the bureau itself, one row a period, and who has charge of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Moment, utc_now
from models.deadline import ClockState


class BureauDuty(SQLModel, table=True):
    """One period of one recurring rule: `event` says on `ended_on` that the period is over.

    Raised by `jobs.duties`, which alone also writes what follows from its events.
    """

    __tablename__ = "bureau_duty"
    __table_args__ = (UniqueConstraint("rule", "ended_on"),)

    id: int | None = Field(default=None, primary_key=True)
    rule: str = Field(max_length=48)
    procedure: str = Field(max_length=16)
    jurisdiction: str = Field(max_length=16)
    event: str = Field(max_length=48)
    ended_on: date
    raised_at: datetime = Field(default_factory=utc_now, sa_type=Moment)

    # Derived from the events. Cancelled: the rules in force know no such duty of that period.
    state: ClockState = Field(default="cancelled", sa_type=String(10))
    due_on: date | None = None
    done_on: date | None = None
    provisional: bool = False
    alertable: bool = False
    derived_with: str | None = Field(default=None, max_length=32)


class DutyEvent(SQLModel, table=True):
    """What was recorded of a duty: append-only, like the events of a case."""

    __tablename__ = "duty_event"

    id: int | None = Field(default=None, primary_key=True)
    duty_id: int = Field(foreign_key="bureau_duty.id", index=True)
    type: str = Field(max_length=48)
    on: date
    recorded_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    recorded_by_id: int = Field(foreign_key="user_account.id")
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    corrects_id: int | None = Field(default=None, foreign_key="duty_event.id")


class DutyCharge(SQLModel, table=True):
    """Who has charge of a recurring rule: a unit's supervisors, with one person if named.

    Without a row it is the unit at the top.
    """

    __tablename__ = "duty_charge"

    rule: str = Field(primary_key=True, max_length=48)
    unit_id: int = Field(foreign_key="unit.id")
    handler_id: int | None = Field(default=None, foreign_key="user_account.id")
