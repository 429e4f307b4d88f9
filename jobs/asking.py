"""Runs that an administrator asks for, and the schedulers that do them."""

import os
import socket
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from jobs.inserting import add
from jobs.runs import OpenSession, run_as, run_key
from models import JobRun, SchedulerBeat

# How often a scheduler looks for what was asked, how often it signs that it is there, and
# after how long without a sign it counts as gone.
LOOK_EVERY = timedelta(seconds=2)
_SIGN_EVERY = timedelta(seconds=10)
_GONE_AFTER = timedelta(seconds=45)
_OPEN = ("queued", "running")
Work = Callable[[Session], dict[str, Any]]


def ask(session: Session, job: str, user_id: int, now: datetime) -> bool:
    """Ask for a run of the job as soon as a scheduler looks. The caller commits.

    False when one that was asked for has not begun or ended yet.
    """
    waiting = _asked().where(JobRun.job == job)
    if session.exec(waiting).first() is not None:
        return False
    row = {"run_key": run_key(job, now), "job": job, "state": "queued", "started_at": now}
    return add(session, JobRun, [{**row, "result": {}, "asked_by_id": user_id}]) == 1


def _asked() -> Any:
    """The runs that were asked for and have not ended, the oldest first."""
    query = select(JobRun.run_key, JobRun.job).where(
        col(JobRun.asked_by_id).is_not(None), col(JobRun.state).in_(_OPEN)
    )
    return query.order_by(col(JobRun.id))


def run_next(open_session: OpenSession, work: Mapping[str, Work]) -> str | None:
    """Do the oldest run that was asked for and that nobody does; the name of its job.

    What a process that died left unfinished is taken over.
    """
    with open_session() as session:
        asked = session.exec(_asked()).all()
    for key, job in asked:
        if job in work and run_as(open_session, job, key, work[job]):
            return str(job)
    return None


class Presence:
    """The sign that this process gives of being a scheduler at work."""

    def __init__(self, open_session: OpenSession) -> None:
        self._open_session = open_session
        self._name = f"{socket.gethostname()[:100]}:{os.getpid()}"
        self._signed_at: datetime | None = None

    def sign(self, now: datetime) -> None:
        """Say that the scheduler is there, unless it has said so just now."""
        if self._signed_at is not None and now - self._signed_at < _SIGN_EVERY:
            return
        with self._open_session() as session:
            own = update(SchedulerBeat).where(col(SchedulerBeat.name) == self._name)
            known = session.execute(own.values(seen_at=now).returning(col(SchedulerBeat.name)))
            if not known.all():
                session.add(SchedulerBeat(name=self._name, seen_at=now))
            session.commit()
        self._signed_at = now

    def leave(self) -> None:
        """Say that the scheduler goes."""
        with self._open_session() as session:
            session.execute(delete(SchedulerBeat).where(col(SchedulerBeat.name) == self._name))
            session.commit()


def is_scheduled(session: Session, now: datetime) -> bool:
    """Is any scheduler there?"""
    signed = select(SchedulerBeat.name).where(col(SchedulerBeat.seen_at) > now - _GONE_AFTER)
    return session.exec(signed.limit(1)).first() is not None


def forget_gone(session: Session, now: datetime) -> None:
    """Delete the signs of schedulers that ended without leaving. The caller commits."""
    gone = delete(SchedulerBeat).where(col(SchedulerBeat.seen_at) < now - _GONE_AFTER)
    session.execute(gone)
