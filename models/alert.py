"""Alerts: found once per clock, stage and due date; received in the inbox; mailed."""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Moment, utc_now

MessageState = Literal["waiting", "sent", "given_up"]


class Alert(SQLModel, table=True):
    """`stage` is `due_soon_7`, `overdue`, `escalated` … The unique key makes one alert
    however often the sweep runs; a date that moves makes new ones."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("case_id", "rule", "seq", "stage", "due_on"),
        UniqueConstraint("duty_id", "stage", "due_on"),
        Index(
            "ix_alert_waiting",
            "id",
            sqlite_where=text("delivered_at IS NULL"),
            postgresql_where=text("delivered_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    # One of the two: a case's clock, or a duty of the bureau itself.
    case_id: int | None = Field(default=None, foreign_key="case_record.id", index=True)
    duty_id: int | None = Field(default=None, foreign_key="bureau_duty.id")
    rule: str = Field(max_length=48)
    seq: int
    stage: str = Field(max_length=16)
    due_on: date
    created_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    # Set once the receipts and messages of this alert stand: the outbox of the sweep.
    delivered_at: datetime | None = Field(default=None, sa_type=Moment)


class AlertReceipt(SQLModel, table=True):
    """An alert in one person's inbox, exactly once."""

    __tablename__ = "alert_receipt"
    __table_args__ = (
        UniqueConstraint("alert_id", "user_id"),
        Index("ix_alert_receipt_user_id_read_at", "user_id", "read_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    alert_id: int = Field(foreign_key="alert.id")
    user_id: int = Field(foreign_key="user_account.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    read_at: datetime | None = Field(default=None, sa_type=Moment)


class Message(SQLModel, table=True):
    """Mail to be sent at least once, always under the same `message_id`.

    `subject` and `body` carry case numbers and dates, never names, IDs or phones.
    `attachment` names a stored report (`{"report": "monthly", "month": "2026-10"}`).
    """

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "ix_message_next_try_at",
            "next_try_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    message_id: str = Field(unique=True, max_length=120)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    alert_id: int | None = Field(default=None, foreign_key="alert.id", index=True)
    recipient: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    body: str
    attachment: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    state: MessageState = Field(default="waiting", sa_type=String(10))
    attempts: int = 0
    last_error: str | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    next_try_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
