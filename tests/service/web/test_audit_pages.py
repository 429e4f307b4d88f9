"""The audit log: complete, searchable, for auditors alone."""

import ast
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select

from models import AuditEntry
from service import audit
from service.audit_pages.routes import ACTIONS
from tests.support.browser import Browser
from tests.support.bureau import Bureau


@pytest.fixture
def log(session: Session, people) -> Bureau:
    """A case that the caseworker read and the supervisor changed."""
    bureau = Bureau(session)
    case = bureau.case(people.users["caseworker"])
    audit.record(session, people.users["caseworker"].id, "case.read", case=case)
    audit.record(session, people.users["supervisor"].id, "case.edit", case=case, fields="title")
    for entry in session.exec(select(AuditEntry)):
        entry.at = datetime(2026, 11, 10, 17, 0, tzinfo=UTC)
    session.commit()
    return bureau


def _rows(browser: Browser, query: str) -> int:
    return browser.get(f"/audit?{query}").text.count("<tr>") - 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("number=T-2026-0001", 2),
        ("number=T-2026-9999", -1),
        ("number=T-2026-0001&person=caseworker", 1),
        ("number=T-2026-0001&person=Super", 1),
        ("action=case.read", 1),
        # 17:00 in UTC is the next day in Shanghai.
        ("number=T-2026-0001&on=2026-11-11", 2),
        ("number=T-2026-0001&on=2026-11-10", -1),
    ],
)
def test_entries_are_found_by_case_person_action_and_day(
    log: Bureau, logged_in: Callable[[str], Browser], query: str, found: int
) -> None:
    assert _rows(logged_in("auditor"), query) == found


def test_an_action_that_is_not_there_is_left_out_and_said(log: Bureau, logged_in) -> None:
    auditor = logged_in("auditor")
    page = auditor.get("/audit?action=zzz&user=7&number=T-2026-0001")
    assert page.status_code == 200
    assert "Left out of this address" in page.text
    assert ": user, action." in page.text
    assert page.text.count("<tr>") == 3
    # Known, and not done so far: nothing is found, nothing is left out.
    page = auditor.get("/audit?action=unit.close")
    assert "Left out of this address" not in page.text
    assert '<option selected value="unit.close">Unit closed</option>' in page.text


def test_a_long_log_has_pages(log: Bureau, logged_in, people, session: Session) -> None:
    for number in range(120):
        audit.record(session, people.users["analyst"].id, "case.read", subject=f"x{number}")
    session.commit()
    browser = logged_in("auditor")
    assert _rows(browser, "action=case.read") == 50
    page = browser.get("/audit?action=case.read&page=3").text
    assert "page=2" in page
    assert "page=4" not in page


def _actions_written() -> set[str]:
    """What the sources hand to the audit log by name."""
    trees = [
        ast.parse(path.read_text(encoding="utf-8"))
        for folder in ("service", "jobs")
        for path in Path(folder).rglob("*.py")
    ]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    written = [one for call in calls if _notes(call.func) for one in call.args]
    given = {one.value for one in written if isinstance(one, ast.Constant)}
    named = {str(one) for one in given if re.fullmatch(r"[a-z]+\.[a-z_]+", str(one))}
    return named | {"case.search", "case.search_number"}


def _notes(called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute):
        return called.attr == "record" and getattr(called.value, "id", "") == "audit"
    return isinstance(called, ast.Name) and called.id == "_note"


def test_everything_that_is_written_has_its_words() -> None:
    written = _actions_written()
    assert {"case.read", "user.add", "unit.close", "calendar.remove", "policy.undo"} <= written
    assert written <= set(ACTIONS)


def test_a_year_that_was_taken_back_reads_as_words(logged_in, people, session: Session) -> None:
    audit.record(session, people.users["administrator"].id, "calendar.remove", subject="year:2027")
    session.commit()
    page = logged_in("auditor").get("/audit").text
    assert "Entered holiday year taken back" in page
    assert ">calendar.remove<" not in page


@pytest.mark.parametrize("role", ["caseworker", "supervisor", "analyst", "administrator"])
def test_only_auditors_read_it(logged_in, role: str) -> None:
    assert logged_in(role).get("/audit").status_code == 403
