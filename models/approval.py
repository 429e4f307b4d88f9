"""An extension or a suspension asked for by the handler and decided by a supervisor."""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, String
from sqlmodel import Field, SQLModel

from models.base import Moment, utc_now

ApprovalState = Literal["waiting", "approved", "refused", "taken_back"]


class Approval(SQLModel, table=True):
    """Asked for; once approved it is an event of type `event_type` on `decided_on`, which lies on
    `requested_on` or after it."""

    __tablename__ = "approval"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    event_type: str = Field(max_length=48)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reason: str
    state: ApprovalState = Field(default="waiting", sa_type=String(12), index=True)
    requested_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    requested_on: date
    requested_by_id: int = Field(foreign_key="user_account.id")
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_on: date | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="user_account.id")
    decision_note: str = ""
    event_id: int | None = Field(default=None, foreign_key="event.id")
