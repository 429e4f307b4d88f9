"""Runs that are asked for: done once, by a scheduler, and taken over where one died."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, update
from sqlmodel import Session, select

from jobs.asking import Presence, ask, forget_gone, is_scheduled, run_next
from jobs.runs import exclusive, run_key
from models import JobRun, SchedulerBeat
from service.db import open_session
from tests.support.bureau import Bureau

NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)


@pytest.fixture
def admin_id(bureau: Bureau) -> int:
    admin = bureau.user("admin", bureau.unit("district"), "administrator")
    bureau.session.commit()
    return admin.id or 0


def _asked(session: Session, job: str, admin_id: int, at: datetime = NOON) -> bool:
    done = ask(session, job, admin_id, at)
    session.commit()
    return done


def _run(session: Session) -> JobRun:
    query = select(JobRun).execution_options(populate_existing=True)
    found = session.exec(query).one()
    # It stays readable, and nobody waits for this session.
    session.expunge(found)
    session.rollback()
    return found


def test_what_was_asked_is_done_once_and_keeps_its_result(
    engine: Engine, session: Session, admin_id: int
) -> None:
    assert _asked(session, "sweep", admin_id)
    assert _run(session).state == "queued"
    seen = []

    def work(running: Session) -> dict[str, int]:
        seen.append(running.exec(select(JobRun.state)).one())
        return {"alerts": 2}

    assert run_next(lambda: open_session(engine), {"sweep": work}) == "sweep"
    assert seen == ["running"]
    assert (_run(session).state, _run(session).result) == ("done", {"alerts": 2})
    assert run_next(lambda: open_session(engine), {"sweep": work}) is None


def test_one_asks_again_only_when_the_last_has_ended(
    engine: Engine, session: Session, admin_id: int
) -> None:
    assert _asked(session, "sweep", admin_id)
    assert not _asked(session, "sweep", admin_id, NOON + timedelta(seconds=5))
    assert _asked(session, "rates", admin_id)
    assert run_next(lambda: open_session(engine), {"sweep": lambda _session: {}}) == "sweep"
    assert _asked(session, "sweep", admin_id, NOON + timedelta(minutes=1))


def test_a_failure_is_kept_and_is_not_tried_again(
    engine: Engine, session: Session, admin_id: int
) -> None:
    def fail(_session: Session) -> dict[str, int]:
        raise ValueError("no such day")

    _asked(session, "sweep", admin_id)
    assert run_next(lambda: open_session(engine), {"sweep": fail}) == "sweep"
    assert (_run(session).state, _run(session).error) == ("failed", "ValueError: no such day")
    assert run_next(lambda: open_session(engine), {"sweep": fail}) is None


def test_what_another_scheduler_does_is_left_to_it_until_it_dies(
    engine: Engine, session: Session, admin_id: int
) -> None:
    _asked(session, "sweep", admin_id)
    session.exec(update(JobRun).values(state="running"))
    session.commit()
    work = {"sweep": lambda _session: {"by": "us"}}
    with open_session(engine) as other, exclusive(other, run_key("sweep", NOON)) as alone:
        assert alone
        assert run_next(lambda: open_session(engine), work) is None
    assert run_next(lambda: open_session(engine), work) == "sweep"
    assert _run(session).result == {"by": "us"}


def test_a_scheduler_is_there_while_it_signs(engine: Engine, session: Session) -> None:
    def opened() -> AbstractContextManager[Session]:
        return open_session(engine)

    def there(seconds: int) -> bool:
        found = is_scheduled(session, NOON + timedelta(seconds=seconds))
        session.rollback()
        return found

    scheduler = Presence(opened)
    assert not there(0)
    scheduler.sign(NOON)
    assert there(0)
    assert there(40)
    assert not there(60)
    scheduler.sign(NOON + timedelta(seconds=50))
    assert there(60)
    scheduler.leave()
    assert not there(60)


def test_the_sign_of_a_scheduler_that_was_killed_is_forgotten(
    engine: Engine, session: Session
) -> None:
    Presence(lambda: open_session(engine)).sign(NOON)
    forget_gone(session, NOON + timedelta(minutes=5))
    session.commit()
    assert session.exec(select(SchedulerBeat)).all() == []
