"""Who read or changed what: append-only."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from models.base import Moment, utc_now


class AuditEntry(SQLModel, table=True):
    """`action` is `case.read`, `case.event`, `user.disable` …; `detail` holds no personal data."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_case_id_at", "case_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=utc_now, sa_type=Moment, index=True)
    user_id: int | None = Field(default=None, foreign_key="user_account.id", index=True)
    action: str = Field(max_length=40, index=True)
    case_id: int | None = Field(default=None, foreign_key="case_record.id")
    subject: str = Field(default="", max_length=80)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
