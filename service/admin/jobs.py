"""The page of the jobs: when each ran and runs again, and running one now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session, col, func, select
from werkzeug.wrappers import Response

from jobs.runs import run_once
from jobs.schedule import JOBS, Job
from jobs.settings import JobSettings
from models import JobRun
from service import audit
from service.access import NotFound
from service.admin.blueprint import blueprint
from service.db import open_session
from service.web import clock, database, identity
from service.web.gate import needs

WHAT: Mapping[str, LazyString] = {
    "recompute_changed": _l("Recomputes cases as soon as the policy or the calendar changes."),
    "recompute": _l("Recomputes what an older policy or calendar derived, and what a day changes."),
    "sweep": _l("Finds what is due soon and overdue, and raises the alerts."),
    "rates": _l("Computes the indicators; on the 1st it freezes the month before."),
    "deliver": _l("Delivers alerts to inboxes and sends mail."),
    "tidy": _l("Forgets old runs of jobs and drafts that have expired."),
}


@dataclass(frozen=True)
class Row:
    """A job on the page: what it is, its last run and its next."""

    job: Job
    what: str
    last: JobRun | None
    next_at: datetime


def _last_runs(session: Session) -> dict[str, JobRun]:
    latest = select(func.max(JobRun.id)).group_by(JobRun.job)
    rows = session.exec(select(JobRun).where(col(JobRun.id).in_(latest)))
    return {row.job: row for row in rows}


@blueprint.get("/jobs")
@needs("admin.jobs")
def list_jobs() -> str:
    """Every job of the schedule."""
    last = _last_runs(database.session())
    zone = _settings().time_zone
    rows = [
        Row(job, str(WHAT.get(job.name, "")), last.get(job.name), job.next_due(clock.now(), zone))
        for job in JOBS
    ]
    return render_template("admin/jobs.html", rows=rows)


@blueprint.post("/jobs/<name>/run")
@needs("admin.jobs")
def run_job(name: str) -> Response:
    """Run a job at once and say what came of it."""
    job = next((one for one in JOBS if one.name == name), None)
    if job is None:
        raise NotFound("job")
    audit.record(database.session(), identity.current().id, "job.run", subject=f"job:{name}")
    # The job writes in its own transactions and must not wait for this one.
    database.session().commit()
    if _run(job):
        flash(_("%(job)s has run. Its result stands below.", job=name), "success")
    else:
        flash(_("%(job)s is running already. Look again in a minute.", job=name), "warning")
    return redirect(url_for("admin.list_jobs"))


def _run(job: Job) -> bool:
    engine, today = database.engine(), clock.today()

    def work(session: Session) -> dict[str, Any]:
        return job.run(session, today, _settings())

    return run_once(lambda: open_session(engine), job.name, clock.now(), work)


def _settings() -> JobSettings:
    return JobSettings.of(current_app.config["SETTINGS"])
