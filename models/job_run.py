"""Each run of a scheduled job, once however many schedulers there are."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, String
from sqlmodel import Field, SQLModel

from models.base import Moment, utc_now

JobState = Literal["running", "done", "failed"]


class JobRun(SQLModel, table=True):
    """`run_key` is the job and the moment it was due (`sweep@2026-11-22T00:00Z`)."""

    __tablename__ = "job_run"

    id: int | None = Field(default=None, primary_key=True)
    run_key: str = Field(unique=True, max_length=80)
    job: str = Field(max_length=32, index=True)
    state: JobState = Field(default="running", sa_type=String(10))
    started_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    result: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    error: str | None = None
