"""The schedule: when each job is due, what was missed, and a clean end."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from jobs import schedule
from jobs.asking import ask, is_scheduled
from jobs.settings import JobSettings
from models import IndicatorValue, JobRun
from models.base import utc_now
from service.db import open_session
from tests.support.bureau import Bureau

SETTINGS = JobSettings()
SHANGHAI = ZoneInfo("Asia/Shanghai")
JOBS = {job.name: job for job in schedule.JOBS}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("job", "now", "due"),
    [
        ("sweep", "2026-03-05T08:00", "2026-03-05T08:00"),
        ("sweep", "2026-03-05T07:59", "2026-03-04T17:00"),
        ("sweep", "2026-03-05T23:30", "2026-03-05T17:00"),
        ("rates", "2026-03-01T07:30", "2026-03-01T07:30"),
        ("rates", "2026-03-01T07:29", "2026-02-28T07:30"),
        ("deliver", "2026-03-05T12:34:56", "2026-03-05T12:34"),
        ("recompute", "2026-03-05T02:29", "2026-03-04T02:30"),
    ],
)
def test_when_a_job_was_last_due(job: str, now: str, due: str) -> None:
    # The moment is given in UTC, as the process has it; the table is in the bureau's time.
    moment = at(now).astimezone(UTC)
    assert JOBS[job].last_due(moment, SETTINGS.time_zone) == at(due)


def test_alerts_are_raised_in_working_hours_alone() -> None:
    moment, hours = at("2026-03-05T00:00"), set()
    for _ in range(40):
        moment = JOBS["sweep"].next_due(moment, SETTINGS.time_zone)
        hours.add(moment.hour)
    assert hours == set(range(8, 18))


def test_what_was_missed_is_caught_up_once(engine: Engine, bureau: Bureau) -> None:
    bureau.unit("section")
    bureau.session.commit()
    opened = lambda: open_session(engine)  # noqa: E731
    after_a_week_off = at("2026-03-05T09:10")
    assert schedule.catch_up(opened, SETTINGS, after_a_week_off) == list(JOBS)
    assert schedule.catch_up(opened, SETTINGS, after_a_week_off + timedelta(seconds=20)) == []
    with open_session(engine) as session:
        found = session.exec(select(JobRun)).all()
    assert Counter(one.job for one in found) == Counter(list(JOBS))
    assert {one.state for one in found} == {"done"}, [one.error for one in found]


def test_who_starts_the_scheduler_at_night_has_the_alerts_in_the_morning(engine: Engine) -> None:
    opened = lambda: open_session(engine)  # noqa: E731
    assert "sweep" not in schedule.catch_up(opened, SETTINGS, at("2026-03-05T23:10"))
    assert "sweep" in schedule.catch_up(opened, SETTINGS, at("2026-03-06T08:00"))


def test_a_job_runs_for_the_day_it_is_where_the_bureau_is(engine: Engine, bureau: Bureau) -> None:
    bureau.unit("section")
    bureau.session.commit()
    # 23:40 UTC on the last of February is the morning of 1 March in Shanghai.
    now = datetime(2026, 2, 28, 23, 40, tzinfo=UTC)
    assert schedule.run_due(JOBS["rates"], lambda: open_session(engine), SETTINGS, now)
    with open_session(engine) as session:
        assert {one.as_of_on.isoformat() for one in session.exec(select(IndicatorValue))} == {
            "2026-03-01"
        }


def test_a_policy_that_changed_is_noticed_between_the_nightly_runs(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def recompute(*_given: object) -> dict[str, int]:
        calls.append("recomputed")
        return {"recomputed": 7}

    monkeypatch.setattr(schedule.recompute, "run", recompute)
    today = at("2026-03-05T09:00").date()
    result = JOBS["recompute_changed"].run(session, today, SETTINGS)
    assert result["recomputed"] == 7, "nothing was ever recomputed"
    session.add(JobRun(run_key="a", job="recompute", state="done", result=result))
    session.flush()
    assert JOBS["recompute_changed"].run(session, today, SETTINGS)["recomputed"] == 0
    session.add(JobRun(run_key="b", job="recompute", state="done", result={"fingerprint": "old"}))
    session.flush()
    JOBS["recompute_changed"].run(session, today, SETTINGS)
    assert len(calls) == 2


_SERVE = """
import logging, os, sys
logging.basicConfig(level="INFO", stream=sys.stdout, force=True)
from jobs.schedule import serve
from jobs.settings import JobSettings
from service.db import engine_for, open_session
engine = engine_for(os.environ["TEST_DATABASE"])
serve(lambda: open_session(engine), JobSettings())
"""


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_catches_up_and_ends_cleanly_on_a_signal(
    database_url: str, session: Session, bureau: Bureau, signal_number: signal.Signals
) -> None:
    admin = bureau.user("admin", bureau.unit("district"), "administrator")
    session.commit()
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE],
        env={**os.environ, "TEST_DATABASE": database_url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    deadline = time.monotonic() + 60
    # At night the sweep waits for the morning.
    while len(session.exec(select(JobRun).where(JobRun.state == "done")).all()) < len(JOBS) - 1:
        session.rollback()
        assert time.monotonic() < deadline
        assert process.poll() is None, process.stdout and process.stdout.read()
        time.sleep(0.1)
    session.rollback()
    assert is_scheduled(session, utc_now())
    assert ask(session, "rates", admin.id or 0, utc_now())
    session.commit()
    asked = select(JobRun.state).where(JobRun.job == "rates").order_by(col(JobRun.id).desc())
    while session.exec(asked).first() != "done":
        session.rollback()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    session.rollback()
    process.send_signal(signal_number)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0, output
    assert "scheduler stopped" in output
    assert "Traceback" not in output
    assert not is_scheduled(session, utc_now())
