"""Each run of a job, once however many schedulers there are, and which of these are there."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, Index, String, text
from sqlmodel import Field, SQLModel

from models.base import Moment, utc_now

JobState = Literal["queued", "running", "done", "failed"]


class JobRun(SQLModel, table=True):
    """`run_key` is the job and the moment it was due (`sweep@2026-11-22T00:00:00Z`).

    A run that an administrator asked for is `queued`, with the moment of asking as
    `started_at`, until a scheduler takes it.
    """

    __tablename__ = "job_run"
    __table_args__ = (
        Index(
            "ix_job_run_asked",
            "id",
            sqlite_where=text("asked_by_id IS NOT NULL"),
            postgresql_where=text("asked_by_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    run_key: str = Field(unique=True, max_length=80)
    job: str = Field(max_length=32, index=True)
    state: JobState = Field(default="running", sa_type=String(10))
    started_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    result: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    error: str | None = None
    asked_by_id: int | None = Field(default=None, foreign_key="user_account.id")


class SchedulerBeat(SQLModel, table=True):
    """A scheduler that is there: `name` is its host and process; it signs every few seconds."""

    __tablename__ = "scheduler_beat"

    name: str = Field(primary_key=True, max_length=120)
    seen_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
