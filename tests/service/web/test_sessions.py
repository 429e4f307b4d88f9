"""Logging in, out, being locked out, and sessions that end."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from models import AuditEntry, User
from service import create_app
from service.config import Settings
from tests.support.browser import PASSWORD, Browser

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def test_log_in_begins_a_session(browser: Browser) -> None:
    assert browser.get("/account").status_code == 302
    assert browser.log_in("auditor").status_code == 302
    assert browser.get("/account").status_code == 200


def test_a_wrong_password_keeps_the_name_and_says_how_to_go_on(browser: Browser) -> None:
    browser.get("/login")
    browser.post("/language", language="en")
    response = browser.log_in("auditor", "wrong")
    assert response.status_code == 422
    assert 'value="auditor"' in response.text
    assert 'href="#password"' in response.text
    assert "wrong</a>" not in response.text
    assert browser.get("/account").status_code == 302


def test_an_unknown_name_is_answered_like_a_wrong_password(browser: Browser) -> None:
    known, unknown = browser.log_in("auditor", "wrong"), browser.log_in("nobody", "wrong")
    assert known.text.replace("auditor", "nobody").count("alert") == unknown.text.count("alert")
    assert known.status_code == unknown.status_code == 422


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
def test_five_wrong_passwords_lock_the_name_for_the_right_one_too(
    browser: Browser, at, session: Session
) -> None:
    at(NOON)
    for _ in range(5):
        browser.log_in("auditor", "wrong")
    assert browser.log_in("auditor").status_code == 422
    at(NOON + timedelta(minutes=14))
    assert browser.log_in("auditor").status_code == 422
    at(NOON + timedelta(minutes=16))
    assert browser.log_in("auditor").status_code == 302


def test_nobody_learns_from_the_log_in_page_which_names_there_are(
    browser: Browser, at, session: Session, people
) -> None:
    """The same words for an unknown name, a disabled one, and one that is locked."""
    at(NOON)
    session.get_one(User, people.users["analyst"].id).disabled_at = NOON
    session.commit()
    answers = {
        name: [_said(browser.log_in(name, "wrong")) for _ in range(6)]
        for name in ("auditor", "analyst", "nobody")
    }
    assert len({text for said in answers.values() for text in said}) == 1
    assert "锁定15分钟" in answers["nobody"][0]
    assert _said(browser.log_in("auditor")) == answers["nobody"][0]


def _said(page: TestResponse) -> str:
    assert page.status_code == 422
    return page.text.split('class="field-error"')[1].split("</div>")[0]


def test_the_lock_out_stands_in_the_database_not_in_the_process(
    browser: Browser, at, engine, settings: Settings
) -> None:
    at(NOON)
    for _ in range(5):
        browser.log_in("auditor", "wrong")
    other = create_app(settings, engine)
    other.config["NOW"] = NOON
    assert Browser(other.test_client()).log_in("auditor").status_code == 422


def test_a_session_ends_after_idle_time(browser: Browser, at, settings: Settings) -> None:
    at(NOON)
    browser.log_in("auditor")
    at(NOON + timedelta(minutes=settings.idle_minutes))
    assert browser.get("/account").status_code == 200
    at(NOON + timedelta(minutes=2 * settings.idle_minutes, seconds=1))
    assert browser.get("/account").location.startswith("/login")
    assert "因长时间未操作，您已退出登录。" in browser.get("/login").text
    assert browser.log_in("auditor").status_code == 302
    assert browser.get("/account").status_code == 200


def test_using_it_keeps_a_session(browser: Browser, at, settings: Settings) -> None:
    at(NOON)
    browser.log_in("auditor")
    for step in range(1, 6):
        at(NOON + timedelta(minutes=step * settings.idle_minutes - step))
        assert browser.get("/account").status_code == 200


def test_log_out_ends_the_session_and_any_copy_of_its_cookie(browser: Browser, app: Flask) -> None:
    browser.log_in("auditor")
    browser.get("/account")
    cookie = browser.client.get_cookie("anqi")
    assert cookie is not None
    assert browser.post("/logout").location == "/login"
    thief = app.test_client()
    thief.set_cookie("anqi", cookie.value)
    assert thief.get("/account").status_code == 302


def test_a_disabled_person_is_out_at_once(browser: Browser, session: Session, people) -> None:
    browser.log_in("auditor")
    user = session.get_one(User, people.users["auditor"].id)
    user.disabled_at = NOON
    session.add(user)
    session.commit()
    assert browser.get("/account").status_code == 302


def test_changing_the_password_ends_the_other_sessions(app: Flask, logged_in) -> None:
    here, elsewhere = logged_in("auditor"), logged_in("auditor")
    here.get("/account/password")
    new = "another-staple-77"
    assert here.post("/account/password", old=PASSWORD, new=new, again=new).status_code == 302
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert Browser(app.test_client()).log_in("auditor", new).status_code == 302


def test_a_weak_or_mistyped_new_password_is_refused(logged_in) -> None:
    browser = logged_in("auditor")
    browser.get("/account/password")
    for old, new, again in [
        ("wrong", "another-staple-77", "another-staple-77"),
        (PASSWORD, "short", "short"),
        (PASSWORD, "another-staple-77", "another-staple-78"),
    ]:
        response = browser.post("/account/password", old=old, new=new, again=again)
        assert response.status_code == 422


def test_a_temporary_password_must_be_changed_first(
    browser: Browser, session: Session, people
) -> None:
    user = session.get_one(User, people.users["caseworker"].id)
    user.must_change_password = True
    session.add(user)
    session.commit()
    browser.log_in("caseworker")
    assert browser.get("/policy").location == "/account/password"
    assert browser.get("/account/password").status_code == 200


def test_cookies_are_closed_to_scripts_and_other_sites(browser: Browser) -> None:
    header = browser.get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Secure" not in header


def test_cookies_are_secure_under_https(engine, people, tmp_path) -> None:
    settings = Settings(data_dir=tmp_path / "data", public="https://anqi.example")
    client = create_app(settings, engine).test_client()
    response = client.get("/login", base_url="https://anqi.example")
    assert "Secure" in response.headers["Set-Cookie"]
    assert response.headers["Strict-Transport-Security"]


def test_log_in_is_in_the_audit_log(browser: Browser, session: Session) -> None:
    browser.log_in("auditor")
    assert "user.log_in" in session.exec(select(AuditEntry.action)).all()
