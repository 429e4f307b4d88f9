"""Every page that anybody can open renders, in both languages, under the strict policy."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, flash, render_template
from werkzeug.routing import Rule

from models.user import ROLES
from service.account.forms import LogInForm
from service.web.filters import FLASH_ICONS
from tests.support.browser import Browser

_INLINE = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=|javascript:|hx-on", re.IGNORECASE
)
_OUTSIDE = re.compile(r"(?:src|href|action)=\"(?:https?:)?//", re.IGNORECASE)
_HOMES = {
    "caseworker": "/work",
    "supervisor": "/team",
    "analyst": "/reports",
    "administrator": "/admin",
    "auditor": "/audit",
}


def _pages(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments and "/api/" not in rule.rule:
            yield rule


def test_no_page_has_inline_styles_or_scripts_or_anything_from_outside(
    app: Flask, logged_in
) -> None:
    seen = set()
    for role in ROLES:
        browser = logged_in(role)
        for rule in _pages(app):
            response = browser.get(rule.rule)
            assert response.status_code in (200, 204, 302, 403, 404, 422), rule.rule
            if response.mimetype == "text/html":
                assert not _INLINE.search(response.text), rule.rule
                assert not _OUTSIDE.search(response.text), rule.rule
                seen.add(rule.rule)
    assert len(seen) > 15


@pytest.mark.parametrize("role", ROLES)
def test_each_role_begins_at_its_own_page(logged_in, role: str) -> None:
    browser = logged_in(role)
    assert browser.get("/").location == _HOMES[role]
    assert browser.get(_HOMES[role]).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_the_top_bar_offers_only_what_the_role_may_open(logged_in, role: str) -> None:
    browser = logged_in(role)
    page = browser.get("/account").text
    nav = page.split('id="main-nav"')[1].split("</nav>")[0]
    links = re.findall(r'href="([^"]+)"', nav)
    assert _HOMES[role] in links
    for link in links:
        assert browser.get(link).status_code == 200, link


def test_every_page_has_one_heading_a_language_and_a_way_to_skip(logged_in) -> None:
    browser = logged_in("administrator")
    for path in ("/admin", "/policy", "/policy/indicators", "/calculator", "/account", "/nope"):
        page = browser.get(path).text
        assert page.count("<h1") == 1, path
        assert '<html lang="en"' in page
        assert 'href="#main"' in page


def test_every_rule_of_the_policy_has_its_page(logged_in) -> None:
    from rules.rulebook import builtin_rulebook

    browser = logged_in("auditor")
    index = browser.get("/policy").text
    for rule in builtin_rulebook().policy.rules:
        assert f"/policy/rules/{rule}" in index
        assert browser.get(f"/policy/rules/{rule}").status_code == 200
    assert browser.get("/policy/rules/no_such_rule").status_code == 404


def test_indicators_show_the_target_and_that_it_is_carried_over(logged_in) -> None:
    page = logged_in("analyst").get("/policy/indicators").text
    assert "≥ 92 %" in page
    assert "carried over from 2021–2025" in page


def test_healthz_needs_a_database(browser: Browser) -> None:
    assert browser.get("/healthz").text == "ok\n"


def _flashed() -> list[tuple[str, str]]:
    """Each message that is flashed: the file, and its category where the call names one."""
    found = []
    for path in Path("service").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "flash":
                given = [one.value for one in node.args[1:] if isinstance(one, ast.Constant)]
                found.append((str(path), str(given[0]) if given else ""))
    return found


def test_every_message_has_a_category_that_is_shown() -> None:
    flashed = _flashed()
    assert len(flashed) > 30
    assert [one for one in flashed if one[1] not in FLASH_ICONS] == []


def test_a_category_that_is_not_known_is_a_mistake(app: Flask) -> None:
    with app.test_request_context():
        flash("Something went wrong.", "error")
        with pytest.raises(KeyError, match="error"):
            render_template("account/log_in.html", form=LogInForm(), fresh=None, demo_logins=())
