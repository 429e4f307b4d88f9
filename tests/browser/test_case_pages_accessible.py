"""The pages of cases checked by axe (WCAG 2.2 AA), wide and narrow, in both languages."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe

from jobs import rates, sweep
from jobs.settings import JobSettings
from models import CalendarYear
from tests.browser.conftest import NARROW, WIDE, Visitor
from tests.support.bureau import Bureau
from tests.support.office import TODAY, Office

pytestmark = pytest.mark.browser
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}


def _violations(visitor: Visitor, path: str) -> list[str]:
    page = visitor.open(path)
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def _too_wide(visitor: Visitor) -> bool:
    element = "document.documentElement"
    return bool(visitor.page.evaluate(f"{element}.scrollWidth > {element}.clientWidth"))


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_pages_of_cases_are_accessible_and_fit(
    visit: Callable[..., Visitor], office: Office, language: str, width: int
) -> None:
    case = office.register("arbitration", received_on=date(2026, 2, 2))
    office.record(case, "case_accepted", date(2026, 2, 4))
    number = case.number
    office.session.rollback()
    chen, chief = visit("chen", language, width), visit("chief", language, width)
    own = [
        "/work",
        "/register",
        "/register/arbitration",
        "/register/report",
        "/register/household",
        f"/cases/{number}",
        f"/cases/{number}/record?type=extension_approved",
        f"/cases/{number}/edit",
        f"/cases/{number}/classification/collective_case",
        "/alerts",
    ]
    supervising = ["/team", "/cases", f"/cases/{number}/reassign", f"/cases/{number}/void"]
    wrong = {}
    for visitor, paths in ((chen, own), (chief, supervising)):
        for path in paths:
            wrong[path] = _violations(visitor, path) + (
                ["wider than the window"] if _too_wide(visitor) else []
            )
    assert {path: found for path, found in wrong.items() if found} == {}


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_pages_of_administrators_are_accessible_and_fit(
    visit: Callable[..., Visitor], office: Office, width: int
) -> None:
    office.session.add(CalendarYear(year=2027, notice="n", days_off=["2027-01-01"]))
    office.session.commit()
    admin = visit("admin", "en", width)
    wrong = {}
    for path in (
        "/admin/jobs",
        "/admin/calendar",
        "/admin/calendar/2027",
        "/admin/calendar/2027/remove",
    ):
        wrong[path] = _violations(admin, path) + (
            ["wider than the window"] if _too_wide(admin) else []
        )
    assert {path: found for path, found in wrong.items() if found} == {}


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_duties_of_the_bureau_and_commitments_are_accessible_and_fit(
    visit: Callable[..., Visitor], office: Office, language: str, width: int
) -> None:
    """An overdue duty, one that is due, and a promise with its figures."""
    session = office.session
    office.users["admin"].created_at = datetime(2025, 8, 15, tzinfo=UTC)
    Bureau(session).promise("insp_complaint_decision", 3)
    office.register("complaint", received_on=date(2026, 2, 2))
    sweep.run(session, TODAY, JobSettings())
    rates.run(session, TODAY, JobSettings(), date(2026, 2, 1))
    director, admin = visit("director", language, width), visit("admin", language, width)
    wrong = {}
    for visitor, paths in (
        (director, ["/duties", "/duties/1", "/work", "/team", "/reports?month=2026-02"]),
        (admin, ["/admin/duties", "/admin/duties/insp_credit_rating"]),
    ):
        for path in paths:
            wrong[path] = _violations(visitor, path) + (
                ["wider than the window"] if _too_wide(visitor) else []
            )
    assert {path: found for path, found in wrong.items() if found} == {}
