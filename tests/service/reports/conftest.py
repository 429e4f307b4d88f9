"""A bureau with figures, and people who read them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session

from models import Unit, User
from models.user import ROLES
from service import create_app
from service.config import Settings
from tests.support.browser import Browser, password_hash
from tests.support.bureau import Bureau

TODAY = date(2026, 3, 9)
FEBRUARY = date(2026, 2, 1)


@pytest.fixture
def database_kind() -> str:
    """Pages do not differ by database; tests of what does parametrize this."""
    return "sqlite"


class World(Bureau):
    """A district, two townships below it, and a person of each role at the top."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.top = self.unit("district", kind="district")
        self.east = self.unit("east", self.top, "township")
        self.west = self.unit("west", self.top, "township")
        secret = {"password_hash": password_hash()}
        self.users = {role: self.user(role, self.top, role, **secret) for role in ROLES}
        self.eastern = self.user("eastern", self.east, "supervisor", **secret)
        self.western = self.user("western", self.west, **secret)
        session.commit()

    def settled(self, handler: User, on: date, *, kept: bool, **values: Any) -> Any:
        """An inspection case whose limit was decided on a day."""
        return self.case(
            handler,
            limit_rule="insp_investigation",
            limit_settled_on=on,
            limit_due_on=on,
            limit_kept=kept,
            closed_on=on,
            **values,
        )

    def east_id(self) -> int:
        """The id of the eastern township."""
        return self.east.id or 0


@pytest.fixture
def world(session: Session) -> World:
    """See World."""
    return World(session)


@pytest.fixture
def app(engine: Engine, settings: Settings, world: World) -> Flask:
    """The application on 9 March 2026."""
    app = create_app(settings, engine)
    app.config["TODAY"] = TODAY
    return app


@pytest.fixture
def logged_in(app: Flask) -> Callable[[str], Browser]:
    """A browser logged in as somebody, in English."""

    def make(username: str, language: str = "en") -> Browser:
        browser = Browser(app.test_client())
        browser.get("/login")
        browser.post("/language", language=language)
        assert browser.log_in(username).status_code == 302
        return browser

    return make


def unit_name(unit: Unit) -> str:
    """The unit's name on an English page."""
    return unit.name_en
