"""The session of a request: reading waits for nobody, and a read is recorded all the same."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from models import AuditEntry, User
from service import audit
from service.web import database

BOTH = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])


def _route(app: Flask, work: Any, method: str = "GET") -> int:
    def view() -> tuple[str, int]:
        return "done", work() or 200

    app.view_functions["health.healthz"] = view
    app.testing = False
    app.config["WTF_CSRF_ENABLED"] = False
    rule = "/healthz" if method == "GET" else "/login"
    app.view_functions["account.log_in"] = view
    return app.test_client().open(rule, method=method).status_code


@BOTH
def test_a_page_that_reads_records_the_read(app: Flask, session: Session) -> None:
    def work() -> None:
        audit.record(database.session(), None, "case.read")
        database.session().exec(select(User)).all()
        database.session().commit()

    assert _route(app, work) == 200
    assert session.exec(select(AuditEntry.action)).all() == ["case.read"]


@BOTH
def test_the_read_is_recorded_even_when_the_page_fails_later(app: Flask, session: Session) -> None:
    def work() -> None:
        audit.record(database.session(), None, "case.read")
        database.session().commit()
        raise RuntimeError("later")

    assert _route(app, work) == 500
    assert session.exec(select(AuditEntry.action)).all() == ["case.read"]


@BOTH
def test_a_page_that_reads_cannot_change_anything(app: Flask, people, session: Session) -> None:
    refused = []

    def work() -> None:
        user = database.session().exec(select(User)).first()
        assert user is not None
        user.name = "changed"
        try:
            database.session().commit()
        except DBAPIError as error:
            refused.append(error)
            database.session().rollback()

    _route(app, work)
    assert refused
    assert "changed" not in session.exec(select(User.name)).all()


def test_a_reading_page_does_not_wait_for_a_writer(app: Flask, session: Session) -> None:
    session.add(AuditEntry(action="x"))
    session.flush()
    assert _route(app, lambda: database.session().exec(select(User)).all() and None) == 200


@BOTH
def test_a_form_that_reads_first_writes_only_from_then_on(app: Flask, session: Session) -> None:
    """What it read before stays readable, and the log entry of the reading is kept."""
    names: list[str] = []

    @database.reads_first
    def view() -> str:
        user = database.session().exec(select(User)).first()
        assert user is not None
        audit.record(database.session(), None, "case.search")
        writing = database.begin_writing()
        names.append(user.name)
        audit.record(writing, user.id, "case.register")
        return "done"

    app.config["WTF_CSRF_ENABLED"] = False
    app.view_functions["account.log_in"] = view
    assert app.test_client().post("/login").status_code == 200
    assert names
    actions = session.exec(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["case.search", "case.register"]


def test_a_form_that_reads_first_does_not_wait_for_a_writer(app: Flask, session: Session) -> None:
    @database.reads_first
    def view() -> tuple[str, int]:
        database.session().exec(select(User)).all()
        return "refused", 422

    app.config["WTF_CSRF_ENABLED"] = False
    app.view_functions["account.log_in"] = view
    session.add(AuditEntry(action="x"))
    session.flush()
    assert app.test_client().post("/login").status_code == 422


@pytest.mark.parametrize(("status", "kept"), [(200, 1), (302, 1), (422, 0), (404, 0)])
def test_a_form_is_saved_when_it_succeeds_and_only_then(
    app: Flask, session: Session, status: int, kept: int
) -> None:
    def work() -> int:
        audit.record(database.session(), None, "x")
        return status

    assert _route(app, work, "POST") == status
    assert len(session.exec(select(AuditEntry)).all()) == kept
