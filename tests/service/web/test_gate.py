"""Every route is behind the gate, unless it is listed as public."""

from typing import Any

import pytest
from flask import Flask

from service.access import ACTIONS
from service.web import gate
from tests.support.browser import Browser


def test_every_route_says_what_it_needs(app: Flask) -> None:
    unguarded = {
        name
        for name, view in app.view_functions.items()
        if gate.needed(view) is None and name not in gate.PUBLIC
    }
    assert unguarded == set()


def test_every_route_needs_a_known_action(app: Flask) -> None:
    needed = {gate.needed(view) for view in app.view_functions.values()} - {None}
    assert needed <= set(ACTIONS)


def test_only_existing_routes_are_listed_as_public(app: Flask) -> None:
    assert set(app.view_functions) >= gate.PUBLIC


def test_no_public_route_is_also_guarded(app: Flask) -> None:
    assert all(gate.needed(app.view_functions[name]) is None for name in gate.PUBLIC)


def test_a_page_leads_to_the_log_in_and_back(browser: Browser, app: Flask) -> None:
    response = browser.get("/account?x=1")
    assert response.status_code == 302
    assert response.location == "/login?next=/account?x%3D1"
    browser.get(response.location)
    app.config["TODAY"] = None
    answer = browser.post(response.location, username="auditor", password="correct-horse-42")
    assert answer.location == "/account?x=1"


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_log_in_never_leads_to_another_site(browser: Browser, target: str) -> None:
    browser.get("/login")
    path = f"/login?next={target}"
    assert browser.post(path, username="auditor", password="correct-horse-42").location == "/"


def test_a_part_that_htmx_loads_leads_the_whole_page(browser: Browser) -> None:
    response = browser.get("/account", headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response.headers["HX-Redirect"].startswith("/login")


def test_part_of_a_form_leaves_the_page_with_what_was_typed(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    response = app.test_client().post("/register/complaint/preview", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert "HX-Redirect" not in response.headers


def test_forms_can_ask_who_is_logged_in_and_for_the_token_of_now(
    app: Flask, logged_in: Any
) -> None:
    assert app.test_client().get("/session").get_json()["user"] is None
    found = logged_in("caseworker").get("/session")
    assert found.get_json()["user"] > 0
    assert found.get_json()["csrf"]
    assert "no-store" in found.headers["Cache-Control"]


def test_the_api_answers_401_as_json(browser: Browser) -> None:
    response = browser.get("/api/v1/cases")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.get_json()["error"]


def test_a_cookie_does_not_open_the_api(logged_in) -> None:
    assert logged_in("caseworker").get("/api/v1/cases").status_code == 401


def test_a_role_without_the_action_is_refused(logged_in) -> None:
    response = logged_in("caseworker").get("/admin/people")
    assert response.status_code == 403
    assert "You may not do this" in response.text


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/openapi.json", "/login"])
def test_public_pages_need_no_log_in(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 200
