"""Each run once, however many schedulers there are and whichever of them dies."""

import logging
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from jobs.runs import exclusive, run_key, run_once, tidy
from models import JobRun, Unit
from models.base import utc_now
from service.db import open_session
from tests.support.bureau import Bureau
from tests.support.scheduler_process import FIRST, RUNS


def start(database_url: str, what: str, path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.scheduler_process", what, str(path)],
        env={**os.environ, "TEST_DATABASE": database_url},
    )


def runs(session: Session) -> list[JobRun]:
    query = select(JobRun).order_by(JobRun.run_key)
    return list(session.exec(query.execution_options(populate_existing=True)))


def test_three_schedulers_do_each_run_once(
    database_url: str, session: Session, tmp_path: Path
) -> None:
    done = tmp_path / "done"
    processes = [start(database_url, "race", done) for _ in range(3)]
    for process in processes:
        assert process.wait(timeout=60) == 0
    assert sorted(map(int, done.read_text().split())) == list(range(RUNS))
    found = runs(session)
    assert [one.state for one in found] == ["done"] * RUNS


def test_a_run_whose_process_died_is_taken_over(
    database_url: str, engine: Engine, session: Session, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    process = start(database_url, "stuck", begun)
    deadline = time.monotonic() + 30
    while not begun.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert not run(engine, lambda _session: {}), "its process is still at work"
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    # PostgreSQL notices that the connection is gone when it next looks at it.
    while not run(engine, lambda _session: {"by": "us"}):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    (row,) = runs(session)
    assert (row.state, row.result) == ("done", {"by": "us"})


def run(engine: Engine, function: Any, job: str = "sweep") -> bool:
    return run_once(lambda: open_session(engine), job, FIRST, function)


def test_a_run_that_was_done_is_not_done_again(engine: Engine, session: Session) -> None:
    assert run(engine, lambda _session: {"alerts": 3})
    assert not run(engine, lambda _session: pytest.fail("ran twice"))
    (row,) = runs(session)
    assert row.run_key == run_key("sweep", FIRST) == "sweep@2026-03-05T01:00:00Z"
    assert row.result == {"alerts": 3}
    assert row.finished_at is not None


def test_a_failure_is_kept_with_the_run_and_logged_without_values(
    engine: Engine, session: Session, bureau: Bureau, caplog: pytest.LogCaptureFixture
) -> None:
    bureau.unit("taken")
    session.commit()

    def fail(inner: Session) -> dict[str, Any]:
        inner.add(Unit(path="/", code="taken", name_zh="秘密", name_en="secret", kind="section"))
        inner.flush()
        return {}

    with caplog.at_level(logging.ERROR):
        assert run(engine, fail)
    (row,) = runs(session)
    assert row.state == "failed"
    assert "IntegrityError" in (row.error or "")
    assert "test_runs.py" in caplog.text, "the log says where it failed"
    assert "secret" not in (row.error or "") + caplog.text
    # What the failed run wrote is gone.
    assert len(session.exec(select(Unit)).all()) == 1


def test_a_run_is_locked_by_one_and_others_do_not_wait(session: Session) -> None:
    with exclusive(session, "sweep") as first, exclusive(session, "deliver") as second:
        assert first
        assert second
        with exclusive(session, "sweep") as third:
            assert not third
    with exclusive(session, "sweep") as again:
        assert again


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_no_lock_file_is_left_beside_the_database(
    engine: Engine, session: Session, tmp_path: Path
) -> None:
    run(engine, lambda _session: {})
    assert list(tmp_path.glob("*.lock")) == []


def test_no_transaction_stays_open_for_the_lock(
    engine: Engine, session: Session, database_kind: str
) -> None:
    with exclusive(session, "sweep"), open_session(engine) as other:
        if database_kind == "postgresql":
            idle = text(
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' "
                "AND datname = current_database()"
            )
            assert other.execute(idle).scalar_one() == 0
        else:
            other.add(Unit(path="/", code="x", name_zh="x", name_en="x", kind="section"))
            other.commit()


def test_old_runs_are_forgotten_and_unfinished_ones_kept(session: Session) -> None:
    now = utc_now()
    for name, age in (("old", 31), ("new", 29), ("stuck", None)):
        finished = now - timedelta(days=age) if age else None
        session.add(JobRun(run_key=name, job="sweep", finished_at=finished))
    session.flush()
    assert tidy(session, timedelta(days=30), now) == 1
    assert [one.run_key for one in runs(session)] == ["new", "stuck"]
