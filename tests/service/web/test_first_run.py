"""The first log-in of a real installation sets the administrator's password."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session, select

from models import Unit, User
from service import create_app
from service.account.first_run import USERNAME, ensure_administrator, top_unit
from service.config import Settings
from service.demo import LOGINS
from tests.support.browser import Browser
from tests.support.bureau import Bureau


@pytest.fixture
def app(engine: Engine, settings: Settings) -> Flask:
    """An application on a database without people."""
    return create_app(settings, engine)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser in English."""
    browser = Browser(app.test_client())
    browser.get("/login")
    browser.post("/language", language="en")
    return browser


def test_the_one_time_password_leads_to_choosing_ones_own(
    browser: Browser, session: Session
) -> None:
    password = ensure_administrator(session)
    assert password is not None
    assert "This installation is new" in browser.get("/login").text
    browser.log_in(USERNAME, password)
    assert browser.get("/admin").location == "/account/password"
    browser.get("/account/password")
    chosen = "my-own-secret-9"
    assert browser.post("/account/password", old=password, new=chosen, again=chosen).location
    assert browser.get("/admin").status_code == 200
    assert ensure_administrator(session) is None
    session.rollback()
    browser.post("/logout")
    assert "This installation is new" not in browser.get("/login").text
    assert browser.log_in(USERNAME, password).status_code == 422


def test_starting_the_server_leaves_the_one_time_password_good(
    browser: Browser, session: Session
) -> None:
    password = ensure_administrator(session, renew=False)
    assert password is not None
    assert ensure_administrator(session, renew=False) is None
    session.rollback()
    assert browser.log_in(USERNAME, password).status_code == 302


def test_a_lost_one_time_password_is_replaced_while_nobody_used_it(
    browser: Browser, session: Session
) -> None:
    first = ensure_administrator(session)
    second = ensure_administrator(session)
    assert first is not None
    assert second is not None
    assert len(session.exec(select(User)).all()) == 1
    session.rollback()
    assert browser.log_in(USERNAME, first).status_code == 422
    assert browser.log_in(USERNAME, second).status_code == 302


@pytest.mark.parametrize("demo", [False, True])
def test_a_real_installation_shows_no_demo_log_ins(
    app: Flask, browser: Browser, session: Session, settings: Settings, demo: bool
) -> None:
    """Not even where somebody goes by the name of one."""
    shown = LOGINS[0]
    bureau = Bureau(session)
    bureau.user(shown.username, bureau.unit("TOP", kind="district"))
    session.commit()
    app.config["SETTINGS"] = replace(settings, demo=demo)
    page = browser.get("/login").text
    for said in ("This is a demonstration", shown.password, shown.username):
        assert (said in page) is demo


def test_the_bureau_is_the_top_of_the_tree_and_begins_the_case_numbers(session: Session) -> None:
    """`anqi init --unit-code CM --unit-name …` names it before the first case is numbered."""
    ensure_administrator(session, top_unit("CM", "崇明区人力资源和社会保障局"))
    top = session.exec(select(Unit)).one()
    assert (top.code, top.name_zh, top.parent_id) == ("CM", "崇明区人力资源和社会保障局", None)
