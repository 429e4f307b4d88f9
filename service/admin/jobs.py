"""The page of the jobs: when each ran and runs again, and asking for a run now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session, col, func, or_, select
from werkzeug.wrappers import Response

from jobs import asking
from jobs.schedule import JOBS, Job
from models import JobRun
from models.job_run import JobState
from service import audit
from service.access import NotFound
from service.admin.blueprint import blueprint
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
# What a run reports, by its own name; the stages of alerts have their words elsewhere.
RESULTS: Mapping[str, LazyString] = {
    "recomputed": _l("Cases recomputed"),
    "refreshed": _l("Cases brought up to date"),
    "duties_raised": _l("Duties of the bureau raised"),
    "duties_derived": _l("Duties of the bureau derived anew"),
    "fingerprint": _l("Fingerprint of policy and calendar"),
    "months": _l("Months computed"),
    "written": _l("Figures written"),
    "restated": _l("Figures restated"),
    "mailed": _l("Reports queued as mail"),
    "alerts": _l("Alerts delivered"),
    "receipts": _l("Entries in inboxes"),
    "queued": _l("Mails queued"),
    "sent": _l("Mails sent"),
    "failed": _l("Mails that failed and are tried again"),
    "given_up": _l("Mails given up"),
    "kept": _l("Mails kept in the outbox"),
    "mail": _l("Mail server"),
    "forgotten": _l("Old runs forgotten"),
    "expired_drafts": _l("Expired drafts forgotten"),
}
_MAIL: Mapping[str, LazyString] = {
    "sent": _l("there is one"),
    "no mail server: the outbox keeps mail": _l("there is none; the outbox keeps mail"),
}
_OPEN: tuple[JobState, ...] = ("queued", "running")


@dataclass(frozen=True)
class Row:
    """A job on the page: what it is, its last run and its next.

    `asked` is a run that somebody asked for and that has not ended.
    """

    job: Job
    what: str
    last: JobRun | None
    asked: JobRun | None
    next_at: datetime


@blueprint.get("/jobs")
@needs("admin.jobs")
def list_jobs() -> str:
    """Every job of the schedule; for htmx the table alone, while a run that was asked for goes."""
    session, now = database.session(), clock.now()
    rows = _rows(session, now)
    return render_template(
        "admin/_jobs.html" if "HX-Request" in request.headers else "admin/jobs.html",
        rows=rows,
        results=RESULTS,
        value_words=_value_words,
        going=any(row.asked for row in rows),
        scheduled=asking.is_scheduled(session, now),
    )


def _value_words(value: Any) -> str:
    """A result as it is read: a list in one line, a state in words."""
    if isinstance(value, list):
        return _(", ").join(str(one) for one in value)
    return str(_MAIL.get(value, value)) if isinstance(value, str) else str(value)


def _rows(session: Session, now: datetime) -> list[Row]:
    zone = str(current_app.config["SETTINGS"].time_zone)
    last, asked = _runs(session)
    return [
        Row(
            job,
            str(WHAT.get(job.name, "")),
            last.get(job.name),
            asked.get(job.name),
            job.next_due(now, zone),
        )
        for job in JOBS
    ]


def _runs(session: Session) -> tuple[dict[str, JobRun], dict[str, JobRun]]:
    """The last run of each job that has begun, and what was asked for and has not ended."""
    begun = select(func.max(JobRun.id)).where(JobRun.state != "queued").group_by(JobRun.job)
    asked = col(JobRun.asked_by_id).is_not(None) & col(JobRun.state).in_(_OPEN)
    rows = session.exec(select(JobRun).where(or_(col(JobRun.id).in_(begun), asked))).all()
    last = {row.job: row for row in rows if row.state != "queued"}
    return last, {row.job: row for row in rows if row.asked_by_id and row.state in _OPEN}


@blueprint.post("/jobs/<name>/run")
@needs("admin.jobs")
def run_job(name: str) -> Response:
    """Ask for a run; the scheduler does it."""
    if name not in {job.name for job in JOBS}:
        raise NotFound("job")
    session, user, now = database.session(), identity.current(), clock.now()
    if not asking.ask(session, name, user.id or 0, now):
        flash(_("%(job)s is asked for already; it has not ended yet.", job=name), "warning")
        return redirect(url_for("admin.list_jobs"))
    audit.record(session, user.id, "job.run", subject=f"job:{name}")
    if asking.is_scheduled(session, now):
        flash(_("%(job)s is asked for; the scheduler begins within seconds.", job=name), "success")
    else:
        flash(_("%(job)s is asked for; it waits for a scheduler.", job=name), "info")
    return redirect(url_for("admin.list_jobs"))
