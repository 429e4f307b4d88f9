"""The one table of scheduled jobs, and the process that runs them.

What was due while no scheduler ran is caught up at its start: each job's last due run, once.
"""

import logging
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlmodel import Session, col, select

from jobs import asking, deliver, drafts, rates, recompute, runs, sweep
from jobs.rulebooks import current
from jobs.runs import OpenSession, RunFunction
from jobs.settings import JobSettings
from models import JobRun
from models.base import utc_now

_log = logging.getLogger(__name__)
_STOPS = frozenset({signal.SIGTERM, signal.SIGINT})
_KEEP_RUNS = timedelta(days=30)
_DAY = timedelta(days=1)
# The job to ask for after a change of policy or calendar.
RECOMPUTE = "recompute_changed"


@dataclass(frozen=True)
class Job:
    """When a job is due (cron fields, in the installation's time zone) and what it runs.

    `gap` is the longest time between two runs. A run that could start only more than `grace`
    late is left to the next; several missed ones run once.
    """

    name: str
    cron: Mapping[str, str | int]
    gap: timedelta
    run: RunFunction = field(repr=False)
    grace: timedelta = timedelta(hours=1)

    def trigger(self, time_zone: str) -> CronTrigger:
        """The trigger for APScheduler."""
        return CronTrigger(**self.cron, timezone=time_zone)

    def last_due(self, now: datetime, time_zone: str) -> datetime:
        """The last moment up to `now` at which the job was due."""
        trigger = self.trigger(time_zone)
        due: datetime = trigger.get_next_fire_time(None, now - self.gap)
        while (following := trigger.get_next_fire_time(due, now)) <= now:
            due = following
        return due

    def next_due(self, now: datetime, time_zone: str) -> datetime:
        """The next moment after `now` at which the job is due."""
        following: datetime = self.trigger(time_zone).get_next_fire_time(now, now)
        return following


def _recompute(session: Session, today: date, settings: JobSettings) -> dict[str, Any]:
    fingerprint = current(session).fingerprint
    return {**recompute.run(session, today, settings), "fingerprint": fingerprint}


def _recompute_changed(session: Session, today: date, settings: JobSettings) -> dict[str, Any]:
    """Recompute as soon as policy or calendar differ from what was last recomputed with."""
    last = session.exec(
        select(JobRun)
        .where(
            col(JobRun.job).in_(["recompute", RECOMPUTE]),
            JobRun.state == "done",
        )
        .order_by(col(JobRun.id).desc())
        .limit(1)
    ).first()
    fingerprint = current(session).fingerprint
    if last is not None and last.result.get("fingerprint") == fingerprint:
        return {"recomputed": 0, "fingerprint": fingerprint}
    return _recompute(session, today, settings)


def _rates(session: Session, today: date, settings: JobSettings) -> dict[str, Any]:
    return rates.run(session, today, settings)


def _deliver(session: Session, today: date, settings: JobSettings) -> dict[str, Any]:
    return deliver.run(session, today, settings)


def _sweep(session: Session, today: date, settings: JobSettings) -> dict[str, Any]:
    return dict(sweep.run(session, today, settings))


def _tidy(session: Session, _today: date, _settings: JobSettings) -> dict[str, Any]:
    forgotten = runs.tidy(session, _KEEP_RUNS, utc_now())
    expired = drafts.forget_expired(session, utc_now())
    asking.forget_gone(session, utc_now())
    session.commit()
    return {"forgotten": forgotten, "expired_drafts": expired}


# In the order in which they are caught up: dates first, then alerts and rates, then mail.
JOBS: tuple[Job, ...] = (
    Job(RECOMPUTE, {"minute": "*/10"}, timedelta(minutes=20), _recompute_changed),
    Job("recompute", {"hour": 2, "minute": 30}, _DAY, _recompute, _DAY),
    # Alerts are raised in working hours, so that nobody is woken by one: who starts the
    # scheduler at night has them in the morning.
    Job("sweep", {"hour": "8-17", "minute": 0}, _DAY, _sweep),
    # On the 1st this freezes the month before; any day it brings the present one up to date.
    Job("rates", {"hour": 7, "minute": 30}, _DAY, _rates, _DAY),
    Job("deliver", {"minute": "*"}, timedelta(minutes=2), _deliver, timedelta(minutes=1)),
    Job("tidy", {"hour": 4, "minute": 0}, _DAY, _tidy, _DAY),
)


def run_due(
    job: Job, open_session: OpenSession, settings: JobSettings, now: datetime | None = None
) -> bool:
    """Do the job's last due run, unless that was done or is too late; True when it ran."""
    moment = now or utc_now()
    due_at = job.last_due(moment, settings.time_zone)
    if moment - due_at > job.grace:
        return False
    today = moment.astimezone(due_at.tzinfo).date()
    return runs.run_once(
        open_session, job.name, due_at, lambda session: job.run(session, today, settings)
    )


def catch_up(
    open_session: OpenSession, settings: JobSettings, now: datetime | None = None
) -> list[str]:
    """Do what was missed while no scheduler ran; returns the names of the jobs that ran."""
    return [job.name for job in JOBS if run_due(job, open_session, settings, now)]


def run_asked(
    open_session: OpenSession, settings: JobSettings, now: datetime | None = None
) -> str | None:
    """Do a run that an administrator asked for; the name of its job, None when there is none."""
    today = (now or utc_now()).astimezone(ZoneInfo(settings.time_zone)).date()

    def work(job: Job) -> asking.Work:
        return lambda session: job.run(session, today, settings)

    return asking.run_next(open_session, {job.name: work(job) for job in JOBS})


def _look(presence: asking.Presence, open_session: OpenSession, settings: JobSettings) -> None:
    presence.sign(utc_now())
    run_asked(open_session, settings)


def serve(open_session: OpenSession, settings: JobSettings) -> None:
    """Run the schedule until SIGTERM or Ctrl-C; what is running then is finished first."""
    scheduler = BackgroundScheduler(
        timezone=settings.time_zone, job_defaults={"coalesce": True, "max_instances": 1}
    )
    for job in JOBS:
        scheduler.add_job(
            run_due,
            job.trigger(settings.time_zone),
            args=[job, open_session, settings],
            id=job.name,
            misfire_grace_time=int(job.grace.total_seconds()),
        )
    scheduler.add_job(catch_up, args=[open_session, settings], id="catch_up")
    presence = asking.Presence(open_session)
    scheduler.add_job(
        _look,
        "interval",
        seconds=asking.LOOK_EVERY.total_seconds(),
        args=[presence, open_session, settings],
        id="look",
        # A long run must not keep others waiting, nor the sign that the scheduler is there.
        max_instances=2 * len(JOBS),
    )
    _hold_back_signals()
    presence.sign(utc_now())
    _log.info("scheduler started: %s", ", ".join(job.name for job in JOBS))
    scheduler.start()
    _wait_for_a_signal()
    _log.info("scheduler is stopping")
    scheduler.shutdown(wait=True)
    presence.leave()
    _log.info("scheduler stopped")


def _hold_back_signals() -> None:
    """Before there is another thread, so that all inherit it. A handler that raises could do so
    anywhere, also where Python drops what is raised."""
    for number in _STOPS:
        # Who starts us may have had them ignored.
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)


def _wait_for_a_signal() -> None:
    """Until SIGTERM or Ctrl-C; another one ends the process at once."""
    signal.sigwait(_STOPS)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
