"""What the web tests share: an application on a small bureau."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session

from models.user import ROLES
from service import create_app
from service.config import Settings
from tests.support.browser import TODAY, Browser, People, password_hash
from tests.support.bureau import Bureau


@pytest.fixture
def database_kind() -> str:
    """Pages do not differ by database; tests of what does parametrize this."""
    return "sqlite"


@pytest.fixture
def people(session: Session) -> People:
    """The people of the bureau; the user name is the role."""
    bureau = Bureau(session)
    top = bureau.unit("TOP", kind="district")
    town = bureau.unit("TOWN", top, kind="township")
    users = {role: bureau.user(role, top, role, password_hash=password_hash()) for role in ROLES}
    session.commit()
    return People(top, town, users)


@pytest.fixture
def app(engine: Engine, settings: Settings, people: People) -> Flask:
    """The application on the test's database, on a fixed day."""
    app = create_app(settings, engine)
    app.config["TODAY"] = TODAY
    return app


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser nobody has logged in with."""
    return Browser(app.test_client())


@pytest.fixture
def logged_in(app: Flask) -> Callable[[str], Browser]:
    """A browser logged in as a role, in English."""

    def make(role: str) -> Browser:
        browser = Browser(app.test_client())
        browser.get("/login")
        browser.post("/language", language="en")
        assert browser.log_in(role).status_code == 302
        browser.get("/account")
        return browser

    return make


@pytest.fixture
def at(app: Flask) -> Callable[[datetime], None]:
    """Sets the moment it is."""

    def set_now(moment: datetime) -> None:
        app.config["NOW"] = moment

    return set_now
