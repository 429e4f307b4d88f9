"""Holiday years that an administrator entered; they stand before the built-in ones."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from models.base import Moment, utc_now


class CalendarYear(SQLModel, table=True):
    """The year as the State Council's notice has it; dates are ISO strings."""

    __tablename__ = "calendar_year"

    year: int = Field(primary_key=True)
    notice: str = Field(max_length=120)
    days_off: list[Any] = Field(default_factory=list, sa_type=JSON)
    make_up_workdays: list[Any] = Field(default_factory=list, sa_type=JSON)
    entered_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    entered_by_id: int | None = Field(default=None, foreign_key="user_account.id")
