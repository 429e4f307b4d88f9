"""What happened to a case: append-only, the truth that everything else is derived from."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from models.base import Moment, utc_now


class Event(SQLModel, table=True):
    """`type` happened on `on`; it was recorded by somebody at a later moment.

    A correction is an event of type `correction` whose `corrects_id` names the event that
    no longer counts; `details` may then hold the `replacement_id` of the event recorded
    in its place. Event types are those of `rules/policy/events/`. `details` holds what
    the type allows (`days`, `rule`, `until`, `ground`, `pay_by`) and `note`.
    """

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_case_id_on", "case_id", "on"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id")
    type: str = Field(max_length=48)
    on: date
    recorded_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    recorded_by_id: int = Field(foreign_key="user_account.id")
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    corrects_id: int | None = Field(default=None, foreign_key="event.id", index=True)
