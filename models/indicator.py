"""Computed rates: numerator and denominator with the definition that made them."""

from datetime import date, datetime
from typing import Literal

from sqlalchemy import String, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Moment, utc_now

PeriodKind = Literal["month", "quarter", "year_to_date", "year"]


class IndicatorValue(SQLModel, table=True):
    """One indicator of one unit (with the units below it) in one period.

    `restatement` is 0 for the first figure of a closed period and counts up when a later
    correction changes it: the first one stays.
    """

    __tablename__ = "indicator_value"
    __table_args__ = (
        UniqueConstraint("indicator", "unit_id", "period", "starts_on", "ends_on", "restatement"),
    )

    id: int | None = Field(default=None, primary_key=True)
    indicator: str = Field(max_length=48, index=True)
    definition: str = Field(max_length=64)
    unit_id: int = Field(foreign_key="unit.id")
    period: PeriodKind = Field(sa_type=String(16))
    starts_on: date = Field(index=True)
    ends_on: date
    numerator: int
    denominator: int
    as_of_on: date
    computed_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    # A period that had ended when it was computed: never written over.
    frozen: bool = False
    restatement: int = 0
