"""What is typed into a form is not lost: drafts, and forms of a session that has ended."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from jobs.drafts import KEPT, forget_expired
from models import Case, Draft
from models.base import utc_now
from service.drafts import MOST
from tests.support.browser import PASSWORD, Browser, People
from tests.support.office import resident_id

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
PAGE = "/register/mediation"
LogIn = Callable[[str], Browser]
_BEARER = re.compile(r'name="draft" value="([^"]+)"')


def _bearer(page: TestResponse) -> str:
    found = _BEARER.search(page.text)
    assert found is not None
    return found[1]


def _typed(people: People, **more: str) -> dict[str, str]:
    return {
        "received_on": "2026-11-02",
        "summary": "工资拖欠三个月",
        "parties-0-kind": "person",
        "parties-0-role": "applicant",
        "parties-0-name": "李明",
        "parties-0-id_number": resident_id(1),
        "parties-1-kind": "employer",
        "parties-1-role": "respondent",
        "parties-1-name": "上海东滩物流有限公司",
        "cause": "wages",
        "worker_count": "1",
        "claims-0-kind": "wages",
        "claims-0-amount": "twelve",
        "unit_id": str(people.top.id),
        "handler_id": str(people.users["caseworker"].id),
        **more,
    }


def _typing(browser: Browser, people: People, **more: str) -> TestResponse:
    """What the page sends by itself while somebody types."""
    bearer = _bearer(browser.get(PAGE))
    return browser.post(f"{PAGE}/draft", draft=bearer, **_typed(people, **more))


def _address(page: TestResponse) -> str:
    found = re.search(r'data-address="([^"]+)"', page.text)
    assert found is not None
    return found[1]


def _holds(page: TestResponse) -> None:
    assert page.status_code == 200
    for value in ("工资拖欠三个月", "李明", resident_id(1), "twelve", "2026-11-02"):
        assert value in page.text, value


def test_what_was_typed_comes_back_after_the_browser_was_closed(
    logged_in: LogIn, people: People
) -> None:
    assert "Draft saved at" in _typing(logged_in("caseworker"), people).text
    another_day = logged_in("caseworker")
    listed = another_day.get("/register").text
    assert "Your drafts" in listed
    assert "李明, 上海东滩物流有限公司" in listed
    address = re.search(rf'href="({PAGE}\?draft=\w+)"', listed)
    assert address is not None
    _holds(another_day.get(address[1]))


def test_saving_again_keeps_one_draft_with_the_last_words(
    logged_in: LogIn, people: People, session: Session
) -> None:
    browser = logged_in("caseworker")
    bearer = _bearer(browser.get(PAGE))
    for words in ("first", "second"):
        saved = browser.post(f"{PAGE}/draft", draft=bearer, **_typed(people, summary=words))
    page = browser.get(_address(saved))
    assert "second" in page.text
    browser.post(f"{PAGE}/draft", draft=_bearer(page), **_typed(people, summary="third"))
    assert len(session.exec(select(Draft)).all()) == 1
    assert "third" in browser.get(_address(saved)).text


def test_without_javascript_a_button_saves_the_draft(logged_in: LogIn, people: People) -> None:
    browser = logged_in("caseworker")
    bearer = _bearer(browser.get(PAGE))
    sent = browser.post(PAGE, draft=bearer, save="draft", **_typed(people))
    assert sent.status_code == 302
    _holds(browser.get(sent.location))


def test_a_registered_case_leaves_no_draft(
    logged_in: LogIn, people: People, session: Session
) -> None:
    browser = logged_in("caseworker")
    page = browser.get(_address(_typing(browser, people)))
    entry = _typed(people, **{"claims-0-amount": "1200"})
    wrong = browser.post(PAGE, draft=_bearer(page), **{**entry, "worker_count": "many"})
    assert wrong.status_code == 422
    assert len(session.exec(select(Draft)).all()) == 1
    session.rollback()
    sent = browser.post(PAGE, draft=_bearer(wrong), **entry)
    assert sent.status_code == 302
    assert session.exec(select(Case)).one().number in sent.location
    assert session.exec(select(Draft)).all() == []


def test_a_draft_is_discarded_by_its_author_alone(
    logged_in: LogIn, people: People, session: Session
) -> None:
    address = _address(_typing(logged_in("caseworker"), people))
    (key,) = parse_qs(urlsplit(address).query)["draft"]
    other = logged_in("supervisor")
    assert "Your drafts" not in other.get("/register").text
    refused = other.get(address)
    assert (refused.status_code, refused.location) == (302, PAGE)
    page = other.get(PAGE)
    assert "not there any more" in page.text
    assert "李明" not in page.text
    other.post(f"/register/drafts/{key}/discard")
    _holds(logged_in("caseworker").get(address))
    author = logged_in("caseworker")
    author.get("/register")
    author.post(f"/register/drafts/{key}/discard")
    assert session.exec(select(Draft)).all() == []


@pytest.mark.parametrize("key", ["", "no-such-draft", "0" * 32, "%00"])
def test_a_draft_that_is_not_there_leads_to_an_empty_form(logged_in: LogIn, key: str) -> None:
    browser = logged_in("caseworker")
    opened = browser.get(f"{PAGE}?draft={key}")
    assert opened.status_code == (302 if key else 200)
    assert browser.get(PAGE).status_code == 200


def test_a_draft_opens_on_its_own_page_alone(logged_in: LogIn, people: People) -> None:
    browser = logged_in("caseworker")
    address = _address(_typing(browser, people))
    assert browser.get(address.replace("mediation", "arbitration")).status_code == 302


def test_drafts_are_encrypted_and_stand_in_no_address(
    logged_in: LogIn, people: People, engine: Engine
) -> None:
    address = _address(_typing(logged_in("caseworker"), people))
    with engine.connect() as connection:
        stored = str(connection.execute(text("SELECT * FROM draft")).one())
    for secret in (resident_id(1), "李明", "工资", "\\u674e"):
        assert secret not in stored
        assert secret not in address


def test_drafts_expire_whether_or_not_a_job_runs(
    logged_in: LogIn, people: People, session: Session, app: Flask
) -> None:
    browser = logged_in("caseworker")
    address = _address(_typing(browser, people))
    draft = session.exec(select(Draft)).one()
    draft.saved_at = utc_now() - KEPT - timedelta(minutes=1)
    session.add(draft)
    session.commit()
    assert browser.get(address).status_code == 302
    assert "Your drafts" not in browser.get("/register").text
    assert forget_expired(session, utc_now()) == 1
    assert session.exec(select(Draft)).all() == []


def test_a_person_keeps_a_bounded_number_of_drafts(
    logged_in: LogIn, people: People, session: Session
) -> None:
    browser = logged_in("caseworker")
    for number in range(MOST + 2):
        _typing(browser, people, summary=f"draft {number}")
    assert len(session.exec(select(Draft)).all()) == MOST
    newest = re.findall(rf'href="({PAGE}\?draft=\w+)"', browser.get("/register").text)[0]
    assert f"draft {MOST + 1}" in browser.get(newest).text


def _log_in_again(browser: Browser, led: TestResponse, role: str) -> TestResponse:
    """Follow the way from the log-in page that an ended session leads to."""
    assert led.location.startswith("/login?")
    page = browser.get(led.location)
    assert "What you typed is kept" in page.text or "已保留" in page.text
    return browser.get(browser.post(led.location, username=role, password=PASSWORD).location)


def _idle(app: Flask) -> None:
    app.config["NOW"] = utc_now() + timedelta(hours=24)


def _logged_out_elsewhere(browser: Browser) -> None:
    browser.client.delete_cookie("anqi")


@pytest.mark.parametrize("how", ["idle", "cookie gone"])
def test_a_form_sent_after_the_session_ended_comes_back_filled(
    logged_in: LogIn, people: People, app: Flask, session: Session, how: str
) -> None:
    browser = logged_in("caseworker")
    bearer = _bearer(browser.get(PAGE))
    if how == "idle":
        _idle(app)
    else:
        _logged_out_elsewhere(browser)
    led = browser.post(PAGE, draft=bearer, **_typed(people))
    assert resident_id(1) not in led.location
    page = _log_in_again(browser, led, "caseworker")
    _holds(page)
    sent = browser.post(PAGE, draft=_bearer(page), **_typed(people, **{"claims-0-amount": "5"}))
    assert sent.status_code == 302
    assert session.exec(select(Draft)).all() == []


def test_somebody_else_who_logs_in_sees_nothing_of_it(
    logged_in: LogIn, people: People, app: Flask
) -> None:
    browser = logged_in("caseworker")
    bearer = _bearer(browser.get(PAGE))
    _idle(app)
    led = browser.post(PAGE, draft=bearer, **_typed(people))
    page = _log_in_again(browser, led, "supervisor")
    page = browser.get(page.location) if page.status_code == 302 else page
    assert "李明" not in page.text


def test_a_stale_form_of_one_who_logged_in_again_comes_back_to_be_sent(
    logged_in: LogIn, people: People
) -> None:
    browser = logged_in("caseworker")
    bearer = _bearer(browser.get(PAGE))
    old_token = browser.token
    _logged_out_elsewhere(browser)
    browser.log_in("caseworker")
    browser.token = old_token
    led = browser.post(PAGE, draft=bearer, **_typed(people))
    assert led.status_code == 302
    _holds(browser.get(led.location))


def test_a_stale_form_of_another_person_is_kept_for_its_author(
    logged_in: LogIn, people: People
) -> None:
    browser = logged_in("caseworker")
    bearer = _bearer(browser.get(PAGE))
    old_token = browser.token
    _logged_out_elsewhere(browser)
    browser.log_in("supervisor")
    browser.token = old_token
    refused = browser.post(PAGE, draft=bearer, **_typed(people))
    assert refused.status_code == 400
    assert "Your drafts" not in browser.get("/register").text
    assert "李明" in logged_in("caseworker").get("/register").text


@pytest.mark.parametrize("bearer", ["", "forged.by.hand", "WzEsImEiXQ.aaaaaa.bbbb"])
def test_a_form_without_a_bearer_keeps_nothing(
    browser: Browser, people: People, session: Session, bearer: str
) -> None:
    browser.get("/login")
    sent: Any = browser.post(PAGE, draft=bearer, **_typed(people))
    assert sent.location == "/login"
    assert session.exec(select(Draft)).all() == []


def test_a_disabled_person_keeps_no_drafts(
    logged_in: LogIn, people: People, app: Flask, session: Session
) -> None:
    browser = logged_in("caseworker")
    bearer = _bearer(browser.get(PAGE))
    people.users["caseworker"].disabled_at = utc_now()
    session.add(people.users["caseworker"])
    session.commit()
    browser.post(PAGE, draft=bearer, **_typed(people))
    assert session.exec(select(Draft)).all() == []


def test_passwords_are_never_kept(logged_in: LogIn, app: Flask, session: Session) -> None:
    for path in ("/login", "/account/password"):
        browser = Browser(app.test_client()) if path == "/login" else logged_in("caseworker")
        assert 'name="draft"' not in browser.get(path).text
