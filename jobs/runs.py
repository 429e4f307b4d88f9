"""Each run of a job once, however many schedulers there are, and what became of it.

Who does a run holds its lock: an advisory lock on PostgreSQL, a locked file beside a SQLite
database. Both end with their process, so a row that says "running" while its lock is free
was left by a process that died, and is taken over. Runs of one job may overlap: every job
bears that, and a slow run makes no later one be left out.
"""

import fcntl
import hashlib
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, func, select, update
from sqlmodel import Session, col

from jobs.inserting import add
from jobs.settings import JobSettings
from models import JobRun
from models.base import utc_now
from models.job_run import JobState

_log = logging.getLogger(__name__)
OpenSession = Callable[[], AbstractContextManager[Session]]
RunFunction = Callable[[Session, date, JobSettings], dict[str, Any]]
_ERROR_LENGTH = 500


def run_key(job: str, due_at: datetime) -> str:
    """The job and the moment it was due, to the second in UTC."""
    return f"{job}@{due_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def run_once(
    open_session: OpenSession,
    job: str,
    due_at: datetime,
    function: Callable[[Session], dict[str, Any]],
) -> bool:
    """Run `function` unless this run was done or is being done; True when it ran.

    A failure is kept with the run and logged, not raised: the next run is tried at its time.
    """
    return run_as(open_session, job, run_key(job, due_at), function)


def run_as(
    open_session: OpenSession,
    job: str,
    key: str,
    function: Callable[[Session], dict[str, Any]],
) -> bool:
    """The same for the run with this key, which may have been asked for."""
    with open_session() as session, exclusive(session, key) as alone:
        if not alone or not _claim(session, job, key):
            return False
        try:
            result = function(session)
        except Exception as error:  # noqa: BLE001 (kept with the run, shown to administrators)
            session.rollback()
            _finish(session, key, state="failed", error=_summary(error))
            # The frames alone: a database error's own text may hold personal data.
            frames = "".join(traceback.format_tb(error.__traceback__))
            _log.error("%s failed: %s\n%s", key, _summary(error), frames)
        else:
            session.rollback()
            _finish(session, key, state="done", result=result)
            _log.info("%s done: %s", key, result)
        return True


@contextmanager
def exclusive(session: Session, key: str) -> Iterator[bool]:
    """Hold the lock of a run; yields False where somebody else holds it."""
    engine = session.get_bind()
    if not isinstance(engine, Engine):
        engine = engine.engine
    locking = _advisory_lock if engine.dialect.name == "postgresql" else _file_lock
    with locking(engine, key) as alone:
        yield alone


@contextmanager
def _advisory_lock(engine: Engine, key: str) -> Iterator[bool]:
    number = int.from_bytes(_digest(key)[:8], signed=True)
    # A connection of its own: the lock belongs to it, and no transaction stays open.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        alone = bool(connection.scalar(select(func.pg_try_advisory_lock(number))))
        try:
            yield alone
        finally:
            if alone:
                connection.scalar(select(func.pg_advisory_unlock(number)))


@contextmanager
def _file_lock(engine: Engine, key: str) -> Iterator[bool]:
    if engine.url.database in (None, "", ":memory:"):
        # A database in memory has one process.
        yield True
        return
    path = Path(f"{engine.url.database}.{_digest(key).hex()[:16]}.lock")
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            # Who opened it before and locks it now finds the run done.
            path.unlink(missing_ok=True)


def _digest(key: str) -> bytes:
    return hashlib.sha256(f"anqi run {key}".encode()).digest()


def _claim(session: Session, job: str, key: str) -> bool:
    """Take the run. Called with the lock held: a run still "running" has lost its process."""
    now = utc_now()
    asked = _take(session, key, "queued", now)
    if asked:
        session.commit()
        return True
    row = {"run_key": key, "job": job, "state": "running", "started_at": now, "result": {}}
    if add(session, JobRun, [row]):
        session.commit()
        return True
    dead = _take(session, key, "running", now)
    session.commit()
    if dead:
        _log.warning("%s was left unfinished and is run again", key)
    return dead


def _take(session: Session, key: str, state: JobState, now: datetime) -> bool:
    taken = (
        update(JobRun)
        .where(col(JobRun.run_key) == key, col(JobRun.state) == state)
        .values(state="running", started_at=now)
    )
    return bool(session.execute(taken.returning(col(JobRun.id))).all())


def _finish(session: Session, key: str, **values: Any) -> None:
    session.execute(
        update(JobRun).where(col(JobRun.run_key) == key).values(finished_at=utc_now(), **values)
    )
    session.commit()


def _summary(error: Exception) -> str:
    """The first line: what follows in a database error may repeat the values written."""
    first = next(iter(str(error).splitlines()), "")
    return f"{type(error).__name__}: {first}"[:_ERROR_LENGTH]


def tidy(session: Session, keep: timedelta, now: datetime) -> int:
    """Forget finished runs older than `keep`; returns how many. The caller commits."""
    old = delete(JobRun).where(col(JobRun.finished_at) < now - keep)
    return len(session.execute(old.returning(col(JobRun.id))).all())
