"""A matter handled under one procedure, with what is particular to a procedure beside it."""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Moment, utc_now
from models.encryption import Encrypted

CaseKind = Literal[
    "complaint", "report", "arbitration", "mediation", "person", "household", "petition",
    "work_injury", "wage_arrears",
]  # fmt: skip
KINDS: tuple[CaseKind, ...] = (
    "complaint",
    "report",
    "arbitration",
    "mediation",
    "person",
    "household",
    "petition",
    "work_injury",
    "wage_arrears",
)
CaseState = Literal["open", "closed", "voided"]


class Case(SQLModel, table=True):
    """One matter. Everything under "derived" is written only by `jobs.recompute`."""

    __tablename__ = "case_record"
    __table_args__ = (
        # With the day of receipt: lists of open cases are sorted by it without reading them.
        Index("ix_case_record_unit_state_due", "unit_id", "state", "next_due_on", "received_on"),
        Index("ix_case_record_handler_state_due", "handler_id", "state", "next_due_on"),
        # The rates read these indexes alone, in their order.
        Index(
            "ix_case_record_procedure_closed_on",
            "procedure",
            "closed_on",
            "unit_id",
            "accepted_on",
            "limit_kept",
        ),
        Index("ix_case_record_procedure_accepted_on", "procedure", "accepted_on", "unit_id"),
        Index("ix_case_record_limit", "limit_rule", "limit_settled_on", "unit_id", "limit_kept"),
        Index(
            "ix_case_record_limit_due",
            "limit_rule",
            "limit_due_on",
            "unit_id",
            "limit_kept",
            "closed_on",
            "outcome",
        ),
        Index("ix_case_record_received_on", "received_on", "id"),
        Index(
            "ix_case_record_changes_on",
            "changes_on",
            sqlite_where=text("changes_on IS NOT NULL"),
            postgresql_where=text("changes_on IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True, max_length=40)
    kind: CaseKind = Field(sa_type=String(16))
    procedure: str = Field(max_length=16)
    jurisdiction: str = Field(max_length=16)
    unit_id: int = Field(foreign_key="unit.id")
    handler_id: int = Field(foreign_key="user_account.id")
    dispute_id: int | None = Field(default=None, foreign_key="dispute.id", index=True)
    title: str = Field(max_length=120)
    summary: str = ""
    worker_count: int = 1
    # What rule conditions may test (track, applied_by, willing_and_obeys …).
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    created_by_id: int = Field(foreign_key="user_account.id")
    # Compare-and-set for two people editing at once.
    revision: int = 1
    voided_at: datetime | None = Field(default=None, sa_type=Moment)
    voided_by_id: int | None = Field(default=None, foreign_key="user_account.id")
    void_reason: str | None = None

    # Derived from the events.
    state: CaseState = Field(default="open", sa_type=String(8))
    received_on: date
    accepted_on: date | None = None
    closed_on: date | None = None
    outcome: str | None = Field(default=None, max_length=40)
    paused: bool = False
    next_due_on: date | None = None
    next_rule: str | None = Field(default=None, max_length=48)
    # The procedure's principal limit (award, investigation, placement): the day on which
    # it was decided – the earlier of closing and falling due – and whether it was kept.
    limit_rule: str | None = Field(default=None, max_length=48)
    limit_due_on: date | None = None
    limit_settled_on: date | None = None
    limit_kept: bool | None = None
    # The day on which the derived rows change with no new event (deemed service).
    changes_on: date | None = None
    # The fingerprint of policy and calendar the derived rows were made with.
    derived_with: str | None = Field(default=None, max_length=32)


class InspectionDetails(SQLModel, table=True):
    """A complaint (投诉) or a tip-off (举报). The reporter's identity is confidential."""

    __tablename__ = "inspection_details"

    case_id: int = Field(primary_key=True, foreign_key="case_record.id")
    channel: str = Field(default="window", max_length=16)
    violation: str = Field(default="wage_arrears", max_length=32)
    reporter_name: str | None = Field(
        default=None,
        sa_type=Encrypted("inspection_details.reporter_name"),
    )
    reporter_contact: str | None = Field(
        default=None,
        sa_type=Encrypted("inspection_details.reporter_contact"),
    )


class MediationDetails(SQLModel, table=True):
    """Mediation or arbitration: was mediation near the parties offered first, and when."""

    __tablename__ = "mediation_details"

    case_id: int = Field(primary_key=True, foreign_key="case_record.id")
    premediation_offered_on: date | None = None
    cause: str = Field(default="wages", max_length=32)


class EmploymentDetails(SQLModel, table=True):
    """A person with employment difficulty, or a zero-employment household."""

    __tablename__ = "employment_details"

    case_id: int = Field(primary_key=True, foreign_key="case_record.id")
    category: str = Field(default="older", max_length=32)
    household_size: int | None = None
    skills: str = ""


class PetitionDetails(SQLModel, table=True):
    """A petition (信访): how it came, which office passed it on and under which number."""

    __tablename__ = "petition_details"

    case_id: int = Field(primary_key=True, foreign_key="case_record.id")
    channel: str = Field(default="window", max_length=16)
    subject: str = Field(default="other", max_length=32)
    passed_on_by: str = ""
    reference: str = ""


class WorkInjuryDetails(SQLModel, table=True):
    """A work injury (工伤): how it came about; what was injured is personal. Who applied is a
    fact that the rules test."""

    __tablename__ = "work_injury_details"

    case_id: int = Field(primary_key=True, foreign_key="case_record.id")
    injury_kind: str = Field(default="accident", max_length=32)
    diagnosis: str | None = Field(
        default=None,
        sa_type=Encrypted("work_injury_details.diagnosis"),
    )


class WageArrearsDetails(SQLModel, table=True):
    """Wage arrears (欠薪): who passed the lead on, and where the wages were earned."""

    __tablename__ = "wage_arrears_details"

    case_id: int = Field(primary_key=True, foreign_key="case_record.id")
    channel: str = Field(default="window", max_length=16)
    passed_on_by: str = ""
    reference: str = ""
    industry: str = Field(default="construction", max_length=32)
    project: str = ""


class CaseCounter(SQLModel, table=True):
    """The last number given out, per unit, procedure and year; only ever counts up."""

    __tablename__ = "case_counter"

    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    procedure: str = Field(primary_key=True, max_length=16)
    year: int = Field(primary_key=True)
    last: int = 0


class CaseRevision(SQLModel, table=True):
    """The details as they stood before an edit: encrypted JSON, since it may hold names."""

    __tablename__ = "case_revision"
    __table_args__ = (UniqueConstraint("case_id", "revision"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    revision: int
    changed_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    changed_by_id: int = Field(foreign_key="user_account.id")
    reason: str = ""
    before: str = Field(sa_type=Encrypted("case_revision.before"))
