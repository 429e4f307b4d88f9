"""A bureau with a server of its own on a free port of this machine, and a real Chromium."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Engine
from sqlmodel import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from service import create_app
from service.config import Settings
from tests.support.browser import PASSWORD, password_hash
from tests.support.chromium import FLAGS
from tests.support.office import TODAY, Office, open_office

WIDE, NARROW = 1280, 390


@pytest.fixture
def database_kind() -> str:
    """A browser sees no difference."""
    return "sqlite"


@pytest.fixture
def office(session: Session) -> Office:
    """Units and people, all with the same password; today is Monday 2026-03-09."""
    office = open_office(session)
    for user in office.users.values():
        user.password_hash = password_hash()
        user.name = user.name.title()
    session.commit()
    return office


class _Quiet(WSGIRequestHandler):
    """Says nothing for each request."""

    def log(self, *_args: object) -> None:
        """Leave it out."""


@pytest.fixture
def address(tmp_path: Path, engine: Engine, office: Office) -> Iterator[str]:
    """Where the bureau's pages are served."""
    app = create_app(Settings(data_dir=tmp_path), engine)
    app.config["TODAY"] = TODAY
    office.session.rollback()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def chrome(chromium: Path) -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Somebody logged in, in a window of their own; what the console complains of is kept."""

    page: Page
    address: str
    complaints: list[str]

    def open(self, path: str) -> Page:
        """Go to a page of the bureau."""
        self.page.goto(self.address + path)
        return self.page


@pytest.fixture
def visit(chrome: Browser, address: str) -> Iterator[Callable[..., Visitor]]:
    """`visit("chen", language="en", width=390)` logs somebody in."""
    contexts = []

    def visit(name: str, language: str = "en", width: int = WIDE) -> Visitor:
        context = chrome.new_context(viewport={"width": width, "height": 900}, locale="en-GB")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        complaints: list[str] = []
        page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/login")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)
        switch = page.locator(f"button[name=language][value={language}]")
        if switch.count():
            switch.click()
        return Visitor(page, address, complaints)

    yield visit
    for context in contexts:
        context.close()
