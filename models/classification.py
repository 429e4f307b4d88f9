"""What a case is in law: the facts entered for it, and what somebody decided otherwise."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from models.base import Moment, utc_now


class CaseCircumstances(SQLModel, table=True):
    """The facts that classify a case (`questions` of `policy/classifications.yaml`) by name:
    true or false, a whole number, or an amount in yuan as text. No row where none is known."""

    __tablename__ = "case_circumstances"

    case_id: int = Field(primary_key=True, foreign_key="case_record.id")
    known: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class ClassificationDecision(SQLModel, table=True):
    """Somebody decided whether a case falls under a classification, against what the rules
    said or left open (`by_rules`: yes, part, no, ask). In force until taken back; never deleted."""

    __tablename__ = "classification_decision"
    __table_args__ = (
        Index(
            "ix_classification_decision_in_force",
            "case_id",
            "code",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    code: str = Field(max_length=48)
    holds: bool
    by_rules: str = Field(max_length=4)
    reason: str = Field(max_length=500)
    decided_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    decided_by_id: int = Field(foreign_key="user_account.id")
    taken_back_at: datetime | None = Field(default=None, sa_type=Moment)
    taken_back_by_id: int | None = Field(default=None, foreign_key="user_account.id")
    taken_back_because: str = Field(default="", max_length=500)
