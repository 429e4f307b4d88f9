"""The quarrel itself: its mediation and its arbitration are two cases of one dispute."""

from datetime import date
from typing import Literal

from sqlalchemy import Index, String
from sqlmodel import Field, SQLModel

DisputeOutcome = Literal["grassroots_mediation", "arbitral_mediation", "award", "other"]


class Dispute(SQLModel, table=True):
    """Counted once in the resolution rates, whatever number of cases it runs through.

    All but `id` and `unit_id` is derived from the dispute's cases whenever one changes.
    """

    __tablename__ = "dispute"
    __table_args__ = (
        # The rates read these indexes alone.
        Index(
            "ix_dispute_received_on_unit_id", "received_on", "unit_id", "premediation_offered_on"
        ),
        Index("ix_dispute_closed_on_unit_id", "closed_on", "unit_id", "outcome"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    received_on: date | None = None
    premediation_offered_on: date | None = None
    closed_on: date | None = None
    outcome: DisputeOutcome | None = Field(default=None, sa_type=String(24))
