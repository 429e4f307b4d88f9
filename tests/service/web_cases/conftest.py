"""An office with its web application, and people who use it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlmodel import Session
from werkzeug.test import TestResponse

from models import User
from models.base import utc_now
from service import create_app
from service.config import Settings
from tests.support.office import TODAY, Office, open_office


@pytest.fixture
def database_kind() -> str:
    """Pages do not differ by database; tests of what does parametrize this."""
    return "sqlite"


@pytest.fixture
def office(session: Session) -> Office:
    """Units and people; today is Monday 2026-03-09."""
    return open_office(session)


@pytest.fixture
def app(tmp_path: Path, engine: Engine) -> Flask:
    """The application on the test's database."""
    settings = Settings(data_dir=tmp_path, language="en")
    app = create_app(settings, engine)
    app.config.update(TESTING=True, TODAY=TODAY, WTF_CSRF_ENABLED=False)
    return app


@dataclass
class Person:
    """Somebody logged in. The office's own transaction ends before each request."""

    client: Any
    office: Office

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page."""
        self.office.session.rollback()
        return self.client.get(path, **more)

    def post(self, path: str, data: Any = None, **more: Any) -> TestResponse:
        """Send a form."""
        self.office.session.rollback()
        return self.client.post(path, data=data or {}, **more)


@pytest.fixture
def log_in(app: Flask, office: Office) -> Callable[[str], Person]:
    """Log somebody in by name."""

    def log_in(name: str) -> Person:
        user: User = office.users[name]
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie.update(
                _user_id=str(user.id),
                _fresh=True,
                version=user.session_version,
                seen_at=utc_now().timestamp(),
            )
        office.session.rollback()
        return Person(client, office)

    return log_in


@pytest.fixture
def chen(log_in: Callable[[str], Person]) -> Person:
    """The township's caseworker."""
    return log_in("chen")


@pytest.fixture
def chief(log_in: Callable[[str], Person]) -> Person:
    """The township's supervisor."""
    return log_in("chief")


@pytest.fixture
def count_queries(engine: Engine) -> Callable[[], Any]:
    """`with count_queries() as queries:` lists the statements sent within."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting
